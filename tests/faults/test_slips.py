"""One slip in one typed value of an otherwise sound order: which layer stops it.

The layers, in the order in which an order meets them: its range (an error, a limit, a reason asked
for), the agreement of mg, mg/kg, mL and devices, the change from the last dose, the last weight and
the body mass index; and at the chair the blind second entry, by somebody who types what is true.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

import pytest

from kapstone import dose
from kapstone.dose import Entry, Order, Outcome, State
from kapstone.errors import InvalidInput
from kapstone.findings import Severity
from tests.faults.sound_orders import drawn, ranges

pytestmark = pytest.mark.fault
SEED = 20261122
LB_PER_KG = Decimal("2.20462")
TYPED = (
    *("dose_mg", "dose_mg_per_kg", "volume_ml", "concentration_mg_per_ml", "infusion_min"),
    *("devices", "weight_kg", "height_cm"),
)
BY_NUMBER = {"times 10": Decimal(10), "a tenth": Decimal("0.1"), "times 5": Decimal(5)}
SWAPPED = ("mg as mg/kg", "mg as mL")
POUNDS = "lb as kg"
SLIPS = (*BY_NUMBER, *SWAPPED, POUNDS)
STOPPED_BY_THREE = ("times 10", "a tenth", *SWAPPED)
RANGE, AGREEMENT, CHANGE = "range", "agreement", "change"
SECOND, GIVEN = "second entry", "given"
STOPS = (Severity.ABSOLUTE, Severity.RELATIVE)
LAYERS = (RANGE, AGREEMENT, CHANGE, SECOND, GIVEN)


@dataclass(frozen=True)
class Slip:
    """One value typed wrongly; the rest stands as it was meant."""

    kind: str
    key: str
    value: Decimal


def slips(order: Order, meant: dose.DoseCheck) -> Iterator[Slip]:
    """Every slip that this order's typed values can have."""
    for key in TYPED:
        value = getattr(order, key)
        if value is not None:
            yield from (Slip(kind, key, value * by) for kind, by in BY_NUMBER.items())
    assert meant.dose_mg is not None
    assert meant.dose_mg_per_kg is not None
    if order.dose_mg is not None:
        yield Slip("mg as mg/kg", "dose_mg", meant.dose_mg_per_kg)
    else:
        yield Slip("mg as mg/kg", "dose_mg_per_kg", meant.dose_mg)
    if order.volume_ml is not None and order.concentration_mg_per_ml != 1:  # else the same figure
        yield Slip("mg as mL", "volume_ml", meant.dose_mg)
        if order.dose_mg is not None:
            yield Slip("mg as mL", "dose_mg", order.volume_ml)
    assert order.weight_kg is not None
    yield Slip(POUNDS, "weight_kg", order.weight_kg * LB_PER_KG)


def stopped_by(order: Order, slip: Slip, meant: Entry) -> tuple[str, str]:
    """The layer that stops it, and how; nothing stops what was given."""
    try:
        slipped = replace(order, **{slip.key: slip.value})  # type: ignore[arg-type]  # by name
        check = dose.check(slipped)
    except InvalidInput as error:
        return (AGREEMENT if ", " in error.key else RANGE), "error"
    if check.state is not State.WITHIN:
        asks = {name for each in check.unknown for name in each.needed_by}
        codes = {each.code for each in check.findings if each.severity in STOPS}
        changed = (asks | codes) <= {"DOS-W1", "DOS-W2", "DOS-R2"}
        return (CHANGE if changed else RANGE), check.state
    assert check.dose_mg is not None
    assert slipped.weight_kg is not None
    first = Entry(check.dose_mg, slipped.weight_kg)
    agreed = dose.compare(first, first, meant) is Outcome.AGREE
    return (GIVEN if agreed else SECOND), ""


def table(found: Counter[tuple[str, str]], reasons: Counter[str]) -> str:
    """Slips by the layer that stopped them."""
    head = ("slip", "tried", *LAYERS, "of these only a reason was asked")
    lines = ["| " + " | ".join(head) + " |", "| " + " | ".join(["---"] * len(head)) + " |"]
    for kind in SLIPS:
        counts = [found[kind, layer] for layer in LAYERS]
        cells = [kind, *map(str, (sum(counts), *counts, reasons[kind]))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


@pytest.mark.hazard(2)
@pytest.mark.hazard(3)
@pytest.mark.hazard(4)
@pytest.mark.counts(small=10_000, middle=100_000, full=1_000_000)
def test_no_slip_of_one_typed_value_is_given(
    fault_count: int, record_property: Callable[[str, object], None]
) -> None:
    rng, tried, sound = Random(SEED), 0, 0
    found: Counter[tuple[str, str]] = Counter()
    reasons: Counter[str] = Counter()
    through: list[tuple[Slip, Order]] = []
    for order in drawn(rng, ranges()):
        meant = dose.check(order)
        assert meant.state is State.WITHIN, (order, meant)  # a sound order is never stopped
        sound += 1
        assert meant.dose_mg is not None
        assert order.weight_kg is not None
        true = Entry(meant.dose_mg, order.weight_kg)
        for slip in slips(order, meant):
            layer, how = stopped_by(order, slip, true)
            found[slip.kind, layer] += 1
            reasons[slip.kind] += how in (State.NEEDS_RATIONALE, State.NEEDS_SECOND_SIGNATURE)
            tried += 1
            if layer == GIVEN or (layer == SECOND and slip.kind in STOPPED_BY_THREE):
                through.append((slip, order))
        if tried >= fault_count:
            break
    shown = f"{tried} slips in {sound} sound orders.\n\n{table(found, reasons)}"
    sys.stdout.write(f"\n{shown}\n")
    record_property("shown", shown)
    assert not through, through[:3]
    assert all(any(found[kind, layer] for layer in LAYERS) for kind in SLIPS)
