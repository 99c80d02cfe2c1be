"""The highest dose that a clearance is for, and what keeps it from being one."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from clinic.content import hard_limits
from clinic.intake import known
from kapstone.dose.rows import content
from kapstone.limits import Bound

_UNITS = {"dose_mg_per_kg": "mg/kg", "dose_mg": "mg"}


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The highest dose a clearance is for: by weight, or as a whole where it is not by weight."""

    dose_mg_per_kg: Decimal | None = None
    dose_mg: Decimal | None = None

    def problems(self, facts: Mapping[str, object]) -> list[str]:
        """What is wrong with it, in words; empty when nothing is. facts: those of a screening."""
        given = [amount for amount in (self.dose_mg_per_kg, self.dose_mg) if amount is not None]
        if len(given) != 1 or given[0] <= 0:
            return ["Give one highest dose above zero: in mg/kg or in mg."]
        if above := self._above_hard_limit(facts):
            return [f"The highest dose is above {above}."]
        if asked := self._asked_below(facts):
            return [f"The rules were asked up to {asked}: ask them for the higher dose first."]
        return []

    def _above_hard_limit(self, facts: Mapping[str, object]) -> str:
        own = hard_limits.clinic_max()
        for row in content().ranges:
            if (row.product, row.route) != (facts.get("product"), facts.get("route")):
                continue
            for bound, whose in ((own.get(row.id), "this clinic's"), (row.hard_max, "the")):
                if bound and (limit := self._beyond(bound)):
                    return f"{whose} hard limit of {row.id}: {limit}"
        return ""

    def _beyond(self, bound: Bound) -> str:
        """The figure of a limit that it passes, in its own unit; else empty."""
        if self.dose_mg_per_kg and bound.mg_per_kg and self.dose_mg_per_kg > bound.mg_per_kg:
            return f"{bound.mg_per_kg} mg/kg"
        return f"{bound.mg} mg" if self.dose_mg and bound.mg and self.dose_mg > bound.mg else ""

    def _asked_below(self, facts: Mapping[str, object]) -> str:
        """The dose that the rules were asked about, where this one is above it; else empty."""
        key, weight_kg = known.dose_key(facts), facts.get("weight_kg")
        asked = facts.get(key) if key else None
        if asked is None or weight_kg is None:
            return ""
        weight = Decimal(str(weight_kg))
        mg_each = weight if key == "dose_mg_per_kg" else Decimal(1)
        ceiling_mg = self.dose_mg or (self.dose_mg_per_kg or 0) * weight
        above = ceiling_mg > Decimal(str(asked)) * mg_each
        return f"{asked} {_UNITS[key]}" if above else ""
