"""Forty-one instruments must not bury the two that are asked, nor be used without permission."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.measures import actions, queries
from clinic.measures import held as held_here
from clinic.measures.models import QuestionnaireResponse
from clinic.measures.offers import Offers
from clinic.people.models import Patient, StaffMember
from clinic.people.roles import Role
from kapstone import instruments
from tests.clinic import cast

pytestmark = pytest.mark.django_db
WHEN = {"observed_at": "2026-03-04T11:00"}


@pytest.fixture
def nurse() -> StaffMember:
    """A nurse on call."""
    member = cast.staff(Role.NURSE)
    cast.on_call(member)
    return member


@pytest.fixture
def robin(nurse: StaffMember) -> Patient:
    """A person the nurse treats."""
    return cast.patient(sex="male")


@pytest.fixture
def nurse_page(nurse: StaffMember) -> Client:
    """Signed in as the nurse."""
    return cast.signed_in(nurse)


def _at(name: str, person: Patient, *more: object) -> str:
    return reverse(f"measures:{name}", args=[person.pk, *more])


def _words(nurse_page: Client, url: str) -> str:
    return nurse_page.get(url).content.decode()


def _enter(
    person: Patient, by: StaffMember, instrument: str, **answers: int
) -> QuestionnaireResponse:
    return actions.enter_answers(
        patient=person,
        instrument=instrument,
        answers=answers,
        observed_at=cast.NOON,
        by=by.user,
        at=cast.NOON,
    )


@time_machine.travel(cast.NOON, tick=False)
def test_the_chart_offers_what_the_schedule_asks_and_one_way_to_the_rest(
    nurse_page: Client, robin: Patient
) -> None:
    page = _words(nurse_page, reverse("chart:chart", args=[robin.pk]))
    assert [each.id for each in held_here.of_the_schedule()] == ["gad7", "moment", "phq9"]
    for held in instruments.ids():
        link = f'href="{_at("enter", robin, held)}"'
        assert (link in page) == (held in {"gad7", "moment", "phq9"})
    assert f'href="{_at("instruments", robin)}"' in page


@time_machine.travel(cast.NOON, tick=False)
def test_only_what_has_wording_is_offered_by_link(nurse_page: Client, robin: Patient) -> None:
    page = _words(nurse_page, _at("ask", robin))
    for held in instruments.ids():
        worded = held in Offers().instruments_in(robin.language)
        assert (f'<option value="{held}"' in page) == worded
    assert set(Offers().instruments_in(robin.language)) == {"phq9", "gad7", "moment"}


@time_machine.travel(cast.NOON, tick=False)
@pytest.mark.parametrize("licensed", [[], ["madrs", "isi"]])
def test_what_needs_permission_is_off_until_the_clinic_says_it_holds_it(
    nurse_page: Client, robin: Patient, settings, licensed: list[str]
) -> None:
    settings.CLINIC_LICENSED = licensed
    page = _words(nurse_page, _at("instruments", robin))
    needing = [each for each in map(instruments.load, instruments.ids()) if not _free(each)]
    assert len(needing) == 16
    assert page.count("Off: needs a licence") == len(needing) - len(licensed)
    for each in needing:
        answer = nurse_page.get(_at("enter", robin, each.id))
        assert answer.status_code == (200 if each.id in licensed else 403)
        assert ("may not be used without permission" in answer.content.decode()) == (
            each.id not in licensed
        )
    assert nurse_page.post(_at("enter", robin, "ybocs"), WHEN).status_code == 403
    assert not QuestionnaireResponse.objects.exists()


def _free(instrument: instruments.Instrument) -> bool:
    return not instrument.licence.permission_needed


@time_machine.travel(cast.NOON, tick=False)
def test_every_instrument_has_a_form_a_page_and_a_place_on_the_chart(
    nurse_page: Client, robin: Patient, settings
) -> None:
    settings.CLINIC_LICENSED = list(instruments.ids())
    for held in instruments.ids():
        form = WHEN | {item.id: str(max(item.values)) for item in instruments.load(held).items}
        page = nurse_page.post(_at("enter", robin, held), form, follow=True)
        assert page.status_code == 200, held
        row = QuestionnaireResponse.objects.get(instrument=held)
        assert row.answers == {item.id: max(item.values) for item in instruments.load(held).items}
        assert instruments.load(held).name in page.content.decode().replace("&#x27;", "'")
    chart = _words(nurse_page, reverse("chart:chart", args=[robin.pk]))
    for row in QuestionnaireResponse.objects.all():
        assert _at("response", robin, row.pk) in chart, row.instrument
    assert "risk level high" in chart


@time_machine.travel(cast.NOON, tick=False)
def test_marks_of_a_visual_scale_keep_their_decimal(
    nurse_page: Client, robin: Patient, settings
) -> None:
    settings.CLINIC_LICENSED = ["srs"]
    marks = {"q1": "9.5", "q2": "10", "q3": "8.25", "q4": ""}
    refused = _words_of(nurse_page.post(_at("enter", robin, "srs"), WHEN | marks))
    assert "no more than 1 decimal place" in refused
    page = nurse_page.post(_at("enter", robin, "srs"), WHEN | marks | {"q3": "8.2"}, follow=True)
    assert "no score" in _words_of(page)
    row = QuestionnaireResponse.objects.get()
    assert row.answers == {"q1": 9.5, "q2": 10, "q3": 8.2}
    form = _words(nurse_page, _at("correct", robin, row.pk))
    assert 'value="9.5"' in form
    corrected = WHEN | {"q1": "9.5", "q2": "10", "q3": "8.2", "q4": "8", "reason": "read again"}
    page = nurse_page.post(_at("correct", robin, row.pk), corrected, follow=True)
    assert "35.7 of 40" in _words_of(page)


def _words_of(answer) -> str:
    return answer.content.decode()


def test_a_rule_is_told_the_persons_sex_and_the_score_before(
    robin: Patient, nurse: StaffMember
) -> None:
    assert _enter(robin, nurse, "audit_c", q1=2, q2=1, q3=0).scores["positive"] is False
    other = cast.patient(sex="unknown")
    assert _enter(other, nurse, "audit_c", q1=2, q2=1, q3=0).scores["positive"] is True


@time_machine.travel(cast.NOON, tick=False)
def test_a_rise_on_the_score_before_raises_its_alert(robin: Patient, nurse: StaffMember) -> None:
    days = [cast.NOON.replace(day=day) for day in (1, 2, 3)]
    items = {f"q{n}": 0 for n in range(1, 21)}
    rows = []
    for at, each in zip(days, (1, 0, 1), strict=True):
        rows.append(
            actions.enter_answers(
                patient=robin,
                instrument="pcl5",
                answers=items | {f"q{n}": 4 * each for n in range(1, 5)},
                observed_at=at,
                by=nurse.user,
                at=cast.NOON,
            )
        )
    before = [queries.before(row) for row in rows]
    assert before == [None, rows[0], rows[1]]
    assert _codes(robin) == ["pcl5.worse"]


@pytest.mark.hazard(10)
def test_the_screener_entered_by_number_alerts(robin: Patient, nurse: StaffMember) -> None:
    _enter(robin, nurse, "cssrs_screener", q1=1, q2=1, q3=1, q4=1, q5=0, q6=0)
    assert _codes(robin) == ["cssrs.SUI-H"]


def _codes(person: Patient) -> list[str]:
    return list(person.alerts.values_list("code", flat=True))
