"""A report that says what nobody charted, or hides a correction, misleads who acts on it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from kapstone import adverse
from kapstone.adverse.form import YES
from kapstone.adverse.page import adverse_page, by_words, due_words
from kapstone.errors import InvalidInput
from kapstone.monitoring.events import Event, Kind

T0 = datetime(2026, 3, 4, 17, tzinfo=UTC)


def at(minute: float) -> datetime:
    return T0 + timedelta(minutes=minute)


def vitals(number: int, minute: float, systolic: int, diastolic: int, **more: int) -> Event:
    read = {"systolic_mmhg": systolic, "diastolic_mmhg": diastolic, **more}
    values = {name: Decimal(value) for name, value in read.items()}
    return Event(number, Kind.VITALS, at(minute), values=values)


def scored(number: int, minute: float, **score: int) -> Event:
    kind = Kind.MOAAS if "moaas_score" in score else Kind.NRS
    return Event(number, kind, at(minute), values={k: Decimal(v) for k, v in score.items()})


DEVICES = [Event(2, Kind.DEVICE, at(0)), Event(3, Kind.DEVICE, at(5), dose_mg=Decimal(28))]


def told(*events: Event) -> adverse.Charted:
    found = adverse.charted([*DEVICES, *events], at(600))
    assert found is not None
    return found


def test_before_a_device_there_is_nothing_to_report() -> None:
    assert adverse.charted([vitals(1, -5, 120, 80)], at(0)) is None
    stop = Event(2, Kind.DOSE_STOP, at(0))
    assert adverse.charted([stop], at(0)) is None
    assert adverse.charted(DEVICES, at(-1)) is None, "what is still to come is not charted"


def test_a_device_charted_in_error_counts_no_more() -> None:
    withdrawn = Event(4, Kind.WITHDRAWN, at(0), replaces=2)
    found = adverse.charted([*DEVICES, withdrawn], at(600))
    assert found is not None
    assert (found.first_at, found.dose_mg) == (at(5), Decimal(28))


def test_a_device_without_its_mg_holds_28_and_one_of_nought_holds_nought() -> None:
    assert told().dose_mg == Decimal(56)
    assert told(Event(4, Kind.DEVICE, at(10), dose_mg=Decimal(0))).dose_mg == Decimal(56)


@pytest.mark.parametrize(
    ("minutes", "taken"),
    [
        *(((34.9,), None), ((35,), 35), ((50,), 50), ((50.1,), None)),
        *(((36, 41, 49), 41), ((39, 40), 40), ((40, 41), 40), ((38, 41), 41), ((39, 42), 39)),
    ],
)
def test_the_pressure_of_40_minutes_is_the_nearest_within_its_window(
    minutes: tuple[float, ...], taken: int | None
) -> None:
    read = [vitals(10 + i, minute, 100 + int(minute), 80) for i, minute in enumerate(minutes)]
    found = told(*read).forty
    assert found == (None if taken is None else (Decimal(100 + taken), Decimal(80)))


def test_the_pressure_at_the_end_is_another_than_that_of_40_minutes() -> None:
    found = told(vitals(1, -3, 118, 76), vitals(4, 40, 150, 90), scored(5, 60, moaas_score=5))
    assert (found.before, found.end) == ((Decimal(118), Decimal(76)), None)
    later = told(vitals(4, 60, 150, 90), vitals(5, 120, 121, 79))
    assert later.end == (Decimal(121), Decimal(79))
    assert later.before is None


def test_the_edges_of_before_since_and_end() -> None:
    found = told(vitals(1, -9, 110, 70), vitals(4, -3, 118, 76), vitals(5, 0, 121, 80))
    assert found.before == (Decimal(118), Decimal(76)), "the last before, and not the one at it"
    assert told(vitals(4, 50, 150, 90)).end is None
    assert told(scored(4, 0, moaas_score=4)).sedated_min == (0, 0)
    now = adverse.charted([*DEVICES, vitals(4, 45, 130, 80)], at(45))
    assert now is not None
    assert now.forty == (Decimal(130), Decimal(80)), "what is charted of this very moment counts"


def test_what_was_marked_as_an_artefact_answers_nothing() -> None:
    """A cuff on the floor would be the pressure of 40 minutes, a probe there the lowest oxygen."""
    line = [
        *(vitals(4, 38, 130, 80, spo2_percent=96), vitals(5, 40, 250, 90, spo2_percent=60)),
        Event(6, Kind.ARTEFACT, at(41), marks_number=5),
        Event(7, Kind.SAMPLE, at(42), values={"spo2_percent": Decimal(55)}),
        Event(8, Kind.ARTEFACT, at(42), marks_key="spo2", lasted_s=Decimal(1)),
    ]
    found = told(*line)
    assert found.forty == (Decimal(130), Decimal(80))
    assert (found.lowest_spo2_pct, found.spo2_count) == (Decimal(96), 1)


def test_half_a_pressure_is_none() -> None:
    for half in ("systolic_mmhg", "diastolic_mmhg"):
        alone = Event(4, Kind.VITALS, at(40), values={half: Decimal(90)})
        assert told(alone).forty is None


def test_minutes_count_from_the_first_and_from_the_last_device_until_they_left() -> None:
    assert told().minutes(at(130)) == (130, 125)
    assert told().minutes(None) is None


def test_sedation_says_yes_from_the_line_and_never_no() -> None:
    awake = adverse.filled(told(scored(4, 30, moaas_score=5)), None)
    assert "sedation" not in awake
    assert awake["sedation_detail"] == "deepest MOAA/S 5 of 5"
    once = adverse.filled(told(scored(4, 30, moaas_score=4)), None)
    assert once["sedation"] == YES
    assert once["sedation_detail"] == "deepest MOAA/S 4 of 5; below 5 first at 30 min"
    scores = [scored(4 + i, 20 + i * 10, moaas_score=score) for i, score in enumerate((4, 3, 4, 5))]
    longer = adverse.filled(told(*scores), None)
    assert longer["sedation_detail"].endswith("below 5 first at 20 min and last at 40 min")


def test_what_nobody_charted_is_not_filled() -> None:
    found = adverse.filled(told(), None)
    assert found == {"dose": "56 mg"}


def test_everything_charted_is_filled_with_its_unit() -> None:
    found = adverse.filled(
        told(
            vitals(1, -3, 118, 76),
            vitals(4, 41, 150, 90, spo2_percent=93, respiratory_rate_per_min=11),
            vitals(5, 121, 124, 80, spo2_percent=98),
            scored(6, 42, dissociation_nrs_score=7),
        ),
        at(140),
        ["Respiratory depression", "Nausea"],
    )
    assert found == {
        "dose": "56 mg",
        "total_min": "140",
        "since_last_min": "135",
        "pressure_before": "118/76 mmHg",
        "pressure_40": "150/90 mmHg",
        "pressure_end": "124/80 mmHg",
        "oximetry": "lowest 93 %, read 2 times",
        "dissociation_detail": "strongest charted 7 of 10",
        "breathing": "yes",
        "breathing_detail": "slowest 11 a minute; lowest oxygen 93 %",
    }


@pytest.mark.hazard(28)
def test_what_was_corrected_after_saving_is_named_with_both_values() -> None:
    then, now = {"dose": "56 mg", "sex": "Female"}, {"dose": "84 mg", "lots": "A1", "sex": "Female"}
    found = [(each.field.id, each.then, each.now) for each in adverse.differences(then, now)]
    assert found == [("dose", "56 mg", "84 mg"), ("lots", "", "A1")]
    assert adverse.differences(then, then) == ()


def test_every_question_that_fills_itself_does_so_under_its_own_name() -> None:
    fields = adverse.form().fields
    assert [field.id for field in fields if field.fills not in ("", field.id)] == []
    assert len({field.id for field in fields}) == len(fields)
    assert [field.id for field in fields if field.id == "dose" and field.yes_no] == []
    assert {term for field in fields for term in field.terms} <= set(adverse.content().terms.picked)


@pytest.mark.parametrize(("hours", "soon"), [(-0.1, False), (0, True), (24, True), (24.01, False)])
def test_soon_after_a_dose_is_a_fact_of_time(hours: float, soon: bool) -> None:
    assert adverse.soon_after(T0 + timedelta(hours=hours), [T0]) is soon
    assert not adverse.soon_after(T0, [])


def test_a_criterion_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="'bad'"):
        adverse.serious(["bad"], True)


@pytest.mark.parametrize(
    ("grade", "criteria", "outcome", "count"),
    [
        (5, ["death"], "died", 0),
        (5, [], "", 1),
        (3, ["death"], "", 1),
        (3, [], "died", 1),
        (4, ["life_threatening"], "", 0),
        (4, ["hospital"], "", 1),
        (None, [], "", 0),
    ],
)
def test_what_tells_different_things_of_one_event_is_named(
    grade: int | None, criteria: list[str], outcome: str, count: int
) -> None:
    assert len(adverse.unlike(grade, criteria, outcome)) == count


def test_the_five_grades_and_the_names_asked_are_those_to_pick_from() -> None:
    held = adverse.content()
    assert [row.number for row in held.grades] == [1, 2, 3, 4, 5]
    assert set(held.terms.asked) <= set(held.terms.picked)
    assert [row.id for row in held.due if row.voluntary] == ["AE-MEDWATCH"], "all else must go"
    named = {term for row in held.due for term in row.terms}
    assert named <= set(held.terms.picked), "a name that nobody can pick sets nothing off"


def test_the_page_says_who_is_told_what_by_when() -> None:
    page = adverse_page()
    rows = {row.id: row for row in adverse.content().due}
    assert "24 h from awareness" in page
    assert by_words(rows["AE-FORM"]) == "7 days from first device"
    assert by_words(rows["AE-MEDWATCH"]) == "no time limit"
    assert due_words(rows["AE-LINE"]) == "event; esketamine, an inpatient"
    assert due_words(rows["DIS-13.risk"]) == "departure; nothing said of: risk"
    assert "Not the official form" in page


@pytest.mark.parametrize(
    ("said", "grade", "outcome", "counts"),
    [
        (False, 3, "resolved", False),
        (False, 4, "", True),
        (None, 5, "", True),
        (False, None, "died", True),
        (None, 3, "lasting", None),
        (True, 1, "resolved", True),
    ],
)
def test_a_death_or_danger_of_life_is_due_whatever_was_judged(
    said: bool | None, grade: int | None, outcome: str, counts: bool | None
) -> None:
    """Judged not serious by a slip, a death would be told to nobody."""
    assert adverse.counts_as_serious(said, grade, outcome) is counts


def test_what_is_put_right_has_the_time_of_its_row_from_the_change() -> None:
    rows = {row.id: row for row in adverse.content().due}
    at, zone = datetime(2026, 3, 4, 12, 0, tzinfo=UTC), ZoneInfo("America/New_York")
    found = {name: adverse.due_again(rows[name], at, zone) for name in ("AE-NOTICE", "AE-MEDWATCH")}
    assert found == {"AE-NOTICE": at + timedelta(hours=24), "AE-MEDWATCH": None}
