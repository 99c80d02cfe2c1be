"""Opening, ticking and closing steps at the console: who, when, once."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from clinic.calendar.models import Shift
from clinic.dosing import actions, before, screen, stepping
from clinic.dosing.kinds import Chart
from clinic.people.models import Licence, StaffMember
from clinic.people.roles import Role
from kapstone.errors import ForbiddenStep, InvalidInput
from tests.clinic import cast
from tests.clinic.dosing import chair
from tests.clinic.dosing.scene import Scene, after

HTN, ANA = "PATH-HTN", "PATH-ANA"


def tap(minute: float, event_id: UUID | None = None) -> Chart:
    return Chart(event_id or uuid4(), "steps", after(minute), {})


def opens(day: Scene, minute: float, name: str = ANA, said: Chart | None = None) -> object:
    told = said or tap(minute)
    return stepping.open_steps(
        session=day.session, chart=told, pathway_id=name, by=day.nurse.user, at=after(minute)
    )


def ticks(day: Scene, minute: float, step: int, name: str = ANA, **more: object) -> object:
    return stepping.tick(
        session=day.session, chart=more.get("said") or tap(minute), pathway_id=name,  # type: ignore[arg-type]
        step=step, by=day.other.user, at=after(minute),
    )  # fmt: skip


def closes(day: Scene, minute: float, outcome: str = "over", name: str = ANA) -> object:
    return stepping.close(
        session=day.session, chart=tap(minute), pathway_id=name, outcome=outcome,
        by=day.nurse.user, at=after(minute),
    )  # fmt: skip


def shown(day: Scene, minute: float) -> str:
    return screen.panel(day.session, after(minute))


@pytest.mark.hazard(7)
def test_one_tap_shows_a_clock_whom_to_call_and_what_to_do(im: Scene) -> None:
    StaffMember.objects.filter(pk=im.prescriber.pk).update(phone="+12025550123")
    cast.staff(Role.MEDICAL_DIRECTOR, "Dora Director")
    opens(im, 10)
    page = shown(im, 14)
    assert ">Anaphylaxis</h2>" in page and ">4:00</strong>" in page
    assert "Paula Prescriber" in page and "(202) 555-0123" in page and "on shift" in page
    assert 'href="tel:911"' in page
    assert "Dora Director" in page and "not on shift" in page and "no number on record" in page
    assert "Nina Nurse</span>." in page and "A second display" in page
    assert page.count("Prescriber order required") == 2  # at the steps that ask for one


def test_the_number_is_that_of_the_clinics_country(im: Scene, settings: object) -> None:
    settings.CLINIC_COUNTRY = "GB"  # type: ignore[attr-defined]
    opens(im, 10)
    ticks(im, 11, 1)
    page = shown(im, 12)
    assert "Call 999." in page and "Call 911" not in page
    assert im.events()[-1].body["did"] == "Call 999."


def test_nobody_to_call_is_said(im: Scene) -> None:
    Shift.objects.all().delete()
    Licence.objects.filter(staff=im.prescriber).update(expires_on="2020-01-01")
    opens(im, 10)
    assert "Nobody is on shift or on call. Press Help at the chair." in shown(im, 11)


def test_whom_the_person_named_is_called_when_they_leave_impaired(im: Scene) -> None:
    opens(im, 10, "PATH-ELOPE")
    assert "Nobody stands in their details." in shown(im, 11)
    im.session.patient.emergency_name, im.session.patient.emergency_phone = "Sam", "+12025550199"
    assert "<strong>Sam</strong>" in shown(im, 11) and "(202) 555-0199" in shown(im, 11)


def test_who_did_which_step_when_and_how_it_ended_stands_on_the_record(im: Scene) -> None:
    opens(im, 10)
    ticks(im, 11, 1)
    closes(im, 20, "emergency")
    assert "Anaphylaxis</h2>" not in shown(im, 21)
    page = (
        cast.signed_in(im.nurse)
        .get(reverse("adverse:record", args=[im.patient.pk, im.session.pk]))
        .content.decode()
    )
    assert "1. Call 911. 12:11:00, Otto Other" in page
    assert "Emergency services took over, Nina Nurse, 12:20:00" in page


def test_a_tap_sent_twice_counts_once_and_another_under_its_id_is_refused(im: Scene) -> None:
    said = tap(10)
    assert opens(im, 10, said=said) == opens(im, 10, said=said)
    done = tap(11)
    assert ticks(im, 11, 1, said=done) == ticks(im, 12, 1, said=done)
    with pytest.raises(actions.EventConflict):
        ticks(im, 12, 1, "PATH-SZ", said=done)
    with pytest.raises(actions.EventConflict):  # else a step would be told as ticked that is not
        ticks(im, 12, 2, said=done)


def test_two_consoles_open_and_tick_once(im: Scene) -> None:
    opens(im, 10)
    with pytest.raises(ForbiddenStep, match="Nina Nurse opened these steps"):
        opens(im, 10.5)
    ticks(im, 11, 2)
    with pytest.raises(ForbiddenStep, match="done at 12:11, said Otto Other"):
        ticks(im, 12, 2)


def test_steps_that_are_not_open_are_neither_ticked_nor_closed(im: Scene) -> None:
    with pytest.raises(ForbiddenStep, match="not open any more"):
        ticks(im, 11, 1)
    with pytest.raises(ForbiddenStep, match="closed already"):
        closes(im, 11)


def test_what_nobody_knows_is_refused_by_name(im: Scene) -> None:
    with pytest.raises(InvalidInput, match="PATH-X"):
        opens(im, 10, "PATH-X")
    opens(im, 10)
    for step in (0, 4):
        with pytest.raises(InvalidInput, match="has 3 steps"):
            ticks(im, 11, step)
    with pytest.raises(InvalidInput, match="outcome"):
        closes(im, 11, "fine")


def test_the_clock_goes_from_the_alarm_also_where_somebody_opens_later(im: Scene) -> None:
    im.chart("vitals", after(10), sbp=205, dbp=100)
    opens(im, 14, HTN)
    assert ">5:00</strong>" in shown(im, 15)


def test_an_alarm_of_the_nurse_is_taken_up_by_one_tap(im: Scene) -> None:
    im.chart("nrs", after(10), nausea_nrs=5)
    assert 'form="open-form"' in shown(im, 11) and "data-clock" not in shown(im, 11)
    opens(im, 12, "PATH-NV")
    assert ">3:00</strong>" in shown(im, 13)


def test_it_began_before_anybody_tapped(im: Scene) -> None:
    told = Chart(uuid4(), "steps", after(4), {})
    opens(im, 10, said=told)
    assert ">7:00</strong>" in shown(im, 11)


def test_a_slip_is_taken_back_on_the_line(im: Scene) -> None:
    row = opens(im, 10)
    told = Chart(uuid4(), "withdrawn", after(10), {}, replaces=row.pk, reason="Wrong row")  # type: ignore[attr-defined]
    actions.record(session=im.session, chart=told, by=im.nurse.user, at=after(11))
    assert "data-clock" not in shown(im, 12)


def test_consent_taken_back_stops_no_help(im: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    im.start()
    monkeypatch.setattr(before, "withdrawn_at", lambda *_: after(18))
    opens(im, 20)
    ticks(im, 21, 1)
    closes(im, 22)


@pytest.fixture
def page(im: Scene, clock: object) -> Client:
    return cast.signed_in(im.nurse)


def test_every_row_is_one_tap_away_at_the_console(im: Scene, page: Client) -> None:
    shown_page = page.get(chair.url(im, "console")).content.decode()
    for name in ("PATH-EM", ANA, "PATH-FALL", "PATH-ELOPE", "PATH-MANIA/PSYCH"):
        assert f'name="pathway" value="{name}"' in shown_page


def test_the_buttons_reach_the_line(im: Scene, page: Client) -> None:
    for name, told in (
        ("steps_open", {"pathway": "PATH-FALL"}),
        ("steps_done", {"step": "PATH-FALL:2"}),
        ("steps_close", {"outcome": "PATH-FALL:over"}),
    ):
        answer = chair.post(page, im, name, told)
        assert answer.status_code == 200, answer.content
    kinds = [row.kind for row in im.events()]
    assert kinds[-3:] == ["steps_opened", "step_done", "steps_closed"]


@pytest.mark.parametrize("step", ["", "PATH-FALL:", "PATH-FALL:x", "PATH-FALL:99", "2"])
def test_a_damaged_button_is_refused_in_words(im: Scene, page: Client, step: str) -> None:
    chair.post(page, im, "steps_open", {"pathway": "PATH-FALL"})
    answer = chair.post(page, im, "steps_done", {"step": step})
    assert answer.status_code in (409, 422) and answer.json()["error"]


def test_a_therapist_opens_and_ticks_and_does_not_close(im: Scene, clock: object) -> None:
    client = cast.signed_in(im.therapist)
    assert chair.post(client, im, "steps_open", {"pathway": "PATH-CE"}).status_code == 200
    assert chair.post(client, im, "steps_done", {"step": "PATH-CE:1"}).status_code == 200
    assert chair.post(client, im, "steps_close", {"outcome": "PATH-CE:over"}).status_code == 404
    shown_page = client.get(chair.url(im, "console")).content.decode()
    assert 'id="close-form"' not in shown_page and 'id="step-form"' in shown_page
