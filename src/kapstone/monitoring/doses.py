"""What a line that stands says of the dose, and of the phase of the visit."""

from collections.abc import Sequence
from decimal import Decimal

from kapstone.monitoring.events import DOSE_KINDS, Event, Kind
from kapstone.monitoring.schedules import Dose, Schedule
from kapstone.pathway import Session

DEVICE_MG = Decimal(28)  # esketamine base in one nasal device. Source: SPR-PI, mark S
_STOPPED = ("IV", "SL")  # routes by which drug goes in until a stop


def phase_of(line: Sequence[Event]) -> Session:
    """The last charted phase; drug given before any later word means dosing."""
    phase = Session.SCHEDULED
    for one in line:
        if one.phase is not None:
            phase = one.phase
        elif one.kind in DOSE_KINDS and one.kind is not Kind.DOSE_STOP:
            phase = Session.DOSING
    return phase


def dose_of(route: str, line: Sequence[Event]) -> Dose | None:
    """When the dose ran: an infusion until it is stopped, any other until its last part.

    A stop ends what is held in the mouth; of other routes it only says that no part follows.
    """
    kinds = DOSE_KINDS if route in _STOPPED else DOSE_KINDS - {Kind.DOSE_STOP}
    parts = [one for one in line if one.kind in kinds]
    if not parts:
        return None
    running = route == "IV" and parts[-1].kind is not Kind.DOSE_STOP
    return Dose(parts[0].observed_at, None if running else parts[-1].observed_at)


def given_mg(schedule: Schedule, line: Sequence[Event]) -> Decimal | None:
    """The mg given so far. An infusion's mg stand on its stop, any other part's on itself."""
    total = Decimal()
    if schedule.route == "IV":
        carrier = Kind.DOSE_STOP
    else:
        carrier = Kind.DEVICE if schedule.product == "ESKETAMINE" else Kind.DOSE_START
    for one in line:
        mg = one.dose_mg
        if mg is None and one.kind is Kind.DEVICE and schedule.product == "ESKETAMINE":
            mg = DEVICE_MG
        if mg is None and one.kind is carrier:
            return None
        total += mg or 0
    return total
