"""How a plan's lines are shown: a telephone number in them can be tapped."""

import phonenumbers
from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def callable_numbers(line: str) -> SafeString:
    """The line with each telephone number as a link that calls it."""
    parts, done = [], 0
    for found in phonenumbers.PhoneNumberMatcher(line, "US"):
        number = phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
        parts += [line[done : found.start], _link(number, found.raw_string)]
        done = found.end
    return format_html_join("", "{}", ((part,) for part in (*parts, line[done:])))


def _link(number: str, written: str) -> SafeString:
    return format_html('<a href="tel:{}">{}</a>', number, written)
