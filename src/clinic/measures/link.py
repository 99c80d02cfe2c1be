"""The private address of one questionnaire, and the half hour it opens after each answer."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest

from clinic.measures.actions import link_hash
from clinic.measures.models import Assignment

VISIT = timedelta(minutes=30)
OWN_KEY_LIVES = timedelta(hours=12)
_KEY = "questionnaire-visit"


def assignment_of(secret: str) -> Assignment:
    """The assignment that a link belongs to; an unknown link is not found."""
    held = Assignment.objects.select_related("patient", "wording__file", "wording__withdrawal")
    held = held.defer("wording__file__content")
    found = held.filter(link_hash=link_hash(secret)).first()
    own = None if found else _own(secret)
    found = held.get(pk=own) if own else found
    if found is None:
        raise Http404
    return found


def own_key(assignment: Assignment) -> str:
    """In a link's place for whoever is signed in: a lost or mailed link stays as it is."""
    return _signer().sign(str(assignment.pk))


def _own(key: str) -> str | None:
    try:
        return _signer().unsign(key, max_age=OWN_KEY_LIVES)
    except BadSignature:
        return None


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="own-questionnaire", sep="~")


def begin_visit(request: HttpRequest, assignment: Assignment, at: datetime) -> None:
    """Let this browser answer this one assignment for half an hour."""
    request.session.cycle_key()
    prolong_visit(request, assignment, at)


def prolong_visit(request: HttpRequest, assignment: Assignment, at: datetime) -> None:
    """Half an hour more: whoever is still answering is not shut out."""
    request.session[_KEY] = [str(assignment.pk), (at + VISIT).timestamp()]


def in_visit(request: HttpRequest, assignment: Assignment, at: datetime) -> bool:
    """Whether this browser gave the second fact or an answer less than 30 minutes ago."""
    visit = request.session.get(_KEY)
    return visit is not None and visit[0] == str(assignment.pk) and at.timestamp() < visit[1]
