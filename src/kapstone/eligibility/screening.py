"""One run of every rule over one person's facts.

It never clears anybody: the best it says is UNDER_REVIEW, and a prescriber decides.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from kapstone.eligibility.evaluate import COMPUTED, Run, Truth, both, truth
from kapstone.eligibility.facts import Facts, Value
from kapstone.eligibility.keys import REQUIREMENTS
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
    rules = tuple(_as_set(row, severities) for row in RULES) if severities else RULES
    held = _held(facts, rules)
    worst = _worst(held)
    findings = tuple(_finding(row, row.severity, facts) for row in worst if row.severity)
    findings += _several(worst)
    unknown = _unknown(facts, rules, [row for row in held if row.severity is None])
    return Screening(_state(findings, unknown), findings, unknown, VERSION)


def allowed(row: Rule) -> tuple[Severity, ...]:
    """What a clinic may set a band to: nothing milder than its floor, or than it stands."""
    mildest = row.floor or row.severity
    if row.severity is None or mildest is None:
        return ()
    return tuple(each for each in Severity if each.rank <= mildest.rank)


def _as_set(row: Rule, severities: Severities) -> Rule:
    severity = severities.get((row.id, row.band), row.severity)
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


def _held(facts: Facts, rules: Iterable[Rule]) -> list[Rule]:
    """The bands that are TRUE, in their order."""
    held: list[Rule] = []
    for row in rules:
        run = Run(facts, frozenset(earlier.id for earlier in held))
        if both([_in_scope(row, facts), truth(row.tree, run)]):
            held.append(row)
    return held


def _in_scope(row: Rule, facts: Facts) -> Truth:
    stage = facts.get("for") or "eligibility"
    return both(
        [
            stage in row.stages,
            _among("product", row.product, facts),
            _among("route", row.route, facts),
        ]
    )


def _among(key: str, allowed: tuple[str, ...], facts: Facts) -> Truth:
    value = facts.get(key)
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
    rules = [row for row in rules if _in_scope(row, facts) is not False]
    needed = {
        requirement.key: [*requirement.needed_by, *_needing(requirement.key, rules)]
        for requirement in REQUIREMENTS
        if not _is_known(requirement.key, facts)
        and (requirement.when is None or truth(requirement.when, Run(facts)))
    }
    for row in incomplete:
        for key in row.required:
            needed[key] = list(dict.fromkeys([*needed.get(key, []), row.id]))
    unknown = tuple(Unknown(key, tuple(ids)) for key, ids in needed.items() if ids)
    names = tuple(medicine.name for medicine in facts.medicines or () if not medicine.known)
    return unknown + ((Unknown("medications", (UNKNOWN_MEDICINE,), names),) if names else ())


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
