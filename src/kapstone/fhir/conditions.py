"""Condition → facts that are true, and questions where the record leaves one open."""

from collections.abc import Iterator

from kapstone.fhir.codemap import Row, look_up
from kapstone.fhir.concept import concept, first_code, origin_of, when_of
from kapstone.fhir.reader import Node
from kapstone.fhir.values import Coded, Fact, Question

_ACTIVE = ("active", "recurrence", "relapse")
_PAST = ("inactive", "remission", "resolved")
_NO_CODE = Coded("", "", "(no code and no text)")


def read_condition(resource: Node) -> Iterator[Fact | Question]:
    """What one condition settles, and what it leaves to ask."""
    codings = concept(resource.child("code")) or (_NO_CODE,)
    mapped = [(coded, row) for coded in codings for row in look_up(coded.system, coded.code)]
    reason = _why_ask(resource, bool(mapped))
    if reason:
        yield Question("Condition", codings[0], reason, resource.path)
    verified = first_code(resource, "verificationStatus") in (None, "confirmed")
    for coded, row in mapped if verified else ():
        yield from _settled(resource, coded, row)


def _why_ask(resource: Node, mapped: bool) -> str:
    verification = first_code(resource, "verificationStatus")
    if verification not in (None, "confirmed"):
        return f"The record says {verification}: is it so?"
    if not mapped:
        return "No row of the code map names this code: does it matter here?"
    if first_code(resource, "clinicalStatus") not in (*_ACTIVE, *_PAST):
        return "The record does not say whether it is still present: is it?"
    if _contradicts_itself(resource):
        return "The record calls it active and gives its end: is it still present?"
    return ""


def _contradicts_itself(resource: Node) -> bool:
    ended = any(key.startswith("abatement") for key in resource.value)
    return ended and first_code(resource, "clinicalStatus") in _ACTIVE


def _settled(resource: Node, coded: Coded, row: Row) -> Iterator[Fact | Question]:
    key = _key(resource, row)
    onset = when_of(resource, "onsetDateTime", "recordedDate")
    if key is not None:
        yield Fact(key, True, origin_of(resource, coded, onset), row.source, row.mark)
    if row.ask:
        yield Question("Condition", coded, row.ask, resource.path)


def _key(resource: Node, row: Row) -> str | None:
    active = first_code(resource, "clinicalStatus") in _ACTIVE and not _contradicts_itself(resource)
    if row.rule == "present":
        return row.fact if active else None
    if row.rule == "status" and active:
        return f"{row.fact}.current"
    return f"{row.fact}.history" if row.rule in ("status", "history") else None
