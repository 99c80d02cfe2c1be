"""Whether a dose may start today: what was charted, what is computed, and what lacks.

It blocks a start and never a record. Source: protocol 5 and DOS-W2.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format

from clinic.dosing import before, checklist, consoles, cover, queries, scale
from clinic.dosing.kinds import CHECKED, CONSENT_ITEM, PASS
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.intake import last_taken
from kapstone.eligibility import Screening, Unknown
from kapstone.findings import Severity
from kapstone.monitoring.vitals import BASELINE_NAMES
from kapstone.pathway import Need

SERIES = "SERIES"


class Held(StrEnum):
    """Three-valued: what nobody has said is not met."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list. chartable: a person says pass or fail; otherwise it is computed.

    to_decide: the rules whose finding waits for a prescriber.
    """

    id: str
    title: str
    criterion: str
    required: bool
    held: Held
    words: str = ""
    chartable: bool = False
    to_decide: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ready:
    """The whole list, and the order in force that it was judged by."""

    items: tuple[Item, ...]
    order: before.Ordered | None = None

    @property
    def lacking(self) -> tuple[Item, ...]:
        """What stands in the way of a start."""
        return tuple(one for one in self.items if one.required and one.held is not Held.MET)

    @property
    def ready(self) -> bool:
        """Whether a dose may start."""
        return not self.lacking


def judge(session: DosingSession, now: datetime) -> Ready:
    """Every line at a moment."""
    order, rows = before.order(session.patient, now), queries.standing_rows(session)
    return Ready((*charted_of(session, rows), *_computed(session, rows, order, now)), order)


def charted_of(session: DosingSession, rows: Sequence[SessionEvent]) -> tuple[Item, ...]:
    """The lines that a person charts, as this session has them. rows: those that stand."""
    said = {str(row.body["item"]): row for row in rows if row.kind == CHECKED}
    return tuple(charted(session.product, said))


def charted(product: str, said: Mapping[str, SessionEvent]) -> Iterator[Item]:
    """The lines that a person says pass or fail to. `said`: what was charted, by line."""
    for row in checklist.rows():
        if row.get("product") not in (None, product):
            continue
        event = said.get(str(row["id"]))
        held = Held.UNKNOWN
        if event is not None:
            held = Held.MET if event.body["result"] == PASS else Held.UNMET
        yield Item(
            id=str(row["id"]),
            title=str(row["title"]),
            criterion=str(row["criterion"]),
            required=bool(row["required"]),
            held=held,
            words=event.note if event else "",
            chartable=True,
        )


def _computed(
    session: DosingSession,
    rows: Sequence[SessionEvent],
    order: before.Ordered | None,
    now: datetime,
) -> Iterator[Item]:
    """rows: those of the line that stand."""
    patient = session.patient
    fits = order is not None and (order.product, order.route) == (session.product, session.route)
    yield _line("ORDER", "Order", "A signed order in force, for this product and route.", fits)
    yield _line(
        "CLEARED",
        "Clearance",
        "A prescriber's clearance in force.",
        before.is_cleared(patient, session.product, session.route, now),
    )
    yield _consent(session, rows, now)
    yield _rules(session, rows, order, now)
    yield _series(session, now)
    yield _vitals(session, now)
    yield _weight(session, rows, now)
    yield _second(session, now)
    yield _sound(session, now)


def _weight(session: DosingSession, rows: Sequence[SessionEvent], now: datetime) -> Item:
    weight_kg, words = queries.weight_of_day_kg(rows, now), ""
    if weight_kg is not None:
        held = scale.compared(session, weight_kg, now)
        words = f"{weight_kg} kg" + (f", {held.words}" if held and held.words else "")
    met = weight_kg is not None
    return _line("DOS-W2", "Weight", "Weighed today, in kilograms.", met, words)


def _second(session: DosingSession, now: datetime) -> Item:
    here = cover.of_session(session, now)
    when = f" at {date_format(timezone.localtime(here.at), 'M j, H:i')}" if here.at != now else ""
    return _line(
        "SECOND",
        "Second licensed person",
        "On shift: one who may give the dose, and another who may check it.",
        here.has_two,
        f"On shift{when}: {here.words}.",
    )


def _sound(session: DosingSession, now: datetime) -> Item:
    """A silent console looks like any other. Source: reliability fault 41, mark P."""
    here = consoles.audible(session, now)
    return _line(
        "SOUND",
        "Alarm sound",
        "Tried on a screen of this session that is open now, and heard by a person.",
        bool(here),
        f"Heard on a screen of {here[0].user.name}." if here else "",
    )


def _line(code: str, title: str, criterion: str, met: bool, words: str = "") -> Item:
    return Item(code, title, criterion, True, Held.MET if met else Held.UNKNOWN, words)


def _series(session: DosingSession, now: datetime) -> Item:
    """A decision that came to wait after the session was booked holds it all the same."""
    found = before.against_session(session.patient, session.product, session.route, session.pk, now)
    return Item(
        SERIES,
        "Series",
        "Nothing of the series waits for a prescriber or holds it, and no dose is too close.",
        True,
        Held.UNMET if found else Held.MET,
        " ".join([*found.words, found.close]).strip(),
    )


def _consent(session: DosingSession, rows: Sequence[SessionEvent], now: datetime) -> Item:
    said = [
        row.body["result"]
        for row in rows
        if row.kind == CHECKED and row.body["item"] == CONSENT_ITEM
    ]
    confirmed = said[-1:] == [PASS]  # a no after a yes is a no
    signed = before.has_consent(session.patient, now)
    words = f"Touch agreed: {before.touch_words(session.patient)}."
    if not signed:
        words = "No signed consent in force. " + words
    return _line(
        CONSENT_ITEM,
        "Consent, asked again",
        "Signed for this plan; said again today before any drug, and so is what touch is agreed.",
        confirmed and signed,
        words,
    )


def _rules(
    session: DosingSession,
    rows: Sequence[SessionEvent],
    order: before.Ordered | None,
    now: datetime,
) -> Item:
    """Every screening rule again. A RELATIVE finding waits for a prescriber's decision upon it."""
    found = _screened(session, rows, order, now)
    title, criterion = "Screening rules", "Every rule run again on what is known today."
    if found is None:
        return Item("RULES", title, criterion, True, Held.UNKNOWN, "Nothing to run them on.")
    stops = [one for one in found.findings if one.severity is Severity.ABSOLUTE]
    if stops:
        words = "; ".join(f"{one.code}: {one.message}" for one in stops)
        return Item("RULES", title, criterion, True, Held.UNMET, words)
    if undecided := before.undecided(session.patient, found, now):
        words = "; ".join(f"{one.code}: {one.message}" for one in undecided)
        codes = tuple(one.code for one in undecided)
        return Item("RULES", title, criterion, True, Held.UNMET, words, to_decide=codes)
    asks = ", ".join(_asked(one) for one in found.unknown)
    return Item(
        "RULES",
        title,
        criterion,
        True,
        Held.UNKNOWN if asks else Held.MET,
        f"Not known: {asks}." if asks else "",
    )


