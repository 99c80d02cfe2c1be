"""Small words for templates: icons, pills, ages, times, who is who."""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

import phonenumbers
from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.content import queries
from clinic.people import crisis
from clinic.people.models import Patient
from clinic.site.ladders import Look, look_of

register = template.Library()
BANDS = 8


@register.simple_tag
def in_demo() -> bool:
    """Whether this is the demo. Known even on an error page, which has no context."""
    return bool(settings.DEMO)


@register.simple_tag(takes_context=True)
def demonstration(context: Context) -> str:
    """Why this clinic is in demonstration mode; nothing where it is not.

    A page made without a request tells of a fault: the database may be what failed, and is not
    asked.
    """
    if settings.DEMO or "request" in context:
        return queries.demonstration()
    return _("Demonstration mode: it cannot be read whether the clinical content is signed.")


@register.simple_tag
@cache  # our own files, which never change while the server runs
def icon(name: str) -> SafeString:
    """One of the drawings of ``site/icons``, hidden from screen readers: words stand beside it."""
    return render_to_string(f"site/icons/{name}.svg")


@register.simple_tag
def pill(words: str, tone: str = "quiet", name: str = "note") -> SafeString:
    """A word with a shape, for what stands on no ladder."""
    return _pill(words, tone, name)


@register.simple_tag
def rung(ladder: str, value: object) -> SafeString:
    """A step of a ladder of urgency: ``severity``, ``level``, ``tier`` or ``risk``."""
    look = look_of(ladder, value)
    return _pill(look.words, look.tone, look.icon, look.square, look.solid)


@lru_cache(256, typed=True)  # a few, on every page; a word marked safe is another one
def _pill(
    words: str, tone: str, icon: str, square: bool = False, solid: bool = False
) -> SafeString:
    look = Look(words, tone, icon, square, solid)
    return render_to_string("site/parts/pill.html", {"look": look})


@register.simple_tag
@cache  # as for an icon
def unchanging(part: str) -> SafeString:
    """A part that is the same on every page."""
    return render_to_string(f"site/{part}.html")


@register.inclusion_tag("site/parts/note.html")
def note(tone: str, words: str) -> dict[str, str]:
    """A message in a tone: stop, warn, care, note or good."""
    return {"tone": tone, "words": words}


@register.simple_tag
def crisis_number() -> str:
    """The number of the line that listens. Known also inside a form, which has no context."""
    return crisis.lines()[0].number


@register.filter
def age(birth_date: date, on: date | None = None) -> int:
    """Whole years lived, today or on another day."""
    day = on or timezone.localdate()
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


@register.filter
def born(birth_date: date) -> str:
    """A birth date with its month in letters, so that no two countries read it differently."""
    return f"{date_format(birth_date, 'M j')}, {birth_date.year:04d}"


@register.simple_tag
def moment(at: datetime, now: datetime) -> SafeString:
    """Local time and how long ago, with the exact time for machines."""
    here, today = timezone.localtime(at), timezone.localdate(now)
    shown = here.strftime("%H:%M")
    if here.date() != today:
        year = f", {here.year}" if here.year != today.year else ""
        shown = f"{date_format(here, 'M j')}{year}, {shown}"
    return format_html('<time datetime="{}">{}, {}</time>', here.isoformat(), shown, ago(now - at))


def ago(gone: timedelta) -> str:
    """A span in whole minutes, hours (from two) or days (from two): rounded down, never up."""
    minutes = abs(int(gone.total_seconds())) // 60
    if not minutes:
        return "now"
    hours, days = minutes // 60, minutes // 1440
    span = f"{days} d" if days > 1 else f"{hours} h" if hours > 1 else f"{minutes} min"
    return f"in {span}" if gone < timedelta(0) else f"{span} ago"


@register.filter
def initials(patient: Patient) -> str:
    """First letters of the given and the family name."""
    return (patient.given_name[:1] + patient.family_name[:1]).upper()


@register.filter
def letters(name: str) -> str:
    """The first letter of each part of a name."""
    return "".join(part[:1] for part in name.split()).upper()


@register.filter
def band(patient_id: UUID) -> int:
    """The number of a person's colour: a second cue beside the initials, never the only one."""
    return patient_id.int % BANDS


@register.filter
def telephone(number: str) -> str:
    """A stored number in groups that can be read out; anything else as it stands."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    home = parsed.country_code == 1
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, style.NATIONAL if home else style.INTERNATIONAL)


@register.filter
def differs_from(patient: Patient, other: Patient) -> str:
    """How a namesake can be told from this person, in words."""
    same_day = patient.birth_date == other.birth_date
    birth = "same birth date" if same_day else f"born {born(other.birth_date)}"
    sex = other.get_sex_display().lower()
    return (
        f"{birth}; {'' if other.sex == patient.sex else 'sex '}{sex}; record {other.record_number}"
    )


@register.simple_tag
def field_target(field: BoundField) -> str:
    """Where a problem's link leads: the control, or the group of choices."""
    return field.id_for_label or field.auto_id


@register.filter
def problem_count(form: BaseForm) -> str:
    """How many problems a form has, in words."""
    count = sum(len(problems) for problems in form.errors.values())
    return ngettext("%(count)s problem to mend", "%(count)s problems to mend", count) % {
        "count": count
    }


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], capability: str, patient: Patient | None = None) -> bool:
    """Whether who is signed in may do this (to this patient). The gate still decides."""
    from clinic.people import access

    actor = context.get("actor")
    return actor is not None and access.may(actor, capability, patient)
