"""A few seconds of a device's stream in the demo, a stretch of it marked as an artefact."""

from uuid import uuid4

from clinic.dosing import actions
from clinic.dosing.kinds import MONITOR, Chart
from clinic.site.seeds.day import Day, measure
from kapstone.monitoring.events import Kind
from kapstone.synth import monitor

SAMPLES, FIRST_DOUBLED, LAST_DOUBLED = 16, 5, 12
WHY = "Probe slipped: it counted each beat twice"


def probe_slips(day: Day, minute: int) -> None:
    """A probe counts each beat twice for some seconds; the nurse marks them and measures."""
    seen = monitor.signs(day.course, minute)
    for second in range(SAMPLES):
        doubled = FIRST_DOUBLED <= second <= LAST_DOUBLED
        pulse = seen.heart_rate_bpm * (2 if doubled else 1)
        told = {"spo2": seen.spo2_pct, "hr": pulse}
        day.chart(Kind.SAMPLE, minute + second / 60, **told, **day.made_up(MONITOR))
    body = {"marks_key": "hr", "lasted_s": LAST_DOUBLED - FIRST_DOUBLED}
    mark = Chart(uuid4(), Kind.ARTEFACT, day.at(minute + LAST_DOUBLED / 60), body, reason=WHY)
    at = day.at(minute + SAMPLES / 60)
    actions.record(session=day.session, chart=mark, by=day.nurse, at=at)
    measure(day, minute + SAMPLES / 60, spo2_o2=False)
