"""When each item was answered: kept on it by whatever answers or moves it, in that transaction.

The lists of a whole clinic leave out what was answered. Looked up in every answer of everybody,
that cost more than all the rest of such a list.
"""

from datetime import UTC, datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from clinic.measures.models import CheckIn, DueItem, QuestionnaireResponse

_NO_END = datetime(9000, 1, 1, tzinfo=UTC)


def keep(items: QuerySet[DueItem]) -> None:
    """Write anew when these were answered: the first answer in the window, or the first call."""
    items.update(answered_at=Coalesce(_by_answer(), _by_call()))


def in_window(when: str) -> Q:
    """Whether a moment of another row lies in an item's window."""
    closes_at = Coalesce(OuterRef("closes_at"), Value(_NO_END))
    return Q((f"{when}__gte", OuterRef("opens_at")), (f"{when}__lt", closes_at))


def _by_answer() -> Subquery:
    answers = QuestionnaireResponse.objects.filter(
        in_window("observed_at"),
        patient=OuterRef("patient"),
        instrument=OuterRef("ask"),
        replaced_by=None,
    )
    return Subquery(answers.order_by("observed_at").values("observed_at")[:1])


def _by_call() -> Subquery:
    calls = CheckIn.objects.filter(item=OuterRef("pk"), reached=True)
    return Subquery(calls.order_by("called_at").values("called_at")[:1])
