"""What a person signs: their answer to each item, and the document that is kept of it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import TextChoices

from clinic.people.models import Patient, User
from clinic.planning import consent_text
from clinic.planning.models import Plan
from kapstone.dose.treatment import treatment
from kapstone.errors import InvalidInput


class Reply(TextChoices):
    """The answer to one item."""

    AGREED = "agreed", "I agree"
    ASKED = "asked", "I asked, it was answered, and I agree"
    REFUSED = "refused", "I do not agree"


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """One item's answer, the initials beside it, and what was asked."""

    reply: Reply
    initials: str
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """One signing as it stood on the tablet."""

    consent_id: UUID
    plan: Plan
    text_version: str
    answers: Mapping[str, ItemAnswer]
    language: str
    interpreter: str
    signed_name: str
    has_capacity: bool
    copy_given: bool

    @property
    def agreed(self) -> bool:
        """Whether no item was refused."""
        return all(answer.reply != Reply.REFUSED for answer in self.answers.values())


def check(signing: Signing) -> None:
    """Refuse what is not a signature. Raises `InvalidInput` naming the field."""
    items = {item.id for item in consent_text.items_for(signing.plan)}
    if signing.text_version != consent_text.text().version or items != set(signing.answers):
        raise InvalidInput("text", "is not the text of this plan.", "Open the page again.")
    for item_id, answer in signing.answers.items():
        if not answer.initials.strip():
            raise InvalidInput(item_id, "has no initials.", "The person initials each item.")
        if answer.reply == Reply.ASKED and not answer.question.strip():
            raise InvalidInput(item_id, "does not say what was asked.", "Write it down.")
    if not is_name_of(signing.signed_name, signing.plan.patient):
        problem = "is not the name on this record."
        raise InvalidInput("signed_name", problem, "The person types given and family name.")
    if not signing.has_capacity:
        problem = "is needed: without it nobody can consent."
        raise InvalidInput("has_capacity", problem, "Stop here and tell the prescriber.")
    if not signing.language.strip():
        raise InvalidInput("language", "is missing.", "Say in which language it was explained.")


def is_name_of(written: str, patient: Patient) -> bool:
    """Whether somebody typed their own full name, whatever the case and the spaces."""
    first = [name for name in (patient.given_name, patient.preferred_name) if name]
    return _plain(written) in [_plain(f"{name} {patient.family_name}") for name in first]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def document(signing: Signing, explained_by: User, at: datetime) -> dict[str, object]:
    """All that was shown and answered, as it is kept, hashed and printed."""
    plan, patient = signing.plan, signing.plan.patient
    return {
        "text_version": signing.text_version,
        "patient": {
            "name": patient.name,
            "record_number": patient.record_number,
            "birth_date": patient.birth_date.isoformat(),
        },
        "plan": {
            "id": str(plan.pk),
            "product": plan.product,
            "route": plan.route,
            "dose_model": treatment().dose_model(plan.dose_model_id).name,
            "sessions": plan.sessions,
            "spacing_days": plan.spacing_days,
            "goals": plan.goals,
        },
        "items": [
            {
                "id": item.id,
                "title": item.title,
                "text": item.text,
                "reply": signing.answers[item.id].reply.label,
                "initials": signing.answers[item.id].initials.strip(),
                "question": signing.answers[item.id].question.strip(),
            }
            for item in consent_text.items_for(plan)
        ],
        "language": signing.language.strip(),
        "interpreter": signing.interpreter.strip(),
        "explained_by": explained_by.name,
        "signed_name": signing.signed_name.strip(),
        "has_capacity": signing.has_capacity,
        "copy_given": signing.copy_given,
        "signed_at": at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def sha256(kept: object) -> str:
    """The hash of a document, whatever order a database gives its keys back in."""
    told = json.dumps(kept, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()
