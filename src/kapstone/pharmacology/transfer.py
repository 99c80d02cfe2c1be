"""From a dose's way in to a concentration, as a sum of exponentials, for many people at once.

A linear compartment model answers a unit dose with ``sum(coefficient * exp(-pole * t))``. The
poles are the rates of the disposition, of the depots and of the metabolite; the coefficients are
the residues of ``gain * product(s + zero) / product(s + pole)``. Nothing is integrated.

Arrays have one column a person: shape (people,), rates in 1/h.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Two rates closer than this share of one another are drawn apart to it: the residues of equal
# rates are infinite. It moves a curve by less than 1e-7 of itself; all others are exact to 1e-9.
NEAREST_RATIO = 2e-8
_NEWTON_STEPS_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Satellite:
    """A compartment that exchanges with the centre alone. Rates in 1/h, each of shape (people,)."""

    from_centre: Array
    to_centre: Array
    loss: Array | float = 0.0

    @property
    def all_out(self) -> Array:
        """The whole rate at which it empties."""
        return self.to_centre + self.loss


@dataclass(frozen=True, slots=True)
class Star:
    """A centre with its satellites. Such a system has real, different rates: it never swings."""

    centre_loss: Array | float
    satellites: tuple[Satellite, ...]

    def without(self, place: int) -> "Star":
        """The star with one satellite's content held at nothing: what enters it is lost."""
        loss = self.centre_loss + self.satellites[place].from_centre
        return Star(loss, self.satellites[:place] + self.satellites[place + 1 :])

    def rates_per_h(self) -> list[Array]:
        """The poles, slowest first."""
        out = [one.all_out for one in self.satellites]
        leaving = sum((one.from_centre for one in self.satellites), np.asarray(self.centre_loss))
        whole = _product([leaving, *out])
        for place, one in enumerate(self.satellites):
            others = _product(out[:place] + out[place + 1 :])
            exchange = one.from_centre * one.to_centre
            less = [a - exchange * b for a, b in zip(whole[2:], others, strict=True)]
            whole = [*whole[:2], *less]
        return roots(whole)


def _product(values: Iterable[Array]) -> list[Array]:
    """Coefficients of product(value - x) times (-1)^n, highest power first: x^n is 1."""
    start: list[Array] = [np.asarray(1.0)]
    return reduce(_times, values, start)


def _times(polynomial: list[Array], value: Array) -> list[Array]:
    """The polynomial times (x - value) with every sign made positive: see `roots`."""
    none = np.asarray(0.0)
    return [a + value * b for a, b in zip([*polynomial, none], [none, *polynomial], strict=True)]


def roots(coefficients: Sequence[Array]) -> list[Array]:
    """The two or more roots of a polynomial, all real and positive, slowest first.

    `coefficients` are the elementary symmetric sums of the roots, the 1 of the highest power
    first: ``x^3 - e1 x^2 + e2 x - e3`` is given as ``[1, e1, e2, e3]``. Each of shape (people,).
    """
    sums = list(coefficients)
    found: list[Array] = []
    while len(sums) > 3:
        lowest = _lowest(sums)
        found.append(lowest)
        sums = _deflated(sums, lowest)
    half = sums[1] / 2
    larger = half + np.sqrt(np.maximum(half * half - sums[2], 0))
    return [*found, sums[2] / larger, larger]


def _lowest(sums: Sequence[Array]) -> Array:
    """Newton's steps from 0 never pass the lowest root of such a polynomial."""
    x = sums[-1] / sums[-2]
    for _ in range(_NEWTON_STEPS_AT_MOST):
        value, slope = np.ones_like(x), np.zeros_like(x)
        for place, each in enumerate(sums[1:], 1):
            slope = slope * x + value
            value = value * x + (each if place % 2 == 0 else -each)
        step = value / slope
        x = x - step
        if np.all(np.abs(step) <= 1e-15 * x):
            break
    return x


def _deflated(sums: Sequence[Array], root: Array) -> list[Array]:
    """The polynomial without one root, from the constant term up, which keeps the others exact."""
    left = [sums[-1] / root]
    for each in reversed(sums[2:-1]):
        left.append((each - left[-1]) / root)
    return [np.ones_like(root), *reversed(left)]


@dataclass(frozen=True, slots=True)
class Transfer:
    """``gain * product(s + zero) / product(s + pole)``; poles by name, so that sums share them."""

    gain: Array | float
    zeros: tuple[Array, ...]
    poles: tuple[str, ...]

    def then(self, other: "Transfer") -> "Transfer":
        """One after the other."""
        zeros, poles = self.zeros + other.zeros, self.poles + other.poles
        return Transfer(self.gain * other.gain, zeros, poles)

    def residues(self, rates_per_h: Mapping[str, Array]) -> dict[str, Array]:
        """The coefficient of each pole's exponential."""
        found = {}
        for name in self.poles:
            here = rates_per_h[name]
            over = reduce(np.multiply, (zero - here for zero in self.zeros), np.ones_like(here))
            others = (rates_per_h[other] - here for other in self.poles if other != name)
            found[name] = self.gain * over / reduce(np.multiply, others, np.ones_like(here))
        return found


def apart(rates_per_h: Mapping[str, Array], depots: Mapping[str, Array]) -> dict[str, Array]:
    """The same rates, none nearer to an earlier one than `NEAREST_RATIO` of it.

    Two depots never follow one another, so that their rates may be equal.
    """
    kept: dict[str, Array] = {}
    for name, rate in rates_per_h.items():
        kept[name] = _clear_of(rate, kept.values())
    return kept | {name: _clear_of(rate, kept.values()) for name, rate in depots.items()}


def _clear_of(rate: Array, others: Iterable[Array]) -> Array:
    for other in others:
        near = np.abs(rate - other) < NEAREST_RATIO * other
        rate = np.where(near, other * (1 + NEAREST_RATIO), rate)
    return rate
