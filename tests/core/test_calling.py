"""An alarm that is silenced and forgotten is an alarm that never was."""

from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement, product

import pytest

from kapstone.errors import InvalidInput
from kapstone.monitoring.calling import Deed, Step, Voice, pause_at_most, voice

T0 = datetime(2026, 3, 1, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOST = 120 * SECOND
MOMENTS_S = (0, 60, 119, 120, 121)
PAUSES_S = (1, 60, 120)
SILENT_FOR_GOOD = {Deed.SEEN, Deed.RESOLVED, Deed.ENDED}


def at(second):
    return T0 + second * SECOND


def step(deed, second, pause_s=120):
    return Step(deed, at(second), pause_s * SECOND if deed is Deed.PAUSED else timedelta())


def told():
    """Every line of up to three deeds at each moment: 7 deeds (a pause of each length counts)."""
    deeds = [(deed, 0) for deed in Deed if deed is not Deed.PAUSED]
    deeds += [(Deed.PAUSED, pause_s) for pause_s in PAUSES_S]
    for count in range(4):
        for moments in combinations_with_replacement(MOMENTS_S, count):
            for line in product(deeds, repeat=count):
                yield [
                    step(deed, moment, pause_s or 1)
                    for moment, (deed, pause_s) in zip(moments, line, strict=True)
                ]


@pytest.mark.hazard(9)
def test_every_line_of_deeds_at_every_moment():
    """Silent is only what was answered, has ended, or rests: a pause not over and nothing new."""
    seen = set()
    for line in told():
        for now in {at(s) for s in (0, 59, 60, 119, 120, 121, 179, 180, 239, 240, 241)}:
            past = [one for one in line if one.at <= now]
            deeds = [one.deed for one in past]
            last = max((i for i, deed in enumerate(deeds) if deed is Deed.PAUSED), default=None)
            rests = (
                last is not None
                and Deed.CHANGED not in deeds[last:]
                and now < past[last].at + past[last].pause
            )
            found = voice(line, now)
            seen.add(found)
            if Deed.ENDED in deeds:
                assert found is Voice.ENDED
            elif SILENT_FOR_GOOD & set(deeds):
                assert found is Voice.ANSWERED
            else:
                assert found is (Voice.PAUSED if rests else Voice.SOUNDING)
    assert seen == set(Voice)


@pytest.mark.hazard(9)
@pytest.mark.parametrize("pause_s", range(1, 121))
def test_a_pause_is_over_to_the_second(pause_s):
    line = [step(Deed.PAUSED, 0, pause_s)]
    assert voice(line, at(pause_s) - SECOND) is Voice.PAUSED
    assert voice(line, at(pause_s)) is Voice.SOUNDING
    assert voice(line, at(pause_s) + SECOND) is Voice.SOUNDING


@pytest.mark.hazard(9)
def test_anything_new_ends_the_pause_at_once_and_a_new_pause_begins_anew():
    line = [step(Deed.PAUSED, 0), step(Deed.CHANGED, 10)]
    assert voice(line, at(9)) is Voice.PAUSED
    assert voice(line, at(10)) is Voice.SOUNDING
    again = [*line, step(Deed.PAUSED, 20)]
    assert voice(again, at(139)) is Voice.PAUSED
    assert voice(again, at(140)) is Voice.SOUNDING


@pytest.mark.parametrize("pause", [timedelta(), -SECOND, MOST + SECOND, timedelta(days=1)])
def test_a_pause_without_an_end_is_no_pause(pause):
    with pytest.raises(InvalidInput, match=r"pause: is .*Pause the sound for 1 to 120 s"):
        Step(Deed.PAUSED, T0, pause)


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed is not Deed.PAUSED])
def test_no_other_deed_carries_a_pause(deed):
    with pytest.raises(InvalidInput, match="pause"):
        Step(deed, T0, SECOND)


def test_a_naive_moment_is_refused_and_the_longest_pause_is_two_minutes():
    with pytest.raises(InvalidInput, match="time zone"):
        Step(Deed.SEEN, datetime(2026, 3, 1))  # noqa: DTZ001 - refused
    with pytest.raises(InvalidInput, match="time zone"):
        voice([], datetime(2026, 3, 1))  # noqa: DTZ001 - refused
    assert pause_at_most() == MOST
