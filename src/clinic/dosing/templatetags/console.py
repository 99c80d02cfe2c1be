"""Small words of the console's templates."""

from uuid import uuid4

from django import template

register = template.Library()


@register.simple_tag
def fresh_id() -> str:
    """A new event id for one form: sent twice, it is charted once."""
    return str(uuid4())


@register.filter
def typed(posted: dict[str, str], key: str) -> str:
    """What was typed into a field that was not taken."""
    return str(posted.get(key, ""))
