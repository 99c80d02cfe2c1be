"""What an entry of the trail says, in words."""

from django import template

from clinic.people import access
from clinic.people.models import AuditEntry

register = template.Library()


@register.filter
def told(entry: AuditEntry) -> str:
    """“Opened: …” with the meaning of what was opened, or the event's own name."""
    verb, _, route = entry.action.partition(" ")
    known = access.table().routes.get(route)
    words = access.table().meanings.get(known.may, route) if known else route
    if verb == "read":
        return f"Opened: {words}"
    if verb == "refused":
        return f"Was refused: {words}"
    return entry.action.replace("_", " ").capitalize()
