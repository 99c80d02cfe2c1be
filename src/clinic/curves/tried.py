"""The plans that somebody tries: one, or two to compare. Nothing typed here is kept or ordered."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from clinic.curves.predicted import (
    DEVICE_MG,
    FORMS,
    METABOLITES,
    Predicted,
    hours_shown,
    predict,
    way_of,
)
from clinic.intake import queries as intake
from clinic.people.models import Patient
from clinic.planning.models import Plan
from kapstone.dose import Formulation, Product, Route, SaltOrBase
from kapstone.errors import InvalidInput
from kapstone.pharmacology import Dose, Matrix, Options, Person, Way, interactions

_RACEMIC, _ESKETAMINE = str(Product.RACEMIC), str(Product.ESKETAMINE)
_SPRAY = f"{_ESKETAMINE} {Route.IN}"
_SLOW_TABLET = f"{_RACEMIC} {Route.PO} {Formulation.TABLET_PR}"
HOW = [
    ("", "Choose"),
    (f"{_RACEMIC} {Route.IV}", "Racemic, by vein"),
    (f"{_RACEMIC} {Route.IM}", "Racemic, into muscle"),
    (f"{_RACEMIC} {Route.SC}", "Racemic, under the skin"),
    (f"{_RACEMIC} {Route.SL}", "Racemic, held under the tongue"),
    (f"{_RACEMIC} {Route.PO}", "Racemic, swallowed"),
    (_SLOW_TABLET, "Racemic, slow-release tablet"),
    (f"{_RACEMIC} {Route.IN}", "Racemic, nasal"),
    (_SPRAY, "Esketamine, nasal spray of 28 mg"),
    (f"{_ESKETAMINE} {Route.IV}", "Esketamine, by vein"),
    (f"{_ESKETAMINE} {Route.PO}", "Esketamine, swallowed"),
]
_MG, _MG_PER_KG = "mg", "mg/kg"
_NUMBER = {"inputmode": "decimal", "autocomplete": "off"}


class TriedForm(forms.Form):
    """One plan as somebody tries it. No figure is filled in."""

    how = forms.ChoiceField(label="Product and route", required=False, choices=HOW)
    dose_value = forms.DecimalField(
        label="Dose",
        required=False,
        min_value=0,
        max_digits=7,
        decimal_places=3,
        widget=forms.TextInput(attrs=_NUMBER),
        error_messages={"invalid": "Write one number with a point, such as 0.5 or 35."},
    )
    unit = forms.ChoiceField(
        label="Unit", required=False, choices=[(_MG, "mg"), (_MG_PER_KG, "mg/kg")]
    )
    infusion_min = forms.DecimalField(
        label="By vein: minutes (0 a bolus)",
        required=False,
        min_value=0,
        max_value=600,
        max_digits=5,
        decimal_places=1,
        widget=forms.TextInput(attrs=_NUMBER),
    )
    salt_or_base = forms.ChoiceField(
        label="The milligrams are",
        required=False,
        choices=[("", "Not said"), (str(SaltOrBase.BASE), "Base"), (str(SaltOrBase.SALT), "Salt")],
    )
    went = forms.ChoiceField(
        label="Under the tongue: then",
        required=False,
        choices=[("", "Choose"), ("swallowed", "Swallowed"), ("spat", "Spat out")],
    )


class SharedForm(forms.Form):
    """What holds for both plans."""

    metabolite = forms.BooleanField(
        label="Norketamine, which the body makes of it, in place of the drug",
        required=False,
        help_text="It stays for longer, and most so where the drug is swallowed.",
    )
    matrix = forms.ChoiceField(
        label="Blood",
        required=False,
        choices=[("", "As the model has it"), (str(Matrix.VENOUS), "Venous, as a blood test")],
        help_text="Arterial blood drives the brain; a blood test is venous.",
    )
    medicine = forms.ChoiceField(
        label="With another medicine, as a what-if",
        required=False,
        choices=[
            ("", "None"),
            *((one.medicine, one.medicine) for one in interactions(Way.ORAL)),
        ],
        help_text="Published ratios of S-ketamine, by the way they were measured.",
    )


def forms_for(query: QueryDict, plan: Plan | None) -> tuple[TriedForm, TriedForm, SharedForm]:
    """The first plan begins with the product and route that are planned; the second is empty."""
    data = query or None
    product_and_route = f"{plan.product} {plan.route}" if plan else ""
    first = TriedForm(data, prefix="a", initial={"how": product_and_route})
    return first, TriedForm(data, prefix="b"), SharedForm(data)


def person(patient: Patient, now: datetime) -> Person:
    """Whose curve it is: the newest weight on record, and the age."""
    weight, age_y = intake.latest_weight(patient), intake.facts(patient, now).get("age_y")
    return Person(
        age_y=None if age_y is None else Decimal(str(age_y)),
        weight_kg=weight.weight_kg if weight else None,
    )


def predictions(forms: tuple[TriedForm, TriedForm, SharedForm], whose: Person) -> list[Predicted]:
    """One curve, or two to compare. Empty before anything was typed."""
    first, second, shared = forms
    if not first.is_bound:
        return []
    if not (first.is_valid() and second.is_valid() and shared.is_valid()):
        return []
    compared = bool(second.cleaned_data["how"])
    labelled = [("A" if compared else "", first), *([("B", second)] if compared else [])]
    read = [(label, _dose(form, whose)) for label, form in labelled]
    hours = hours_shown([dose.way for _, dose in read if isinstance(dose, Dose)])
    times = [float(minute) for minute in range(60 * hours + 1)]
    told = shared.cleaned_data
    options = Options(
        matrix=Matrix(told["matrix"]) if told["matrix"] else None,
        medicine=told["medicine"] or None,
    )
    made = METABOLITES if told["metabolite"] else {}
    return [
        predict(label, [dose], whose, times, replace(options, analyte=made.get(dose.form)))
        if isinstance(dose, Dose)
        else Predicted(label, None, dose)
        for label, dose in read
    ]


def _dose(form: TriedForm, whose: Person) -> Dose | tuple[str, ...]:
    """The dose, or what is missing of it."""
    told = form.cleaned_data
    product, _, rest = told["how"].partition(" ")
    route, _, formulation = rest.partition(" ")
    if lacks := tuple(_lacks(told, route, whose)):
        return lacks
    amount_mg = told["dose_value"]
    if told["unit"] == _MG_PER_KG and whose.weight_kg is not None:
        amount_mg = amount_mg * whose.weight_kg
    sprayed = told["how"] == _SPRAY
    if sprayed and amount_mg % DEVICE_MG:
        return ("Whole devices: 28, 56 or 84 mg.",)
    salt_or_base = SaltOrBase(told["salt_or_base"]) if told["salt_or_base"] else None
    try:
        return Dose(
            amount_mg=amount_mg,
            way=way_of(route, formulation),
            form=FORMS[Product(product)],
            infusion_min=float(told["infusion_min"]) if route == Route.IV else 0.0,
            devices=int(amount_mg / DEVICE_MG) if sprayed else 1,
            salt_or_base=SaltOrBase.BASE if sprayed else salt_or_base,
            swallowed=route != Route.SL or told["went"] == "swallowed",
        )
    except InvalidInput as error:
        return (f"The dose: {error.problem}",)


def _lacks(told: Mapping[str, Any], route: str, whose: Person) -> Iterator[str]:
    if not route:
        yield "Product and route."
    if not told["dose_value"]:
        yield "The dose."
    if route == Route.IV and told["infusion_min"] is None:
        yield "Over how many minutes."
    if route == Route.SL and not told["went"]:
        yield "Whether it is swallowed or spat out."
    if told["unit"] == _MG_PER_KG and whose.weight_kg is None:
        yield "The weight, for a dose in mg/kg."
