"""Whose hand answered: the person's own, or somebody's with or for them."""

from dataclasses import dataclass

from clinic.measures.models import QuestionnaireResponse, SheetHand


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand answers: of which kind, and who they are where it is not the person's."""

    kind: str
    words: str = ""


def keep(response: QuestionnaireResponse, hand: Hand | None) -> QuestionnaireResponse:
    """Keep who gave the answers of a sheet that staff entered. Returns the response."""
    if hand is not None:
        SheetHand.objects.create(response=response, kind=hand.kind, words=hand.words)
    return response


def of(response: QuestionnaireResponse) -> Hand | None:
    """Who gave the answers of a sheet; None where nobody was asked."""
    row = kept(response)
    return Hand(row.kind, row.words) if row else None


def kept(response: QuestionnaireResponse) -> SheetHand | None:
    """The row of that."""
    return SheetHand.objects.filter(response=response).first()
