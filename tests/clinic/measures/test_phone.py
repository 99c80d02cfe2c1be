"""A phone that loses a tap, or takes a stranger's hand for the person's, misleads who treats."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from clinic.measures import actions
from clinic.measures.models import Helper, QuestionnaireResponse, RedeemTry
from clinic.people import access
from clinic.people.models import Patient, StaffMember
from tests.clinic import cast
from tests.clinic.cast import NOON
from tests.clinic.measures import follow
from tests.clinic.measures.by_link import WEEK, address_of, hand_over, open_link, words_of
from tests.clinic.people import probe

pytestmark = pytest.mark.django_db


@time_machine.travel(NOON, tick=False)
def test_who_answers_for_somebody_is_on_the_record(rosa: Patient, nurse: StaffMember) -> None:
    cast.treats(nurse, rosa)
    secret = hand_over(rosa)
    refused = Client().post(
        address_of("link", secret), {"birth_date": rosa.birth_date, "who": "proxy", "words": ""}
    )
    assert "Diga quién responde" in refused.content.decode()
    phone = open_link(rosa, secret, who="proxy", words="Eva, su hermana")
    phone.post(f"{address_of('answer', secret)}?item=mood", {"answer": "4"})
    phone.post(address_of("review", secret))
    desk, row = cast.signed_in(nurse), QuestionnaireResponse.objects.get()
    page = words_of(desk, reverse("measures:response", args=[rosa.pk, row.pk]))
    assert "Eva, su hermana" in page
    other = hand_over(rosa, "moment")
    open_link(rosa, other, who="staff", words="Nina Nurse")
    phone = open_link(rosa, other)  # and then the person alone
    phone.post(address_of("review", other))
    last = QuestionnaireResponse.objects.exclude(pk=row.pk).get()
    page = words_of(desk, reverse("measures:response", args=[rosa.pk, last.pk]))
    assert "the person themselves" in page and "Nina Nurse" not in page


def _text_boxes(page: str) -> list[str]:
    """Boxes for words of one's own, each with what follows it in its field."""
    boxes = re.findall(r'(<textarea.*?|<input type="text".*?)</div>', page, re.DOTALL)
    return [box for box in boxes if 'class="help unwatched"' not in box]


@time_machine.travel(NOON, tick=False)
def test_beside_every_box_of_a_patient_it_says_that_nobody_is_watching(rosa: Patient) -> None:
    """Every route of a patient is looked at: a new one that is not fails here."""
    follow.in_series(rosa)
    secret = hand_over(rosa)
    phone = open_link(rosa, secret)
    phone.force_login(rosa.user)
    phone.post(address_of("link", secret), {"birth_date": rosa.birth_date})
    seen = 0
    for name, route in access.table().routes.items():
        if route.about in ("link", "own"):
            page = phone.get(probe.address(name, secret=secret))
            assert page.status_code in (200, 302, 404, 405), name
            assert _text_boxes(page.content.decode()) == [], name
            seen += page.status_code == 200
    assert seen >= 6
    door = words_of(Client(), address_of("link", secret))
    assert 'class="help unwatched"' in door and 'href="tel:988"' in door


def test_a_box_without_the_warning_is_found() -> None:
    assert _text_boxes('<div><textarea name="x"></textarea></div>')
    assert _text_boxes('<div><input type="text" name="x"></div>')
    assert not _text_boxes('<div><input type="text"><p class="help unwatched">x</p></div>')


@time_machine.travel(NOON, tick=False)
def test_all_questions_on_one_page_keep_what_is_tapped(rosa: Patient) -> None:
    secret = hand_over(rosa)
    phone, where = open_link(rosa, secret), address_of("answer", secret)
    phone.post(address_of("pace", secret), {"whole": "yes"})
    page = words_of(phone, where)
    assert page.count("<fieldset") == 8 and "0 de 8 respondidas" in page
    tapped = phone.post(where, {"mood": "3", "danger": "1"}, headers={"HX-Request": "true"})
    assert "2 de 8 respondidas" in tapped.content.decode()
    assert {"moment.danger"} == set(rosa.alerts.values_list("code", flat=True))
    done = phone.post(where, {"mood": "3", "danger": "1", "anxiety": "skip"})
    assert done.headers["Location"] == address_of("review", secret)
    assert rosa.assignments.get().answers.count() == 3
    phone.post(address_of("pace", secret), {"whole": "no"})
    assert "Pregunta 3 de 8" in words_of(phone, where)


def test_the_database_keeps_no_helper_without_a_name(rosa: Patient) -> None:
    assignment, _ = actions.ask(
        patient=rosa, instrument="moment", closes_at=NOON + WEEK, by=None, at=NOON
    )
    visit = RedeemTry.objects.create(assignment=assignment, at=NOON, right=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Helper.objects.create(visit=visit, kind="proxy", words="")


def test_a_tap_after_the_half_hour_is_sent_back_to_the_door_and_not_lost_in_silence(
    rosa: Patient,
) -> None:
    secret = hand_over(rosa)
    with time_machine.travel(NOON, tick=False):
        phone, where = open_link(rosa, secret), address_of("answer", secret)
        phone.post(address_of("pace", secret), {"whole": "yes"})
    with time_machine.travel(NOON + timedelta(minutes=31), tick=False):
        tapped = phone.post(where, {"mood": "3"}, headers={"HX-Request": "true"})
    assert tapped.headers["HX-Redirect"] == address_of("link", secret)
    assert not rosa.assignments.get().answers.exists()


@time_machine.travel(NOON, tick=False)
def test_a_page_whose_link_died_meanwhile_leads_back_to_the_door(
    rosa: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = hand_over(rosa)
    phone, where = open_link(rosa, secret), address_of("answer", secret)
    phone.post(address_of("pace", secret), {"whole": "yes"})

    def dead(**_: object) -> None:
        raise actions.LinkDead

    monkeypatch.setattr(actions, "save_answer", dead)
    assert phone.post(where, {"mood": "3"}).headers["Location"] == address_of("link", secret)
