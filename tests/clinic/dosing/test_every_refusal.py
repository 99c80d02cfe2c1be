"""Whatever stands against a dose: it does not start, and one given all the same is charted.

The cases come from the tables themselves: a rule, a limit or a line of the list that is added there
is tried here. One day is set up for all of them, and each case is undone after it.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from clinic.alerts.models import Alert
from clinic.calendar.models import Shift
from clinic.dosing import before, checklist, consoles, giving, queries, readiness, stages
from clinic.dosing.kinds import Chart
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.planning import spacing
from kapstone.dose import Entry, Outcome
from kapstone.dose.rows import RangeRow, content
from kapstone.eligibility import RULES, Rule, Screening, read_facts, screen
from kapstone.findings import Finding, Severity
from kapstone.pathway import Session
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import MG_35, Scene, after

SPEC = json.loads(
    (Path(__file__).parents[2] / "spec" / "eligibility_rules.json").read_text(encoding="utf-8")
)
ABSOLUTE = [row for row in RULES if row.severity is Severity.ABSOLUTE]
REQUIRED = [row for row in checklist.rows() if row["required"]]
WEIGHT_KG = Decimal(70)


@pytest.fixture
def day(im: Scene) -> Scene:
    """A person who is ready, two people agreeing on the dose: nothing stands against it."""
    im.prepare()
    stages.make_ready(session=im.session, by=im.nurse.user, at=after(15))
    assert im.enter(after(16), MG_35, MG_35) is Outcome.AGREE
    return im


@dataclass
class Case:
    """The day of one case, and how its tables are answered."""

    im: Scene
    patch: pytest.MonkeyPatch

    def start(self) -> None:
        body = {} if self.im.session.route == "IV" else {"dose_mg": 35}
        told = Chart(uuid4(), self.kind, after(20), body)
        giving.start_dose(session=self.im.session, chart=told, by=self.im.nurse.user, at=after(20))

    @property
    def kind(self) -> str:
        return "device" if self.im.session.product == "ESKETAMINE" else "dose_start"

    def refused(self, lacks: str) -> None:
        """The start is refused and names why; nothing of it stays."""
        with pytest.raises(stages.Lacking, match=lacks), transaction.atomic():
            self.start()
        assert queries.given(self.im.session) is None
        assert self.im.reload().phase == Session.READY

    def charted(self, dose_mg: Decimal = Decimal(35)) -> None:
        """Given all the same, it is charted as what it is; the mg of an infusion on its end."""
        kind = "dose_stop" if self.im.session.route == "IV" else self.kind
        told = Chart(uuid4(), kind, after(18), {"dose_mg": float(dose_mg)}, note="Given")
        giving.chart_given_dose(
            session=self.im.session, chart=told, by=self.im.nurse.user, at=after(20)
        )
        assert (given := queries.given(self.im.session)) is not None
        assert (given.dose_mg, given.started_at) == (dose_mg, after(18))
        assert self.im.reload().deviation and self.im.session.phase == Session.DOSING
        assert Alert.objects.filter(code="dose.deviation").count() == 1

    def route(self, product: str, route: str, **order: object) -> None:
        """The same day with another product."""
        DosingSession.objects.filter(pk=self.im.session.pk).update(product=product, route=route)
        self.im.reload()
        made = scene.ordered(route, product, order_id=uuid4(), **order)
        self.patch.setattr(before, "order", lambda *_: made)

    def withdraw(self, wanted: Callable[[SessionEvent], bool]) -> None:
        """Take the last line of a kind back."""
        row = [row for row in queries.standing_rows(self.im.session) if wanted(row)][-1]
        told = Chart(uuid4(), "withdrawn", row.observed_at, {}, replaces=row.pk, reason="Wrong")
        giving.actions.record(
            session=self.im.session, chart=told, by=self.im.nurse.user, at=after(17)
        )


@contextmanager
def undone(day: Scene, subtests: pytest.Subtests, name: str) -> Iterator[Case]:
    """One case of many on one day: whatever it writes is taken back, and it fails by itself."""
    session = DosingSession.objects.get(pk=day.session.pk)
    with subtests.test(name), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        yield Case(replace(day, session=session), patch)
        transaction.set_rollback(True)


def test_with_everything_in_place_the_dose_starts(day: Scene, subtests: pytest.Subtests) -> None:
    with undone(day, subtests, "nothing lacks") as case:
        case.start()
        assert case.im.reload().phase == Session.DOSING
        assert not case.im.session.deviation


# --- every ABSOLUTE rule and interaction of the rules table --------------------------------------


def _found(row: Rule) -> Screening:
    told = next(
        one["given"]
        for one in SPEC["cases"][row.id]
        if one["expect"] == "ABSOLUTE" and one.get("band") == row.band
    )
    screening = screen(read_facts(SPEC["well"] | {"for": "dosing_day"} | told))
    assert (row.id, row.band) in {(one.code, one.band) for one in screening.findings}
    return screening


def test_the_rules_table_holds_absolute_rules() -> None:
    assert len(ABSOLUTE) > 25


@pytest.mark.hazard(12)
@pytest.mark.hazard(13)
def test_an_absolute_rule_stops_the_start_and_never_the_record(
    day: Scene, subtests: pytest.Subtests
) -> None:
    for row in ABSOLUTE:
        with undone(day, subtests, f"{row.id} {row.band or ''}") as case:
            _stopped_by(case, row)


def _stopped_by(case: Case, row: Rule) -> None:
    found = _found(row)
    case.patch.setattr(before, "screening_today", lambda *_: found)
    items = readiness.judge(case.im.session, after(20)).items
    item = next(one for one in items if one.id == "RULES")
    assert item.held is readiness.Held.UNMET and row.id in item.words
    assert item.to_decide == ()  # nobody decides an ABSOLUTE one away
    case.refused("Screening rules")
    case.charted()


# --- every hard limit ----------------------------------------------------------------------------


@pytest.mark.hazard(4)
def test_above_a_hard_limit_nobody_agrees_and_what_was_given_is_charted(
    day: Scene, subtests: pytest.Subtests
) -> None:
    for row in content().ranges:
        with undone(day, subtests, row.id) as case:
            _above(case, row)


def _above(case: Case, row: RangeRow) -> None:
    most_mg = row.hard_max.in_mg(WEIGHT_KG)
    above_mg = most_mg + (row.device_mg or Decimal("0.01"))
    case.route(row.product, row.route, dose_mg=most_mg, hard_max_mg=most_mg)
    above = Entry(above_mg, WEIGHT_KG)
    assert case.im.enter(after(18), above, above) is Outcome.DIFFER
    # Also with an order that a fault let through: the database itself holds the limit.
    case.route(row.product, row.route, dose_mg=above_mg, hard_max_mg=most_mg)
    with pytest.raises(IntegrityError), transaction.atomic():
        case.im.enter(after(19), above, above)
    case.refused("two people's dose entries")
    case.charted(above_mg)


# --- every required line of the list of the day --------------------------------------------------


@pytest.mark.hazard(13)
def test_a_required_line_that_fails_or_is_not_done(day: Scene, subtests: pytest.Subtests) -> None:
    for row in REQUIRED:
        for how in (_fails, _is_not_done):
            with undone(day, subtests, f"{row['id']} {how.__name__}") as case:
                _line_lacks(case, row, how)


def _fails(case: Case, row: dict[str, object]) -> None:
    case.im.chart("checked", after(17), item=row["id"], result="FAIL")


def _is_not_done(case: Case, row: dict[str, object]) -> None:
    if row.get("product") != "ESKETAMINE":  # whose lines nobody was asked on this day
        case.withdraw(lambda one: one.body.get("item") == row["id"])


def _line_lacks(
    case: Case, row: dict[str, object], how: Callable[[Case, dict[str, object]], None]
) -> None:
    if row.get("product") == "ESKETAMINE":
        case.route("ESKETAMINE", "IN")
    how(case, row)
    lacking = {one.id for one in readiness.judge(case.im.session, after(20)).lacking}
    assert row["id"] in lacking
    case.refused(str(row["title"]))
    case.charted()


# --- and what is computed ------------------------------------------------------------------------


def _off_shift(case: Case) -> None:
    Shift.objects.exclude(staff=case.im.nurse).delete()


def _weight_of_another_day(case: Case) -> None:
    case.withdraw(lambda one: one.kind == "weight")


def _another_weight(case: Case) -> None:
    case.im.chart("weight", after(17), weight_kg=71)


def _one_reading(case: Case) -> None:
    case.withdraw(lambda one: one.kind == "vitals")


def _said_no(case: Case) -> None:
    case.im.chart("checked", after(17), item="CONSENT", result="FAIL")


def _differing_entries(case: Case) -> None:
    case.route("RACEMIC", "IM")
    case.im.enter(after(18), MG_35, Entry(Decimal(53), WEIGHT_KG))


def _order_of(route: str) -> Callable[[Case], None]:
    made = scene.ordered(route)
    return lambda case: case.patch.setattr(before, "order", lambda *_: made)


def _answers(asked: str, answer: object, of: object = before) -> Callable[[Case], None]:
    return lambda case: case.patch.setattr(of, asked, lambda *_: answer)


CLOSE = spacing.Against((Finding("SER-01", Severity.ABSOLUTE, "Too close."),))
COMPUTED: dict[str, tuple[Callable[[Case], None], str]] = {
    "no order": (_answers("order", None), "Order"),
    "an order for another route": (_order_of("IV"), "Order"),
    "no clearance": (_answers("is_cleared", False), "Clearance"),
    "no consent": (_answers("has_consent", False), "Consent"),
    "a no today": (_said_no, "Consent"),
    "nothing to run the rules on": (_answers("screening_today", None), "Screening rules"),
    "the series": (_answers("against_session", CLOSE), "Series"),
    "one reading": (_one_reading, "Vital signs"),
    "no weight": (_weight_of_another_day, "Weight"),
    "another weight than two people typed": (_another_weight, "two people's dose entries"),
    "entries that differ": (_differing_entries, "two people's dose entries"),
    "nobody to check": (_off_shift, "Second licensed person"),
    "no console that was heard": (_answers("audible", [], consoles), "Alarm sound"),
}


@pytest.mark.hazard(13)
def test_what_is_computed_stops_the_start_and_never_the_record(
    day: Scene, subtests: pytest.Subtests
) -> None:
    for name, (take_away, lacks) in COMPUTED.items():
        with undone(day, subtests, name) as case:
            take_away(case)
            case.refused(lacks)
            case.charted()


@pytest.mark.hazard(13)
def test_a_session_that_is_held_starts_nothing_and_takes_what_was_given(
    day: Scene, subtests: pytest.Subtests
) -> None:
    with undone(day, subtests, "held") as case:
        stages.advance(
            session=case.im.session, to=Session.HELD, have=(), by=None, at=after(17), reason="Ill"
        )
        with pytest.raises(stages.Lacking), transaction.atomic():
            case.start()
        assert queries.given(case.im.session) is None
        case.charted()


def test_every_computed_line_of_the_list_is_tried(im: Scene) -> None:
    """Else a line that is added to the list is never seen to stop anything."""
    items = readiness.judge(im.session, after(20)).items
    assert {one.title for one in items if not one.chartable} == {
        *("Order", "Clearance", "Consent, asked again", "Screening rules", "Series"),
        *("Vital signs, twice", "Weight", "Second licensed person", "Alarm sound"),
    }
