"""Writes about a series: a prescriber's decision, and one booking allowed closer."""

from datetime import datetime

from django.db import transaction

from clinic.episodes import actions as episodes
from clinic.episodes.models import SeriesDecision
from clinic.people.models import Patient, User
from clinic.planning import course, spacing
from clinic.planning.actions.care import move_care
from clinic.planning.actions.orders import SHORTEST_RATIONALE, stop_orders
from clinic.planning.actions.plans import locked_episode
from kapstone import pathway, series
from kapstone.errors import InvalidInput, KapstoneError
from kapstone.series import Wanted

Choice = SeriesDecision.Choice


class NothingWaits(KapstoneError):
    """A series was to be decided on, and nothing waits."""


@transaction.atomic
def decide_series(
    *, patient: Patient, choice: SeriesDecision.Choice, rationale: str, by: User, at: datetime
) -> SeriesDecision:
    """A prescriber decides on everything that waits now. A change stops the order that stands.

    Raises `NothingWaits`, `InvalidInput` without a rationale, and what `move_care` raises.
    """
    episode = locked_episode(patient)
    held = course.of(patient)
    waits = spacing.waiting(held, at) if held else spacing.Against()
    if not waits:
        raise NothingWaits("Nothing waits for a decision. Somebody may have decided meanwhile.")
    decision = SeriesDecision(
        episode=episode,
        choice=choice,
        keys=[*(each.row.key for each in waits.standings), *(each.key for each in waits.holds)],
        told=waits.words,
        rationale=_said(rationale),
    )
    episodes.record_decision(decision=decision, by=by, at=at)
    if choice == Choice.CHANGE:
        stop_orders(patient=patient, reason="Dose or route changes.", by=by, at=at)
    to = {Choice.PAUSE: pathway.Episode.PAUSED, Choice.END: pathway.Episode.COMPLETED}.get(choice)
    if to is not None:
        move_care(episode=episode, to=to, words=rationale, judges=True, by=by, at=at)
    return decision


@transaction.atomic
def allow_closer(
    *, patient: Patient, wanted: Wanted, rationale: str, by: User, at: datetime
) -> SeriesDecision:
    """A prescriber allows one dose closer, or more often, than the series does.

    It holds from the moment named until the next dose. Raises `InvalidInput` where nothing stands
    against that moment, or nobody can allow it.
    """
    episode = locked_episode(patient)
    held = course.of(patient)
    found = series.booking(held.course, wanted) if held else ()
    hard = [each for each in found if not each.overridable]
    if hard:
        raise InvalidInput("starts_at", f"cannot be allowed. {hard[0].message}")
    if not found:
        raise InvalidInput("starts_at", "needs no permission.", "Book it.")
    decision = SeriesDecision(
        episode=episode,
        choice=Choice.CLOSER,
        keys=[each.band for each in found],
        told=[each.message for each in found],
        rationale=_said(rationale),
        allows_from=wanted.at,
    )
    return episodes.record_decision(decision=decision, by=by, at=at)


def _said(rationale: str) -> str:
    if len(rationale.strip()) < SHORTEST_RATIONALE:
        mend = f"Say why in at least {SHORTEST_RATIONALE} characters."
        raise InvalidInput("rationale", "is needed.", mend)
    return rationale.strip()
