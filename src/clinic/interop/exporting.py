"""What leaves the clinic: a person's answers and scores as one FHIR R4 bundle."""

from datetime import datetime

from django.db import transaction

from clinic.measures.models import QuestionnaireResponse
from clinic.people import audit
from clinic.people.models import Patient, User
from kapstone.fhir import writing


def sets(patient: Patient) -> list[writing.AnswerSet]:
    """Everything answered, oldest first, what was corrected too."""
    rows = QuestionnaireResponse.objects.filter(patient=patient).select_related("replaced_by")
    return [_set(row) for row in rows.order_by("recorded_at", "pk")]


def _set(row: QuestionnaireResponse) -> writing.AnswerSet:
    return writing.AnswerSet(
        id=str(row.pk),
        instrument=row.instrument,
        version=row.instrument_version,
        observed_at=row.observed_at,
        recorded_at=row.recorded_at,
        answers=row.answers,
        scores=row.scores,
        bands=row.bands,
        marks=row.marks,
        by_staff=row.entered_by_id is not None,
        replaces=str(row.replaces_id) if row.replaces_id else None,
        reason=row.reason,
        replaced=hasattr(row, "replaced_by"),
    )


@transaction.atomic
def export_scores(*, patient: Patient, by: User, at: datetime) -> dict[str, object]:
    """The bundle. That it left, with how many sets, is on the person's trail."""
    found = sets(patient)
    subject = writing.Subject(
        id=str(patient.pk),
        record_number=patient.record_number,
        given_name=patient.given_name,
        family_name=patient.family_name,
        birth_date=patient.birth_date,
        sex=patient.sex,
    )
    document = writing.bundle(subject, found, at)
    audit.record("export_scores", by=by, at=at, patient=patient, answer_sets=len(found))
    return document
