"""The concentration at each minute, exactly, for many people: no step is integrated.

Between two changes of input every mode is ``steady + (now - steady) * exp(-pole * hours)``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kapstone.pharmacology.models import Way
from kapstone.pharmacology.transfer import Array
from kapstone.pharmacology.wiring import Port, System

_BLOCK = 512  # people solved together
_FINE = 24  # times in one coarse step
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


def concentrations(system: System, entries: Sequence[Entry], times_h: Array) -> Array:
    """ng/mL of shape (times, people). At the instant of a bolus: just after it."""
    found = np.empty((len(times_h), system.poles_per_h.shape[1]))
    course = pieces(system, entries)
    found[: np.searchsorted(times_h, course[0].from_h)] = 0
    for piece in course:
        rows = slice(*np.searchsorted(times_h, (piece.from_h, piece.to_h)))
        poles, amounts = system.poles_per_h, piece.now
        if piece.steady.any():  # what an infusion tends to, as one more mode that does not fall
            poles = np.vstack([poles, np.zeros_like(poles[:1])])
            amounts = np.vstack([piece.now - piece.steady, piece.steady.sum(axis=0)])
        if rows.start < rows.stop:
            _fill(found[rows], poles, amounts, times_h[rows] - piece.from_h)
    return found


def _fill(found: Array, poles_per_h: Array, amounts: Array, since_h: Array) -> None:
    """Each block of people after the other: what it needs stays in the processor's cache."""
    for first in range(0, found.shape[1], _BLOCK):
        block = slice(first, first + _BLOCK)
        curves = decays(poles_per_h[:, block], amounts[:, block], since_h)
        np.maximum(curves, 0, out=curves)  # rounding may go below nothing
        found[:, block] = curves.T


def decays(poles_per_h: Array, amounts: Array, since_h: Array) -> Array:
    """``sum over modes of amount * exp(-pole * since)``, of shape (people, times).

    On an even grid a time is a coarse step and a fine one, and its exponential a product of two:
    few are taken, and each person's curve is one small matrix product.
    """
    steps_h = np.diff(since_h)
    if len(since_h) < _FINE or np.ptp(steps_h) > _EVEN_H:
        each = np.exp(-since_h[:, None, None] * poles_per_h)
        summed: Array = np.einsum("tmn,mn->nt", each, amounts)
        return summed
    coarse = -(-len(since_h) // _FINE)
    step_h = (since_h[-1] - since_h[0]) / len(steps_h)
    fine = _powers(np.exp(-poles_per_h * step_h), _FINE)
    start = amounts * np.exp(-poles_per_h * since_h[0])
    slow = _powers(np.exp(-poles_per_h * (step_h * _FINE)), coarse) * start[:, None]
    whole: Array = np.matmul(slow.transpose(2, 1, 0), fine.transpose(2, 0, 1))
    return whole.reshape(len(whole), -1)[:, : len(since_h)]


def _powers(base: Array, count: int) -> Array:
    """(modes, people) → its powers 0 to count - 1, (modes, count, people), by doubling."""
    found = np.empty((len(base), count, base.shape[1]))
    found[:, 0] = 1
    done = 1
    while done < count:
        more = min(done, count - done)
        np.multiply(found[:, :more], base[:, None], out=found[:, done : done + more])
        done += more
        base = base * base
    return found


def areas(system: System, entries: Sequence[Entry], times_h: Array) -> Array:
    """ng·h/mL from the first input to each time, of shape (times,), for the first person."""
    found = np.zeros(len(times_h))
    for piece in pieces(system, entries):
        inside = np.clip(times_h, piece.from_h, piece.to_h) - piece.from_h
        for now, steady, pole in zip(piece.now, piece.steady, system.poles_per_h, strict=True):
            falls = -np.expm1(-inside * pole[0]) / pole[0]
            found += steady[0] * inside + (now[0] - steady[0]) * falls
    return found
