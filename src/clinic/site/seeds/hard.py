"""A hard experience of the demo: its steps opened and closed, music, agreed touch, numbers."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from clinic.dosing import stepping, touched
from clinic.dosing.kinds import SCORER, TOUCH, Chart
from clinic.site.seeds import day, way_home
from clinic.site.seeds.day import Day
from kapstone.monitoring.events import Kind

RECOVERED_MIN = 103
STEPS = "PATH-CE"
TAPS = (
    (2, "music_plays", "Slow piano"),
    (20, "turned_inward", ""),
    (25, "music_softer", ""),
    (27, "touch_yes", "The hand"),
    (30, "asked_prescriber", "Beside the chair; nothing given"),
    (37, "tears", ""),
    (50, "music_changed", "Strings"),
    (80, "music_off", ""),
)
FRIGHT = {24: (7, 8), 36: (4, 3)}  # minute → dissociation, anxiety


def went(one: Day, every: int) -> None:
    """Frightened from the 24th to the 36th minute; the steps followed, and home in time."""
    day.check_in(one)
    day.make_ready(one)
    day.give(one)
    acts: list[tuple[int, Callable[[int], None]]] = [
        *((minute, partial(day.measure, one)) for minute in day.SIGNS_MIN[::every]),
        *((minute, partial(day.look, one)) for minute in day.LOOKS_MIN if minute != 30),
        *((minute, partial(day.tap, one, word, words)) for minute, word, words in TAPS),
        *((minute, partial(_scored, one)) for minute in FRIGHT),
        (24, partial(_open, one)),
        (28, partial(_hand, one)),
        (36, partial(_close, one)),
        (day.INFUSION_MIN, partial(day.stop, one)),
    ]
    for minute, act in sorted(acts, key=lambda each: each[0]):
        act(minute)
        day.answer_alarms(one, minute)
    way_home.go_home(one, way_home.recover(one, RECOVERED_MIN))


def _scored(one: Day, minute: int) -> None:
    dissociation, anxiety = FRIGHT[minute]
    scores = {"dissoc_nrs": dissociation, "anxiety_nrs": anxiety, "nausea_nrs": 0}
    one.chart(Kind.NRS, minute, **scores, **one.made_up(SCORER))


def _open(one: Day, minute: int) -> None:
    at = one.at(minute)
    told = Chart(uuid4(), "steps", at, {})
    stepping.open_steps(session=one.session, chart=told, pathway_id=STEPS, by=one.nurse, at=at)


def _close(one: Day, minute: int) -> None:
    at = one.at(minute)
    told = Chart(uuid4(), "steps", at, {})
    stepping.close(
        session=one.session, chart=told, pathway_id=STEPS, outcome="over", by=one.nurse, at=at
    )


def _hand(one: Day, minute: int) -> None:
    """The therapist's hand, as it was agreed while sober."""
    body = {"touch": "hand", "began": "the person asked", "response": "Holds it, breathes slower"}
    told = Chart(uuid4(), TOUCH, one.at(minute), body | {"staff": str(one.team.therapist.pk)})
    touched.chart(session=one.session, told=told, by=one.nurse, at=one.at(minute))
