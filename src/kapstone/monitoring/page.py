"""The page docs/generated/monitoring.md, made from this room's tables."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from kapstone.monitoring.alarms import alarm_rows
from kapstone.monitoring.calling import pause_at_most
from kapstone.monitoring.criteria import criteria
from kapstone.monitoring.fields import table
from kapstone.monitoring.moaas import scale
from kapstone.monitoring.parts import (
    amounts_differ_percent,
    pause_chased_after,
    second_parts,
)
from kapstone.monitoring.pathways import pathways
from kapstone.monitoring.presence import presence_rows
from kapstone.monitoring.schedules import CHANNELS, Step, schedules
from kapstone.monitoring.streams import stream_rows
from kapstone.monitoring.taps import groups
from kapstone.monitoring.triggers import Condition, Trigger
from kapstone.monitoring.vitals import parameters

HEAD = """# Monitoring, alarms and discharge, version {version}

Made by `python -m kapstone.generated`; do not edit. No clinician has reviewed it.

A secondary display: it replaces no bedside monitor. No row holds a drug.
"""


def monitoring_page() -> str:
    """Alarms, readings due, discharge criteria and possible ranges as tables."""
    return "\n".join(
        [
            HEAD.format(version=table("alarms").text("version")),
            "## Alarms\n",
            "The first reading counts, unless the row says otherwise. Latching: stays until a",
            f"person resolves it. A pause of the sound lasts {_pause_s()} s at most, and no longer",
            "than until something changes. Hazard: what befalls the person; log: the rows of",
            "SAFETY.md that it helps to hold.\n",
            "What a device's stream says is judged apart:\n",
            _table("id title says figures source mark", _streams()),
            _table("rule tier title when latching action hazard log steps source mark", _alarms()),
            "## Steps\n",
            "No row holds a drug or an amount: at the steps that *order* names an order has to.",
            "Whom to call goes by the tier (P), and by who else stands in the steps.\n",
            _table("id tier title steps order call source mark", _pathways()),
            "## Readings due\n",
            "Minutes from the start of the dose. Missed 5 min after its moment. A value blanks at",
            "twice the interval (the shorter of two), a streamed one after 10 s.\n",
            _table(f"id product route {' '.join(CHANNELS)} source mark", _plans()),
            "## Discharge\n",
            "All rows are needed; a nurse proposes, a prescriber or delegate signs. A value that",
            "is stale or from before the last part of the dose is not known, and so not met.\n",
            _table("id title criterion overridable source mark", _discharge()),
            "## Who is in the room\n",
            "From the first of the drug on. It warns in words and alarms nobody.\n",
            _table("id band title needs source mark", _presence()),
            *_altered_state(),
            "## Parts of a dose\n",
            f"An infusion that stands still for {_minutes(pause_chased_after())} min is told to a",
            f"person; mg charted at a stop and mg by the charted rates that lie over "
            f"{amounts_differ_percent()} % apart",
            "are shown as differing. Both P.\n",
            _table("id route allowed why source mark", _second_parts()),
            "## What is possible\n",
            "A value outside is refused, never moved to the edge.\n",
            _table("what name key range", _ranges()),
        ]
    )


def _altered_state() -> Iterator[str]:
    yield f"## {scale().id}, version {scale().version}\n"
    yield f"{scale().note} Source: {', '.join(scale().source)}. Mark: {scale().mark}.\n"
    yield _table("score means", _anchors())
    yield "## What one tap charts\n"
    yield f"{table('taps').text('note')} Version {table('taps').text('version')}.\n"
    yield _table("id group words source mark", _taps())


def _pause_s() -> int:
    return int(pause_at_most().total_seconds())


def _alarms() -> Iterator[Iterable[str]]:
    for row in alarm_rows():
        when = "; or ".join(trigger_words(one) for one in row.triggers)
        latching = "yes" if row.latching else "-"
        source = ", ".join(row.source)
        log = ", ".join(map(str, row.hazard_log))
        does = row.title, when, latching, row.action
        yield row.rule, row.tier, *does, row.hazard, log, row.pathway or "-", source, row.mark


def _streams() -> Iterator[Iterable[str]]:
    for row in stream_rows():
        figures = ", ".join(
            f"{name.replace('_', ' ')} {held}" for name, held in row.figures.items()
        )
        yield row.id, row.title, row.says, figures, ", ".join(row.source), row.mark


def _pathways() -> Iterator[Iterable[str]]:
    for one in pathways():
        steps = " ".join(f"{place}. {step}" for place, step in enumerate(one.steps, 1))
        order = ", ".join(map(str, one.order_steps)) or "-"
        told = one.id, one.tier, one.title, steps, order, ", ".join(one.call)
        yield *told, ", ".join(one.source), one.mark


def _plans() -> Iterator[Iterable[str]]:
    for one in schedules():
        steps = (steps_words(one.channels[name]) for name in CHANNELS)
        yield one.id, one.product, one.route, *steps, ", ".join(one.source), one.mark


def _discharge() -> Iterator[Iterable[str]]:
    for row in criteria():
        by = ", ".join(row.overridable_by) or "nobody"
        yield row.id, row.title, row.criterion, by, ", ".join(row.source), row.mark


def _presence() -> Iterator[Iterable[str]]:
    for row in presence_rows():
        needs = " and ".join(sorted(row.needs)) or "anybody"
        yield row.id, row.band, row.title, needs, ", ".join(row.source), row.mark


def _anchors() -> Iterator[Iterable[str]]:
    for one in scale().anchors:
        yield str(one.score), one.words


def _taps() -> Iterator[Iterable[str]]:
    for group in groups():
        for one in group.taps:
            yield one.id, group.title, one.title, ", ".join(group.source), group.mark


def _second_parts() -> Iterator[Iterable[str]]:
    for row in second_parts():
        allowed = "yes" if row.allowed else "no"
        yield row.id, row.route, allowed, row.why, ", ".join(row.source), row.mark


def _ranges() -> Iterator[Iterable[str]]:
    for one in parameters().values():
        if one.low is not None:
            yield one.label, one.name, one.key, f"{one.low} to {one.high} {one.unit}"


def _table(head: str, rows: Iterable[Iterable[str]]) -> str:
    names = head.split()
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def trigger_words(trigger: Trigger) -> str:
    """When an alarm calls, in words."""
    parts = [" or ".join(_condition(one) for one in trigger.when)] if trigger.when else []
    if trigger.readings > 1:
        parts.append(f"{trigger.readings} readings in a row")
    if trigger.at_least:
        parts.append(f"{_minutes(trigger.at_least)} min or more apart")
    if trigger.longer_than:
        parts.append(f"for longer than {_minutes(trigger.longer_than)} min")
    if trigger.streamed:
        parts.append(f"streamed: for {int(trigger.streamed.total_seconds())} s")
    if trigger.sample_count > 1:
        parts.append(f"streamed: {trigger.sample_count} samples in a row")
    if trigger.symptoms:
        with_any = "with any of " if trigger.when else ""
        parts.append(with_any + ", ".join(sorted(trigger.symptoms)))
    if trigger.after:
        after = (f"{route} {_minutes(span)}" for route, span in trigger.after.items())
        parts.append(f"more than so many minutes after the dose began: {', '.join(after)}")
    if trigger.too_old:
        last = "a device's last value" if trigger.too_old.streamed else "the last value"
        parts.append(
            f"from the dose on, {last} of {trigger.too_old.channel} may no longer be shown"
        )
    return ", ".join(parts)


def _condition(one: Condition) -> str:
    limit = {True: "yes", False: "no"}[one.limit] if isinstance(one.limit, bool) else one.limit
    return f"{parameters()[one.parameter].label} {one.op.replace('_', ' ')} {limit}"


def steps_words(steps: Iterable[Step]) -> str:
    """When a channel is due, in words."""
    return "; ".join(_step(one) for one in steps)


def _step(one: Step) -> str:
    if one.before_discharge:
        return "once before discharge"
    if not one.every:
        return ", ".join(str(_minutes(at)) for at in one.at)
    shortest, longest = (_minutes(span) for span in one.every)
    text = f"then every {shortest}" if shortest == longest else f"then every {shortest}–{longest}"
    if one.until_end:
        return f"{text} to the end of the dose"
    return f"{text}, {one.times} times" if one.times else text


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds()) // 60
