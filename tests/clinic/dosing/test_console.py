"""The console over HTTP: what is typed reaches the right line, and nothing typed is lost."""

import json
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from clinic.dosing import screen
from clinic.dosing.models import DoseCheck, DosingSession, RaisedAlarm, SessionEvent
from clinic.episodes import actions as episodes
from clinic.people import access
from clinic.people.roles import Role
from tests.clinic import cast
from tests.clinic.dosing import scene
from tests.clinic.dosing.scene import Scene, after


def _url(day: Scene, name: str, **more: object) -> str:
    taken = {"patient_id": day.patient.pk, "session_id": day.session.pk} | more
    return reverse(f"dosing:{name}", kwargs=taken)


def _post(client: Client, day: Scene, name: str, **data: object) -> Any:
    known = {"shown_for": str(day.session.pk), "event_id": str(uuid4())}
    more = {"alarm_id": data.pop("alarm_id")} if "alarm_id" in data else {}
    more |= {"event_id": data.pop("of")} if "of" in data else {}
    with time_machine.travel(after(float(str(data.pop("minute", 1)))), tick=False):
        return client.post(_url(day, name, **more), known | data)


@pytest.fixture
def nurse(im: Scene) -> Client:
    """The nurse at the console."""
    with time_machine.travel(after(0), tick=False):
        return cast.signed_in(im.nurse)


def _get(client: Client, url: str, minute: float = 1) -> Any:
    with time_machine.travel(after(minute), tick=False):
        return client.get(url)


def test_a_vital_sign_is_charted_and_shown_with_its_age(im: Scene, nurse: Client) -> None:
    told = _post(nurse, im, "chart", kind="vitals", sbp="120", dbp="80,5", minutes_ago="2")
    assert told.status_code == 302
    page = _get(nurse, _url(im, "console"), 4).content.decode()
    assert "120/80.5" in page
    assert "5 min ago" in page
    assert im.events()[0].observed_at == after(-1)


@pytest.mark.hazard(6)
def test_no_vital_sign_is_ever_filled_in_before(im: Scene, nurse: Client) -> None:
    _post(nurse, im, "chart", kind="vitals", sbp="133", dbp="77", hr="61")
    page = _get(nurse, _url(im, "console")).content.decode()
    form = page.split('id="vitals-head"')[1].split("</form>")[0]
    assert 'value="133"' not in form
    assert re.search(r'name="sbp" inputmode="decimal"[^>]* value=""', form)


@pytest.mark.hazard(6)
@pytest.mark.parametrize(("seconds", "blank"), [(0, False), (1, True)])
def test_an_old_number_goes_blank_and_says_so(im: Scene, seconds: int, blank: bool) -> None:
    im.start()
    im.chart("vitals", after(20), sbp=131, dbp=80)
    vital = screen.build(im.session, after(20)).vitals[0]
    assert vital.stale_at is not None
    shown = screen.build(im.session, vital.stale_at + timedelta(seconds=seconds))
    html = screen.panel(im.session, vital.stale_at + timedelta(seconds=seconds))
    assert (shown.vitals[0].words == "") == blank == shown.vitals[0].is_stale
    assert ("131/80" not in html.split("line-of-events")[0]) == blank
    assert f'data-stale-at="{vital.stale_at.isoformat()}"' in html


def test_an_impossible_value_is_refused_with_its_range_and_kept(im: Scene, nurse: Client) -> None:
    page = _post(nurse, im, "chart", kind="vitals", sbp="700", dbp="80", hr="72")
    assert page.status_code == 422
    text = page.content.decode()
    assert "30 to 300" in text
    assert 'value="700"' in text and 'value="72"' in text
    assert im.events() == []


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"kind": "vitals", "sbp": "high"}, "not a number"),
        ({"kind": "vitals", "sbp": "1e9"}, "not possible"),
        ({"kind": "vitals"}, "all empty"),
        ({"kind": "dose_start", "dose_mg": "35"}, "not charted here"),
        ({"kind": "phase", "phase": "discharged"}, "not charted here"),
        ({"kind": "override", "rule": "DIS-01"}, "not charted here"),
        ({"kind": "vitals", "sbp": "120", "dbp": "80", "minutes_ago": "-3"}, "0 to 1440"),
        ({"kind": "vitals", "sbp": "120", "dbp": "80", "observed_at": "noon"}, "ISO time"),
        ({"kind": "vitals", "sbp": "120", "observed_at": "2026-03-04T12:00"}, "no zone"),
        ({"kind": "gait", "steady": "perhaps"}, "yes or no"),
        ({"kind": "vitals", "sbp": "120", "event_id": "x"}, "Load the page again"),
    ],
)
def test_a_broken_form_says_what_to_mend(
    im: Scene, nurse: Client, sent: dict[str, str], words: str
) -> None:
    page = _post(nurse, im, "chart", **sent)
    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_script_is_told_the_number_and_a_repeat_the_same(im: Scene, nurse: Client) -> None:
    one = str(uuid4())
    sent = {"shown_for": str(im.session.pk), "event_id": one, "kind": "vitals", "hr": "70"}
    sent["observed_at"] = after(0).isoformat()
    with time_machine.travel(after(1), tick=False):
        told = [
            nurse.post(_url(im, "chart"), sent, HTTP_ACCEPT="application/json") for _ in range(3)
        ]
        other = nurse.post(_url(im, "chart"), sent | {"hr": "71"}, HTTP_ACCEPT="application/json")
    assert [json.loads(each.content) for each in told] == [{"number": 1, "id": one}] * 3
    assert other.status_code == 409
    assert "other content" in json.loads(other.content)["error"]


