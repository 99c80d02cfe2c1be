"""The concentration at each minute, exactly, for many people: no step is integrated.

Between two changes of input every mode is ``steady + (now - steady) * exp(-pole * hours)``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kapstone.pharmacology.models import Way
from kapstone.pharmacology.transfer import Array
from kapstone.pharmacology.wiring import Port, System

_BLOCK = 256  # people solved together
_FINE = 16  # times in one coarse step
_EVEN_H = 1e-12  # steps that differ by less are one grid


@dataclass(frozen=True, slots=True)
class Entry:
    """An amount put in at a port: at once, or evenly over `lasts_h`. `amount_mg` (people,) or 1."""

    way: Way
    port: Port
    amount_mg: Array
    at_h: float
    lasts_h: float

    def times(self, factor: Array) -> "Entry":
        """As much more for each person."""
        return replace(self, amount_mg=self.amount_mg * factor)


@dataclass(frozen=True, slots=True)
class Piece:
    """The modes (modes, people) at `from_h`, and what they tend to, until `to_h`."""

    from_h: float
    to_h: float
    now: Array
    steady: Array


def pieces(system: System, entries: Sequence[Entry]) -> list[Piece]:
    """The course cut where the input changes; the last piece has no end. A bolus starts its own."""
    found: list[Piece] = []
    edges = sorted({edge for one in entries for edge in (one.at_h, one.at_h + one.lasts_h)})
    now = np.zeros_like(system.poles_per_h)
    for from_h, to_h in zip(edges, [*edges[1:], np.inf], strict=True):
        steady = np.zeros_like(now)
        for one in entries:
            coefficients = system.ports[one.way, one.port]
            if not one.lasts_h and one.at_h == from_h:
                now = now + coefficients * one.amount_mg
            elif one.at_h <= from_h < one.at_h + one.lasts_h:
                steady += coefficients * (one.amount_mg / one.lasts_h) / system.poles_per_h
        found.append(Piece(from_h, to_h, now, steady))
        if to_h < np.inf:
            lasted = system.poles_per_h * (to_h - from_h)
            now = now * np.exp(-lasted) - steady * np.expm1(-lasted)
    return found


# (times, people) to fill, poles and amounts (modes, people), hours since the piece began
Fill = Callable[[Array, Array, Array, Array], None]


def concentrations(system: System, entries: Sequence[Entry], times_h: Array) -> Array:
    """ng/mL of shape (times, people). At the instant of a bolus: just after it."""
    found = np.empty((len(times_h), system.poles_per_h.shape[1]))
    solve(system, pieces(system, entries), times_h, found, fill)
    return found


def solve(system: System, course: Sequence[Piece], times_h: Array, found: Array, by: Fill) -> None:
    """Fill `found`, (times, people), piece after piece."""
    found[: np.searchsorted(times_h, course[0].from_h)] = 0
    for piece in course:
        rows = slice(*np.searchsorted(times_h, (piece.from_h, piece.to_h)))
        if rows.start == rows.stop:
            continue
        poles, amounts = system.poles_per_h, piece.now
        if piece.steady.any():  # what an infusion tends to, as one more mode that does not fall
            poles = np.vstack([poles, np.zeros_like(poles[:1])])
            amounts = np.vstack([piece.now - piece.steady, piece.steady.sum(axis=0)])
        by(found[rows], poles, amounts, times_h[rows] - piece.from_h)


def fill(found: Array, poles_per_h: Array, amounts: Array, since_h: Array) -> None:
    """Each block of people after the other: what it needs stays in the processor's cache."""
    below_nothing = (amounts < 0).any()
    for first in range(0, found.shape[1], _BLOCK):
        block = slice(first, first + _BLOCK)
        curves = decays(poles_per_h[:, block].T, amounts[:, block].T, since_h)
        if below_nothing:  # rounding may go there; a sum of what is positive cannot
            np.maximum(curves, 0, out=curves)
        found[:, block] = curves.T


def is_even(since_h: Array) -> bool:
    """Whether the times stand one step apart."""
    return bool(np.ptp(np.diff(since_h)) <= _EVEN_H)


def decays(poles_per_h: Array, amounts: Array, since_h: Array) -> Array:
    """``sum over modes of amount * exp(-pole * since)``: (people, modes) → (people, times).

    On an even grid a time is a coarse step and a fine one, and its exponential a product of two:
    few are taken, and each person's curve is one small matrix product.
    """
    even = len(since_h) >= _FINE and is_even(since_h)
    fine_h = since_h[:_FINE] - since_h[0] if even else since_h
    coarse_h = since_h[::_FINE] if even else np.zeros(1)
    rates = np.ascontiguousarray(-poles_per_h)
    fine = np.exp(rates[:, :, None] * fine_h)
    coarse = np.exp(coarse_h[:, None] * rates[:, None]) * amounts[:, None]
    whole: Array = np.matmul(coarse, fine)
    return whole.reshape(len(whole), -1)[:, : len(since_h)]


def areas(system: System, entries: Sequence[Entry], times_h: Array) -> Array:
    """ng·h/mL from the first input to each time, of shape (times,), for the first person."""
    found = np.zeros(len(times_h))
    for piece in pieces(system, entries):
        inside = np.clip(times_h, piece.from_h, piece.to_h) - piece.from_h
        for now, steady, pole in zip(piece.now, piece.steady, system.poles_per_h, strict=True):
            falls = -np.expm1(-inside * pole[0]) / pole[0]
            found += steady[0] * inside + (now[0] - steady[0]) * falls
    return found
