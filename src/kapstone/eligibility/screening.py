"""One run of every rule over one person's facts.

It never clears anybody: the best it says is UNDER_REVIEW, and a prescriber decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from kapstone.eligibility.evaluate import COMPUTED, Run, Test, Truth, both, compiled
from kapstone.eligibility.facts import Facts, Value
from kapstone.eligibility.keys import REQUIREMENTS, Requirement
from kapstone.eligibility.medicines import plain
from kapstone.eligibility.rules import RULES, SEVERAL, UNKNOWN_MEDICINE, VERSION, Rule
from kapstone.errors import InvalidInput
from kapstone.findings import Finding, Severity

Severities = Mapping[tuple[str, str | None], Severity]
AS_PUBLISHED: Severities = MappingProxyType({})


class State(StrEnum):
    """How far a screening has come. There is no CLEARED: a prescriber clears."""

    INCOMPLETE = "INCOMPLETE"
    FLAGGED = "FLAGGED"
    UNDER_REVIEW = "UNDER_REVIEW"


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact to ask for. `names`: the medicines that no table knows, where DDI-R1 needs it."""

    key: str
    needed_by: tuple[str, ...]
    names: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {"key": self.key, "needed_by": list(self.needed_by)}


@dataclass(frozen=True, slots=True)
class Screening:
    """The outcome of a run. `version` is that of the tables it used."""

    state: State
    findings: tuple[Finding, ...]
    unknown: tuple[Unknown, ...]
    version: str

    def as_json(self) -> dict[str, object]:
        return {
            "state": str(self.state),
            "findings": [finding.as_json() for finding in self.findings],
            "unknown": [unknown.as_json() for unknown in self.unknown],
            "version": self.version,
        }


def screen(facts: Facts, severities: Severities = AS_PUBLISHED) -> Screening:
    """Evaluate every rule in scope, always, and say what is missing (SCR-R1).

    severities: bands whose severity a clinic set, by rule and band. Raises `InvalidInput` for one
    that would be milder than its floor.
    """
    for row in RULES if severities else ():
        _as_set(row, severities)
    held = [_as_set(row, severities) for row in _held(facts)]
    worst = _worst(held)
    findings = tuple(_finding(row, row.severity, facts) for row in worst if row.severity)
    findings += _several(worst)
    possible = [_as_set(row, severities) for row in _scoped(facts).possible]
    unknown = _unknown(facts, possible, [row for row in held if row.severity is None])
    return Screening(_state(findings, unknown), findings, unknown, VERSION)


def allowed(row: Rule) -> tuple[Severity, ...]:
    """What a clinic may set a band to: nothing milder than its floor, or than it stands."""
    mildest = row.floor or row.severity
    if row.severity is None or mildest is None:
        return ()
    return tuple(each for each in Severity if each.rank <= mildest.rank)


def _as_set(row: Rule, severities: Severities) -> Rule:
    severity = severities.get((row.id, row.band), row.severity) if severities else row.severity
    if severity is row.severity or severity is None:
        return row
    if severity not in allowed(row):
        mend = f"Mildest: {row.floor or row.severity}."
        raise InvalidInput(f"{row.id} {row.band or ''}".strip(), f"may not be {severity}.", mend)
    return replace(row, severity=severity, overridable_by=_answering(row, severity))


def _answering(row: Rule, severity: Severity) -> tuple[str, ...]:
    """Who may go on: nobody in spite of ABSOLUTE, a prescriber in spite of RELATIVE."""
    if severity is Severity.ABSOLUTE:
        return ()
    return ("prescriber",) if severity is Severity.RELATIVE else row.overridable_by


def _held(facts: Facts) -> list[Rule]:
    """The bands that are TRUE, in their order."""
    fired: set[str] = set()
    run, held = Run(facts, fired), []
    for row in _scoped(facts).certain:
        if row.holds(run):
            held.append(row)
            fired.add(row.id)
    return held


@dataclass(frozen=True, slots=True)
class _Scoped:
    """Rules whose scope is TRUE, and those whose scope is not FALSE."""

    certain: tuple[Rule, ...]
    possible: tuple[Rule, ...]


def _scoped(facts: Facts) -> _Scoped:
    product, route = facts.get("product"), facts.get("route")
    return _in_scope(str(facts.get("for") or "eligibility"), product, route)


