"""The page that opens without a network, the worker that keeps it, and the sheet on paper."""

import re
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from clinic.dosing import downtime, offline, views_offline
from clinic.people.models import AuditEntry
from clinic.planning import pdf
from kapstone.monitoring.pathways import pathways
from kapstone.monitoring.schedules import schedules
from tests.clinic import cast
from tests.clinic.dosing.scene import Scene, after

pytestmark = pytest.mark.django_db
JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def nurse(im: Scene) -> Client:
    return cast.signed_in(im.nurse)


def of(day: Scene, name: str) -> str:
    return reverse(f"dosing:{name}", args=[day.patient.pk, day.session.pk])


def test_the_page_that_is_kept_holds_nobody(im: Scene, nurse: Client) -> None:
    """It stays on a device after everybody has signed out."""
    page = nurse.get(reverse("dosing:offline_page")).content.decode()
    assert page == Client().get(reverse("dosing:offline_page")).content.decode()
    nobody = [*im.names(), str(im.patient.pk), str(im.session.pk), im.patient.record_number]
    assert [word for word in nobody if word in page] == []
    assert "csrfmiddlewaretoken" not in page
    assert "No alarms here. Watch the bedside monitor." in page


@pytest.mark.hazard(13)
def test_it_offers_no_start_no_override_no_discharge_and_no_witness(nurse: Client) -> None:
    """A first dose without the two people's check would look like one with it."""
    page = nurse.get(reverse("dosing:offline_page")).content.decode()
    ways = set(re.findall(r'data-outbox="(\w+)"', page))
    assert ways == offline.WAYS.keys()
    kinds = set(re.findall(r'name="kind" value="(\w+)"', page))
    assert kinds == {
        *("vitals", "dose_pause", "dose_stop", "mouth", "moaas", "nrs", "note", "symptom"),
        *("rescue", "aldrete", "padss", "screener", "gait", "escort", "instruction"),
    }
    assert "there is no start, no resuming" in page
    assert re.findall(r"<form(?![^>]*data-outbox)[^>]*>", page) == []


def test_the_worker_keeps_that_page_and_its_files_and_no_other(nurse: Client) -> None:
    """A kept page with a name would be read by whoever finds the tablet."""
    answer = nurse.get(reverse("dosing:offline_worker"))
    told = answer.content.decode()
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Content-Type"].startswith("text/javascript")
    kept = re.findall(r'url: "([^"]+)", revision: "(\w{16})"', told)
    assert all(url.startswith("/static/") for url, _ in kept)
    assert len(kept) == len([name for name in views_offline.SHELL if finders.find(name)])
    assert 'const PAGE = "/offline/";' in told
    assert told == Client().get(reverse("dosing:offline_worker")).content.decode()


def test_every_script_that_the_page_loads_is_kept() -> None:
    """One that is not would leave a blank page at the moment it is needed."""
    seen, left = set(), ["dosing/shell.js"]
    while left:
        name = left.pop()
        seen.add(name)
        path = finders.find(name)
        assert path, name
        text = Path(path).read_text(encoding="utf-8")
        for mention in re.findall(r'from "\./([\w.]+)"', text):
            left += [f"dosing/{mention}"] if f"dosing/{mention}" not in seen else []
    assert seen <= set(views_offline.SHELL)


