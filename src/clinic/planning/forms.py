"""What is typed about the plan, and to take things back."""

from django import forms

from clinic.planning.models import Plan
from kapstone.dose.rows import content
from kapstone.dose.treatment import Ask, treatment
from kapstone.errors import InvalidInput, KapstoneError

ROUTE_WORDS = {
    "IV": "by vein (IV)",
    "IM": "into a muscle (IM)",
    "SC": "under the skin (SC)",
    "SL": "under the tongue (SL)",
    "PO": "swallowed (PO)",
    "IN": "through the nose (IN)",
}
PRODUCT_WORDS = {"RACEMIC": "Racemic ketamine", "ESKETAMINE": "Esketamine"}


def add_problem(form: forms.Form, error: KapstoneError) -> None:
    """Show what cannot be done beside its field, or at the head of the form."""
    if isinstance(error, InvalidInput) and error.key in form.fields:
        form.add_error(error.key, f"This {error.problem} {error.mend}".strip())
    else:
        form.add_error(None, str(error))


class PlanForm(forms.Form):
    """What is treated, towards what, with what, how often, and what it may cost."""

    indication_id = forms.ChoiceField(label="Indication")
    rationale = forms.CharField(
        label="Why, where the evidence is weak",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Needed for personal growth, for IND-11 and for psychotic features.",
    )
    goals = forms.CharField(
        label="Goals, in the person's words", widget=forms.Textarea(attrs={"rows": 3})
    )
    treatment = forms.ChoiceField(label="Product and route", widget=forms.RadioSelect)
    dose_model_id = forms.ChoiceField(label="Dose model", widget=forms.RadioSelect)
    sessions = forms.IntegerField(
        label="Number of sessions",
        min_value=1,
        max_value=8,
        help_text="A series is usually 4 to 6 and at most 8 (SER-01).",
    )
    spacing_days = forms.IntegerField(
        label="Days between sessions, at least",
        min_value=2,
        max_value=90,
        help_text="Never less than 2 (SER-01).",
    )
    costs = forms.CharField(
        label="Expected costs",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="As the person will read them in the consent.",
    )
    reason = forms.CharField(label="Why the plan changes", widget=forms.Textarea(attrs={"rows": 2}))
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: object, before: Plan | None, **kwargs: object):
        kwargs.setdefault("initial", _initial(before))
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        if before is None:
            del self.fields["reason"]
        for name, choices in _choices().items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy what it is
            field.choices = choices

    def plan(self) -> Plan:
        """The plan as typed, not kept yet."""
        kept = self.cleaned_data
        product, route = kept["treatment"].split(":")
        return Plan(
            product=product,
            route=route,
            replaces_id=kept["replaces"],
            reason=kept.get("reason", ""),
            **{
                name: kept[name]
                for name in (
                    "indication_id",
                    "rationale",
                    "goals",
                    "dose_model_id",
                    "sessions",
                    "spacing_days",
                    "costs",
                )
            },
        )


def _choices() -> dict[str, list[tuple[str, str]]]:
    held = treatment()
    return {
        "indication_id": [
            ("", "Choose one"),
            *(
                (row.id, f"{row.id} {row.name}")
                for row in held.indications.values()
                if row.ask is not Ask.OUTSIDE
            ),
        ],
        "treatment": [
            (f"{product}:{route}", f"{PRODUCT_WORDS[product]}, {ROUTE_WORDS[route]}")
            for product, route in dict.fromkeys(
                (row.product, row.route) for row in content().ranges
            )
        ],
        "dose_model_id": [
            (row.id, f"{row.name}. {row.level}. {row.therapist}")
            for row in held.dose_models.values()
        ],
    }


def _initial(before: Plan | None) -> dict[str, object]:
    if before is None:
        return {}
    same = ("indication_id", "rationale", "goals", "dose_model_id", "sessions", "spacing_days")
    return {name: getattr(before, name) for name in (*same, "costs")} | {
        "treatment": f"{before.product}:{before.route}",
        "replaces": before.pk,
    }


class WithdrawForm(forms.Form):
    """Taking consent back needs no reason."""

    words = forms.CharField(
        label="In their words", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CancelForm(forms.Form):
    """Taking an order back, or refusing it."""

    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))
