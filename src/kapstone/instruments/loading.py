"""Published instruments, read once from `data/ID-VERSION.json` and frozen.

A published file never changes: a change is a new file with the next version number.
"""

import json
from decimal import Decimal
from functools import cache
from importlib.resources import files

from kapstone.errors import UnknownContent
from kapstone.instruments import definition
from kapstone.instruments.conditions import (
    Condition,
    Either,
    Every,
    ItemAtLeast,
    ScoreAtLeast,
    Unanswered,
)
from kapstone.instruments.definition import Instrument
from kapstone.instruments.document import Node
from kapstone.instruments.rules import CountAtLeast, Flag, MissingPolicy, Rule, Sum
from kapstone.risk import AlertLevel

DATA = files("kapstone.instruments") / "data"


@cache
def published() -> dict[str, tuple[str, ...]]:
    """Each instrument's versions, oldest first."""
    names = sorted(entry.name.removesuffix(".json").rsplit("-", 1) for entry in DATA.iterdir())
    return {
        held: tuple(sorted((v for name, v in names if name == held), key=int)) for held, _ in names
    }


def ids() -> tuple[str, ...]:
    """The instruments this release holds."""
    return tuple(published())


@cache
def load(instrument_id: str, version: str | None = None) -> Instrument:
    """One version of an instrument, the newest by default.

    Raises `UnknownContent` for an instrument or a version that this release does not hold.
    """
    versions = published().get(instrument_id)
    if versions is None:
        held = ", ".join(ids())
        raise UnknownContent(f"{instrument_id}: no such instrument here. Held: {held}.")
    chosen = versions[-1] if version is None else version
    if chosen not in versions:
        held = ", ".join(versions)
        raise UnknownContent(f"{instrument_id}: no version {chosen} here. Held: {held}.")
    name = f"{instrument_id}-{chosen}"
    text = (DATA / f"{name}.json").read_text(encoding="utf-8")
    return instrument_of(Node(json.loads(text, parse_float=Decimal), name))


def instrument_of(node: Node) -> Instrument:
    """The frozen instrument of a document."""
    choices = {name: _choices(each) for name, each in node["choices"].members().items()}
    recall_days = node.get("recall_days")
    return Instrument(
        id=node["id"].text(),
        version=node["version"].text(),
        name=node["name"].text(),
        purpose=node["purpose"].text(),
        kind=node["kind"].text(),
        minutes=node["minutes"].integer(),
        recall=node["recall"].text(),
        recall_days=recall_days.integer() if recall_days else None,
        population=node["population"].text(),
        verification=definition.Verification(
            **{key: each.text() for key, each in node["verification"].members().items()}
        ),
        licence=_licence(node["licence"]),
        loinc_panel=node["loinc_panel"].text(),
        items=tuple(_item(each, choices) for each in node["items"].each()),
        scores=tuple(_score(each) for each in node["scores"].each()),
        change=_change(node["change"]),
        alerts=tuple(_alert(each) for each in node["alerts"].each()),
        sources=tuple(_source(each) for each in node["sources"].each()),
    )


def _choices(node: Node) -> tuple[definition.Choice, ...]:
    return tuple(
        definition.Choice(each["value"].integer(), each["label"].text(), each["loinc"].text())
        for each in node.each()
    )


def _item(node: Node, choices: dict[str, tuple[definition.Choice, ...]]) -> definition.Item:
    required, watched = node.get("required"), node.get("watched")
    return definition.Item(
        id=node["id"].text(),
        label=node["label"].text(),
        choices=choices[node["choices"].text()],
        loinc=node["loinc"].text(),
        required=required is None or required.truth(),
        watched=watched is not None and watched.truth(),
    )


def _score(node: Node) -> definition.Score:
    span, loinc, cutoff, bands = (node.get(key) for key in ("range", "loinc", "cutoff", "bands"))
    low, high = (end.integer() for end in span.each()) if span else (None, None)
    return definition.Score(
        id=node["id"].text(),
        rule=_rule(node),
        minimum=low,
        maximum=high,
        loinc=loinc.text() if loinc else None,
        cutoff_score=cutoff.integer() if cutoff else None,
        bands=tuple(_band(each) for each in bands.each()) if bands else (),
    )


def _rule(node: Node) -> Rule:
    operation = node["op"].text()
    if operation == "flag":
        return Flag(_condition(node["when"]))
    missing = _missing(node["missing"])
    if operation == "sum":
        return Sum(node["items"].texts(), missing)
    if operation == "count_ge" and missing.max_missing_items == 0:
        plus = tuple(_item_at_least(each) for each in node["plus"].each())
        return CountAtLeast(node["items"].texts(), node["threshold"].integer(), plus)
    raise node.refuse(f"{operation} with this missing policy is not an operation of this engine.")


def _missing(node: Node) -> MissingPolicy:
    policy = node["policy"].text()
    if policy == "strict":
        return MissingPolicy()
    if policy == "prorate" and node["round"].text() == "half_up":
        return MissingPolicy(
            node["max_missing"].integer(), node["basis"].text(), node["mark"].text()
        )
    raise node.refuse(f"{policy} is not a missing policy of this engine.")


def _condition(node: Node) -> Condition:
    members = node.only("all", "any", "item", "score", "ge", "missing")
    if "all" in members:
        return Every(tuple(_condition(each) for each in members["all"].each()))
    if "any" in members:
        return Either(tuple(_condition(each) for each in members["any"].each()))
    if "missing" in members:
        return Unanswered(members["missing"].text())
    if "score" in members:
        return ScoreAtLeast(node["score"].text(), node["ge"].integer())
    return _item_at_least(node)


def _item_at_least(node: Node) -> ItemAtLeast:
    return ItemAtLeast(node["item"].text(), node["ge"].integer())


def _band(node: Node) -> definition.Band:
    low, high = node["min"].integer(), node["max"].integer()
    return definition.Band(low, high, node["code"].text(), node["label"].text())


def _change(node: Node) -> definition.ChangeThresholds:
    deterioration = node.get("deterioration")
    return definition.ChangeThresholds(
        response=_figure(node["response"]),
        partial_response=_figure(node["partial_response"]),
        remission_max=_figure(node["remission_max"]),
        important=tuple(_figure(each) for each in node["important"].each()),
        reliable=_figure(node["reliable"]),
        deterioration=_figure(deterioration) if deterioration else None,
        caseness_min=_figure(node["caseness_min"]),
    )


def _figure(node: Node) -> definition.Figure:
    texts = {key: node[key].text() for key in ("unit", "basis", "mark")}
    return definition.Figure(value=node["value"].decimal(), **texts)


def _alert(node: Node) -> definition.AlertRule:
    return definition.AlertRule(
        id=node["id"].text(),
        level=AlertLevel(node["level"].text()),
        when=_condition(node["when"]),
        action=node["action"].text(),
        mark=node["mark"].text(),
    )


def _licence(node: Node) -> definition.Licence:
    holder = node.get("holder")
    return definition.Licence(
        status=node["status"].text(),
        holder=holder.text() if holder else "",
        note=node["note"].text(),
        source=node["source"].text(),
    )


def _source(node: Node) -> definition.Source:
    return definition.Source(node["title"].text(), node["url"].text(), node["seen"].truth())
