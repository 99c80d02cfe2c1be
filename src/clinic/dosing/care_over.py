"""Nobody is waited for whose care has ended."""

from datetime import datetime

from clinic.dosing import stages
from clinic.dosing.models import DosingSession
from clinic.episodes.models import Episode
from clinic.people.models import User
from kapstone.pathway import Session


def cancel_booked(episode: Episode, by: User | None, at: datetime) -> None:
    """Cancel a session that has not begun. One with somebody in the chair goes on to its own end.

    Told by `clinic.episodes` in the transaction that ends an episode.
    """
    if episode.ended_at is None:
        return
    booked = DosingSession.objects.filter(episode=episode, phase=str(Session.SCHEDULED))
    for session in booked:
        reason = f"Care ended: {episode.stage}."
        stages.advance(
            session=session, to=Session.CANCELLED, have=set(), by=by, at=at, reason=reason
        )