@pytest.mark.hazard(1)
def test_a_form_shown_for_one_person_charts_nothing_on_another(im: Scene, nurse: Client) -> None:
    twin = cast.patient("Robyn")
    cast.treats(im.nurse, twin)
    episodes.open_episode(patient=twin, by=None, at=after(0))
    other = DosingSession.objects.create(
        patient=twin, episode=twin.episodes.get(), product="RACEMIC", route="IM", opened_at=after(0)
    )
    page = _post(nurse, im, "chart", kind="vitals", hr="70", shown_for=str(other.pk))
    assert page.status_code == 409
    assert "another session" in page.content.decode()
    assert SessionEvent.objects.count() == 0
    wrong = _url(im, "chart").replace(str(im.patient.pk), str(twin.pk))
    with time_machine.travel(after(1), tick=False):
        assert nurse.post(wrong, {"shown_for": str(im.session.pk)}).status_code == 404


@pytest.mark.hazard(1)
def test_a_twin_is_told_apart_on_the_console(im: Scene, nurse: Client) -> None:
    cast.patient("Robin", "Example")
    assert "could be taken for this one" in _get(nurse, _url(im, "console")).content.decode()


@pytest.mark.hazard(20)
def test_the_console_is_read_and_charted_without_a_new_proof(im: Scene, nurse: Client) -> None:
    routes = access.table().routes
    asked = {name for name in routes if name.startswith("dosing:") and routes[name].proof}
    assert asked == {"dosing:second", "dosing:sign", "dosing:override", "dosing:decide"}
    assert _get(nurse, _url(im, "console")).status_code == 200
    assert _post(nurse, im, "chart", kind="vitals", hr="70").status_code == 302


def test_the_whole_way_to_the_drug_by_plain_forms(im: Scene, nurse: Client) -> None:
    post = lambda name, **data: _post(nurse, im, name, **data).status_code  # noqa: E731 - many
    assert post("step", to="arrived") == 422
    assert post("chart", kind="checked", item="DAY-01", result="PASS") == 302
    assert post("step", to="arrived") == 302
    assert post("step", to="ready") == 422
    for item in ("02", "04", "05", "06", "07", "11", "12", "13", "15"):
        assert post("chart", kind="checked", item=f"DAY-{item}", result="PASS") == 302
    assert post("chart", kind="checked", item="CONSENT", result="PASS") == 302
    assert post("chart", kind="weight", weight_kg="70") == 302
    for minute in (3, 9):
        signs = {"sbp": "120", "dbp": "80", "hr": "70", "spo2": "98", "seated": "yes"}
        assert post("chart", kind="vitals", minute=minute, **signs) == 302
    assert post("step", to="ready", minute=10) == 302
    entry = {"dose_mg": "35", "weight_kg": "70", "initials": "RE", "birth_year": "1980"}
    assert post("first", minute=10, **entry | {"birth_year": "1890"}) == 422
    assert post("first", minute=10, **entry) == 302
    assert "Second person, here" in _get(nurse, _url(im, "console"), 10).content.decode()
    here = {"person": str(im.other.pk), "dose_mg": "35", "weight_kg": "70"}
    assert post("second_here", minute=11, secret="wrong", **here) == 422
    assert post("second_here", minute=11, **here | {"person": str(im.nurse.pk)}) == 422
    assert post("second_here", minute=11, **here | {"person": "x"}) == 404
    assert post("start", minute=11, dose_mg="35") == 422
    assert post("second_here", minute=11, secret=cast.PASSWORD, **here) == 302
    assert DoseCheck.objects.get().second_id == im.other.user_id
    assert post("start", minute=12, dose_mg="35") == 302
    assert post("part", minute=13, kind="vitals", hr="70") == 422
    assert post("step", to="peak", minute=20) == 302
    assert post("step", to="discharged", minute=20) == 422
    assert post("step", to="arrived", minute=20) in (409, 422)
    assert "35 mg" in _get(nurse, _url(im, "console"), 21).content.decode()


