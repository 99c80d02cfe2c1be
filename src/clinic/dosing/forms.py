"""What the console's forms send, read without guessing. Problems name the field and the mend."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from clinic.dosing import tapped
from clinic.dosing.kinds import (
    ADDED,
    MOUTH,
    NOTE,
    OFFLINE,
    OWN,
    PAUSED,
    RATE,
    RESCUE,
    RESUMED,
    TOUCH,
    WEIGHT,
    Chart,
    number_from,
)
from clinic.dosing.models import SessionEvent
from kapstone.dose import Entry
from kapstone.errors import InvalidInput
from kapstone.monitoring import taps
from kapstone.monitoring.doses import DEVICE_MG
from kapstone.monitoring.events import Kind
from kapstone.monitoring.follow import EXTRA
from kapstone.monitoring.vitals import parameters
from kapstone.pathway import Session

# What the chart takes from anybody who may chart. Drug, phase and overrides have ways of their own.
CHARTED = frozenset(
    {
        *(Kind.VITALS, Kind.MOAAS, Kind.NRS, Kind.ALDRETE, Kind.PADSS, Kind.GAIT),
        *(Kind.SCREENER, Kind.ESCORT, Kind.INSTRUCTION, Kind.SYMPTOM, Kind.WITHDRAWN),
        *(WEIGHT, "checked", "note", "sample", TOUCH, RESCUE, MOUTH, OFFLINE),
    }
)
MOST_DEVICES = 3
PARTS = frozenset({Kind.DOSE_START, Kind.DEVICE, Kind.DOSE_STOP, RATE, PAUSED, RESUMED})
NUMBERS = ("dose_mg", "weight_kg", "rate_ml_per_h", "mg_per_ml")
# What of a part may be typed anew on its own line; anything else is withdrawn and charted again.
MENDED: Mapping[str, tuple[str, ...]] = {
    Kind.DOSE_START: ("dose_mg", "rate_ml_per_h", "mg_per_ml"),
    Kind.DOSE_STOP: ("dose_mg",),
    Kind.DOSE_RATE: ("rate_ml_per_h", "mg_per_ml"),
    Kind.DEVICE: ("lot", "serial"),
}
LONGEST = 120  # characters of a short text
CLOCK_PASSED_OVER_S = 2  # what the way to the clinic may take
Posted = Mapping[str, str]
SYMPTOM_WORDS = {
    "chest_pain": "Chest pain",
    "dyspnoea": "Short of breath",
    "severe_headache": "Sudden severe headache",
    "visual_loss": "Loss of sight",
    "focal_deficit": "Weakness or speech trouble",
    "unexpected_confusion": "Confusion beyond what is expected",
    "seizure": "Seizure",
    "myoclonus": "Jerking",
    "vomiting": "Vomiting",
    "panic": "Panic",
    "distress": "Distress",
    "unsafe_movement": "Unsafe movement",
    "symptomatic_bradycardia": "Faint with a slow pulse",
    "new_suicidal_ideation": "New suicidal thoughts",
}


def chart_from(posted: Posted, at: datetime) -> Chart:
    """An event as a form tells it. Raises InvalidInput."""
    kind = posted.get("kind", "")
    return Chart(
        id=event_id(posted),
        kind=kind,
        observed_at=observed_at(posted, at),
        body=_body(kind, posted),
        note=posted.get("note", "").strip(),
        replaces=_uuid(posted, "replaces") if posted.get("replaces") else None,
        reason=posted.get("reason", "").strip(),
        clock_offset_s=clock_offset_s(posted, at),
        waited=posted.get("waited") == "yes",
    )


def event_id(posted: Posted) -> UUID:
    """The console's own id of an event: sent twice it is charted once. Raises InvalidInput."""
    return _uuid(posted, "event_id")