def _asked(unknown: Unknown) -> str:
    """What nobody knows today, as the line says it."""
    if unknown.key == last_taken.KEY:
        return f"when {' and '.join(unknown.names)} was last taken"
    return unknown.key


def screened(session: DosingSession, now: datetime) -> Screening | None:
    """The rules run on what is known, on the signs of this session and on the dose ordered."""
    order = before.order(session.patient, now)
    return _screened(session, queries.standing_rows(session), order, now)


def _screened(
    session: DosingSession,
    rows: Sequence[SessionEvent],
    order: before.Ordered | None,
    now: datetime,
) -> Screening | None:
    signs = _signs(session, rows)
    if order is not None:
        signs["dose_mg_per_kg"] = float(order.dose_mg_per_kg)
    return before.screening_today(session.patient, now, signs)


def _signs(session: DosingSession, rows: Sequence[SessionEvent]) -> dict[str, object]:
    """What the rules read of the day itself: the signs of this session, and for what."""
    charted = [row.body for row in rows]
    pressures = [body for body in charted if {"sbp", "dbp"} <= body.keys()]
    signs: dict[str, object] = {"product": session.product, "route": session.route}
    if pressures:
        signs |= {key: [body[key] for body in pressures] for key in ("sbp", "dbp")}
    for body in charted:
        signs |= {key: body[key] for key in ("hr", "rr", "spo2") if key in body}
    return signs


def _vitals(session: DosingSession, now: datetime) -> Item:
    base = queries.state(session, now).baseline
    missing = [name for name in BASELINE_NAMES if name not in base]
    return _line(
        "DAY-08",
        "Vital signs, twice",
        "Two seated readings, 5 minutes or more apart: pressure, pulse, oxygen.",
        not missing,
        ""
        if not missing
        else "Still to measure twice: "
        + ", ".join(name.rsplit("_", 1)[0].replace("_", " ") for name in missing),
    )


def needs_met(session: DosingSession, ready: Ready) -> frozenset[Need]:
    """What the pathway asks of a step into readiness or dosing, as far as it is met."""
    lacking = {one.id for one in ready.lacking}
    by_need = {
        Need.IDENTITY: {"DAY-01"},
        Need.CLEARANCE: {"CLEARED"},
        Need.ORDER: {"ORDER"},
        Need.CONSENT_TODAY: {CONSENT_ITEM},
        Need.WEIGHT_TODAY: {"DOS-W2"},
    }
    have = {need for need, ids in by_need.items() if not ids & lacking}
    if ready.ready:
        have.add(Need.READINESS)
    if session.two_people:
        have.add(Need.TWO_PEOPLE)
    return frozenset(have)
