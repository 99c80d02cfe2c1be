"""What the rules read must be what was last told, and nothing that nobody said."""

from datetime import timedelta

import pytest

from clinic.alerts import queries as alerts
from clinic.intake import actions, entries, known, queries
from clinic.intake.actions import DECLINED, How
from clinic.intake.entries import Checked
from clinic.intake.models import CheckedAs, FactAnswer, Source
from clinic.measures import actions as measures
from clinic.people.models import Patient, StaffMember
from kapstone.errors import InvalidInput
from tests.clinic import cast
from tests.clinic.intake import screened

LATER = cast.NOON + timedelta(hours=1)


def _record(person: Patient, key: str, value: object, how: How) -> None:
    actions.record_fact(patient=person, key=key, value=value, how=how, by=None, at=LATER)


def test_of_nobody_asked_only_age_sex_and_doses_here_are_known(robin: Patient) -> None:
    assert queries.facts(robin, cast.NOON) == {
        "age_y": 45,
        "sex": "female",
        "doses_last_7_days": 0,
    }


def test_declined_is_not_known_and_remembered(robin: Patient, nurse: StaffMember) -> None:
    screened.tell(robin, nurse, capacity=DECLINED)
    assert "capacity" not in queries.facts(robin, LATER)
    answer = queries.fact(robin, "capacity")
    assert answer is not None
    assert answer.declined


def test_the_newest_weight_counts_and_the_last_word_on_a_condition(
    robin: Patient, nurse: StaffMember
) -> None:
    _record(robin, "weight_kg", 82.5, How(cast.NOON, Source.MEASURED))
    _record(robin, "weight_kg", 70, How(cast.NOON - timedelta(days=900), Source.REFERRAL))
    screened.tell(robin, nurse, dx__mania__current=False)
    old = How(cast.NOON - timedelta(days=900), Source.REFERRAL, "Condition/1")
    _record(robin, "dx.mania.current", True, old)
    facts = queries.facts(robin, LATER)
    assert (facts["weight_kg"], facts["dx.mania.current"]) == (82.5, True)
    weight = queries.latest_weight(robin)
    assert weight is not None
    assert (str(weight.weight_kg), weight.measured_at) == ("82.5", cast.NOON)


def test_nobody_weighed_has_no_weight(robin: Patient) -> None:
    assert queries.latest_weight(robin) is None


@pytest.mark.parametrize(
    ("key", "value"), [("no_such_key", 1), ("capacity", "yes"), ("weight_kg", 5), ("sbp", [120])]
)
def test_a_value_that_cannot_be_keeps_nothing(robin: Patient, key: str, value: object) -> None:
    with pytest.raises(InvalidInput):
        _record(robin, key, value, How(cast.NOON, Source.ASKED))
    assert not FactAnswer.objects.exists()


def test_the_same_answer_twice_is_one_row(robin: Patient, nurse: StaffMember) -> None:
    for _ in range(2):
        screened.tell(robin, nurse, capacity=True, pregnant=DECLINED)
    assert FactAnswer.objects.count() == 2
    how = How(cast.NOON, Source.ASKED)
    told = {"patient": robin, "key": "capacity", "how": how, "by": None, "at": LATER}
    assert actions.record_fact(value=True, **told) is None


def test_a_correction_keeps_what_was_first_said(robin: Patient, nurse: StaffMember) -> None:
    screened.tell(robin, nurse, capacity=True)
    first = FactAnswer.objects.get()
    made = actions.correct_fact(
        answer=first, value=DECLINED, reason="misheard", by=nurse.user, at=LATER
    )
    assert queries.fact(robin, "capacity") == made
    assert made.replaces == first
    assert made.observed_at == first.observed_at


def test_signs_of_an_earlier_day_are_no_signs_of_today(robin: Patient, nurse: StaffMember) -> None:
    screened.pressure(robin, nurse, 150, 90)
    screened.tell(robin, nurse, ymrs=3, capacity=True)
    tomorrow = cast.NOON + timedelta(days=1)
    assert queries.facts(robin, LATER, today_only=True)["sbp"] == [150]
    later = queries.facts(robin, tomorrow, today_only=True)
    assert not {"sbp", "dbp", "ymrs"} & later.keys()
    assert later["capacity"] is True
    screened.pressure(robin, nurse, 130, 80, tomorrow)
    assert queries.facts(robin, tomorrow)["sbp"] == [130]