@lru_cache(maxsize=128)
def _in_scope(stage: str, product: Value | None, route: Value | None) -> _Scoped:
    def tell(row: Rule) -> Truth:
        return both([stage in row.stages, _among(row.product, product), _among(row.route, route)])

    return _Scoped(
        tuple(row for row in RULES if tell(row)),
        tuple(row for row in RULES if tell(row) is not False),
    )


def _among(allowed: tuple[str, ...], value: Value | None) -> Truth:
    return True if not allowed else None if value is None else value in allowed


def _worst(held: Iterable[Rule]) -> tuple[Rule, ...]:
    """The most severe band of each rule; the first listed of equals."""
    worst: dict[str, Rule] = {}
    for row in held:
        if row.severity and (row.id not in worst or row.severity.rank < _rank(worst[row.id])):
            worst[row.id] = row
    return tuple(worst.values())


def _finding(row: Rule, severity: Severity, facts: Facts) -> Finding:
    return Finding(
        code=row.id,
        severity=severity,
        message=row.message,
        because={key: _shown(key, facts) for key in row.inputs if facts.is_known(key)},
        source=row.source,
        mark=row.mark,
        band=row.band,
        overridable_by=row.overridable_by,
    )


def _shown(key: str, facts: Facts) -> object:
    if key == "medications":
        return [medicine.as_json() for medicine in facts.medicines or ()]
    return _plain(facts.get(key))


def _several(worst: Iterable[Rule]) -> tuple[Finding, ...]:
    """SCR-R2: enough RELATIVE findings, or serious ones in enough groups."""
    relative = [row.id for row in worst if row.severity is Severity.RELATIVE]
    serious = (Severity.ABSOLUTE, Severity.RELATIVE)
    grouped = [row for row in worst if row.severity in serious and row.group in SEVERAL.groups]
    counted: list[str] = relative if len(relative) >= SEVERAL.relative_at_least else []
    if len({row.group for row in grouped}) >= SEVERAL.groups_at_least:
        counted = counted + [row.id for row in grouped]
    if not counted:
        return ()
    return (
        Finding(
            code=SEVERAL.id,
            severity=SEVERAL.severity,
            message=SEVERAL.message,
            because={"rules": list(dict.fromkeys(counted))},
            source=SEVERAL.source,
            mark=SEVERAL.mark,
        ),
    )


def _unknown(
    facts: Facts, rules: Iterable[Rule], incomplete: Iterable[Rule]
) -> tuple[Unknown, ...]:
    """Required keys that are UNKNOWN, keys of INCOMPLETE rules, and medicines not known."""
    run = Run(facts)
    needed = {
        requirement.key: [*requirement.needed_by, *_needing(requirement.key, rules)]
        for requirement, holds in _REQUIRED
        if not _is_known(requirement.key, facts) and holds(run)
    }
    for row in incomplete:
        for key in row.asks:
            needed[key] = list(dict.fromkeys([*needed.get(key, []), row.id]))
    unknown = tuple(Unknown(key, tuple(ids)) for key, ids in needed.items() if ids)
    names = tuple(medicine.name for medicine in facts.medicines or () if not medicine.known)
    return unknown + ((Unknown("medications", (UNKNOWN_MEDICINE,), names),) if names else ())


def _applies(requirement: Requirement) -> Test:
    return compiled(requirement.when) if requirement.when else lambda run: True


_REQUIRED = tuple((requirement, _applies(requirement)) for requirement in REQUIREMENTS)


def _is_known(key: str, facts: Facts) -> bool:
    return COMPUTED[key](facts) is not None if key in COMPUTED else facts.is_known(key)


def _needing(key: str, rules: Iterable[Rule]) -> list[str]:
    """The rules that require a key or are scoped by it."""
    needing = [row.id for row in rules if key in row.required or _scoped_by(key, row)]
    return list(dict.fromkeys(needing))


def _scoped_by(key: str, row: Rule) -> bool:
    stops = row.severity in (Severity.ABSOLUTE, Severity.RELATIVE)
    return stops and (
        (key == "product" and bool(row.product)) or (key == "route" and bool(row.route))
    )


def _state(findings: Iterable[Finding], unknown: tuple[Unknown, ...]) -> State:
    if unknown:
        return State.INCOMPLETE
    stopping = any(f.severity in (Severity.ABSOLUTE, Severity.RELATIVE) for f in findings)
    return State.FLAGGED if stopping else State.UNDER_REVIEW


def _rank(row: Rule) -> int:
    return row.severity.rank if row.severity else len(Severity)


def _plain(value: Value | None) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return plain(value) if isinstance(value, Decimal) else value
