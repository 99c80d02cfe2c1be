"""The demo's vials: received as they are needed, drawn for each dose, the rest wasted by two."""

from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from uuid import UUID

from clinic.pharmacy import actions, queries
from clinic.pharmacy.models import Row, Vial
from clinic.site.seeds.person import Team
from kapstone.monitoring.doses import DEVICE_MG

PRODUCT, MG_PER_ML, VOLUME_ML = "RACEMIC", Decimal(50), Decimal(10)
SYRINGE_STEP_MG = Decimal(10)
DEVICE = Decimal(140), Decimal("0.2")  # mg/mL and mL of one nasal device
LASTS = timedelta(days=300)
MISSING_MG = Decimal(5)


def draw(session_id: UUID, dose_mg: Decimal, team: Team, at: datetime) -> Row:
    """Drawn up for one dose, to the next whole step of the syringe."""
    steps = (dose_mg / SYRINGE_STEP_MG).to_integral_value(ROUND_CEILING)
    amount_mg = steps * SYRINGE_STEP_MG
    return actions.draw(
        vial=_vial(amount_mg, team, at),
        amount_mg=amount_mg,
        dose_id=session_id,
        by=team.nurse.user,
        witness=None,
        at=at,
    )


def spray(session_id: UUID, team: Team, at: datetime) -> str:
    """One nasal device out of the cupboard, all of which is given; returns its lot."""
    device = _received("ESKETAMINE", *DEVICE, team, at)
    actions.draw(
        vial=device,
        amount_mg=DEVICE_MG,
        dose_id=session_id,
        by=team.nurse.user,
        witness=None,
        at=at,
    )
    return device.lot


def waste_rest(session_id: UUID, team: Team, at: datetime) -> None:
    """What was drawn for a dose and not given is destroyed before the second nurse."""
    for each in queries.open_draws():
        if each.draw.dose_id == session_id:
            actions.waste(
                draw=each.draw,
                amount_mg=each.left_mg,
                reason="Rest of the syringe, into the waste container.",
                by=team.nurse.user,
                witness=team.second.user,
                at=at,
            )


def count_short(team: Team, at: datetime) -> None:
    """The morning's count of the open vial is short, and nobody has explained it yet."""
    held = queries.vials_in_stock(PRODUCT)[0]
    actions.count(
        vial=held.vial,
        counted_mg=held.left_mg - MISSING_MG,
        by=team.nurse.user,
        witness=team.second.user,
        at=at,
    )


def _vial(amount_mg: Decimal, team: Team, at: datetime) -> Vial:
    for each in queries.vials_in_stock(PRODUCT):
        if each.left_mg >= amount_mg and each.vial.expires_on > at.date():
            return each.vial
    return _received(PRODUCT, MG_PER_ML, VOLUME_ML, team, at)


def _received(
    product: str, mg_per_ml: Decimal, volume_ml: Decimal, team: Team, at: datetime
) -> Vial:
    number = Vial.objects.count() + 1
    vial = Vial(
        product=product,
        concentration_mg_per_ml=mg_per_ml,
        volume_ml=volume_ml,
        lot=f"DEMO{number:03d}",
        expires_on=(at + LASTS).date(),
        supplier="A wholesaler that does not exist",
        invoice=f"I-{number:03d}",
    )
    actions.receive_vial(
        vial=vial,
        by=team.nurse.user,
        witness=team.second.user,
        at=at - timedelta(minutes=20),
    )
    return vial
