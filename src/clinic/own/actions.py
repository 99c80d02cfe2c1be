"""Writes into the record: what a person shares or says, and the story a therapist offers."""

from datetime import datetime

from django.db import transaction

from clinic.dosing.models import DosingSession
from clinic.own.models import HomeworkSaid, Shared, Story
from clinic.own.writings import Own
from clinic.people import audit
from clinic.people.models import Patient, User
from clinic.therapy import queries as therapy
from clinic.therapy.models import IntegrationVisit
from kapstone.errors import InvalidInput


@transaction.atomic
def share(*, patient: Patient, own: Own, by: User, at: datetime) -> Shared:
    """Give a copy to those who treat this person."""
    given = Shared.objects.create(
        patient=patient,
        writing_id=own.id,
        kind=own.kind,
        text=own.text,
        written_at=own.written_at,
        at=at,
        by=by,
    )
    audit.record("share_own_writing", by=by, at=at, patient=patient, subject=given)
    return given


@transaction.atomic
def say_homework(
    *, visit: IntegrationVisit, done: bool, words: str, by: User, at: datetime
) -> HomeworkSaid:
    """A person says how it went with what they took with them."""
    said = HomeworkSaid.objects.create(
        patient=visit.patient, visit=visit, done=done, words=words, at=at, by=by
    )
    audit.record("say_homework", by=by, at=at, patient=visit.patient, subject=said)
    return said


@transaction.atomic
def offer_story(*, session: DosingSession, text: str, by: User, at: datetime) -> Story:
    """Lay a session's story on the person's own page.

    Raises `InvalidInput` while the person has not left the session, or where nothing is told.
    """
    patient = session.patient
    if not text.strip():
        raise InvalidInput("text", "is empty.", "Tell what happened, or leave the page.")
    if therapy.drug_acted(patient, at):
        raise InvalidInput("at", "they have not left a session.", "Offer it later.")
    story = Story.objects.create(patient=patient, session=session, text=text, at=at, by=by)
    audit.record("offer_story", by=by, at=at, patient=patient, subject=story)
    return story