def charted(posted: Posted, at: datetime) -> Chart:
    """An event of those that anybody who charts may send."""
    if posted.get("kind") == Kind.SAMPLE:
        return _sampled(posted, at)
    told = chart_from(posted, at)
    if told.kind not in CHARTED:
        raise InvalidInput("kind", f"is {told.kind!r}.", "It is not charted here.")
    if told.kind == NOTE:
        return tapped.worded(told)
    return tapped.by_scale(told) if told.kind == Kind.MOAAS else told


def _sampled(posted: Posted, at: datetime) -> Chart:
    """A device's sample, its values as they were said: `quarantine` reads them."""
    keys = (one.key for one in parameters().values() if Kind.SAMPLE in one.kinds)
    said = {key: posted[key] for key in keys if posted.get(key, "").strip()}
    told = Chart(_uuid(posted, "event_id"), Kind.SAMPLE, observed_at(posted, at), said)
    return replace(told, clock_offset_s=clock_offset_s(posted, at))


def marked(posted: Posted, event: SessionEvent, at: datetime) -> Chart:
    """That a reading was not the person's own: it is marked, and stands."""
    told = chart_from({**posted, "kind": str(Kind.ARTEFACT)}, at)
    return replace(told, observed_at=event.observed_at, body={"marks": event.number})


def corrected(posted: Posted, event: SessionEvent, at: datetime) -> Chart:
    """A line that stands in for one: withdrawn, or with the figures typed in place of its own."""
    if posted.get("what") != "corrected":
        withdrawn = {**posted, "kind": str(Kind.WITHDRAWN), "replaces": str(event.pk)}
        return replace(chart_from(withdrawn, at), observed_at=event.observed_at, note="")
    typed = [key for key in MENDED.get(event.kind, ()) if posted.get(key, "").strip()]
    if not typed:
        raise InvalidInput("what is right", "is missing.", "Type it, or withdraw the line.")
    told = chart_from({**posted, "kind": event.kind, "replaces": str(event.pk)}, at)
    body = event.body | {key: told.body[key] for key in typed}
    return replace(told, observed_at=event.observed_at, body=body, note=event.note)


def noted(posted: Posted, at: datetime) -> Chart:
    """An observation in words, or by a tap of those that whoever notes may use."""
    word = posted.get("word", "") or tapped.OWN_WORDS
    told = chart_from({**posted, "kind": NOTE, "word": word}, at)
    if word != tapped.OWN_WORDS:
        return tapped.worded(told, taps.to_note())
    if not told.note:
        raise InvalidInput("note", "is empty.", "Write what you saw.")
    return told


def part(posted: Posted, at: datetime) -> Chart:
    """A further part of a dose. An early stop says why; a device says from which lot it is."""
    told = chart_from(posted, at)
    if told.kind not in PARTS:
        raise InvalidInput("kind", f"is {told.kind!r}.", "It is no part of a dose.")
    if told.body.get("early") is True and not told.note:
        raise InvalidInput("note", "is missing.", "Say why the dose was stopped early.")
    return with_lot(told)


def with_lot(told: Chart) -> Chart:
    """The event itself; a device that names no lot is refused."""
    if told.kind == Kind.DEVICE and not told.body.get("lot"):
        raise InvalidInput("lot", "is missing.", "Type the lot from the device.")
    return told


def already_given(posted: Posted, kind: Kind, at: datetime) -> Chart:
    """A dose that was given: what happened stands in words beside it."""
    told = chart_from({**posted, "kind": kind, "note": posted.get("why", "")}, at)
    if not told.note:
        raise InvalidInput("why", "is empty.", "Say what happened.")
    return told


def _uuid(posted: Posted, key: str) -> UUID:
    try:
        return UUID(posted.get(key, ""))
    except ValueError:
        raise InvalidInput(key, "is missing or damaged.", "Load the page again.") from None


