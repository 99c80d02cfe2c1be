"""Signs in a ledger that drug may be going astray, for the registrant's eyes alone.

A sign is a reason to look, and proves nothing of anybody. A blank signature is not among them: no
ledger with one adds up, and `replay` names it. Source: protocol 10.3 (GRD-06), mark P;
the numbers of each sign are proposed here, mark P.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import sqrt

from kapstone.ledger.balances import ZERO
from kapstone.ledger.entries import Count, Draw, Entry, Reversal, Variance, Waste
from kapstone.ledger.replaying import replay

OnShift = Callable[[str, datetime], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing to look for. entries_at_least: so many entries before it is judged.
    threshold: the value beyond which it is told, in the words of `of`.
    """

    id: str
    title: str
    of: str
    entries_at_least: int = 1
    threshold: Decimal = ZERO
    source: tuple[str, ...] = ("protocol 10.3, GRD-06",)
    mark: str = "P"


VARIANCE = Sign(
    id="variance",
    title="Drug over or missing",
    of="mg by which a count differed from the books, either way",
)
PAIR = Sign(
    id="pair",
    title="The same two again and again",
    of="share of the witnessed entries of either that both signed, where a third signs too",
    entries_at_least=10,
    threshold=Decimal("0.8"),
)
WASTE = Sign(
    id="waste",
    title="More waste than the others'",
    of="more of what they drew was wasted, as a share, than of what the others drew",
    entries_at_least=5,
    threshold=Decimal("0.2"),
)
OFF_SHIFT = Sign(id="off-shift", title="Entries off shift", of="entries while on no shift")
FAR = Sign(
    id="far",
    title="Differences of one person far from the others'",
    of="standard deviations above what their draws let expect, of draws before a differing count",
    entries_at_least=5,
    threshold=Decimal(2),
)
SIGNS = (VARIANCE, PAIR, WASTE, OFF_SHIFT, FAR)


@dataclass(frozen=True, slots=True)
class Found:
    """One sign. people: ids as in the entries. value: in the words of the sign's `of`.
    entries: the ids of those it rests on.
    """

    sign: Sign
    people: tuple[str, ...]
    value: Decimal
    entries: tuple[str, ...]


def signs(ledger: Sequence[Entry], since: datetime, on_shift: OnShift) -> tuple[Found, ...]:
    """What stands out in a ledger from a moment on, in the order of `SIGNS`.

    ledger: whole, from its first entry, as written. What was taken back is left out, but for who
    wrote it and when.

    Raises
    ------
    BrokenLedger
        for a ledger that does not add up.
    """
    counts = replay(ledger).counts
    off_mg = {name: each.difference_mg for name, each in counts.items() if each.difference_mg}
    taken_back = {each.reverses for each in ledger if isinstance(each, Reversal)}
    written = [each for each in ledger if each.at >= since]
    standing = [each for each in written if each.id not in taken_back]
    before_off = _draws_before(ledger, off_mg, taken_back)
    return (
        *_variance(standing, off_mg),
        *_pairs(written),
        *_waste(standing),
        *_off_shift(written, on_shift),
        *_far([each for each in standing if isinstance(each, Draw)], before_off),
    )


def _variance(standing: Sequence[Entry], off_mg: Mapping[str, Decimal]) -> Iterator[Found]:
    for each in standing:
        if isinstance(each, Count) and each.id in off_mg:
            yield Found(VARIANCE, _signed(each), off_mg[each.id], (each.id,))
        elif isinstance(each, Variance):
            yield Found(VARIANCE, _signed(each), each.amount_mg, (each.id,))


def _signed(entry: Entry) -> tuple[str, ...]:
    return (entry.actor, entry.witness) if entry.witness else (entry.actor,)


def _pairs(written: Sequence[Entry]) -> Iterator[Found]:
    signed = [each for each in written if each.witness]
    of_pair: dict[frozenset[str], list[str]] = defaultdict(list)
    for each in signed:
        of_pair[frozenset(_signed(each))].append(each.id)
    for pair, ids in of_pair.items():
        of_either = sum(not pair.isdisjoint(_signed(each)) for each in signed)
        share = Decimal(len(ids)) / of_either
        if len(ids) >= PAIR.entries_at_least and share > PAIR.threshold and len(signed) > len(ids):
            yield Found(PAIR, tuple(sorted(pair)), share, tuple(ids))


def _waste(standing: Sequence[Entry]) -> Iterator[Found]:
    draws = {each.id: each for each in standing if isinstance(each, Draw)}
    rests = [each for each in standing if isinstance(each, Waste) and each.draw in draws]
    for person in sorted({each.actor for each in draws.values()}):
        own = {name for name, each in draws.items() if each.actor == person}
        others = draws.keys() - own
        if min(len(own), len(others)) < WASTE.entries_at_least:
            continue
        more = _share(own, draws, rests) - _share(others, draws, rests)
        if more > WASTE.threshold:
            yield Found(WASTE, (person,), more, tuple(e.id for e in rests if e.draw in own))


def _share(of: Collection[str], draws: Mapping[str, Draw], rests: Sequence[Waste]) -> Decimal:
    wasted_mg = sum((each.amount_mg for each in rests if each.draw in of), ZERO)
    return wasted_mg / sum(draws[name].amount_mg for name in of)


def _off_shift(written: Sequence[Entry], on_shift: OnShift) -> Iterator[Found]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in written:
        if not on_shift(each.actor, each.at):
            found[each.actor].append(each.id)
    for person, ids in sorted(found.items()):
        yield Found(OFF_SHIFT, (person,), Decimal(len(ids)), tuple(ids))


def _far(draws: Sequence[Draw], before_off: Collection[str]) -> Iterator[Found]:
    """Draws before a differing count, a person, beside what as many draws let expect by chance."""
    all_count, off_count = len(draws), sum(each.id in before_off for each in draws)
    for person in sorted({each.actor for each in draws}):
        own = [each.id for each in draws if each.actor == person]
        rest_count = all_count - len(own)
        if min(len(own), rest_count) < FAR.entries_at_least:
            continue
        share = off_count / all_count
        spread = sqrt(len(own) * share * (1 - share) * rest_count / (all_count - 1))
        off = tuple(name for name in own if name in before_off)
        if spread and (far := (len(off) - len(own) * share) / spread) > FAR.threshold:
            yield Found(FAR, (person,), Decimal(far).quantize(Decimal("0.1")), off)


def _draws_before(
    ledger: Sequence[Entry], off_mg: Mapping[str, Decimal], taken_back: Collection[str]
) -> set[str]:
    """Draws between two counts of a vial, the second of which differed."""
    since: dict[str, list[str]] = defaultdict(list)
    found: set[str] = set()
    for each in ledger:
        if each.id in taken_back:
            continue
        if isinstance(each, Draw):
            since[each.vial].append(each.id)
        elif isinstance(each, Count):
            drawn = since.pop(each.vial, [])
            found.update(drawn if each.id in off_mg else ())
    return found
