"""A clinic's own hard limit: lower than the published one, never higher.

Source: protocol 4.2, mark P.
"""

from kapstone.dose.rows import RangeRow
from kapstone.errors import InvalidInput
from kapstone.limits import Bound

_UNITS = {"mg_per_kg": "mg/kg", "mg": "mg"}


def refuse_unless_lower(row: RangeRow, own: Bound) -> None:
    """Raise `InvalidInput`, naming the figure, where one is not below its published one."""
    for key, unit in _UNITS.items():
        figure, published = getattr(own, key), getattr(row.hard_max, key)
        if figure is None:
            continue
        if published is None:
            raise InvalidInput(key, f"{row.id} has no hard limit in {unit}.", "Leave it empty.")
        if figure >= published:
            problem = f"{figure} {unit} is not below the published {published} {unit}."
            raise InvalidInput(key, problem, "A clinic may lower a hard limit, never raise it.")
