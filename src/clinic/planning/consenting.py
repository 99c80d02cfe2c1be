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
from clinic.planning.models import InterpreterWay, Plan, WitnessWhy
from kapstone.dose.treatment import treatment
from kapstone.errors import InvalidInput

# The elements of the capacity to decide, as whoever found them says them.
CAPACITY_WORDS = (
    "They said in their own words what this is, what it may do and what else there is.",
    "They see that it is about themselves, here and now.",
    "They weighed it against other ways, and said why.",
    "They made a choice, and kept to it.",
)


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
class Capacity:
    """What somebody found of the person's capacity to decide, element by element."""

    understands: bool
    appreciates: bool
    weighs: bool
    chooses: bool
    by: User | None = None

    @property
    def whole(self) -> bool:
        """Whether no element lacks."""
        return self.understands and self.appreciates and self.weighs and self.chooses


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """One signing as it stood on the tablet."""

    consent_id: UUID
    plan: Plan
    text_version: str
    answers: Mapping[str, ItemAnswer]
    language: str
    interpreter: str = ""
    interpreter_way: str = ""
    capacity: Capacity
    cannot_sign: bool = False
    clinic_asks_witness: bool = False
    witness: str = ""
    signed_name: str
    copy_given: bool

    @property
    def agreed(self) -> bool:
        """Whether no item was refused."""
        return all(answer.reply != Reply.REFUSED for answer in self.answers.values())

    @property
    def witness_why(self) -> str:
        """Why somebody must watch the signing; empty where nobody must."""
        why = {
            WitnessWhy.HAND: self.cannot_sign,
            WitnessWhy.INTERPRETER: bool(self.interpreter.strip()),
            WitnessWhy.CLINIC: self.clinic_asks_witness or bool(self.witness.strip()),
        }
        return next((str(each) for each, holds in why.items() if holds), "")


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
    for element in ("understands", "appreciates", "weighs", "chooses"):
        if not getattr(signing.capacity, element):
            problem = "is needed: without capacity nobody can consent."
            raise InvalidInput(element, problem, "Stop here and tell the prescriber.")
    if not signing.language.strip():
        raise InvalidInput("language", "is missing.", "Say in which language it was explained.")
    _check_interpreter(signing)
    _check_witness(signing)


def _check_interpreter(signing: Signing) -> None:
    spoken, named = signing.plan.patient.language, signing.interpreter.strip()
    if consent_text.needs_interpreter(spoken) and not named:
        problem = f"is needed: the person's language is {spoken}, the text's is not."
        raise InvalidInput("interpreter", problem, "Name who interprets; no relative does.")
    if bool(named) != bool(signing.interpreter_way):
        problem = "does not go with who interprets."
        raise InvalidInput("interpreter_way", problem, "Give the name and where they are, or none.")


def _check_witness(signing: Signing) -> None:
    if not signing.witness_why:
        return
    if not signing.witness.strip():
        problem = f"is missing. {WitnessWhy(signing.witness_why).label}."
        raise InvalidInput("witness", problem, "Name who watched the signing.")
    others = (signing.interpreter, signing.plan.patient.name, signing.signed_name)
    if _plain(signing.witness) in map(_plain, others):
        raise InvalidInput("witness", "is one of those who sign.", "A witness is somebody else.")


def is_name_of(written: str, patient: Patient) -> bool:
    """Whether somebody typed their own full name, whatever the case and the spaces."""
    first = [name for name in (patient.given_name, patient.preferred_name) if name]
    return _plain(written) in [_plain(f"{name} {patient.family_name}") for name in first]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _label(choices: type[TextChoices], value: str) -> str:
    return str(choices(value).label) if value else ""


def document(
    signing: Signing, explained_by: User, at: datetime, again_because: str = ""
) -> dict[str, object]:
    """All that was shown and answered, as it is kept, hashed and printed.

    again_because: why an earlier consent no longer held.
    """
    return {
        "text_version": signing.text_version,
        **_about(signing.plan),
        "items": [
            {
                "id": item.id,
                "title": item.title,
                "text": item.text,
                "reply": signing.answers[item.id].reply.label,
                "initials": signing.answers[item.id].initials.strip(),
                "question": signing.answers[item.id].question.strip(),
            }
            for item in consent_text.items_for(signing.plan)
        ],
        "language": signing.language.strip(),
        "interpreter": signing.interpreter.strip(),
        "interpreter_way": _label(InterpreterWay, signing.interpreter_way),
        "explained_by": explained_by.name,
        "signed_name": signing.signed_name.strip(),
        "capacity": CAPACITY_WORDS,
        "capacity_by": (signing.capacity.by or explained_by).name,
        "witness": signing.witness.strip(),
        "witness_why": _label(WitnessWhy, signing.witness_why),
        "again_because": again_because,
        "copy_given": signing.copy_given,
        "signed_at": at.astimezone(UTC).isoformat(timespec="seconds"),
    }


def _about(plan: Plan) -> dict[str, object]:
    """Whom and what it is about."""
    patient = plan.patient
    return {
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
    }


def sha256(kept: object) -> str:
    """The hash of a document, whatever order a database gives its keys back in."""
    told = json.dumps(kept, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()
