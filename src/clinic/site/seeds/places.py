"""Who stands where: each of the thirty has a place, each place a way that leads there.

A place fits the stage that the generator drew. Two go further than drawn, since nothing drawn
speaks against it: an order signed and a plan changed after it (16, 19).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from django.utils import timezone

from clinic.episodes import queries as episode_queries
from clinic.people import actions as people
from clinic.people.roles import Role
from clinic.planning import actions as planning
from clinic.site.seeds import alerts, calls, doses, history, moments, spray, treatment
from clinic.site.seeds.person import Event, Person, days, moment
from clinic.site.seeds.staff import member
from kapstone import pathway

Act = Callable[[Person, datetime], object]
AHEAD_OF_DOSE = timedelta(hours=2)  # how long before a dose its day begins, at most


class Place(StrEnum):
    """Where a person of the demo stands."""

    REFERRED = "referred, and nobody has begun"
    ASKING = "the history has begun"
    FACT_MISSING = "all asked, one answer is waited for"
    NOT_ELIGIBLE = "refused for an absolute contraindication"
    ENDED_BEFORE = "the way ended before a plan"
    CLEARED = "cleared, with a relative finding overridden, and the baseline scored"
    PLANNED = "a plan is written"
    CONSENTED = "consent is signed"
    PREPARED = "prepared"
    SPRAYED = "after a whole first day with the spray, they left the second before the two hours"
    ORDER_LAPSED = "the plan changed after the order was signed"
    IN_SERIES = "in the middle of a series"
    STRONGER = "in a series, and a dose above the soft limit waits for its second signature"
    BOOKED = "a dose is booked for today"
    HELD = "the dose of yesterday was held"
    PAUSED = "consent was withdrawn in the middle of a dose"
    MAINTENANCE = "the series is over, care goes on"
    COMPLETED = "completed, with follow-up"
    ENDED_EARLY = "ended early, after doses"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a way: so many days before the first dose, or before today without one."""

    days_before: int
    hour_h: int
    act: Act


ASK = (Step(12, 10, history.take),)
CLEAR = (*ASK, Step(4, 11, history.clear))
PLAN = (*CLEAR, Step(4, 15, treatment.plan))
CONSENT = (*PLAN, Step(3, 10, treatment.consent))
PREPARE = (*CONSENT, Step(3, 12, treatment.prepare), Step(2, 9, treatment.complete))
ORDER = (*PREPARE, Step(1, 16, treatment.order))
WAYS: Mapping[Place, tuple[Step, ...]] = {
    Place.REFERRED: (),
    Place.ASKING: (Step(2, 11, history.begin), Step(2, 11, history.strange_name)),
    Place.FACT_MISSING: ASK,
    Place.NOT_ELIGIBLE: (*ASK, Step(4, 11, history.end)),
    Place.ENDED_BEFORE: (Step(12, 10, history.begin), Step(2, 12, history.end)),
    Place.CLEARED: CLEAR,
    Place.PLANNED: PLAN,
    Place.CONSENTED: CONSENT,
    Place.PREPARED: PREPARE,
    Place.SPRAYED: ORDER,
}
STANDS: Mapping[int, Place] = {
    0: Place.BOOKED,
    1: Place.IN_SERIES,
    2: Place.HELD,
    3: Place.STRONGER,
    4: Place.IN_SERIES,
    **dict.fromkeys(range(5, 9), Place.MAINTENANCE),
    **dict.fromkeys(range(9, 13), Place.COMPLETED),
    13: Place.REFERRED,
    14: Place.ASKING,
    15: Place.CLEARED,
    16: Place.ORDER_LAPSED,
    17: Place.REFERRED,
    18: Place.FACT_MISSING,
    19: Place.SPRAYED,
    20: Place.PLANNED,
    21: Place.CONSENTED,
    22: Place.PREPARED,
    23: Place.PAUSED,
    24: Place.ENDED_BEFORE,
    25: Place.NOT_ELIGIBLE,
    26: Place.ENDED_BEFORE,
    27: Place.ENDED_EARLY,
    28: Place.ENDED_EARLY,
    29: Place.ENDED_BEFORE,
}
INTEGRATION_WAITS = (1, 2)  # nobody has held the visit after their last dose
REVIEWED_AFTER = days(8)  # what was asked on day 7 is there
COMPLETED_AFTER = days(72)
ENDS_AFTER = days(45)
REVIEWS = {
    pathway.Episode.MAINTENANCE: "Scores and notes of the series read with the person. Goes on.",
    pathway.Episode.COMPLETED: "Two months of scores read with the person. No more doses.",
}


