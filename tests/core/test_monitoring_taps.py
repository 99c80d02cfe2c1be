"""What one tap charts must never hide what has to call."""

from datetime import UTC, datetime, timedelta

import pytest

from kapstone.monitoring import moaas, taps
from kapstone.monitoring.events import SYMPTOMS
from kapstone.monitoring.fields import table
from kapstone.monitoring.vitals import parameters

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)


def _line(*told: tuple[str, int]) -> list[taps.Tapped]:
    return [
        taps.Tapped(name, NOON + timedelta(minutes=minute), number)
        for number, (name, minute) in enumerate(told, 1)
    ]


@pytest.mark.parametrize(
    ("told", "now"),
    [
        ((), None),
        ((("music_plays", 1),), "music_plays"),
        ((("music_plays", 9), ("music_changed", 3)), "music_plays"),
        ((("music_plays", 1), ("music_off", 2)), None),
        ((("music_off", 2), ("tears", 3)), None),
    ],
)
def test_the_music_that_plays_is_the_last_that_was_told(
    told: tuple[tuple[str, int], ...], now: str | None
) -> None:
    found = taps.music_now(_line(*told))
    assert (found.id if found else None) == now


def test_no_tap_stands_in_for_what_has_to_call() -> None:
    """A tap is a note. Were vomiting or panic one, nobody would be called."""
    offered = [tap for group in taps.groups() for tap in group.taps]
    ids = [tap.id for tap in offered]
    assert len(ids) == len(set(ids))
    assert not set(ids) & (SYMPTOMS | set(parameters()))
    assert all(group.taps for group in taps.groups())
    assert {group.mark for group in taps.groups()} == {"P"}
    assert [taps.tap(each.id) for each in offered] == offered
    assert taps.tap("unheard of") is None


def test_each_tap_stands_in_its_own_group() -> None:
    """Under another head "stopped" is no word about music."""
    drafted = table("taps").children("taps")
    told = {(group.id, tap.id) for group in taps.groups() for tap in group.taps}
    assert told == {(row.text("group"), row.text("id")) for row in drafted}
    music = next(group for group in taps.groups() if group.id == taps.MUSIC)
    assert taps.MUSIC_OFF in {tap.id for tap in music.taps}


def test_the_scale_of_sedation_says_which_way_it_is_numbered() -> None:
    """By another table's numbers a 1 is awake here and barely rousable there."""
    scale = moaas.scale()
    held = parameters()["moaas_score"]
    assert [one.score for one in scale.anchors] == [5, 4, 3, 2, 1, 0]
    assert (held.low, held.high) == (0, 5)
    assert scale.ends == "5 answers readily to the name, 0 does not answer to a painful squeeze"
    assert scale.version and scale.note


def test_what_is_decided_at_the_chair_is_tapped_by_whoever_charts() -> None:
    """A therapist marks what is seen and heard, and decides nothing about the body."""
    noted = {group.id for group in taps.to_note()}
    assert {group.id for group in taps.groups()} - noted == {"decision", "safety"}
    assert taps.tap("moment_image", taps.to_note()) is not None
    assert taps.tap("asked_prescriber", taps.to_note()) is None
    assert taps.tap("asked_prescriber") is not None
