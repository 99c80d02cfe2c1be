"""What solves many people's curves: NumPy, or the compiled extra where it is installed."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from itertools import pairwise, starmap

import numpy as np

from kapstone.errors import InvalidInput
from kapstone.pharmacology import curves
from kapstone.pharmacology.curves import Entry, Fill
from kapstone.pharmacology.transfer import Array
from kapstone.pharmacology.wiring import System

# Compiling takes a second or two, once in a process: a page's 2,000 people never wait for it.
_WORTH_COMPILING = 20_000  # people
_WORTH_A_THREAD = 5_000  # people
_EVEN_TIMES = 2  # with fewer there is no step
_AGAIN = 256  # times after which a mode is taken from its exponential anew: rounding never gathers


class Engine(StrEnum):
    """`BEST` is the compiled one for 20,000 people or more, where ``kapstone[fast]`` is there."""

    BEST = "best"
    NUMPY = "numpy"
    COMPILED = "compiled"


@cache
def is_there() -> bool:
    """Whether the compiled extra is installed."""
    return find_spec("numba") is not None


def chosen(engine: Engine, people: int) -> Engine:
    """What solves so many people.

    Raises
    ------
    InvalidInput
        where the compiled one is asked for by name and is not installed.
    """
    if engine is Engine.COMPILED and not is_there():
        raise InvalidInput("engine", "compiled is not installed.", "Install kapstone[fast].")
    if engine is Engine.BEST:
        return Engine.COMPILED if is_there() and people >= _WORTH_COMPILING else Engine.NUMPY
    return engine


def concentrations(
    system: System, entries: Sequence[Entry], times_h: Array, engine: Engine = Engine.BEST
) -> Array:
    """ng/mL of shape (times, people); the engines agree to 1e-9. See `curves.concentrations`."""
    people = system.poles_per_h.shape[1]
    if chosen(engine, people) is Engine.NUMPY:
        return curves.concentrations(system, entries, times_h)
    found = np.empty((len(times_h), people))
    threads = os.cpu_count() or 1 if people >= _WORTH_A_THREAD else 1
    # Each its own times: two that wrote the same page would both have it cleared.
    cuts = [len(times_h) * part // threads for part in range(threads + 1)]
    course, fill = curves.pieces(system, entries), compiled_fill()
    with ThreadPoolExecutor(threads) as pool:
        parts = [
            pool.submit(curves.solve, system, course, times_h[mine], found[mine], fill)
            for mine in starmap(slice, pairwise(cuts))
        ]
    for part in parts:
        part.result()
    return found


@cache
def compiled_fill() -> Fill:
    """The compiled loop on even grids of times, NumPy's on others."""
    from kapstone.pharmacology.compiled import fill

    def either(found: Array, poles_per_h: Array, amounts: Array, since_h: Array) -> None:
        if len(since_h) < _EVEN_TIMES or not curves.is_even(since_h):
            curves.fill(found, poles_per_h, amounts, since_h)
            return
        falls = _left(poles_per_h, (since_h[-1] - since_h[0]) / (len(since_h) - 1))
        for first in range(0, len(since_h), _AGAIN):
            now = amounts * _left(poles_per_h, since_h[first]) if since_h[first] else amounts
            fill(found[first : first + _AGAIN], falls, now)

    return either


def _left(poles_per_h: Array, hours: float) -> Array:
    """What is left of each mode: in one memory, for with many people to take one costs more."""
    found = poles_per_h * -hours
    np.exp(found, out=found)
    return found
