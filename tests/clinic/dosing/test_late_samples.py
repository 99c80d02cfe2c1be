"""What a monitor held back is judged at its own time: what nobody heard then is heard now."""

from collections.abc import Callable

import pytest

from clinic.dosing import answers, late, monitors, queries, samples
from clinic.dosing.models import RaisedAlarm
from clinic.dosing.samples import Sample, Sent
from clinic.people import audit
from tests.clinic.dosing.scene import NOON, Scene, after

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(7)]


def called(day: Scene) -> list[RaisedAlarm]:
    return list(day.session.alarms.filter(rule="ALM-O1").order_by("raised_at"))


def monitor(day: Scene) -> Callable[..., None]:
    """One that is compared, and sends samples at seconds after noon."""
    row, key = monitors.connect(session=day.session, name="Monitor 2", by=day.nurse.user, at=NOON)

    def sends(*told: tuple[int, int], at_s: int) -> None:
        listed = tuple(Sample(after(0, second), {"spo2": spo2}) for second, spo2 in told)
        samples.take([Sent(monitors.key_hash(key), listed)], after(0, at_s))

    sends((1, 98), at_s=1)
    assert monitors.confirm(monitor=row, by=day.nurse.user, at=after(0, 2))
    return sends


def in_gap() -> list[tuple[int, int]]:
    """Calm, low, calm again."""
    return [(second, 92 if 1205 <= second < 1240 else 98) for second in range(1200, 1250)]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize(
    ("at_s", "says"),
    [(1252, "true at 12:20, arrived 12:20"), (1352, "true at 12:20, arrived 12:22")],
)
def test_a_low_oxygen_while_the_monitors_line_was_cut_calls_when_it_arrives(
    im: Scene, newest_first: bool, at_s: int, says: str
) -> None:
    """The gateway kept it, and by the end of what it sends the person breathes well again."""
    im.start()
    sends = monitor(im)
    sends((1199, 98), at_s=1199)
    sends(*[(1251, 98)] * newest_first, *in_gap(), at_s=at_s)
    (alarm,) = called(im)
    assert (alarm.tier, alarm.was_over, alarm.event.kind) == ("A1", True, "sample")
    assert late.words(alarm) == says
    sends((at_s + 1, 98), at_s=at_s + 1)
    assert called(im)[0] in queries.open_alarms(im.session)
    answers.answer(alarm=alarm, by=im.nurse, at=after(23))
    sends((1400, 98), at_s=1400)
    assert alarm not in queries.open_alarms(im.session)
    assert [*audit.faults()] == []


def test_a_pressure_far_below_the_persons_own_calls_too_when_it_came_behind_a_newer_one(
    im: Scene,
) -> None:
    """It is low for this person alone: nobody would see that in the figure itself."""
    for minute in (5, 12):
        im.chart("vitals", after(minute), sbp=150, dbp=80, seated=True)
    im.start()
    sends = monitor(im)
    row = im.session.monitors.get()
    told = [(1291, 140, 80), (1230, 104, 70)]  # 46 below, of 31 %, and never below 90
    listed = tuple(Sample(after(0, at_s), {"sbp": sbp, "dbp": dbp}) for at_s, sbp, dbp in told)
    samples.take([Sent(row.key_hash, listed)], after(0, 1292))
    low = im.session.alarms.get(rule="ALM-BPL")
    assert low.was_over and late.words(low) == "true at 12:20, arrived 12:21"
    sends((1293, 98), at_s=1293)
    assert low in queries.open_alarms(im.session)


def test_samples_of_a_few_seconds_call_as_if_each_had_come_alone(im: Scene) -> None:
    """A gateway that sends every five seconds may not make less of it, nor call twice."""
    im.start()
    sends = monitor(im)
    for began in range(1200, 1250, 5):
        sends(*in_gap()[began - 1200 : began - 1195], at_s=began + 5)
    assert [(one.tier, one.was_over) for one in called(im)] == [("A1", False)]
