"""Steps for sickness at a demo chair: opened, done, a tablet under the standing order, closed."""

from uuid import uuid4

from clinic.dosing import actions, stepping, under_order
from clinic.dosing.kinds import RESCUE, Chart
from clinic.site.seeds.day import Day
from clinic.site.seeds.standing import SICKNESS, SICKNESS_STEP, TABLET

GIVEN: dict[str, object] = {"drug": TABLET["drug"], "amount": "one", "by_route": "mouth"}


def helped(one: Day, from_min: float, until_min: float) -> None:
    """What a nurse taps, from the first tap to the last."""
    stepping.open_steps(
        session=one.session,
        chart=_tap(one, from_min),
        pathway_id=SICKNESS,
        by=one.nurse,
        at=one.at(from_min),
    )
    for step in range(1, SICKNESS_STEP + 1):
        minute = from_min + step / 2
        stepping.tick(
            session=one.session,
            chart=_tap(one, minute),
            pathway_id=SICKNESS,
            step=step,
            by=one.nurse,
            at=one.at(minute),
        )
    _tablet(one, from_min + 2)
    stepping.close(
        session=one.session,
        chart=_tap(one, until_min),
        pathway_id=SICKNESS,
        outcome="over",
        by=one.nurse,
        at=one.at(until_min),
    )


def _tap(one: Day, minute: float) -> Chart:
    return Chart(uuid4(), "steps", one.at(minute), {})


def _tablet(one: Day, minute: float) -> None:
    """Under the order that stands, else by the prescriber's word."""
    at = one.at(minute)
    stands = under_order.offered(at)
    said = str(stands[0].order.pk) if stands else under_order.SPOKEN
    by_word = {} if stands else {"ordered_by": one.team.prescriber.user.name}
    told = Chart(uuid4(), RESCUE, at, GIVEN | by_word)
    told = under_order.fill(one.session, told, said)
    actions.record(session=one.session, chart=told, by=one.nurse, at=at)
