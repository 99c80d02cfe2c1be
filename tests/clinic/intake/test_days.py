"""A result's age is the age of its day: found again, it is new; shown again, it is not."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from clinic.intake import actions, known, queries
from clinic.intake.actions import How
from clinic.intake.forms import ASKED
from clinic.intake.models import FactAnswer, Source
from clinic.people.models import Patient, StaffMember
from kapstone.eligibility.keys import KEYS
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.intake.pages import HTMX, page, url

pytestmark = pytest.mark.usefixtures("at_noon")
LATER = NOON + timedelta(days=20)


def _send(client: Client, robin: Patient, **typed: str) -> str:
    where = url("section", robin, "measurements")
    return client.post(
        where, {k.replace("__", "."): v for k, v in typed.items()}, **HTMX
    ).content.decode()


def test_every_key_whose_age_counts_is_one_the_rules_know() -> None:
    assert KEYS.keys() >= known.AGE_COUNTS
    assert {"weight_kg", "hcg_result", "ymrs"} <= known.AGE_COUNTS & ASKED.keys()


@pytest.mark.hazard(3)
def test_weighed_again_with_the_same_figure_the_weight_is_new(
    at_nurse: Client, robin: Patient, nurse: StaffMember
) -> None:
    """Else an order waits for a weight that was just taken."""
    _send(at_nurse, robin, weight_kg="80")
    with time_machine.travel(LATER, tick=False):
        again = cast.signed_in(nurse)
        assert "Saved" in _send(again, robin, weight_kg="80", weight_kg__on="2026-03-24")
        weight = queries.latest_weight(robin)
        assert weight is not None
        assert weight.measured_at == LATER
        _send(again, robin, weight_kg="80", weight_kg__on="2026-03-24")
        assert FactAnswer.objects.count() == 2


def test_a_figure_that_was_only_shown_again_stays_as_old_as_it_is(
    at_nurse: Client, robin: Patient, nurse: StaffMember
) -> None:
    """Else saving another answer of the section makes an old weight look like one of today."""
    _send(at_nurse, robin, weight_kg="80")
    with time_machine.travel(LATER, tick=False):
        _send(cast.signed_in(nurse), robin, weight_kg="80", height_cm="170")
    weight = queries.latest_weight(robin)
    assert weight is not None
    assert weight.measured_at == NOON
    assert FactAnswer.objects.filter(key="weight_kg").count() == 1


def test_a_figure_of_an_earlier_day_carries_that_day(at_nurse: Client, robin: Patient) -> None:
    _send(at_nurse, robin, weight_kg="80", weight_kg__on="2026-02-20")
    weight = queries.latest_weight(robin)
    assert weight is not None
    assert weight.measured_at.date().isoformat() == "2026-02-20"
    _send(at_nurse, robin, weight_kg="82")
    newest = queries.latest_weight(robin)
    assert newest is not None
    assert (newest.weight_kg, newest.measured_at) == (82, NOON)
    _send(at_nurse, robin, weight_kg="79", weight_kg__on="2026-02-01")
    assert queries.latest_weight(robin) == newest


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"weight_kg": "80", "weight_kg__on": "2026-03-05"}, "This day lies ahead"),
        ({"weight_kg": "80", "weight_kg__on": "yesterday"}, "Enter a valid date"),
        ({"weight_kg": "", "weight_kg__on": "2026-03-01"}, "Give the result of that day too"),
    ],
)
def test_a_day_that_cannot_be_is_said(
    at_nurse: Client, robin: Patient, typed: dict[str, str], words: str
) -> None:
    assert words in _send(at_nurse, robin, **typed)
    assert not FactAnswer.objects.exists()


def test_a_pregnancy_test_of_an_earlier_day_does_not_outdo_a_newer_one(
    at_nurse: Client, robin: Patient
) -> None:
    where = url("section", robin, "person")
    at_nurse.post(where, {"hcg_result": "positive"}, **HTMX)
    at_nurse.post(where, {"hcg_result": "negative", "hcg_result.on": "2026-02-01"}, **HTMX)
    answer = queries.fact(robin, "hcg_result")
    assert answer is not None
    assert answer.value == "positive"


def test_the_same_result_of_another_day_is_kept_by_the_action_too(
    robin: Patient, nurse: StaffMember
) -> None:
    for day, key in ((0, "lab.alt"), (1, "lab.alt"), (1, "lab.alt"), (1, "capacity")):
        value = True if key == "capacity" else 1.2
        at = NOON + timedelta(days=day)
        how = How(at, Source.ASKED)
        actions.record_fact(patient=robin, key=key, value=value, how=how, by=nurse.user, at=at)
    late = NOON + timedelta(days=9)
    how = How(late, Source.ASKED)
    actions.record_fact(patient=robin, key="capacity", value=True, how=how, by=nurse.user, at=late)
    assert FactAnswer.objects.filter(key="lab.alt").count() == 2
    assert FactAnswer.objects.filter(key="capacity").count() == 1


def test_the_same_answer_in_place_with_its_day_renews_it(
    at_nurse: Client, robin: Patient, nurse: StaffMember
) -> None:
    _send(at_nurse, robin, weight_kg="80")
    with time_machine.travel(LATER, tick=False):
        client, where = cast.signed_in(nurse), url("answer", robin)
        asked = {"key": "weight_kg", "weight_kg": "80"}
        assert "Nothing was saved" in client.post(where, asked, follow=True).content.decode()
        client.post(where, asked | {"weight_kg.on": "2026-03-24"})
    assert FactAnswer.objects.filter(key="weight_kg").count() == 2


def test_a_wrong_day_is_corrected_and_the_figure_kept(at_nurse: Client, robin: Patient) -> None:
    _send(at_nurse, robin, weight_kg="80", weight_kg__on="2026-02-20")
    where = url("correct", robin, FactAnswer.objects.get().pk)
    assert "the day it was taken" in at_nurse.get(where).content.decode()
    sent = {"weight_kg": "80", "reason": "Read the wrong line of the letter"}
    assert at_nurse.post(where, sent | {"weight_kg.on": "2026-03-04"}).status_code == 302
    weight = queries.latest_weight(robin)
    assert weight is not None
    assert (weight.weight_kg, weight.measured_at) == (80, NOON)
    newest = FactAnswer.objects.get(replaces__isnull=False)
    again = url("correct", robin, newest.pk)
    assert at_nurse.post(again, sent | {"weight_kg": "81"}).status_code == 302
    last = queries.latest_weight(robin)
    assert last is not None
    assert (last.weight_kg, last.measured_at) == (81, NOON)


def test_the_day_is_never_filled_in(at_nurse: Client, robin: Patient) -> None:
    _send(at_nurse, robin, weight_kg="80", weight_kg__on="2026-02-20")
    shown = page(at_nurse, "form", robin)
    assert 'name="weight_kg.on"' in shown
    assert 'value="2026-02-20"' not in shown
    assert "Asked Feb 20, 2026" in shown
