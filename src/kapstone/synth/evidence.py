"""The published figures that synthetic people are drawn from, and what we had to assume.

Rows of the response evidence, each with its study, source and verification mark. Where a study
gives no interval it is computed from n: Wilson's for a share, the normal one for a mean or SD.
"""

import csv
import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

_Z = 1.959964  # standard normal, 97.5 %


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure: a share in 0 to 1, or a mean with its SD in `unit`."""

    row_id: int
    name: str
    value: float
    sd_value: float | None
    people_count: int | None
    stated_interval: tuple[float, float] | None
    unit: str
    study: str
    source: str
    verification: str

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of a mean or of a share. Raises ValueError where n is not known."""
        if self.stated_interval is not None:
            return self.stated_interval
        if self.people_count is None:
            raise ValueError(f"row {self.row_id} gives neither an interval nor an n")
        if self.sd_value is not None:
            half = _Z * self.sd_value / math.sqrt(self.people_count)
            return self.value - half, self.value + half
        return _wilson(self.value, self.people_count)

    @property
    def sd_interval(self) -> tuple[float, float]:
        """The 95 % interval of the SD."""
        if self.sd_value is None or self.people_count is None:
            raise ValueError(f"row {self.row_id} gives no SD")
        half = _Z * self.sd_value / math.sqrt(2 * self.people_count)
        return self.sd_value - half, self.sd_value + half


def _wilson(share: float, n: int) -> tuple[float, float]:
    z2 = _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return middle - half, middle + half


@cache
def figures() -> dict[str, Figure]:
    """Every figure by its name."""
    text = (resources.files("kapstone.synth") / "evidence.csv").read_text(encoding="utf-8")
    return {line["name"]: _figure(line) for line in csv.DictReader(text.splitlines())}


def _figure(line: dict[str, str]) -> Figure:
    scale = 100 if line["unit"] == "%" else 1
    low, _, high = line["interval"].partition("-")
    return Figure(
        row_id=int(line["row_id"]),
        name=line["name"],
        value=float(line["value"]) / scale,
        sd_value=float(line["sd"]) if line["sd"] else None,
        people_count=int(line["n"]) if line["n"] else None,
        stated_interval=(float(low), float(high)) if high else None,
        unit=line["unit"],
        study=line["study"],
        source=line["source"],
        verification=line["verification"],
    )


@cache
def assumed(section: str) -> dict[str, float]:
    """One section of the assumptions, all of mark P."""
    text = (resources.files("kapstone.synth") / "assumptions.toml").read_text(encoding="utf-8")
    return {key: float(value) for key, value in tomllib.loads(text)[section].items()}
