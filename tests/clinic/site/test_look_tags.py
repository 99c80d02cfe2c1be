"""Ages, times and pills are read at a glance: a wrong one misleads without anybody noticing."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.template import Context, Template

from clinic.people.models import Patient
from clinic.site.ladders import LADDERS, look_of
from clinic.site.templatetags import look
from kapstone.findings import Severity

NOW = datetime(2026, 3, 4, 19, 5, tzinfo=UTC)  # 14:05 in New York


@pytest.mark.parametrize(
    ("birth", "on", "years"),
    [
        (date(1980, 3, 4), date(2026, 3, 3), 45),
        (date(1980, 3, 4), date(2026, 3, 4), 46),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2026, 3, 4), date(2026, 3, 4), 0),
    ],
)
def test_age_counts_whole_years(birth: date, on: date, years: int) -> None:
    assert look.age(birth, on) == years


@pytest.mark.parametrize(
    ("gone", "words"),
    [
        (timedelta(seconds=59), "now"),
        (timedelta(minutes=3, seconds=59), "3 min ago"),
        (timedelta(minutes=119), "119 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=41), "41 d ago"),
        (-timedelta(minutes=20), "in 20 min"),
    ],
)
def test_a_span_is_never_rounded_up(gone: timedelta, words: str) -> None:
    assert look.ago(gone) == words


def test_a_time_of_today_has_no_date_and_the_exact_time_for_machines() -> None:
    shown = look.moment(NOW - timedelta(minutes=3), NOW)
    assert shown == '<time datetime="2026-03-04T14:02:00-05:00">14:02, 3 min ago</time>'


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW - timedelta(days=1), "Mar 3, 14:05, 24 h ago"),
        (NOW - timedelta(days=90), "Dec 4, 2025, 14:05, 90 d ago"),
    ],
)
def test_a_time_of_another_day_says_which(at: datetime, words: str) -> None:
    assert words in look.moment(at, NOW)


def test_every_severity_of_the_core_is_drawn() -> None:
    assert set(LADDERS["severity"]) == set(Severity)


@pytest.mark.parametrize("ladder", LADDERS)
def test_no_two_steps_of_a_ladder_differ_by_colour_alone(ladder: str) -> None:
    steps = LADDERS[ladder].values()
    assert len({step.words for step in steps}) == len({step.icon for step in steps}) == len(steps)


def test_a_value_that_no_ladder_holds_is_shown_and_not_hidden() -> None:
    assert (look_of("level", "PURPLE").words, look_of("level", "PURPLE").icon) == (
        "PURPLE",
        "unknown",
    )


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("+12125550123", "(212) 555-0123"),
        ("+442071838750", "+44 20 7183 8750"),
        ("", ""),
        ("bell twice", "bell twice"),
    ],
)
def test_a_number_is_grouped_for_reading_out(stored: str, shown: str) -> None:
    assert look.telephone(stored) == shown


def _person(**fields: object) -> Patient:
    known = {
        "id": UUID(int=11),
        "record_number": "K000011",
        "given_name": "élodie",
        "family_name": "Źak",
        "birth_date": date(1980, 3, 3),
        "sex": "female",
    }
    return Patient(**(known | fields))


def test_a_person_has_initials_and_one_of_eight_bands() -> None:
    assert look.initials(_person()) == "ÉŹ"
    assert look.band(_person().id) == 3


def test_namesakes_are_told_apart_in_words() -> None:
    same_day = _person(record_number="K000012", sex="male")
    other_day = _person(record_number="K000013", birth_date=date(1980, 4, 3))
    assert look.differs_from(_person(), same_day) == "same birth date; sex male; record K000012"
    assert look.differs_from(_person(), other_day) == "born Apr 3, 1980; female; record K000013"


def test_words_in_a_pill_are_inert() -> None:
    drawn = Template('{% load look %}{% pill words "stop" "stop" %}').render(
        Context({"words": "<script>x</script>"})
    )
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