def test_a_difference_shows_no_figure(im: Scene, nurse: Client) -> None:
    im.chart("weight", after(0), weight_kg=70)
    entry = {"dose_mg": "36.66", "weight_kg": "70", "initials": "RE", "birth_year": "1980"}
    _post(nurse, im, "first", **entry)
    shown = _get(nurse, _url(im, "console")).content.decode()
    assert "36.66" not in shown and "35" not in shown.split('id="dose-head"')[1].split("</h2>")[0]
    here = {"person": str(im.other.pk), "dose_mg": "37.77", "weight_kg": "70"}
    _post(nurse, im, "second_here", secret=cast.PASSWORD, **here)
    page = _get(nurse, _url(im, "console")).content.decode()
    assert "The entries differ" in page
    assert "36.66" not in page and "37.77" not in page
    bad = _post(nurse, im, "first", **entry | {"dose_mg": "38.88", "initials": "XX"})
    assert bad.status_code == 422 and "38.88" not in bad.content.decode()


def test_the_second_on_their_own_device(im: Scene, nurse: Client) -> None:
    im.chart("weight", after(0), weight_kg=70)
    pharmacist = cast.staff(Role.PHARMACIST)
    own = cast.signed_in(pharmacist)
    assert "No entry waits" in _get(own, _url(im, "second")).content.decode()
    entry = {"dose_mg": "35", "weight_kg": "70"}
    _post(nurse, im, "first", initials="RE", birth_year="1980", **entry)
    assert _post(own, im, "second", **entry).status_code == 403  # proves who they are first
    proof = {"proof-password": cast.PASSWORD}
    assert _post(own, im, "second", dose_mg="", weight_kg="70", **proof).status_code == 422
    assert _post(own, im, "second", **entry, **proof).status_code == 302
    assert DoseCheck.objects.get().second_id == pharmacist.user_id
    assert _get(own, _url(im, "console")).status_code == 404


def test_alarms_are_answered_at_the_console(im: Scene, nurse: Client) -> None:
    _post(nurse, im, "chart", kind="vitals", spo2="84")
    alarm = RaisedAlarm.objects.get()
    assert "Very low oxygen" in _get(nurse, _url(im, "console")).content.decode()
    assert _post(nurse, im, "answer", alarm_id=alarm.pk).status_code == 302
    assert "Nina Nurse is acting" in _get(nurse, _url(im, "console")).content.decode()
    assert _post(nurse, im, "pause").status_code == 302
    assert _post(nurse, im, "resolve", alarm_id=alarm.pk).status_code == 422
    assert _post(nurse, im, "resolve", alarm_id=alarm.pk, words="Probe").status_code == 302


def test_a_line_is_withdrawn_with_a_reason(im: Scene, nurse: Client) -> None:
    slip = im.chart("vitals", after(0), hr=170)
    assert "Heart rate 170" in _get(nurse, _url(im, "correct", event_id=slip.pk)).content.decode()
    assert _post(nurse, im, "correct", of=slip.pk).status_code == 422
    assert _post(nurse, im, "correct", of=slip.pk, reason="Slip").status_code == 302
    assert "(corrected)" in _get(nurse, _url(im, "console")).content.decode()


def test_a_dose_already_given_is_charted_from_its_page(im: Scene, nurse: Client) -> None:
    assert _get(nurse, _url(im, "already_given")).status_code == 200
    page = _post(nurse, im, "already_given", dose_mg="35")
    assert page.status_code == 422 and 'value="35"' in page.content.decode()
    given = {"dose_mg": "35", "why": "Given before the console was open", "minutes_ago": "5"}
    assert _post(nurse, im, "already_given", minute=9, **given).status_code == 302
    assert im.reload().deviation


def test_words_and_taps_stand_on_the_line(im: Scene, nurse: Client) -> None:
    assert _post(nurse, im, "note", note="").status_code == 422
    assert _post(nurse, im, "note", note="Hums quietly").status_code == 302
    tap = {"kind": "note", "word": "tears", "note": "Tears"}
    assert _post(nurse, im, "chart", **tap).status_code == 302
    gone = {"kind": "symptom", "symptom": "vomiting"}
    _post(nurse, im, "chart", **gone, present="yes")
    _post(nurse, im, "chart", **gone, present="no")
    page = _get(nurse, _url(im, "console")).content.decode()
    for words in ("Hums quietly", "Tears", "Vomiting, gone"):
        assert words in page


def test_what_each_role_is_offered(im: Scene) -> None:
    therapist = _get(cast.signed_in(im.therapist), _url(im, "console")).content.decode()
    assert "Observation" in therapist
    assert "Chart weight" not in therapist and "First person" not in therapist
    director = cast.staff(Role.MEDICAL_DIRECTOR)
    assert "Observation" not in _get(cast.signed_in(director), _url(im, "console")).content.decode()


def test_sessions_are_opened_for_an_order(
    im: Scene, nurse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = {"patient_id": im.patient.pk}
    opened, listed = reverse("dosing:open", kwargs=about), reverse("dosing:sessions", kwargs=about)
    assert "Open the console" in _get(nurse, listed).content.decode()
    with time_machine.travel(after(1), tick=False):
        assert nurse.post(opened).url == _url(im, "console")
        _post(nurse, im, "step", to="cancelled", reason="Ill today")
        assert nurse.post(opened).status_code == 302
        assert DosingSession.objects.count() == 2
        scene.earlier_rooms(monkeypatch, None)
        assert nurse.post(opened).url == listed