def test_without_its_libraries_the_console_is_told_and_goes_on(
    im: Scene, nurse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A nurse would trust a recording that is not there."""
    monkeypatch.setattr(offline, "LIBRARIES", ("nothing.js",))
    told = {"shown_for": str(im.session.pk)}
    answer = nurse.post(of(im, "offline_here"), told, **JSON)
    assert (answer.status_code, answer.json()["error"]) == (
        409,
        "Set-up did not bring what this takes.",
    )
    assert nurse.get(of(im, "console")).status_code == 200


def test_a_console_has_a_place_for_what_waits(im: Scene, nurse: Client) -> None:
    page = nurse.get(of(im, "console")).content.decode()
    assert re.search(rf'id="outbox"[^>]* data-here="{of(im, "offline_here")}"', page)
    assert 'data-signs-out="/offline/waiting/"' in page


def test_what_waits_has_a_page_for_whoever_is_signed_in(nurse: Client) -> None:
    page = nurse.get(reverse("dosing:offline_waiting")).content.decode()
    assert "What waits on this device" in page
    assert Client().get(reverse("dosing:offline_waiting")).status_code == 302


@pytest.mark.parametrize(("device", "wiped"), [("wiped", True), ("kept", False), ("", False)])
def test_a_device_is_wiped_by_its_own_word_alone(nurse: Client, device: str, wiped: bool) -> None:
    """What waits on it would be lost by a sign-out that knew nothing of it."""
    answer = nurse.post("/account/logout/", {"device": device})
    assert answer.get("Clear-Site-Data") == ('"storage"' if wiped else None)
    assert "Clear-Site-Data" not in nurse.post("/account/login/", {"device": "wiped"})


def test_what_is_sent_again_by_itself_keeps_no_screen_open(
    im: Scene, nurse: Client, settings: LazySettings
) -> None:
    """A tablet that nobody sits at would never lock while its entries wait."""
    told = {"shown_for": str(im.session.pk), "kind": "vitals", "hr": "70", "event_id": "wrong"}
    with time_machine.travel(after(20), tick=False) as clock:
        client = cast.signed_in(im.nurse)
        client.get(of(im, "console"))
        for _ in range(10):
            clock.shift(61)
            assert client.post(of(im, "chart"), told | {"waited": "yes"}, **JSON).status_code in (
                403,
                422,
            )
        assert client.post(of(im, "chart"), told, **JSON).status_code == 403


# --- on paper ---------------------------------------------------------------------------------


def test_the_sheet_of_a_session_has_its_plan_whom_to_call_and_the_first_steps(
    im: Scene, nurse: Client
) -> None:
    """Without it a team would have nothing but memory in the hour the system is down."""
    page = nurse.get(of(im, "downtime")).content.decode()
    assert im.patient.name in page and "The plan MON-IM" in page
    for one in pathways():
        assert one.title in page
        assert one.steps[0].split("911")[0] in page
    assert "<td>45</td>" in page
    assert "Watch" in page or "watch the bedside monitor" in page
    assert "35" not in re.sub(r"<td>\d+</td>", "", page.split("<h2>Who")[1].split("<h2>Drug")[0])
    assert AuditEntry.objects.filter(action="read dosing:downtime").exists()


def test_the_blank_sheet_names_nobody(im: Scene, nurse: Client) -> None:
    page = nurse.get(reverse("dosing:downtime_blank")).content.decode()
    main = page.split('class="downtime stack"')[1]
    assert [name for name in im.names() if name in main] == []
    assert main.count("<tr>") > downtime.BLANK_ROWS


@pytest.mark.parametrize("blank", [True, False])
def test_both_come_as_a_pdf_or_say_why_not(
    im: Scene, nurse: Client, blank: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = reverse("dosing:downtime_blank_pdf") if blank else of(im, "downtime_pdf")
    paper = nurse.get(where)
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    monkeypatch.setattr(pdf, "paper", lambda *_: None)
    assert "The PDF could not be made" in nurse.get(where).content.decode()


@pytest.mark.parametrize("plan", schedules(), ids=lambda plan: plan.id)
def test_every_plan_has_a_grid(plan: object) -> None:
    """A route whose plan has no end would fill paper without end, or none."""
    rows = list(downtime._rows(plan))  # type: ignore[arg-type]  # a plan
    minutes = [row.at_min for row in rows]
    assert minutes == sorted(set(minutes)) and 3 < len(minutes) < 40
    assert all(any(row.asked) for row in rows)
