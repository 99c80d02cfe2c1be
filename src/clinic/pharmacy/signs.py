"""What stands out in the register, with names, for the registrant alone. Source: GRD-06."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from clinic.calendar.models import Shift
from clinic.people.models import User
from clinic.pharmacy import books
from clinic.pharmacy.models import Row
from kapstone import ledger


@dataclass(frozen=True, slots=True)
class Told:
    """One sign in words: whose, how much, and the entries it rests on."""

    sign: ledger.Sign
    people: tuple[User, ...]
    words: str
    rows: tuple[Row, ...]


def since(at: datetime) -> list[Told]:
    """The signs of the register from a moment on."""
    rows = books.rows_of()
    found = ledger.signs([books.entry(row) for row in rows], at, _on_shift(at))
    known = {str(row.entry_id): row for row in rows}
    people = User.objects.in_bulk([int(key) for each in found for key in each.people])
    return [
        Told(
            each.sign,
            tuple(people[int(key)] for key in each.people),
            _WORDS[each.sign.id](each.value),
            tuple(known[key] for key in each.entries),
        )
        for each in found
    ]


def _on_shift(since: datetime) -> ledger.OnShift:
    times: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    rows = Shift.objects.filter(ends_at__gt=since)
    for user, starts_at, ends_at in rows.values_list("staff__user", "starts_at", "ends_at"):
        times[str(user)].append((starts_at, ends_at))
    return lambda who, at: any(starts <= at < ends for starts, ends in times[who])


def _percent(figure: Decimal) -> str:
    return f"{figure * 100:.0f} %"


_WORDS: dict[str, Callable[[Decimal], str]] = {
    ledger.VARIANCE.id: lambda mg: f"{mg.normalize():+f} mg",
    ledger.PAIR.id: lambda share: f"{_percent(share)} of what either signs",
    ledger.WASTE.id: lambda share: f"{_percent(share)} more of it than the others",
    ledger.OFF_SHIFT.id: lambda count: f"{count} while on no shift",
    ledger.FAR.id: lambda far: f"{far} standard deviations above the others",
}
