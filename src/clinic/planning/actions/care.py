"""Where care goes by a person's word: a pause, maintenance, or an end."""

from datetime import datetime

from django.db import transaction

from clinic.episodes import actions as episodes
from clinic.episodes.models import Episode
from clinic.intake import deciding
from clinic.people.models import User
from clinic.planning import known, queries
from clinic.planning.actions.orders import stop_orders
from clinic.planning.actions.plans import locked_episode
from kapstone import pathway
from kapstone.errors import InvalidInput
from kapstone.pathway import Need

# Every other step follows from what is signed, cleared or given.
BY_WORD = (
    pathway.Episode.PAUSED,
    pathway.Episode.MAINTENANCE,
    pathway.Episode.COMPLETED,
    pathway.Episode.NOT_ELIGIBLE,
    pathway.Episode.DECLINED,
    pathway.Episode.WITHDRAWN,
    pathway.Episode.REFERRED_ON,
    pathway.Episode.LOST,
    pathway.Episode.DIED,
)
JUDGED = frozenset({Need.PRESCRIBER, Need.RESULT_REVIEW})


def open_ways(episode: Episode, *, judges: bool) -> list[pathway.Episode]:
    """Where care can go from here. `judges`: whether the asker may judge as a prescriber."""
    stage = pathway.Episode(episode.stage)
    allowed = pathway.allowed(stage)
    ways = [to for to in BY_WORD if to in allowed]
    return [to for to in ways if judges or not pathway.step(stage, to) & JUDGED]


@transaction.atomic
def move_care(
    *, episode: Episode, to: pathway.Episode, words: str, judges: bool, by: User, at: datetime
) -> Episode:
    """Pause care, go on to maintenance, or end it, with the reason or what was judged in words.

    A pause and an end stop the orders that stand; an end also ends the clearance. Raises
    `ForbiddenStep`, `NeedMissing`, or `InvalidInput` where no reason is given.
    """
    if not words.strip():
        raise InvalidInput("words", "are missing.", "Say why, or what was judged.")
    patient, now_open = episode.patient, locked_episode(episode.patient)
    stops = to is pathway.Episode.PAUSED or not pathway.allowed(to)
    reason = f"Care: {to}."
    if stops:
        stop_orders(patient=patient, reason=reason, by=by, at=at)
    moved = episodes.advance(
        episode=now_open,
        to=to,
        have=_on_record(now_open, judges=judges, at=at),
        by=by,
        at=at,
        reason=words.strip(),
    )
    if moved.ended_at is not None:
        deciding.end_clearance(patient=patient, reasons=[reason], by=by, at=at)
    return moved


def _on_record(episode: Episode, *, judges: bool, at: datetime) -> frozenset[Need]:
    plan = queries.current_plan(episode.patient)
    cleared = plan and known.has_clearance(episode.patient, plan.product, plan.route, at)
    return (JUDGED if judges else frozenset()) | ({Need.CLEARANCE} if cleared else frozenset())
