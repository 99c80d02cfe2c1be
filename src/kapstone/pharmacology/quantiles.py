"""Percentiles of many curves at once, by counting instead of sorting.

The upper bits of a positive float are its logarithm to a few parts in a thousand. People are
counted by those bits, and each order statistic is read off as the middle of its bin.
"""

import numpy as np
from numpy.typing import NDArray

from kapstone.pharmacology.transfer import Array

_BITS = 8  # of the mantissa: bins are 1/256 of themselves wide, their middle off by at most 1/512
_SHIFT = 52 - _BITS
_SORTED_AT_MOST = 20_000  # people; below it sorting is quicker than counting


def quantiles(values: Array, fractions: Array) -> Array:
    """The fractions' quantiles along the last axis: (times, people) → (fractions, times).

    Exact up to 20,000 people; above, each within 0.2 % of the exact one. Values are 0 or more.
    """
    if values.shape[1] <= _SORTED_AT_MOST:
        return _between(np.sort(values, axis=1).T, fractions)
    return np.stack([_counted(row, fractions) for row in values], axis=1)


def _places(people: int, fractions: Array) -> tuple[NDArray[np.int64], NDArray[np.int64], Array]:
    exact = fractions * (people - 1)
    below = np.floor(exact).astype(np.int64)
    return below, np.minimum(below + 1, people - 1), exact - below


def _between(ranked: Array, fractions: Array) -> Array:
    below, above, share = _places(len(ranked), fractions)
    low: Array = ranked[below]
    return low + share[:, None] * (ranked[above] - low)


def _counted(row: Array, fractions: Array) -> Array:
    bins = row.view(np.int64) >> _SHIFT
    first = int(bins.min())
    bins -= first
    upto = np.cumsum(np.bincount(bins))
    below, above, share = _places(len(row), fractions)
    low, high = (
        _middle(np.searchsorted(upto, places, "right") + first) for places in (below, above)
    )
    return low + share * (high - low)


def _middle(bins: NDArray[np.int64]) -> Array:
    edges = (bins << _SHIFT).view(np.float64), ((bins + 1) << _SHIFT).view(np.float64)
    return (edges[0] + edges[1]) / 2
