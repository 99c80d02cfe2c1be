"""Which instruments are held, and which of them this clinic may use."""

from collections.abc import Iterable

from django.conf import settings

from kapstone import instruments, schedule
from kapstone.instruments import Instrument


def may_use(instrument: Instrument) -> bool:
    """Whether it is free to use, or the clinic says that it holds a licence."""
    return not instrument.licence.permission_needed or instrument.id in settings.CLINIC_LICENSED


def of_the_schedule() -> list[Instrument]:
    """What the schedule itself asks for."""
    asked = {ask for row in schedule.content().rows for ask in row.ask}
    return [each for each in _held() if each.id in asked]


def _held() -> Iterable[Instrument]:
    return map(instruments.load, instruments.ids())


def every() -> list[tuple[Instrument, bool]]:
    """Each instrument held, by name, and whether it may be used here."""
    held = sorted(_held(), key=lambda each: each.name.casefold())
    return [(each, may_use(each)) for each in held]
