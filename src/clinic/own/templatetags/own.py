"""Words for templates about what is a person's own."""

from django import template
from django.utils import timezone

from clinic.own import queries, writings
from clinic.people.models import Patient, User

register = template.Library()


@register.simple_tag
def given_by(patient: Patient) -> queries.Given:
    """What a person shared or said, for those who treat them."""
    return queries.given(patient)


@register.simple_tag
def letter_is_here(user: User) -> bool:
    """Whether the day of a letter to oneself has come."""
    today = timezone.localdate(timezone.now())
    return any(day <= today for day in writings.letter_days(user))
