"""The loop of the extra ``kapstone[fast]``, compiled by Numba: `engines` chooses it.

This file holds the loop and nothing else, so that what is noted of the tests' reach leaves it
out: what runs is machine code and not these lines. A test holds its answers to those of NumPy.
"""

import numpy as np
from numba import njit

from kapstone.pharmacology.transfer import Array

_BLOCK = 512  # people whose modes stay in the processor's first cache together
_AGAIN = 256  # times after which a mode is taken from its exponential anew: rounding never gathers


@njit(nogil=True, fastmath={"contract", "reassoc", "nsz"})
def fill(found: Array, poles_per_h: Array, amounts: Array, since_h: Array, step_h: float) -> None:
    """``found[t, person] = sum over modes of amount * exp(-pole * since)`` on an even grid.

    `found` (times, people), `poles_per_h` and `amounts` (modes, people), two modes or more,
    `since_h` (times,). From one time to the next a mode is one multiplication. Nothing below 0.
    """
    modes, people = poles_per_h.shape
    now, falls = np.empty((modes, _BLOCK)), np.empty((modes, _BLOCK))
    for first in range(0, people, _BLOCK):
        width = min(_BLOCK, people - first)
        for mode in range(modes):
            for each in range(width):
                falls[mode, each] = np.exp(-poles_per_h[mode, first + each] * step_h)
        for place in range(len(since_h)):
            if place == 0 and since_h[0] == 0.0:
                now[:, :width] = amounts[:, first : first + width]
            elif place % _AGAIN == 0:
                for mode in range(modes):
                    for each in range(width):
                        fallen = np.exp(-poles_per_h[mode, first + each] * since_h[place])
                        now[mode, each] = amounts[mode, first + each] * fallen
            row = found[place, first : first + width]
            for each in range(width):
                row[each] = now[0, each]
                now[0, each] *= falls[0, each]
            for mode in range(1, modes - 1):
                for each in range(width):
                    row[each] += now[mode, each]
                    now[mode, each] *= falls[mode, each]
            last = modes - 1
            for each in range(width):
                row[each] = max(row[each] + now[last, each], 0.0)
                now[last, each] *= falls[last, each]
