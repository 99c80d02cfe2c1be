"""What the tests of sheets that staff enter have in common."""

from django.urls import reverse

from clinic.measures import actions
from clinic.measures.models import QuestionnaireResponse
from clinic.people.models import Patient, StaffMember
from tests.clinic import cast

ZEROS = {f"q{n}": "0" for n in range(1, 10)} | {"difficulty": "skip"}


def at(name: str, person: Patient, *more: object) -> str:
    """The address of a page about somebody's questionnaires."""
    return reverse(f"measures:{name}", args=[person.pk, *more])


def entered(person: Patient, by: StaffMember, **answers: int) -> QuestionnaireResponse:
    """A PHQ-9 of theirs, entered at noon."""
    return actions.enter_answers(
        patient=person,
        instrument="phq9",
        answers=answers,
        observed_at=cast.NOON,
        by=by.user,
        at=cast.NOON,
    )
