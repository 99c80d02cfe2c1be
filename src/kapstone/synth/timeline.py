"""The questionnaires a synthetic person has answered by a given day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from kapstone.pathway import Episode
from kapstone.synth.course import Trajectory
from kapstone.synth.draws import spread_over_items
from kapstone.synth.series import PLANNED, SyntheticDose

# How soon each item rises with the total; item 9 of the PHQ-9 last. Ours, mark P.
_WEIGHTS = {"phq9": (4, 4, 4, 5, 3, 4, 3, 2, 1), "gad7": (4, 4, 5, 4, 3, 3, 3)}
# From the baseline to the end of the series in even steps, dose by dose, give or take. Mark P.
_GIVE_OR_TAKE = 2
_MOST = {"phq9": 27, "gad7": 21}
_VISIT_DAYS, _LAST_DAYS, _END_DAYS = 2, 7, 14  # after a dose; after the last one of the series
_NO_BASELINE = (Episode.REFERRED, Episode.SCREENING, Episode.DECLINED)
_FINISHED = (Episode.MAINTENANCE, Episode.COMPLETED)


@dataclass(frozen=True, slots=True)
class SyntheticScore:
    """One answered questionnaire; `items` in the instrument's order add up to `total`.

    MADRS is rated by a clinician and kept as a total alone: its `items` are empty.
    """

    instrument: str
    on: date
    total: int
    items: tuple[int, ...]


def scores(
    rng: Random,
    stage: Episode,
    course: Trajectory,
    doses: tuple[SyntheticDose, ...],
    as_of: date,
) -> tuple[SyntheticScore, ...]:
    """Every score up to `as_of`, oldest first."""
    if stage in _NO_BASELINE:
        return ()
    found = [*_planned(stage, course, doses, as_of), *_between(rng, stage, course, doses)]
    planned = sorted(found, key=lambda entry: entry[1])
    return tuple(
        SyntheticScore(name, on, total, _items(rng, name, total))
        for name, on, total in planned
        if on <= as_of
    )


def _items(rng: Random, instrument: str, total: int) -> tuple[int, ...]:
    weights = _WEIGHTS.get(instrument)
    return spread_over_items(rng, total, weights) if weights else ()


def _planned(
    stage: Episode, course: Trajectory, doses: tuple[SyntheticDose, ...], as_of: date
) -> Iterator[tuple[str, date, int]]:
    began = doses[0].on if doses else as_of
    yield "phq9", began - timedelta(days=5), course.phq9_baseline
    yield "gad7", began - timedelta(days=5), course.gad7_baseline
    yield "madrs", began - timedelta(days=5), course.madrs_baseline
    if doses:
        yield "madrs", began + timedelta(days=1), course.madrs_24h_total
        yield "madrs", began + timedelta(days=7), course.madrs_day7_total
    if stage in _FINISHED:
        ended = doses[-1].on + timedelta(days=_END_DAYS)  # PHQ-9 and GAD-7 ask about two weeks
        yield "phq9", ended, course.phq9_end_total
        yield "gad7", ended, course.gad7_end_total
        yield "phq9", ended + timedelta(weeks=4), course.phq9_week4_total
        yield "phq9", ended + timedelta(weeks=8), course.phq9_week8_total


def _between(
    rng: Random, stage: Episode, course: Trajectory, doses: tuple[SyntheticDose, ...]
) -> Iterator[tuple[str, date, int]]:
    """What was answered at the visit after each dose, and a week after the last of a series."""
    for number, dose in enumerate(doses, start=1):
        visit = dose.on + timedelta(days=_VISIT_DAYS)
        yield from _on_the_way(rng, course, visit, number / PLANNED[dose.product])
    if stage in _FINISHED:
        yield from _on_the_way(rng, course, doses[-1].on + timedelta(days=_LAST_DAYS), 1)


def _on_the_way(
    rng: Random, course: Trajectory, on: date, share: float
) -> Iterator[tuple[str, date, int]]:
    """Both questionnaires with this share of the series behind the person."""
    for name, start, end in (
        ("phq9", course.phq9_baseline, course.phq9_end_total),
        ("gad7", course.gad7_baseline, course.gad7_end_total),
    ):
        total = round(start + (end - start) * share) + rng.randint(-_GIVE_OR_TAKE, _GIVE_OR_TAKE)
        yield name, on, min(max(total, 0), _MOST[name])
