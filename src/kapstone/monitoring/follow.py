"""Replay a session's events through the monitoring rules: alarms, readings due, discharge.

A moment is given in minutes from the start (`t_min`, `now_min`), or as a clock on a wall told it,
with its offset from UTC (`at`, `now`, beside `starts_at` at the top): so a report of a night in
which the clocks changed is replayed as it was written down.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from kapstone.errors import InvalidInput
from kapstone.monitoring.events import SYMPTOMS, Event, Kind
from kapstone.monitoring.fields import Fields, table
from kapstone.monitoring.moments import utc
from kapstone.monitoring.recovery import State
from kapstone.monitoring.schedules import schedule_for, schedules
from kapstone.monitoring.session import fold
from kapstone.monitoring.vitals import BASELINE_NAMES, Value, parameters
from kapstone.pathway import Session

# Any moment: a replay counts minutes from it.
ORIGIN = datetime.fromisoformat("2000-01-01T00:00+00:00")
FIRST_MIN, LAST_MIN = -1440, 2880
MICROS_A_MINUTE = 60_000_000
YEARS = range(1900, 2200)
COMMON = ("t_min", "kind", "number", "replaces")
EXTRA: Mapping[Kind, tuple[str, ...]] = {
    Kind.DOSE_START: ("dose_mg", "rate_ml_per_h", "mg_per_ml"),
    Kind.DOSE_RATE: ("rate_ml_per_h", "mg_per_ml"),
    Kind.DOSE_STOP: ("dose_mg",),
    Kind.DEVICE: ("dose_mg",),
    Kind.SYMPTOM: ("symptom", "present"),
    Kind.PHASE: ("phase",),
    Kind.ALARM_RESOLVED: ("rule", "band"),
    Kind.OVERRIDE: ("rule",),
    Kind.ARTEFACT: ("marks", "marks_key", "lasted_s"),
}


def replay(document: object) -> dict[str, object]:
    """A session's JSON in, its state at `now_min` as JSON out. Raises InvalidInput."""
    fields = Fields.read("", document)
    fields.only(("product", "route", "baseline", "events", "starts_at", "now_min", "now"))
    product = fields.choice("product", {one.product for one in schedules()})
    schedule = schedule_for(product, fields.choice("route", {one.route for one in schedules()}))
    listed = fields.children("events")
    starts = _starts(fields, listed)
    events = [event_from(one, place, starts) for place, one in enumerate(listed, 1)]
    now = _moment(fields, "now_min", "now", starts)
    state = fold(schedule, events, now, _baseline(fields))
    zero = starts or ORIGIN
    due = [(one.missed, _wanted(one.channel, one.at, zero)) for one in state.due]
    return {
        "alarms": [
            {"rule": a.rule, "band": a.band, "tier": a.tier, "since_min": _t_min(a.since, zero)}
            for a in state.alarms
        ],
        "due": [wanted for missed, wanted in due if not missed],
        "missed": [wanted for missed, wanted in due if missed],
        "discharge": {
            "ready": state.readiness.ready,
            "unmet": state.readiness.in_state(State.UNMET),
            "unknown": state.readiness.in_state(State.UNKNOWN),
        },
        "version": table("alarms").text("version"),
    }


