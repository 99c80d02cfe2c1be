"""The board: every open session across a room, without a name that a passer-by could read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from clinic.dosing import queries, screen, words
from clinic.dosing.models import DosingSession
from clinic.people import access
from kapstone.pathway import Session

NOT_HERE = (Session.SCHEDULED,)
ACROSS_A_ROOM = screen.SHOWN[:5]  # what is read from a distance; the console has the rest


@dataclass(frozen=True, slots=True)
class Tile:
    """One session. next_due: what is wanted next; a missed reading stands before one to come."""

    session: DosingSession
    room: str
    shown: screen.Screen
    vitals: Sequence[screen.Vital]
    next_due: screen.Wanted | None

    @property
    def tier(self) -> str:
        """The highest that calls, on record or not; "" where nothing does."""
        calling = [one.alarm.tier for one in self.shown.calling]
        return max([*calling, *(str(one.tier) for one in self.shown.unwritten)], default="")

    @property
    def unnamed(self) -> str:
        """What a locked board calls it."""
        return words.unnamed(self.session)


@dataclass(frozen=True, slots=True)
class Board:
    """The tiles of whoever looks, those that call hardest first. others_count: not theirs."""

    tiles: tuple[Tile, ...]
    others_count: int
    now: datetime


def build(who: access.Actor, now: datetime) -> Board:
    """Sessions of people who are here and whom this viewer may watch."""
    here = [each for each in queries.open_sessions() if Session(each.phase) not in NOT_HERE]
    mine = [each for each in here if access.may(who, "see_session", each.patient)]
    tiles = sorted((_tile(each, now) for each in mine), key=_hardest_first)
    return Board(tuple(tiles), len(here) - len(mine), now)


def _tile(session: DosingSession, now: datetime) -> Tile:
    shown = screen.build(session, now)
    room = session.appointment.room if session.appointment else ""
    wanted = sorted(shown.wanted, key=lambda one: (not one.due.missed, one.due.at))
    vitals = [one for one in shown.vitals if one.name in ACROSS_A_ROOM]
    return Tile(session, room, shown, vitals, wanted[0] if wanted else None)


def _hardest_first(tile: Tile) -> tuple[int, str, datetime]:
    """By the highest tier that calls, then by room: a tile keeps its place while nothing calls."""
    return -int(tile.tier[1:] or 0), tile.room, tile.session.opened_at
