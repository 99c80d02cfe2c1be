"""Synthetic people at every stage of an episode, drawn from published figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from kapstone.errors import InvalidInput
from kapstone.pathway import Episode
from kapstone.synth.course import Trajectory, trajectory
from kapstone.synth.identity import Identity, identity
from kapstone.synth.series import PRODUCTS, SyntheticDose, given_doses
from kapstone.synth.timeline import SyntheticScore, scores

MOST_PEOPLE = 100_000
EARLIEST_YEAR = 2000  # the studies drawn from begin there
NAMESAKES = (1, 2)  # these two share name, sex and birth date

# Thirty in turn, so that a demo of thirty has every stage and most people in treatment.
STAGES = (
    *(Episode.IN_SERIES,) * 5,
    *(Episode.MAINTENANCE,) * 4,
    *(Episode.COMPLETED,) * 4,
    *(Episode.REFERRED, Episode.SCREENING, Episode.ELIGIBLE, Episode.PLANNED) * 2,
    *(Episode.CONSENTED, Episode.PREPARED, Episode.PAUSED, Episode.DECLINED),
    *(Episode.NOT_ELIGIBLE, Episode.REFERRED_ON, Episode.WITHDRAWN, Episode.LOST, Episode.DIED),
)


@dataclass(frozen=True, slots=True)
class SyntheticPerson:
    """One invented person: who, where their episode stands, and what has happened so far."""

    number: int
    who: Identity
    stage: Episode
    referred_on: date
    doses: tuple[SyntheticDose, ...]
    scores: tuple[SyntheticScore, ...]
    course: Trajectory


def people(
    seed: int, count: int, as_of: date, products: Sequence[str] = PRODUCTS
) -> tuple[SyntheticPerson, ...]:
    """Draw people; equal arguments give equal people, and a longer draw begins with a shorter one.

    `products`: what the clinic gives, each as often as it stands there. `course` holds the whole
    trajectory; `scores` and `doses` only what stood before `as_of`.
    Raises InvalidInput for a count outside 0 to 100,000 and for a day before 2000.
    """
    if not 0 <= count <= MOST_PEOPLE:
        raise InvalidInput("count", f"must lie between 0 and {MOST_PEOPLE}.")
    if as_of.year < EARLIEST_YEAR:
        raise InvalidInput("as_of", f"must lie in {EARLIEST_YEAR} or later.")
    drawn = [_person(seed, number, as_of, products) for number in range(count)]
    first, second = NAMESAKES
    if count > second:
        drawn[second] = _namesake(drawn[second], drawn[first].who)
    return tuple(drawn)


def _person(seed: int, number: int, as_of: date, products: Sequence[str]) -> SyntheticPerson:
    rng = Random(f"kapstone:{seed}:{number}")  # noqa: S311  not for secrets: must be repeatable
    who, course = identity(rng, number, as_of), trajectory(rng)
    stage = STAGES[number % len(STAGES)]
    doses = given_doses(rng, stage, who, as_of, products)
    began = doses[0].on if doses else as_of
    return SyntheticPerson(
        number=number,
        who=who,
        stage=stage,
        referred_on=began - timedelta(days=rng.randint(21, 60)),
        doses=doses,
        scores=scores(rng, stage, course, doses, as_of),
        course=course,
    )


def _namesake(person: SyntheticPerson, other: Identity) -> SyntheticPerson:
    who = replace(
        person.who,
        given=other.given,
        family=other.family,
        sex=other.sex,
        birth_date=other.birth_date,
        email=f"{other.given}.{other.family}.{person.number}@example.org".lower(),
    )
    return replace(person, who=who)
