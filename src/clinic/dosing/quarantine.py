"""What a device says that cannot be: kept apart, counted, shown, and never drawn as live.

What is possible of the same sample is charted. Nothing is refused back to the device, so that one
wrong value stops neither the stream nor the form.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import uuid5

from django.db import transaction

from clinic.dosing import actions
from clinic.dosing.kinds import QUARANTINED, Chart, number_from
from clinic.dosing.models import DosingSession, SessionEvent
from clinic.people.models import User
from kapstone.errors import InvalidInput
from kapstone.monitoring.events import Kind
from kapstone.monitoring.fields import Fields
from kapstone.monitoring.vitals import parameters

KEPT_CHARACTERS = 200  # of what the device said: it may have said anything
PAIR = ("sbp", "dbp")
Told = Mapping[str, object]


@transaction.atomic
def take(*, session: DosingSession, chart: Chart, by: User | None, at: datetime) -> SessionEvent:
    """A device's sample. Returns its row; the one that keeps it apart, if nothing of it can be."""
    good, bad = sift(chart.body)
    try:
        actions.check_moment(chart.observed_at, at)
    except InvalidInput as error:
        good, bad = {}, {**bad, **dict.fromkeys(good, str(error)), "time": str(error)}
        chart = replace(chart, observed_at=at)
    row = None
    if bad or not good:
        body = apart_as(chart.body, bad)
        apart = Chart(uuid5(chart.id, QUARANTINED), QUARANTINED, chart.observed_at, body)
        row = actions.record(session=session, chart=apart, by=by, at=at)
    if good:
        row = actions.record(session=session, chart=replace(chart, body=good), by=by, at=at)
    assert row is not None  # noqa: S101 - one of the two was written
    return row


def apart_as(told: Told, bad: Mapping[str, str]) -> dict[str, str]:
    """The body of the line that keeps it apart. bad: why each key's value cannot be."""
    why = "; ".join(dict.fromkeys(bad.values())) or "It said nothing."
    said = "; ".join(f"{key} {told.get(key, '')}" for key in bad) or "-"
    return {"said": said[:KEPT_CHARACTERS], "why": why[:KEPT_CHARACTERS]}


def sift(told: Told) -> tuple[dict[str, object], dict[str, str]]:
    """What of a sample is possible, and of the rest why it is not, by key."""
    known = {one.key: one for one in parameters().values() if Kind.SAMPLE in one.kinds}
    good: dict[str, object] = {}
    bad = {key: f"{key}: is not a known key." for key in told if key not in known}
    for key, one in known.items():
        if key not in told:
            continue
        try:
            value = _value(key, told[key], flag=one.low is None)
            one.read(Fields("", {key: value}))
        except InvalidInput as error:
            bad[key] = str(error)
        else:
            good[key] = value
    if all(isinstance(good.get(key), int | float) for key in PAIR) and _crossed(good):
        crossed = f"dbp: is {good['dbp']}, not below the systolic {good['sbp']}."
        for key in PAIR:
            del good[key]
            bad[key] = crossed
    return good, bad


def _crossed(good: Told) -> bool:
    return float(str(good["dbp"])) >= float(str(good["sbp"]))


def _value(key: str, written: object, *, flag: bool) -> object:
    if not isinstance(written, str):
        return written
    if flag:
        return {"yes": True, "true": True, "no": False, "false": False}.get(written, written)
    return number_from(key, written)