def way(person: Person, now: datetime) -> Iterator[Event]:
    """What happened to a person, each with its moment, up to now."""
    for at, act in _whole_way(person, now):
        if at < now:
            yield at, partial(act, person)


def _whole_way(person: Person, now: datetime) -> Iterator[tuple[datetime, Act]]:
    place = STANDS[person.number]
    yield moment(person.drawn.referred_on, 9), history.refer
    for step in WAYS.get(place, ORDER):
        yield moment(person.anchor - days(step.days_before), step.hour_h), step.act
    for number, dose in enumerate(person.drawn.doses):
        at = moment(dose.on, *doses.hour_of(person, number))
        yield at, partial(_dose, number)
        if person.number in moments.ASKED_OF:
            yield at - moments.BEFORE, moments.before
            for hours in moments.hours_of(person, number):
                minutes = timedelta(hours=hours, minutes=50 + 4 * number)
                yield at + minutes, partial(moments.after, hours)
        last = number == len(person.drawn.doses) - 1
        if not (last and person.number in calls.NOBODY_CALLED):
            yield at + calls.CALLED_AFTER, calls.call
        if not (last and person.number in INTEGRATION_WAITS):
            yield at + doses.INTEGRATION_AFTER, doses.integrate
    yield from _after(person, place, now)


def _dose(number: int, person: Person, at: datetime) -> None:
    doses.given(person, number, at)


def _whole_day(at: datetime) -> datetime:
    """A start so far from midnight that what the day asks for, such as a weight, is of its date."""
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return at if at - midnight >= AHEAD_OF_DOSE else midnight - AHEAD_OF_DOSE


def _after(person: Person, place: Place, now: datetime) -> Iterator[tuple[datetime, Act]]:
    """What came after the doses, or in place of one."""
    today = moment(person.as_of, 10)
    last = moment(person.drawn.doses[-1].on, 18) if person.drawn.doses else today
    if place is Place.ORDER_LAPSED:
        yield now - timedelta(hours=5), _ask_for_injection
    elif place is Place.SPRAYED:
        first = moment(person.anchor, 10)
        yield first, spray.whole
        yield first + calls.CALLED_AFTER, calls.call
        yield first + doses.INTEGRATION_AFTER, doses.integrate
        yield _whole_day(now - timedelta(hours=3)), spray.left_early
    elif place is Place.STRONGER:
        yield now - timedelta(hours=3), _ask_for_more
    elif place is Place.BOOKED:
        yield now - timedelta(hours=1), doses.booked
    elif place is Place.IN_SERIES and person.number == moments.WISHES_DAILY:
        yield now - timedelta(days=1), moments.wish
    elif place is Place.HELD:
        yield now - timedelta(hours=20), doses.held
    elif place in (Place.MAINTENANCE, Place.COMPLETED):
        yield last + REVIEWED_AFTER, partial(_review, pathway.Episode.MAINTENANCE)
    if place is Place.COMPLETED:
        yield last + COMPLETED_AFTER, partial(_review, pathway.Episode.COMPLETED)
    elif place is Place.ENDED_EARLY:
        yield last + days(10), _withdraw
        yield last + ENDS_AFTER, history.end


def _ask_for_injection(person: Person, at: datetime) -> None:
    history.clear_again(person, "IM", at)
    treatment.change_route(person, at + timedelta(hours=1))


def _ask_for_more(person: Person, at: datetime) -> None:
    """A dose above the soft limit; the pharmacist joins, who may sign it as the second."""
    history.clear_for_more(person, at)
    by = member(Role.MANAGER).user
    people.join_team(patient=person.patient, staff=member(Role.PHARMACIST), by=by, at=at)
    treatment.order_more(person, at + timedelta(minutes=20))


def _withdraw(person: Person, at: datetime) -> None:
    """Those who go by their own wish take their consent back first."""
    if person.drawn.stage is pathway.Episode.WITHDRAWN:
        by = person.team.therapist.user
        planning.withdraw_consent(patient=person.patient, by=by, at=at, words="I stop here.")
        alerts.handle(person.patient, person.team, at + timedelta(minutes=9), alerts.NO_MORE)


def _review(to: pathway.Episode, person: Person, at: datetime) -> None:
    """A prescriber read the scores after the series."""
    episode = episode_queries.open_episode(person.patient)
    if episode is not None:
        by, words = person.team.prescriber.user, REVIEWS[to]
        planning.move_care(episode=episode, to=to, words=words, judges=True, by=by, at=at)
