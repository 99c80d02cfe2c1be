"""The monitoring form: what it asks, what the line fills, what stays open, what differs later.

It is not the official form. What nobody charted stays open and is named; a *no* is only ever said
by a person. Source: protocol AE-R6, REMS-FORM, mark S in part.
"""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files

from kapstone.adverse.charted import AWAKE_SCORE, Charted, Pressure

YES, NO = "yes", "no"
Words = Mapping[str, str]  # a field's id → what it says


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question. fills: what of the record answers it; empty, only a person does.

    terms: an adverse event of one of these names says yes to it.
    """

    id: str
    group: str
    title: str
    fills: str = ""
    yes_no: bool = False
    terms: tuple[str, ...] = ()
    source: tuple[str, ...] = ("REMS-FORM",)
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """DIS-12: what discharge asks of it."""

    id: str
    title: str
    criterion: str
    source: tuple[str, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Form:
    """One published version."""

    version: str
    seen: str
    row: Leaving
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the record now fills otherwise than when the form was saved. Empty: open."""

    field: Field
    then: str
    now: str


@cache
def form() -> Form:
    """The questions of this release."""
    text = files("kapstone.adverse").joinpath("form.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    for row in (document["row"], *document["field"]):
        row.update({key: tuple(value) for key, value in row.items() if isinstance(value, list)})
    return Form(
        version=document["version"],
        seen=document["seen"],
        row=Leaving(**document["row"]),
        fields=tuple(Field(**row) for row in document["field"]),
    )


def filled(told: Charted, left_at: datetime | None, named: Collection[str] = ()) -> dict[str, str]:
    """What the line answers, by what it fills. left_at: None while they are here.

    named: the adverse events of this session; each says yes where a field has its name.
    """
    stayed = told.minutes(left_at)
    words = {
        "dose": f"{_plain(told.dose_mg)} mg",
        "total_min": str(stayed[0]) if stayed else "",
        "since_last_min": str(stayed[1]) if stayed else "",
        "pressure_before": _pressure(told.before),
        "pressure_40": _pressure(told.forty),
        "pressure_end": _pressure(told.end),
        "oximetry": _figure("lowest", told.lowest_spo2_pct, f" %, read {told.spo2_count} times"),
        "sedation_detail": _sedation(told),
        "dissociation_detail": _figure(
            "strongest charted", told.highest_dissociation_score, " of 10"
        ),
        "breathing_detail": _breathing(told),
    }
    if told.sedated_min:
        words["sedation"] = YES
    for field in form().fields:
        if not set(field.terms).isdisjoint(named):
            words[field.fills] = YES
    return {name: value for name, value in words.items() if value}


def differences(then: Words, now: Words) -> tuple[Difference, ...]:
    """The fields whose filling changed since, in the form's order."""
    return tuple(
        Difference(field, then.get(field.id, ""), now.get(field.id, ""))
        for field in form().fields
        if then.get(field.id, "") != now.get(field.id, "")
    )


def _pressure(read: Pressure | None) -> str:
    return f"{_plain(read[0])}/{_plain(read[1])} mmHg" if read else ""


def _figure(before: str, value: Decimal | None, after: str) -> str:
    return "" if value is None else f"{before} {_plain(value)}{after}"


def _sedation(told: Charted) -> str:
    words = _figure("deepest MOAA/S", told.lowest_moaas_score, " of 5")
    if told.sedated_min:
        first, last = told.sedated_min
        until = f" and last at {last} min" if last > first else ""
        words += f"; below {AWAKE_SCORE} first at {first} min{until}"
    return words


def _breathing(told: Charted) -> str:
    slowest = _figure("slowest", told.slowest_breathing_per_min, " a minute")
    return "; ".join(filter(None, (slowest, _figure("lowest oxygen", told.lowest_spo2_pct, " %"))))


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
