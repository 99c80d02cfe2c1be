"""What belongs in the chart is asked about before a private note is sealed, and never blocked.

A danger that only one therapist ever reads of is a danger that nobody acts on.
"""

import pytest
from django.test import Client
from django.urls import reverse

from clinic.alerts.models import Alert
from clinic.people import audit
from clinic.people.models import AuditEntry, Patient, StaffMember
from clinic.people.roles import Role
from clinic.therapy import actions, private
from clinic.therapy.models import DangerTold, PrivateNote
from kapstone.errors import InvalidInput
from tests.clinic import cast

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(19)]
DANGER = "He said he would rather be dead, after the quarrel."
PLAIN = "He spoke of the quarrel and was silent for long."


@pytest.fixture
def person() -> Patient:
    return cast.patient()


@pytest.fixture
def author(person: Patient) -> StaffMember:
    return cast.treats(cast.staff(Role.THERAPIST, "Ana Author"), person)


@pytest.fixture
def client(author: StaffMember) -> Client:
    return cast.signed_in(author)


def _send(client: Client, person: Patient, text: str, asked: str = "") -> str:
    where = reverse("therapy:private_notes", args=[person.pk])
    answer = client.post(where, {"text": text, "asked": asked})
    assert answer.status_code in (200, 302)
    return answer.content.decode()


def test_a_note_that_holds_nothing_of_the_chart_is_sealed_at_once(client, person, author) -> None:
    assert _send(client, person, PLAIN) == ""
    assert [one.text for one in private.own_notes(person, author.user)] == [PLAIN]


def test_a_danger_is_asked_about_loudly_and_nothing_is_sealed_meanwhile(client, person) -> None:
    page = _send(client, person, DANGER)
    assert not PrivateNote.objects.exists()
    assert "Does this belong in the chart?" in page and "<q>be dead</q>" in page
    assert reverse("therapy:tell_danger", args=[person.pk]) in page
    assert reverse("safety:plan", args=[person.pk]) in page
    assert DANGER in page  # nothing that was typed is lost
    assert 'name="asked" value="PRV-HARM"' in page


def test_who_was_asked_may_seal_it_as_it_stands(client, person, author) -> None:
    _send(client, person, DANGER)
    assert _send(client, person, DANGER, "PRV-HARM") == ""
    assert [one.text for one in private.own_notes(person, author.user)] == [DANGER]


def test_what_was_added_after_the_question_is_asked_about_too(client, person) -> None:
    """Else a first question about a time of day would let a danger through unasked."""
    page = _send(client, person, f"At 14:30. {DANGER}", "PRV-TIMES")
    assert not PrivateNote.objects.exists()
    assert 'value="PRV-TIMES PRV-HARM"' in page


def test_what_is_no_danger_is_asked_about_without_alarm(client, person) -> None:
    page = _send(client, person, "Gave 35 mg")
    assert "A medicine or a dose" in page and "tell_danger" not in page
    assert reverse("therapy:tell_danger", args=[person.pk]) not in page


def test_the_question_leaves_no_word_behind(client, person, caplog) -> None:
    """The note may still be thrown away: what it said may stand nowhere."""
    _send(client, person, DANGER)
    assert not any("dead" in str(row.detail) for row in AuditEntry.objects.all())
    assert "dead" not in caplog.text


@pytest.mark.hazard(5)
def test_a_danger_that_is_told_stands_in_the_chart_and_calls(client, person, author) -> None:
    where = reverse("therapy:tell_danger", args=[person.pk])
    assert "This field is required" in client.post(where, {"words": "  "}).content.decode()
    assert client.post(where, {"words": " Means to harm himself tonight. "}).status_code == 302
    told = DangerTold.objects.get()
    assert (told.words, told.by) == ("Means to harm himself tonight.", author.user)
    alert = Alert.objects.get()
    assert alert.level == "immediate" and "tonight" not in alert.message
    other = cast.signed_in(cast.treats(cast.staff(Role.NURSE), person))
    chart = other.get(reverse("therapy:therapy", args=[person.pk])).content.decode()
    assert "Means to harm himself tonight." in chart
    assert [*audit.faults()] == []
    with pytest.raises(InvalidInput, match="Write what you know"):
        actions.tell_danger(patient=person, words=" ", by=author.user, at=cast.NOON)


def test_who_does_not_treat_them_tells_nothing(person) -> None:
    for role in (Role.MANAGER, Role.RESEARCHER, Role.THERAPIST):
        stranger = cast.signed_in(cast.staff(role))
        where = reverse("therapy:tell_danger", args=[person.pk])
        assert stranger.post(where, {"words": "x"}).status_code == 404
    assert not DangerTold.objects.exists()
