"""The loop of the extra ``kapstone[fast]``, compiled by Numba: `engines` chooses it.

This file holds the loop and nothing else, so that what is noted of the tests' reach leaves it
out: what runs is machine code and not these lines. A test holds its answers to those of NumPy.
"""

import numpy as np
from numba import njit

from kapstone.pharmacology.transfer import Array

_BLOCK = 512  # people whose modes stay in the processor's first cache together


@njit(nogil=True, fastmath={"contract", "reassoc", "nsz"})
def fill(found: Array, falls: Array, amounts: Array) -> None:
    """``found[place, person] = sum over modes of amount * fall ** place``; nothing below 0.

    `found` (times, people), `falls` and `amounts` (modes, people), two modes or more. From one time
    to the next a mode is one multiplication.
    """
    modes, people = falls.shape
    now, fall = np.empty((modes, _BLOCK)), np.empty((modes, _BLOCK))
    for first in range(0, people, _BLOCK):
        width = min(_BLOCK, people - first)
        now[:, :width] = amounts[:, first : first + width]
        fall[:, :width] = falls[:, first : first + width]
        for place in range(len(found)):
            row = found[place, first : first + width]
            for each in range(width):
                row[each] = now[0, each]
                now[0, each] *= fall[0, each]
            for mode in range(1, modes - 1):
                for each in range(width):
                    row[each] += now[mode, each]
                    now[mode, each] *= fall[mode, each]
            last = modes - 1
            for each in range(width):
                row[each] = max(row[each] + now[last, each], 0.0)
                now[last, each] *= fall[last, each]