def observed_at(posted: Posted, at: datetime) -> datetime:
    """When it was true: now, the exact time a console sends, or so many minutes ago."""
    if exact := posted.get("observed_at", ""):
        try:
            moment = datetime.fromisoformat(exact)
        except ValueError:
            raise InvalidInput(
                "time", f"is {exact!r}.", "Give an ISO time with its zone."
            ) from None
        if moment.tzinfo is None:
            raise InvalidInput("time", "has no zone.", "Give an ISO time with its zone.")
        return moment
    written = posted.get("minutes_ago", "").strip()
    if not written:
        return at
    minutes = number_from("minutes_ago", written)
    if not 0 <= minutes <= 1440:
        raise InvalidInput("minutes_ago", f"is {written}.", "Give 0 to 1440 minutes.")
    return at - timedelta(minutes=float(minutes))


def _body(kind: str, posted: Posted) -> dict[str, object]:
    body = dict(_values(kind, posted))
    extra: Iterable[str] = (
        *EXTRA.get(Kind(kind) if kind in set(Kind) else Kind.VITALS, ()),
        *ADDED.get(kind, ()),
        *OWN.get(kind, ()),
    )
    for key in extra:
        written = posted.get(key, "").strip()
        if not written:
            continue
        if key in ("present", "early"):
            body[key] = _flag(key, written)
        elif key in NUMBERS:
            body[key] = _number(key, written)
        elif len(written) > LONGEST:
            raise InvalidInput(key, "is too long.", f"At most {LONGEST} characters.")
        else:
            body[key] = written
    keys = [one.key for one in parameters().values() if kind in one.kinds]
    if kind in set(Kind) and kind not in (Kind.WITHDRAWN,) and not body and keys:
        raise InvalidInput(", ".join(keys), "all empty.", "Type at least one.")
    return body


def _number(key: str, written: str) -> int | float:
    value = number_from(key, written)
    if key == "dose_mg" and value != round(value, 2):
        raise InvalidInput(key, f"is {written}.", "Give at most two decimals.")
    return value


def clock_offset_s(posted: Posted, at: datetime) -> int | None:
    """How far the console's clock is ahead of the clinic's; None where it is not, or said nothing.

    Never an error: what is charted counts, whatever a clock says.
    """
    try:
        sent_at = datetime.fromisoformat(posted.get("sent_at", ""))
        offset_s = round((sent_at - at).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
    return offset_s if CLOCK_PASSED_OVER_S < abs(offset_s) < 2**31 else None


def _values(kind: str, posted: Posted) -> Iterable[tuple[str, object]]:
    for one in parameters().values():
        written = posted.get(one.key, "").strip()
        if kind not in one.kinds or not written:
            continue
        yield one.key, _flag(one.key, written) if one.low is None else number_from(one.key, written)


def _flag(key: str, written: str) -> bool:
    if written in ("yes", "true", "on"):
        return True
    if written in ("no", "false"):
        return False
    raise InvalidInput(key, f"is {written!r}.", "Say yes or no.")


def entry_from(posted: Posted) -> Entry:
    """A dose entry: two figures, both typed; a spray is counted in devices. Raises InvalidInput."""
    return Entry(_dose_mg(posted), _amount(posted, "weight_kg", 350))


def _dose_mg(posted: Posted) -> Decimal:
    if "devices" not in posted:
        return _amount(posted, "dose_mg", 1000)
    devices = _amount(posted, "devices", MOST_DEVICES)
    if devices % 1:
        raise InvalidInput("devices", "is not a whole number.", "Count them.")
    return devices * DEVICE_MG


def _amount(posted: Posted, key: str, most: int) -> Decimal:
    value = Decimal(str(number_from(key, posted.get(key, ""))))
    if not 0 < value <= most or value != value.quantize(Decimal("0.01")):
        raise InvalidInput(key, "is not possible.", f"Give more than 0, at most {most}.")
    return value


def step_from(posted: Posted) -> Session:
    """A phase that a tap may reach."""
    may = (Session.PEAK, Session.RETURN, Session.RECOVERY, Session.HELD, Session.CANCELLED)
    if posted.get("to") in set(may):
        return Session(posted["to"])
    raise InvalidInput("to", f"is {posted.get('to', '')!r}.", f"Give one of: {', '.join(may)}.")