def event_from(fields: Fields, place: int, starts: datetime | None = None) -> Event:
    """One event; `place` is its number where the file gives none. starts: what `at` counts from."""
    kind = Kind(fields.choice("kind", set(Kind)))
    read = {one.key: one for one in parameters().values() if kind in one.kinds}
    fields.only((*COMMON, *(("at",) if starts else ()), *read, *EXTRA.get(kind, ())))
    values: dict[str, Value] = {
        one.name: one.read(fields) for one in read.values() if fields.has(one.key)
    }
    if read and not values:
        raise InvalidInput(fields.where, "charts nothing.", f"Give one of: {', '.join(read)}.")
    try:
        return Event(
            number=fields.whole("number") if fields.has("number") else place,
            kind=kind,
            observed_at=_moment(fields, "t_min", "at", starts),
            replaces=fields.whole("replaces") if fields.has("replaces") else None,
            values=values,
            symptoms=_symptoms(fields) if kind is Kind.SYMPTOM else (),
            present=fields.flag("present")
            if kind is Kind.SYMPTOM and fields.has("present")
            else True,
            dose_mg=_number(fields, "dose_mg"),
            rate_ml_per_h=_number(fields, "rate_ml_per_h"),
            mg_per_ml=_number(fields, "mg_per_ml"),
            phase=Session(fields.choice("phase", set(Session))) if kind is Kind.PHASE else None,
            rule=fields.text("rule") if "rule" in EXTRA.get(kind, ()) else "",
            band=fields.text("band") if fields.has("band") else None,
            marks_number=fields.whole("marks") if fields.has("marks") else None,
            marks_key=fields.text("marks_key") if fields.has("marks_key") else "",
            lasted_s=_number(fields, "lasted_s"),
        )
    except InvalidInput as error:
        if error.key.startswith(fields.where):
            raise
        raise InvalidInput(fields.path(error.key), error.problem, error.mend) from error


def _number(fields: Fields, key: str) -> Decimal | None:
    return fields.number(key) if fields.has(key) else None


def _symptoms(fields: Fields) -> tuple[str, ...]:
    """One symptom as a text, or several as a list."""
    if isinstance(fields.data.get("symptom"), str):
        return (fields.choice("symptom", SYMPTOMS),)
    if found := fields.words("symptom"):
        return found
    raise InvalidInput(fields.path("symptom"), "names none.")


def _starts(fields: Fields, events: Sequence[Fields]) -> datetime | None:
    """What a clock's times are counted from; it has to be said where one stands."""
    if fields.has("starts_at"):
        return _wall(fields, "starts_at")
    if fields.has("now") or any(one.has("at") for one in events):
        raise InvalidInput("starts_at", "is missing.", "Say when minute 0 was.")
    return None


def _moment(fields: Fields, minutes: str, wall: str, starts: datetime | None) -> datetime:
    """When it was: by the clock on the wall where the file says so, else minutes from the start."""
    if starts and fields.has(wall):
        moment = _wall(fields, wall)
        _check(fields.path(wall), Decimal((moment - starts) // timedelta(microseconds=1)))
        return moment
    micros = fields.number(minutes) * MICROS_A_MINUTE
    _check(fields.path(minutes), micros)
    return (starts or ORIGIN) + timedelta(microseconds=int(micros))


def _check(key: str, micros: Decimal) -> None:
    t_min = micros / MICROS_A_MINUTE
    if not FIRST_MIN <= t_min <= LAST_MIN:
        problem = f"is {t_min.normalize():f}, out of range."
        raise InvalidInput(key, problem, f"Give {FIRST_MIN} to {LAST_MIN} min.")


def _wall(fields: Fields, key: str) -> datetime:
    """A clock's time with its offset, such as 2026-11-01T01:30:00-04:00."""
    mend = "Give a date, a time and its offset from UTC: 2026-11-01T01:30:00-04:00."
    try:
        moment = datetime.fromisoformat(fields.text(key))
    except ValueError as error:
        raise InvalidInput(fields.path(key), "is no time.", mend) from error
    if moment.utcoffset() is None:
        raise InvalidInput(fields.path(key), "has no offset: that hour may come twice.", mend)
    if moment.year not in YEARS:  # near the first and the last that there are no sum holds
        raise InvalidInput(fields.path(key), f"is in the year {moment.year}.", mend)
    return utc(key, moment)


def _baseline(fields: Fields) -> dict[str, Decimal]:
    if not fields.has("baseline"):
        return {}
    given = Fields.read("baseline", fields.data["baseline"])
    read = [parameters()[name] for name in BASELINE_NAMES]
    given.only([one.key for one in read])
    values = {one.name: one.read(given) for one in read if given.has(one.key)}
    return {name: Decimal(value) for name, value in values.items()}


def _wanted(channel: str, at: datetime, zero: datetime) -> dict[str, object]:
    return {"reading": channel, "at_min": _t_min(at, zero)}


def _t_min(moment: datetime, zero: datetime) -> float:
    return round((moment - zero).total_seconds() / 60, 2)