def test_an_older_questionnaire_does_not_hide_a_newer_referral(
    robin: Patient, nurse: StaffMember
) -> None:
    for at, answer in ((cast.NOON - timedelta(days=9), 1), (cast.NOON, 2)):
        measures.enter_answers(
            patient=robin,
            instrument="phq9",
            answers={f"q{n}": answer for n in range(1, 10)},
            observed_at=at,
            by=nurse.user,
            at=at,
        )
    assert queries.facts(robin, LATER)["phq9"] == 18
    _record(robin, "phq9", 4, How(LATER, Source.REFERRAL))
    assert queries.facts(robin, LATER)["phq9"] == 4
    assert queries.facts(robin, LATER)["phq9_item9"] == 2


def test_a_name_no_table_knows_is_checked_by_hand(robin: Patient, nurse: StaffMember) -> None:
    entry = screened.takes(robin, nurse, "zorgletine")
    assert known.medicines_to_check(robin) == [entry]
    found = Checked(CheckedAs.SAME_AS, "zorgl", "label read")
    with pytest.raises(InvalidInput, match="no table knows"):
        entries.check_medicine(entry, found, by=nurse.user, at=LATER)
    entry = entries.check_medicine(
        entry, Checked(CheckedAs.SAME_AS, "sertraline", "label read"), by=nurse.user, at=LATER
    )
    assert known.medicines_to_check(robin) == []
    screened.lists_whole(robin, nurse, LATER)
    assert queries.facts(robin, LATER)["medications"] == [{"name": "sertraline"}]
    entries.strike(entry, reason="stopped in May", by=nurse.user, at=LATER)
    assert queries.facts(robin, LATER)["medications"] == []


def test_no_interaction_is_not_said_of_a_name_known_in_part(
    robin: Patient, nurse: StaffMember
) -> None:
    free = Checked(CheckedAs.NO_INTERACTION, "", "looked up by hand")
    entry = screened.takes(robin, nurse, "zorgletine")
    entries.check_medicine(entry, free, by=nurse.user, at=LATER)
    screened.lists_whole(robin, nurse, LATER)
    assert queries.facts(robin, LATER)["medications"] == []
    part = screened.takes(robin, nurse, "sertraline and zorgletine")
    with pytest.raises(InvalidInput, match="part of this name is known"):
        entries.check_medicine(part, free, by=nurse.user, at=LATER)


def _codes(person: Patient) -> set[str]:
    return {item.alert.code for item in alerts.inbox(LATER, person)}


@pytest.mark.hazard(10)
@pytest.mark.parametrize(
    ("answers", "codes"),
    [
        ({"q1": False, "q2": False, "q6": False}, set()),
        ({"q1": True, "q2": False, "q6": False}, {"cssrs.SUI-L"}),
        (
            {"q1": False, "q2": True, "q3": True, "q4": False, "q5": False, "q6": False},
            {"cssrs.SUI-M"},
        ),
        ({"q1": False, "q2": False, "q6": True, "q6_3mo": True}, {"cssrs.SUI-H"}),
        ({"q1": False}, {"cssrs.screener incomplete"}),
        ({"q4": True}, {"cssrs.SUI-H", "cssrs.screener incomplete"}),
    ],
)
def test_the_screener_alerts_by_its_tier(
    robin: Patient, nurse: StaffMember, answers: dict[str, object], codes: set[str]
) -> None:
    screened.tell(robin, nurse, **{f"cssrs.{item}": told for item, told in answers.items()})
    assert _codes(robin) == codes - {"cssrs.screener incomplete"}
    actions.finish_screener(patient=robin, by=nurse.user, at=cast.NOON)
    assert _codes(robin) == codes


@pytest.mark.hazard(10)
def test_one_sitting_alerts_once_a_tier_and_the_next_sitting_again(
    robin: Patient, nurse: StaffMember
) -> None:
    screened.tell(robin, nurse, **{"cssrs.q4": True})
    screened.tell(robin, nurse, **{"cssrs.q1": True})
    assert len(alerts.inbox(LATER, robin)) == 1
    actions.finish_screener(patient=robin, by=nurse.user, at=cast.NOON)
    screened.tell(robin, nurse, LATER, **{"cssrs.q5": True})
    codes = [item.alert.code for item in alerts.inbox(LATER, robin)]
    assert codes.count("cssrs.SUI-H") == 2
