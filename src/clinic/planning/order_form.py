"""What a prescriber types for an order: one figure, and what goes with it."""

import uuid

from django import forms

from clinic.planning.models import Plan
from clinic.planning.ordering import Typed, Unit
from kapstone.dose import WeightBasis

_YES_NO = [("", "Not known"), ("yes", "Yes"), ("no", "No")]
_TRUTH = {"yes": True, "no": False}


class OrderForm(forms.Form):
    """One dose. Nothing is filled in: no figure is proposed."""

    dose_value = forms.DecimalField(
        label="Dose",
        min_value=0,
        max_digits=8,
        decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="One figure, in the unit you choose below. Ketamine base, as on the vial.",
        error_messages={"invalid": "Write one number with a point, such as 0.5 or 35."},
    )
    unit = forms.ChoiceField(label="Unit", choices=Unit.choices, widget=forms.RadioSelect)
    concentration_mg_per_ml = forms.DecimalField(
        label="Concentration drawn up (mg/mL)",
        min_value=0,
        max_digits=7,
        decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"invalid": "Write one number with a point, such as 10 or 50."},
    )
    infusion_min = forms.IntegerField(
        label="Infusion time (minutes)",
        min_value=1,
        max_value=600,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    weight_basis = forms.ChoiceField(
        label="Weight the dose rests on",
        required=False,
        choices=[("", "Not chosen"), *((str(basis), str(basis)) for basis in WeightBasis)],
        help_text="At a BMI of 30 or more, choose one (DOS-W1). It never raises a dose.",
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

    def __init__(self, plan: Plan, had_before: bool, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on untouched
        if plan.route != "IV":
            del self.fields["infusion_min"]
        if not had_before:
            for name in ("last_ae_grade", "last_bp_ok", "last_tolerated"):
                del self.fields[name]

    def typed(self) -> Typed:
        """The order as typed. `seen` comes from the check that stood below the form."""
        kept = self.cleaned_data
        basis = kept["weight_basis"]
        return Typed(
            order_id=kept["order_id"],
            dose_value=kept["dose_value"],
            unit=Unit(kept["unit"]),
            concentration_mg_per_ml=kept["concentration_mg_per_ml"],
            infusion_min=kept.get("infusion_min"),
            weight_basis=WeightBasis(basis) if basis else None,
            last_ae_grade=kept.get("last_ae_grade"),
            last_bp_ok=kept.get("last_bp_ok"),
            last_tolerated=kept.get("last_tolerated"),
            rationale=kept.get("rationale", ""),
            seen=self.data.get("seen", ""),
        )
