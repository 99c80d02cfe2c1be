"""What was charted of a session that is over, for those who read it before the next order."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from uuid import UUID

from clinic.dosing import lines, queries
from clinic.dosing.kinds import WEIGHT
from clinic.dosing.models import DosingSession
from clinic.people.models import Patient
from clinic.planning.past import Charted, Pressure
from kapstone.monitoring import marks
from kapstone.monitoring.doses import dose_of
from kapstone.monitoring.events import standing
from kapstone.monitoring.vitals import Reading, in_order, parameters

PEAKS = ("dissociation_nrs_score", "anxiety_nrs_score", "nausea_nrs_score")


def charted(patient: Patient, session_id: UUID) -> Charted | None:
    """What this room holds of a session; None of a dose that was charted elsewhere."""
    session = queries.session_of(patient, session_id)
    return None if session is None else _told(session)


def _told(session: DosingSession) -> Charted | None:
    line = standing(lines.read(session).events)
    dose = dose_of(session.route, line)
    if dose is None:
        return None
    readings = in_order(one for one in marks.readings(line) if not one.artefact)
    since = [one for one in readings if one.observed_at >= dose.start]
    before = [each for one in readings if one.observed_at < dose.start if (each := _pressure(one))]
    after = [(one.observed_at, each) for one in since if (each := _pressure(one))]
    highest = max(after, key=lambda each: each[1].systolic_mmhg, default=None)
    weights = [row.body for row in queries.standing_rows(session) if row.kind == WEIGHT]
    symptoms = (each.name for one in line for each in one.charted_symptoms() if each.present)
    return Charted(
        weight_kg=Decimal(str(weights[-1]["weight_kg"])) if weights else None,
        before=before[-1] if before else None,
        highest=highest[1] if highest else None,
        highest_after=highest[0] - dose.start if highest else None,
        last=after[-1][1] if after else None,
        peaks=tuple(_peaks(since)),
        symptoms=tuple(dict.fromkeys(symptoms)),
    )


def _pressure(reading: Reading) -> Pressure | None:
    systolic = reading.number_of("systolic_mmhg")
    diastolic = reading.number_of("diastolic_mmhg")
    if systolic is None or diastolic is None:
        return None
    return Pressure(systolic, diastolic)


def _peaks(since: Sequence[Reading]) -> Iterable[tuple[str, Decimal]]:
    for name in PEAKS:
        values = [value for one in since if (value := one.number_of(name)) is not None]
        if values:
            yield parameters()[name].label, max(values)
