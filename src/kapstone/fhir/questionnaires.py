"""QuestionnaireResponse → scores of PHQ-9 and GAD-7, recognised by the items' LOINC codes.

Source: LOINC panels 44249-1 and 69737-5; answer list LL358-3.
"""

from collections.abc import Iterator
from decimal import Decimal

from kapstone.fhir.bundle import not_understood
from kapstone.fhir.concept import origin_of, when_of
from kapstone.fhir.reader import Node
from kapstone.fhir.values import Coded, NotUnderstood, PriorScore, Question

# total's LOINC code → instrument and its highest total
TOTALS = {"44261-6": ("phq9", 27), "70274-6": ("gad7", 21)}
PHQ9_ITEM_9 = "44260-8"
_PHQ9 = (
    *("44250-9", "44255-8", "44259-0", "44254-1", "44251-7"),
    *("44258-2", "44252-5", "44253-3", PHQ9_ITEM_9),
)
_GAD7 = ("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7")
ITEM_OF = {**dict.fromkeys(_PHQ9, "phq9"), **dict.fromkeys(_GAD7, "gad7")}
_ITEMS = {"phq9": len(_PHQ9), "gad7": len(_GAD7)}
_ANSWERS = {"LA6568-5": 0, "LA6569-3": 1, "LA6570-1": 2, "LA6571-9": 3}
_DONE = ("completed", "amended")


def read_response(resource: Node) -> Iterator[PriorScore | Question | NotUnderstood]:
    """The scores one answered questionnaire holds."""
    status = resource.needed_text("status")
    if status not in _DONE:
        yield not_understood(resource, f"Its status is {status}, not completed.")
        return
    answers = [(code, item) for item in _flat(resource) if (code := _code(item))]
    instruments = {TOTALS[code][0] if code in TOTALS else ITEM_OF[code] for code, _ in answers}
    if not instruments:
        coded = Coded("", "", resource.text("questionnaire") or "(an unnamed questionnaire)")
        reason = "This questionnaire is not read: does it matter here?"
        yield Question("QuestionnaireResponse", coded, reason, resource.path)
    for instrument in sorted(instruments):
        yield _scored(resource, instrument, answers)


def _flat(node: Node) -> Iterator[Node]:
    for item in node.children("item"):
        yield item
        yield from _flat(item)
        for answer in item.children("answer"):
            yield from _flat(answer)


def _code(item: Node) -> str | None:
    """The LOINC code at the end of an item's linkId or definition."""
    for key in ("linkId", "definition"):
        tail = (item.text(key) or "").replace("|", "/").rsplit("/", 1)[-1]
        if tail in ITEM_OF or tail in TOTALS:
            return tail
    return None


def _scored(
    resource: Node, instrument: str, answers: list[tuple[str, Node]]
) -> PriorScore | NotUnderstood:
    items: dict[str, int] = {}
    total: int | None = None
    for code, item in answers:
        most = 3 if ITEM_OF.get(code) == instrument else 0
        if code in TOTALS and TOTALS[code][0] == instrument:
            most = TOTALS[code][1]
        given = item.children("answer")
        if not (most and given):
            continue
        value = _answer(given[0])
        if value is None or not 0 <= value <= most or len(given) > 1 or code in items:
            return not_understood(resource, f"The answer to {code} cannot be read.")
        if code in TOTALS:
            total = value
        else:
            items[code] = value
    return _checked(resource, instrument, total, items)


def _checked(
    resource: Node, instrument: str, total: int | None, items: dict[str, int]
) -> PriorScore | NotUnderstood:
    if len(items) == _ITEMS[instrument]:
        if total not in (None, sum(items.values())):
            return not_understood(resource, "Its total is not the sum of its answers.")
        total = sum(items.values())
    if total is None and not items:
        return not_understood(resource, "It holds no answer.")
    code = next(code for code, (name, _) in TOTALS.items() if name == instrument)
    when = when_of(resource, "authored")
    origin = origin_of(resource, Coded("http://loinc.org", code, instrument), when)
    return PriorScore(instrument, total, tuple(items.items()), origin)


def _answer(answer: Node) -> int | None:
    coding = answer.child("valueCoding")
    if coding is not None:
        return _ANSWERS.get(coding.text("code") or "")
    stated = answer.number("valueInteger")
    if stated is None:
        stated = answer.number("valueDecimal")
    whole = stated is not None and stated == stated.to_integral_value()
    return int(stated or Decimal(0)) if whole else None
