"""Words for templates about a visit to come."""

from django import template
from django.utils import timezone

from clinic.people.models import Patient
from clinic.readying import queries
from clinic.readying.words import PLAIN, Plain

register = template.Library()


@register.simple_tag
def visit_to_come(patient: Patient) -> queries.Visit | None:
    """The visit this person is booked for."""
    return queries.visit(patient, timezone.now())


@register.filter
def plainly(todo: queries.ToDo) -> Plain:
    """A line as a person in care reads it."""
    return PLAIN[todo.line.id]
