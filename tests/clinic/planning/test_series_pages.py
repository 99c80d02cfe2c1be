"""The pages of a series: what waits is seen, decided by who may, and keeps a booking back."""

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clinic.calendar.actions import Slot
from clinic.dosing import before, stages
from clinic.dosing.models import DosingSession
from clinic.episodes import actions as episodes
from clinic.people.models import Patient
from clinic.planning.models import Order, TakeHomeRequest
from kapstone import pathway
from kapstone.pathway import Episode as Stage
from tests.clinic import cast
from tests.clinic.planning.series_ground import WHY, day, dosed

pytestmark = pytest.mark.django_db


def url(name: str, person: Patient) -> str:
    return reverse(f"planning:{name}", args=[person.pk])


PROOF = {"proof-password": cast.PASSWORD}


def test_the_page_from_what_waits_to_what_was_decided(robin_in_series, prescriber, nurse) -> None:
    dosed(robin_in_series, 1, 4, 7, 10)
    with time_machine.travel(day(11), tick=False):
        desk, other = cast.signed_in(prescriber), cast.signed_in(nurse)
        for client in (desk, other):
            for where in (url("series", robin_in_series), "/today/"):
                assert "Non-response after 4 doses" in client.get(where).content.decode()
        assert "waits for a prescriber" in desk.get(_chart(robin_in_series)).content.decode()
        assert "A prescriber who treats this person" in _text(other, robin_in_series)
        sent = {"choice": "continue", "rationale": WHY}
        assert other.post(url("decide", robin_in_series), sent | PROOF).status_code in (403, 404)
        assert desk.post(url("decide", robin_in_series), sent).status_code == 403
        half = desk.post(url("decide", robin_in_series), PROOF)
        assert (half.status_code, "required" in half.content.decode()) == (422, True)
        short = desk.post(url("decide", robin_in_series), sent | {"rationale": "x"})
        assert "20 characters" in short.content.decode()
        page = desk.post(url("decide", robin_in_series), sent, follow=True).content.decode()
        assert "The decision is on record." in page
        assert WHY in page
        again = desk.post(url("decide", robin_in_series), sent, follow=True)
        assert "Nothing waits for a decision" in again.content.decode()
        assert "Non-response" not in desk.get("/today/").content.decode()


def test_the_page_allows_one_closer_dose(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1)
    with time_machine.travel(day(1.5), tick=False):
        desk = cast.signed_in(prescriber)
        at = {"starts_at": "2026-03-07T00:00", "rationale": WHY} | PROOF
        page = desk.post(url("closer", robin_in_series), at, follow=True).content.decode()
        assert "One dose may be booked from then on." in page
        assert desk.post(url("closer", robin_in_series), {}).status_code == 422
        far = desk.post(url("closer", robin_in_series), at | {"starts_at": "2026-03-20T09:00"})
        assert "needs no permission" in far.content.decode()


def test_the_page_says_when_there_is_no_series(robin, prescriber) -> None:
    page = _text(cast.signed_in(prescriber), robin)
    assert "No series" in page
    assert "There is no take-home dose" in page


def test_maintenance_shows_the_default_taper(robin_in_series, prescriber) -> None:
    dosed(robin_in_series, 1)
    episodes.advance(
        episode=robin_in_series.episodes.get(),
        to=Stage.MAINTENANCE,
        have=set(pathway.Need),
        by=None,
        at=day(2),
    )
    with time_machine.travel(day(3), tick=False):
        page = _text(cast.signed_in(prescriber), robin_in_series)
    assert "Weekly" in page
    assert "Each month of maintenance" in page


def _text(client: Client, person: Patient) -> str:
    return client.get(url("series", person)).content.decode()


def _chart(person: Patient) -> str:
    return reverse("chart:chart", args=[person.pk])


def test_no_session_is_booked_or_opened_while_a_decision_waits(robin_in_series, nurse) -> None:
    """Through the pages: booking, and opening a session for now."""
    dosed(robin_in_series, 1, 4, 7, 10)
    with time_machine.travel(day(11), tick=False):
        client = cast.signed_in(nurse)
        typed = {"room": "Room 1", "starts_at": "2026-03-17T09:00", "minutes": "120"}
        page = client.post(reverse("dosing:book", args=[robin_in_series.pk]), typed)
        assert page.status_code == 422
        assert "A prescriber decides on dose or route." in page.content.decode()
        opened = client.post(reverse("dosing:open", args=[robin_in_series.pk]), follow=True)
        assert "No session is opened." in opened.content.decode()
    assert not DosingSession.objects.exists()


def test_a_booking_by_any_code_is_refused_too(robin_in_series, nurse) -> None:
    dosed(robin_in_series, 1, 3, 5)
    order = before.order(robin_in_series, day(6))
    assert order is not None
    slot = Slot("Room 1", day(6.5), day(6.6))
    with pytest.raises(stages.NotYet, match="no fourth") as refused:
        stages.book_session(
            patient=robin_in_series,
            order=order,
            slot=slot,
            seen=stages.Seen(),
            by=nurse.user,
            at=day(6),
        )
    assert refused.value.against.refused


def test_a_dose_at_home_is_asked_for_answered_and_never_an_order(
    robin_in_series, prescriber, nurse
) -> None:
    client = cast.signed_in(nurse)
    asked = {"asked_by": "Their sister", "words": "Lozenges for the holidays.", "early": "on"}
    half = client.post(url("take_home", robin_in_series), asked)
    assert half.status_code == 422
    assert not TakeHomeRequest.objects.exists()
    orders = Order.objects.count()
    told = asked | {"answer": "There is none; a visit on Monday is offered."}
    page = client.post(url("take_home", robin_in_series), told, follow=True).content.decode()
    assert "Their sister" in page
    assert "early or lost supply (GRD-03): refused" in page
    assert Order.objects.count() == orders
    with pytest.raises(IntegrityError), transaction.atomic():
        TakeHomeRequest.objects.update(answer="Yes.")
