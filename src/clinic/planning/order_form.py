"""What a prescriber types for an order: a figure, a second one that must agree, what goes with it.

No figure is filled in. Which fields stand on the form follows from product and route.
"""

import uuid

from django import forms

from clinic.planning.models import Plan
from clinic.planning.ordering import Typed, Unit
from kapstone.dose import (
    FORMULATIONS,
    SOLID,
    Formulation,
    PreviousDose,
    Product,
    Route,
    SaltOrBase,
    WeightBasis,
)
from kapstone.errors import InvalidInput, KapstoneError

_YES_NO = [("", "Not known"), ("yes", "Yes"), ("no", "No")]
_TRUTH = {"yes": True, "no": False}
_WORDS = {True: "yes", False: "no", None: ""}
_TYPED = {"inputmode": "decimal", "autocomplete": "off"}
_COUNTED = {"inputmode": "numeric", "autocomplete": "off"}
FORMS = {
    Formulation.SOLUTION: "Solution",
    Formulation.LOZENGE: "Lozenge",
    Formulation.ODT: "Tablet that melts in the mouth",
    Formulation.TABLET_IR: "Tablet",
    Formulation.TABLET_PR: "Tablet, slow release",
    Formulation.FILM: "Film",
    Formulation.SPRAY: "Spray",
}
# What a person calls a figure of the core.
FIGURES = {
    "dose_mg": "dose",
    "dose_mg_per_kg": "dose",
    "volume_ml": "volume",
    "devices": "devices",
    "concentration_mg_per_ml": "concentration",
    "infusion_min": "infusion time",
    "weight_basis": "weight basis",
    "weight_kg": "weight",
    "height_cm": "height",
}
_LIQUID = ("concentration_mg_per_ml", "volume_ml")
_LAST = ("last_ae_grade", "last_bp_ok", "last_tolerated")


def in_words(error: KapstoneError) -> str:
    """What is wrong with an order, its figures by the names that people use."""
    if not isinstance(error, InvalidInput):
        return str(error)
    names = " and ".join(FIGURES.get(key, key) for key in error.key.split(", "))
    return f"{names.capitalize()} {error.problem} {error.mend}".strip()


