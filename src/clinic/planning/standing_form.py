"""What is typed of a standing order."""

from typing import Any, ClassVar, cast
from uuid import UUID, uuid4

from django import forms

from clinic.planning import standing
from clinic.planning.actions.standing import StandingTyped, refuse_ketamine
from clinic.planning.models import StandingOrder
from kapstone.errors import InvalidInput


class StandingForm(forms.ModelForm[StandingOrder]):
    """A new version, in the clinic's own words. Nothing is offered."""

    serves = forms.ChoiceField(label="Which step it serves")
    order_id = forms.UUIDField(widget=forms.HiddenInput)
    after = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = StandingOrder
        fields: ClassVar[list[str]] = ["drug", "dose", "route", "conditions", "valid_until"]
        labels: ClassVar[dict[str, str]] = {
            "dose": "Dose, with its unit",
            "conditions": "When, and when not",
            "valid_until": "Valid through",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "drug": "As it stands on the shelf.",
            "dose": "Shown at the chair exactly as typed.",
            "conditions": "Such as what to check first, how often at most, whom to call.",
        }
        widgets: ClassVar[dict[str, forms.Widget]] = {
            "conditions": forms.Textarea(attrs={"rows": 4}),
            "valid_until": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    field_order: ClassVar[list[str]] = ["serves", "drug", "dose", "route", "conditions"]

    def __init__(self, before: StandingOrder | None, *args: Any, **kwargs: Any) -> None:
        self.before = before
        begin: dict[str, object] = {"order_id": uuid4(), "after": before.version if before else 0}
        if before:
            begin |= {name: getattr(before, name) for name in self.Meta.fields}
            begin["serves"] = f"{before.pathway}:{before.step}"
        super().__init__(*args, initial=begin | kwargs.pop("initial", {}), **kwargs)
        self.fields["serves"].choices = [("", "Choose"), *_choices()]  # type: ignore[attr-defined]
        for name in ("drug", "dose", "route"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_drug(self) -> str:
        """Not ketamine, by any of its names."""
        return self._not_ketamine("drug")

    def clean_dose(self) -> str:
        """Nor here."""
        return self._not_ketamine("dose")

    def _not_ketamine(self, key: str) -> str:
        written = cast(str, self.cleaned_data[key])
        try:
            refuse_ketamine(key, written)
        except InvalidInput as error:
            raise forms.ValidationError(f"It {error.problem} {error.mend}") from error
        return written

    def typed(self, series: UUID) -> StandingTyped:
        """What the form says."""
        told = self.cleaned_data
        row, _, step = told["serves"].rpartition(":")
        return StandingTyped(
            series=series,
            pathway=row,
            step=int(step),
            order_id=told["order_id"],
            after=told["after"],
            **{name: told[name] for name in self.Meta.fields},
        )


def _choices() -> list[tuple[str, str]]:
    return [
        (f"{row.id}:{step}", f"{row.title}, step {step}: {row.steps[step - 1]}")
        for row, step in standing.steps()
    ]


class WithdrawStandingForm(forms.Form):
    """Why it is given by no more."""

    reason = forms.CharField(
        label="Why it is withdrawn", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
