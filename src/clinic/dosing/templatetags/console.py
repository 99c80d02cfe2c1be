"""Small words of the console's templates."""

from uuid import uuid4

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from clinic.dosing.kinds import RANGES
from kapstone.monitoring.vitals import parameters

register = template.Library()


@register.simple_tag
def fresh_id() -> str:
    """A new event id for one form: sent twice, it is charted once."""
    return str(uuid4())


@register.simple_tag(takes_context=True)
def hidden(context: Context) -> SafeString:
    """What each form of a session carries unseen: its token, whose it is, an id for its event."""
    if "session" not in context:  # the page without a network: its script fills it in
        return format_html('<input type="hidden" name="{}" value="">', "event_id")
    return format_html(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
        '<input type="hidden" name="shown_for" value="{}">'
        '<input type="hidden" name="event_id" value="{}">',
        context["csrf_token"],
        context["session"].pk,
        uuid4(),
    )


@register.simple_tag
def limits(key: str) -> SafeString:
    """Between what a figure can lie: an offline console asks at once, and not hours later."""
    if key in RANGES:
        low, high = RANGES[key]
    else:
        one = next(each for each in parameters().values() if each.key == key)
        if one.low is None or one.high is None:
            return format_html("{}", "")
        low, high = one.low, one.high
    return format_html(' data-low="{}" data-high="{}"', low, high)


@register.filter
def typed(posted: dict[str, str], key: str) -> str:
    """What was typed into a field that was not taken."""
    return str(posted.get(key, ""))