class OrderForm(forms.Form):
    """One dose. Nothing is filled in: no figure is proposed."""

    dose_value = forms.DecimalField(
        label="Dose",
        min_value=0,
        max_digits=8,
        decimal_places=3,
        widget=forms.TextInput(attrs=_TYPED),
        help_text="One figure, in the unit you choose below.",
        error_messages={"invalid": "Write one number with a point, such as 0.5 or 35."},
    )
    unit = forms.ChoiceField(label="Unit", choices=Unit.choices, widget=forms.RadioSelect)
    devices = forms.IntegerField(
        label="Devices",
        min_value=1,
        max_value=3,
        widget=forms.TextInput(attrs=_COUNTED),
        help_text="Count them: they must hold the dose. 28 mg each, 5 minutes apart, not primed.",
    )
    formulation = forms.ChoiceField(label="Made up as", widget=forms.RadioSelect)
    salt_or_base = forms.ChoiceField(
        label="The milligrams are",
        choices=[
            (str(SaltOrBase.BASE), "Base, as on the label of a US vial"),
            (str(SaltOrBase.SALT), "Salt (hydrochloride)"),
        ],
        widget=forms.RadioSelect,
    )
    concentration_mg_per_ml = forms.DecimalField(
        label="Concentration drawn up (mg/mL)",
        min_value=0,
        max_digits=7,
        decimal_places=3,
        widget=forms.TextInput(attrs=_TYPED),
        error_messages={"invalid": "Write one number with a point, such as 10 or 50."},
    )
    volume_ml = forms.DecimalField(
        label="Volume to draw up (mL)",
        min_value=0,
        max_digits=7,
        decimal_places=3,
        widget=forms.TextInput(attrs=_TYPED),
        help_text="Work it out yourself: it is compared with the dose, and a slip in either shows.",
        error_messages={"invalid": "Write one number with a point, such as 0.7."},
    )
    infusion_min = forms.IntegerField(
        label="Infusion time (minutes)",
        min_value=1,
        max_value=600,
        widget=forms.TextInput(attrs=_COUNTED),
    )
    weight_basis = forms.ChoiceField(
        label="Weight the dose rests on",
        required=False,
        choices=[("", "Not chosen"), *((str(basis), str(basis)) for basis in WeightBasis)],
        help_text="At a BMI of 30 or more, choose one (DOS-W1). It never raises a dose.",
    )
    sedative_planned = forms.TypedChoiceField(
        label="A benzodiazepine before the dose is planned",
        coerce=_TRUTH.__getitem__,
        choices=[("no", "No"), ("yes", "Yes")],
        widget=forms.RadioSelect,
    )
    last_ae_grade = forms.TypedChoiceField(
        label="Last dose: worst side effect (grade)",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "Not known"), *((grade, str(grade)) for grade in range(6))],
    )
    last_bp_ok = forms.TypedChoiceField(
        label="Last dose: blood pressure stayed below 160/100, or was back within 60 minutes",
        required=False,
        coerce=_TRUTH.__getitem__,
        empty_value=None,
        choices=_YES_NO,
    )
    last_tolerated = forms.TypedChoiceField(
        label="Last dose: tolerable, by the patient's own report",
        required=False,
        coerce=_TRUTH.__getitem__,
        empty_value=None,
        choices=_YES_NO,
    )
    rationale = forms.CharField(
        label="Rationale",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed outside the usual limits: at least 20 characters.",
    )
    order_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    def __init__(self, plan: Plan, last: PreviousDose | None, *args: object, **kwargs: object):
        kwargs.setdefault("initial", _said_of(last))
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        self.only_form = Formulation.SPRAY
        for name in _not_asked(plan, last):
            del self.fields[name]
        if plan.product == Product.RACEMIC:
            self._offer_forms(FORMULATIONS[Route(plan.route)])
        else:
            self.fields["dose_value"].label = "Dose (mg)"
            self.fields["dose_value"].help_text = "In all, of esketamine base."

    def _offer_forms(self, offered: tuple[Formulation, ...]) -> None:
        self.only_form = offered[0]
        if len(offered) == 1:
            del self.fields["formulation"]
            return
        field = self.fields["formulation"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - tells mypy what it is
        field.choices = [(str(form), FORMS[form]) for form in offered]
        for name in _LIQUID:
            self.fields[name].required = False
            words = self.fields[name].help_text
            self.fields[name].help_text = f"Of a solution or a spray. {words}".strip()

    def clean(self) -> dict[str, object]:
        """A liquid has a concentration and a volume, a solid form has neither."""
        told = super().clean() or self.cleaned_data
        solid = told.get("formulation") in SOLID
        for name in _LIQUID if "formulation" in told else ():
            given = self.data.get(name, "").strip()
            if solid and given:
                self.add_error(name, "A solid form has none: leave it empty.")
            if not solid and not given:
                self.add_error(name, "A liquid needs it.")
        return told

    def typed(self) -> Typed:
        """The order as typed. `seen` comes from the check that stood below the form."""
        kept = self.cleaned_data
        basis = kept["weight_basis"]
        as_typed = (*_LIQUID, *_LAST, "devices", "infusion_min")
        return Typed(
            order_id=kept["order_id"],
            dose_value=kept["dose_value"],
            unit=Unit(kept.get("unit", Unit.MG)),
            formulation=Formulation(kept.get("formulation", self.only_form)),
            salt_or_base=SaltOrBase(kept.get("salt_or_base", SaltOrBase.BASE)),
            weight_basis=WeightBasis(basis) if basis else None,
            sedative_planned=kept["sedative_planned"],
            rationale=kept.get("rationale", ""),
            seen=self.data.get("seen", ""),
            **{name: kept.get(name) for name in as_typed},
        )


def _said_of(last: PreviousDose | None) -> dict[str, object]:
    """What an earlier order said of the last dose: facts about it, no figure of this one."""
    if last is None:
        return {}
    grade = last.max_ae_grade
    return {
        "last_ae_grade": None if grade is None else int(grade),
        "last_bp_ok": _WORDS[last.bp_ok],
        "last_tolerated": _WORDS[last.tolerated],
    }


def _not_asked(plan: Plan, last: PreviousDose | None) -> list[str]:
    spray = plan.product == Product.ESKETAMINE
    gone = ["unit", "formulation", "salt_or_base", *_LIQUID] if spray else ["devices"]
    gone += [] if plan.route == Route.IV else ["infusion_min"]
    return gone + ([] if last else [*_LAST])
