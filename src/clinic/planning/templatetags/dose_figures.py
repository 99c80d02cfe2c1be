"""Figures and facts of a dose as they are safe to read."""

from datetime import timedelta
from decimal import Decimal

from django import template

from clinic.planning.order_form import FORMS
from kapstone.dose import Formulation
from kapstone.dose.treatment import treatment

register = template.Library()

# What a person calls a key of the core.
_FACTS = {
    "weight_kg": "the weight, measured again",
    "weight_days_ago": "a weight of the last 30 days",
    "weight_basis": "the weight the dose rests on",
    "height_cm": "the height",
    "sex": "the sex that the ideal weight is reckoned by",
    "age_y": "the age",
    "child_pugh": "the Child-Pugh class",
    "first_exposure": "whether the person has had ketamine before",
    "infusion_min": "the infusion time",
    "indication_id": "the indication",
    "previous.max_ae_grade": "the worst side effect of the last dose",
    "previous.bp_ok": "how blood pressure went after the last dose",
    "previous.tolerated": "whether the last dose was tolerable",
}
_CONDITIONS = {
    "max_ae_grade": "No side effect of grade 2 or worse after the last dose",
    "bp_ok": "Blood pressure stayed below 160/100, or was back within 60 minutes",
    "tolerated": "Tolerable, by the person's own report",
}


@register.filter
def figure(value: Decimal | float | None) -> str:
    """A number without a trailing zero and never without a leading one: 5, not 5.0; 0.5, not .5."""
    if value is None:
        return "not known"
    shown = f"{Decimal(str(value)):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


@register.filter
def fact(key: str) -> str:
    """What must be given, in words."""
    return _FACTS.get(key, key)


@register.filter
def condition(key: str) -> str:
    """What a step up rests on, in words."""
    return _CONDITIONS[key]


@register.filter
def made_up_as(formulation: str) -> str:
    """What drug is made up as, in words."""
    return FORMS[Formulation(formulation)].lower()


@register.filter
def cut_underscores(name: str) -> str:
    """A charted word as people write it."""
    return name.replace("_", " ")


@register.filter
def minutes(span: timedelta) -> int:
    """Whole minutes."""
    return span // timedelta(minutes=1)


@register.filter
def days(value: Decimal) -> str:
    """So many days, to a tenth, whole where it is whole."""
    return f"{figure(round(value, 1))} days"


@register.filter
def indication_name(indication_id: str) -> str:
    """The words of an indication."""
    return treatment().indication(indication_id).name


@register.filter
def dose_model_name(dose_model_id: str) -> str:
    """The words of a dose model."""
    return treatment().dose_model(dose_model_id).name
