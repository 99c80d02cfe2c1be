"""An event of the line in words that a person at the chair reads."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from clinic.dosing import checklist
from clinic.dosing.forms import CHARTED, SYMPTOM_WORDS
from clinic.dosing.kinds import (
    HERE,
    OUTAGE,
    OWN,
    PRESENCE,
    SOURCE,
    STEP_DONE,
    STEPS_CLOSED,
    STEPS_OPENED,
    TOUCH,
)
from clinic.dosing.models import DosingSession, SessionEvent
from kapstone.monitoring.vitals import parameters

PARTS = {"dose_start", "dose_stop", "device", "dose_rate", "dose_pause", "dose_resume"}
STEPS = {STEPS_OPENED, STEP_DONE, STEPS_CLOSED}
CORRECTABLE = CHARTED - {"withdrawn"} | PARTS | STEPS | {"artefact"}
KINDS: Mapping[str, str] = {
    "vitals": "Vital signs",
    "moaas": "Sedation",
    "nrs": "Effects",
    "gait": "Gait",
    "screener": "Screen",
    "escort": "Escort",
    "instruction": "Instructions",
    "dose_start": "Dose began",
    "dose_stop": "Dose over",
    "device": "Device given",
    "dose_rate": "Rate set",
    "dose_pause": "Infusion paused",
    "dose_resume": "Infusion goes on",
    "rescue": "Another drug given",
    "phase": "Phase",
    "alarm_resolved": "Alarm resolved",
    "override": "Criterion overridden",
    "withdrawn": "Withdrawn",
    "artefact": "Marked as an artefact",
    "quarantined": "Kept apart",
    "outage": "The clinic's system was down",
    "weight": "Weight",
    "offline": "Console offline",
    "checked": "Checked",
    "note": "Note",
    "deviation": "Deviation",
    "mouth": "Held in the mouth, then",
    "steps_opened": "Steps opened",
    "step_done": "Step done",
    "steps_closed": "Steps closed",
    "touch": "Touch",
    "consent_withdrawn": "Consent withdrawn",
    "aldrete": "Recovery",
    "padss": "Recovery",
}

CHANNELS: Mapping[str, str] = {
    "bp_hr": "pressure and pulse",
    "spo2": "oxygen",
    "rr_moaas": "breathing and MOAA/S",
    "nrs": "dissociation, anxiety, nausea",
}

# What a discharge criterion is judged by, beside the parameters that are charted.
JUDGED_BY: Mapping[str, tuple[str, str]] = {
    "since_last_part_min": ("Since the last part of the dose", "min"),
    "since_start_min": ("Since the dose began", "min"),
    "earliest": ("Earliest", ""),
    "blood_pressure": ("Blood pressure", "mmHg"),
    "dose": ("Dose", ""),
}
AT_REST = "baseline."
UNITS = {"dose_mg": " mg", "weight_kg": " kg", "rate_ml_per_h": " mL/h", "mg_per_ml": " mg/mL"}
NAMED = {
    "marks": "line ",
    "step": "step ",
    "lot": "lot ",
    "serial": "serial ",
    "by_route": "by ",
    "ordered_by": "ordered by ",
    "under": "under the standing order, ",
    "name": "by ",
    "console": "screen ",
    "scale": "scale ",
}
# By whom stands as a name; what was agreed is told where it was not.
TOUCH_WORDS: Mapping[str, Mapping[str, str]] = {
    "staff": {},
    "agreed": {"no": "outside what was agreed: a deviation"},
}
WENT = {"spat": "spat out", "swallowed": "swallowed", "both": "some of each"}
OUTCOMES = {
    "over": "It is over",
    "prescriber": "The prescriber took over",
    "emergency": "Emergency services took over",
    "error": "Opened in error",
}
UNTOLD = frozenset(
    {SOURCE, "pathway", "onset", "under_id"}
)  # which a person at the chair need not read
CLOCK_TOLD_S = 30  # a console's clock that is further off is told beside what it charted


def of(row: SessionEvent) -> str:
    """What happened, with every figure and its unit."""
    told = [part for key in _keys(row) if (part := _part(row.kind, key, row.body[key]))]
    if "marks_key" in row.body:
        told = [_stretch(row)]
    if row.kind == OUTAGE:
        told = [down(row)]
    replaced = f" line {row.replaces.number}" if row.replaces else ""
    return f"{_kind(row)}{replaced}" + (f": {', '.join(told)}" if told else "")


def down(row: SessionEvent) -> str:
    """From when until when the clinic was down, and for how long."""
    since, until = (datetime.fromisoformat(str(row.body[key])) for key in ("since", "until"))
    lasted_s = round((until - since).total_seconds())
    lasted = f"{lasted_s} s" if lasted_s < 120 else f"{lasted_s // 60} min"
    return f"{timezone.localtime(since):%H:%M:%S} to {timezone.localtime(until):%H:%M:%S}, {lasted}"


def clock_of(row: SessionEvent) -> str:
    """That the sending console's clock was far off; the time shown is the clinic's."""
    off_s = row.clock_offset_s or 0
    if abs(off_s) < CLOCK_TOLD_S:
        return ""
    told = f"{abs(off_s)} s" if abs(off_s) < 120 else f"{abs(off_s) // 60} min"
    return f"console's clock {told} {'fast' if off_s > 0 else 'slow'}"


def _keys(row: SessionEvent) -> list[str]:
    """As the form asks for them: a database may give them back in another order."""
    asked = [*OWN.get(row.kind, ()), *(one.key for one in parameters().values())]
    order = {key: number for number, key in enumerate(asked)}
    return sorted(row.body, key=lambda key: order.get(key, len(order)))


def clock(moment: datetime) -> str:
    """A time of day where the clinic is."""
    return f"{timezone.localtime(moment):%H:%M}"


def plain(value: Decimal) -> str:
    """A figure without noughts at its end."""
    return f"{value.normalize():f}"


def session(about: DosingSession) -> str:
    """How an alert names a session: one that a generated monitor feeds says so first."""
    return "Simulated session" if about.simulated else "Session"


def unnamed(about: DosingSession) -> str:
    """What a locked screen calls a session: its room, or a few signs of its own number."""
    visit = about.appointment
    return visit.room if visit else f"session {str(about.pk)[:4].upper()}"


def _kind(row: SessionEvent) -> str:
    if row.kind == "symptom":
        names = row.body.get("symptom")
        listed = [names] if isinstance(names, str) else list(names or [])
        gone = "" if row.body.get("present", True) else ", gone"
        return ", ".join(SYMPTOM_WORDS.get(name, name) for name in listed) + gone
    if row.kind == PRESENCE:
        went = "came in" if row.body["here"] == HERE else "left the room"
        return f"{row.body['name']} {went}"
    return KINDS.get(row.kind, row.kind)


def streamed(key: str) -> str:
    """What a device measures, by its key; both pressures are one."""
    return "Blood pressure" if key == "sbp" else _LABELS[key]


_LABELS = {one.key: one.label for one in parameters().values()}


def _stretch(row: SessionEvent) -> str:
    """Which samples a mark is of: those of the second that is named last are part of it."""
    began = row.observed_at - timedelta(seconds=float(row.body["lasted_s"]))
    moments = (f"{timezone.localtime(one):%H:%M:%S}" for one in (began, row.observed_at))
    return f"{streamed(row.body['marks_key'])} of the stream, {' to '.join(moments)}"


def _part(kind: str, key: str, value: object) -> str:
    if kind in ("symptom", "note", PRESENCE) or key in UNTOLD:
        return ""
    for one in parameters().values():
        if one.key == key and kind in one.kinds:
            if isinstance(value, bool):
                return f"{one.label}: {'yes' if value else 'no'}"
            return f"{one.label} {value} {_unit(one.unit)}"
    if isinstance(value, bool):
        return "stopped early" if key == "early" and value else ""
    if kind == TOUCH and key in TOUCH_WORDS:
        return TOUCH_WORDS[key].get(str(value), "")
    if key == "until":
        return f"until {_read_out(value)}"
    if key == "outcome":
        return OUTCOMES.get(str(value), str(value)).lower()
    if key == "went":
        return WENT.get(str(value), str(value))
    if key == "item":
        return checklist.title(str(value))
    return f"{NAMED.get(key, '')}{value}{UNITS.get(key, '')}"


def _unit(unit: str) -> str:
    """A scale's ends are no figure of their own: 5 (0-5)."""
    return f"({unit})" if unit[:1].isdigit() else unit


def judged_by(because: Mapping[str, object]) -> str:
    """What a criterion was judged by, as a person would read it out."""
    return "; ".join(_judged(key, value) for key, value in because.items())


def _judged(key: str, value: object) -> str:
    name = key.removeprefix(AT_REST)
    label, unit = JUDGED_BY.get(name) or (SYMPTOM_WORDS.get(name, name), "")
    if one := parameters().get(name):
        label, unit = one.label, one.unit
    resting = " before the dose" if key.startswith(AT_REST) else ""
    told = f"{label}{resting}: {_read_out(value)}"
    is_figure = not isinstance(value, bool) and str(value)[:1].isdigit()
    if not (unit and is_figure):
        return told
    return f"{told} {_unit(unit)}"


def _read_out(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    try:
        return clock(datetime.fromisoformat(str(value)))
    except ValueError:
        return str(value)
