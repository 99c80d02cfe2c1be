"""What every clinical rule returns.

A finding is a judgement with its reasons, shown to a person who decides. It never clears,
orders or discharges. Severity is one of four ladders of urgency in the system; `Alert.level`,
`Alarm.tier` and `Risk.tier` are the others, and no type holds two of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How hard a finding stops. Source: protocol section 0.2, mark P."""

    ABSOLUTE = "ABSOLUTE"  # no override; only a corrected fact lifts it
    RELATIVE = "RELATIVE"  # a prescriber may override with reason, plan and expiry
    CAUTION = "CAUTION"  # a nurse or a prescriber acknowledges
    INFO = "INFO"  # shown

    @property
    def rank(self) -> int:
        """0 for the most severe, 3 for the least."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's judgement.

    code: the rule's id, such as ``SCR-005``. band: which of the rule's conditions held.
    because: the facts read, by key. source: where the rule comes from. mark: how far the figure
    may be trusted (S seen in the source, S2 reported by another, G general knowledge, P proposed).
    """

    code: str
    severity: Severity
    message: str
    because: Mapping[str, object] = field(default_factory=dict)
    source: tuple[str, ...] = ()
    mark: str = ""
    band: str | None = None
    overridable_by: tuple[str, ...] = ()

    @property
    def overridable(self) -> bool:
        """Whether anyone at all may go on in spite of it."""
        return self.severity is Severity.RELATIVE and bool(self.overridable_by)

    def as_json(self) -> dict[str, object]:
        """The finding in the keys of the command line's contract."""
        return {
            "rule": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "band": self.band,
            "because": dict(self.because),
            "source": list(self.source),
            "mark": self.mark,
            "overridable": self.overridable,
        }
