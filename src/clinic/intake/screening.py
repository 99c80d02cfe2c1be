"""Running the screening rules over one person, and what a change does to a decision."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from clinic.content import queries as content
from clinic.intake import counted, known, last_taken
from clinic.intake.models import Override
from clinic.people.models import Patient
from kapstone import eligibility
from kapstone.eligibility import Screening, State, Unknown
from kapstone.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Run:
    """What was known, its digest, and what the rules say of it."""

    facts: dict[str, object]
    screening: Screening

    @property
    def digest(self) -> str:
        """SHA-256 of the facts."""
        told = json.dumps(self.facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()


def run(
    patient: Patient,
    at: datetime,
    request: Mapping[str, object] | None = None,
    *,
    today_only: bool = False,
) -> Run:
    """Screen what is known of one person; `request` stands over the facts (product, route).

    `today_only`: signs and checks of an earlier day do not count, nor when a medicine was last
    taken; where a rule turns on it, it is among what is not known.
    """
    facts = known.of_route(known.facts(patient, at, today_only=today_only) | dict(request or {}))
    severities = content.severities(content.choices_in_force().values())
    screening = eligibility.screen(eligibility.read_facts(facts), severities)
    allergies = [entry.substance for entry in known.current_allergies(patient)]
    if "allergies" not in facts and allergies:
        # An allergy told by a record counts; that there is no other is not known.
        heard = eligibility.screen(
            eligibility.read_facts(facts | {"allergies": allergies}), severities
        )
        screening = replace(screening, findings=heard.findings)
        facts |= {"allergies_told": allergies}
    if today_only and (asked := last_taken.not_known(facts, severities)):
        unknown = (*screening.unknown, *asked)
        screening = replace(screening, state=State.INCOMPLETE, unknown=unknown)
    return Run(facts, _without_placeholder(screening))


def _without_placeholder(screening: Screening) -> Screening:
    """The stand-in for the rest of an unconfirmed list is no medicine: show none by its name."""
    unknown = tuple(_named(each) for each in screening.unknown)
    return replace(
        screening,
        findings=tuple(_plain(finding) for finding in screening.findings),
        unknown=tuple(each for each in unknown),
    )


def _named(unknown: Unknown) -> Unknown:
    names = tuple(name for name in unknown.names if name != known.REST_OF_LIST)
    return replace(unknown, names=names)


def _plain(finding: Finding) -> Finding:
    listed = finding.because.get("medications")
    if not isinstance(listed, list):
        return finding
    told = [entry for entry in listed if entry != {"name": known.REST_OF_LIST}]
    return replace(finding, because={**finding.because, "medications": told})


def lapse_reasons(
    before: Mapping[str, object], after: Screening, overridden: set[str]
) -> list[str]:
    """Why a clearance given upon `before` (a screening as JSON) no longer stands.

    A finding that is new or worse, a required fact that became unknown, an input of an
    overridden finding that changed. Source: protocol section 0.2 and 1, mark P.
    """
    held = {str(row["rule"]): row for row in _rows(before, "findings")}
    reasons = [
        f"{finding.code} is {_compared(held.get(finding.code), finding)}: {finding.message}"
        for finding in after.findings
        if finding.severity is not Severity.INFO
        and (
            finding.code not in held
            or finding.severity.rank < Severity(str(held[finding.code]["severity"])).rank
        )
    ]
    reasons += [f"Not known any more: {unknown.key}" for unknown in after.unknown]
    now = {finding.code: finding for finding in after.findings}
    return reasons + [
        f"What {code} was overridden on has changed"
        for code in sorted(overridden)
        if code in held and not same_inputs(held[code].get("because"), now.get(code))
    ]


def _compared(held: Mapping[str, object] | None, finding: Finding) -> str:
    return "new" if held is None else f"worse ({held['severity']} to {finding.severity})"


def _rows(screening: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    rows = screening.get(key)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def same_inputs(before: object, finding: Finding | None) -> bool:
    """Whether a finding still stands upon the inputs it stood upon."""
    return finding is not None and _same("", before, dict(finding.because))


def _same(key: str, before: object, now: object) -> bool:
    """Days that went by change nothing that was told; fewer days do."""
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        keys = before.keys()
        return keys == now.keys() and all(_same(each, before[each], now[each]) for each in keys)
    if isinstance(before, list) and isinstance(now, list):
        pairs = zip(before, now, strict=False)
        return len(before) == len(now) and all(_same(key, old, new) for old, new in pairs)
    if counted.ages(key) and isinstance(before, int | float) and isinstance(now, int | float):
        return now >= before
    return _told(before) == _told(now)


def _told(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The keys whose facts differ."""
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def covers(override: Override, finding: Finding) -> bool:
    """Whether an override was made for this finding as it stands."""
    return (
        override.rule == finding.code
        and override.band == (finding.band or "")
        and finding.severity is Severity.RELATIVE
        and same_inputs(override.because, finding)
    )
