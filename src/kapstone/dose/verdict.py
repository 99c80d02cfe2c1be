"""One rule's answer about one order."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kapstone.dose.order import Order
from kapstone.dose.result import State
from kapstone.dose.rows import RangeRow, RuleRow
from kapstone.findings import Finding, Severity
from kapstone.limits import Limits

_SEVERITY = {
    State.WITHIN: Severity.CAUTION,
    State.NEEDS_RATIONALE: Severity.RELATIVE,
    State.NEEDS_SECOND_SIGNATURE: Severity.RELATIVE,
    State.REFUSED: Severity.ABSOLUTE,
}
_SIGNERS = {
    State.NEEDS_RATIONALE: ("prescriber",),
    State.NEEDS_SECOND_SIGNATURE: ("prescriber", "pharmacist", "medical director"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One order with the exact figures it is judged by."""

    order: Order
    row: RangeRow
    dose_mg: Decimal
    limits: Limits


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's answer: a finding with the state it asks for, or a key it cannot do without."""

    rule: str
    state: State = State.WITHIN
    finding: Finding | None = None
    key: str = ""


def verdict(
    row: RangeRow | RuleRow, state: State, message: str, band: str, because: Mapping[str, object]
) -> Verdict:
    finding = Finding(
        code=row.id,
        severity=_SEVERITY[state],
        message=message,
        band=band,
        because={key: value for key, value in because.items() if value is not None},
        source=row.source,
        mark=row.mark,
        overridable_by=_SIGNERS.get(state, ()),
    )
    return Verdict(row.id, state, finding)
