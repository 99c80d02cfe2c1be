"""An instrument out of its document: every key read by name, a wrong one named by its place."""

from collections.abc import Mapping

from kapstone.instruments import definition
from kapstone.instruments.definition import Choice, Instrument, Span
from kapstone.instruments.document import Node
from kapstone.instruments.rule_documents import condition_of, number, rule_of
from kapstone.risk import AlertLevel

Answers = tuple[Choice, ...] | Span


def instrument_of(node: Node) -> Instrument:
    """The frozen instrument of a document."""
    answers = {name: _answers(each) for name, each in node["choices"].members().items()}
    items = tuple(_item(each, answers) for each in node["items"].each())
    other_way = [_truth(each, "reversed", default=False) for each in node["items"].each()]
    turned = {
        item.id: min(item.values) + max(item.values)
        for item, is_reversed in zip(items, other_way, strict=True)
        if is_reversed
    }
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
        loinc_panel=_text(node, "loinc_panel"),
        items=items,
        scores=tuple(_score(each, turned) for each in node["scores"].each()),
        change=_change(node["change"]),
        alerts=tuple(_alert(each) for each in node["alerts"].each()),
        sources=tuple(_source(each) for each in node["sources"].each()),
        main=_text(node, "main", "total") or None,
        note=_text(node, "note"),
    )


def _text(node: Node, key: str, default: str = "") -> str:
    found = node.get(key)
    return found.text() if found else default


def _truth(node: Node, key: str, default: bool) -> bool:
    found = node.get(key)
    return found.truth() if found else default


def _answers(node: Node) -> Answers:
    if isinstance(node.value, dict):
        members = node.only("from", "to", "decimals")
        decimals = members.get("decimals")
        return Span(
            node["from"].integer(), node["to"].integer(), decimals.integer() if decimals else 0
        )
    return tuple(
        Choice(each["value"].integer(), each["label"].text(), _text(each, "loinc"))
        for each in node.each()
    )


def _item(node: Node, answers: Mapping[str, Answers]) -> definition.Item:
    asked, zero, given = node.get("asked_when"), node.get("zero_when"), node["choices"]
    if given.text() not in answers:
        raise given.refuse("names no choices of this document.")
    chosen = answers[given.text()]
    return definition.Item(
        id=node["id"].text(),
        label=node["label"].text(),
        choices=() if isinstance(chosen, Span) else chosen,
        loinc=_text(node, "loinc"),
        required=_truth(node, "required", default=True),
        watched=_truth(node, "watched", default=False),
        span=chosen if isinstance(chosen, Span) else None,
        asked_when=condition_of(asked) if asked else None,
        zero_when=condition_of(zero) if zero else None,
    )


def _score(node: Node, turned: Mapping[str, int]) -> definition.Score:
    span, loinc, cutoff, bands = (node.get(key) for key in ("range", "loinc", "cutoff", "bands"))
    low, high = (end.integer() for end in span.each()) if span else (None, None)
    return definition.Score(
        id=node["id"].text(),
        rule=rule_of(node, turned),
        minimum=low,
        maximum=high,
        loinc=loinc.text() if loinc else None,
        cutoff_score=cutoff.integer() if cutoff else None,
        bands=tuple(_band(each) for each in bands.each()) if bands else (),
        better=_text(node, "better", definition.LOWER_BETTER),
        note=_text(node, "note"),
    )


def _band(node: Node) -> definition.Band:
    low, high = number(node["min"]), number(node["max"])
    return definition.Band(low, high, node["code"].text(), node["label"].text())


def _change(node: Node) -> definition.ChangeThresholds:
    important, reliability = node.get("important"), node.get("reliability")
    return definition.ChangeThresholds(
        response=_figure(node, "response"),
        partial_response=_figure(node, "partial_response"),
        remission_max=_figure(node, "remission_max"),
        important=tuple(_figure_of(each) for each in important.each()) if important else (),
        reliable=_figure(node, "reliable"),
        deterioration=_figure(node, "deterioration"),
        caseness_min=_figure(node, "caseness_min"),
        direction=_text(node, "direction", definition.LOWER_BETTER),
        remission_min=_figure(node, "remission_min"),
        reliability={key: each.decimal() for key, each in reliability.members().items()}
        if reliability
        else {},
    )


def _figure(node: Node, key: str) -> definition.Figure | None:
    found = node.get(key)
    return _figure_of(found) if found else None


def _figure_of(node: Node) -> definition.Figure:
    texts = {key: node[key].text() for key in ("unit", "basis", "mark")}
    return definition.Figure(value=node["value"].decimal(), **texts)


def _alert(node: Node) -> definition.AlertRule:
    if node["level"].text() not in list(AlertLevel):
        raise node["level"].refuse("is no level.", f"Give one of {', '.join(AlertLevel)}.")
    return definition.AlertRule(
        id=node["id"].text(),
        level=AlertLevel(node["level"].text()),
        when=condition_of(node["when"]),
        action=node["action"].text(),
        mark=node["mark"].text(),
    )


def _licence(node: Node) -> definition.Licence:
    return definition.Licence(
        status=node["status"].text(),
        holder=_text(node, "holder"),
        note=node["note"].text(),
        source=node["source"].text(),
        permission_needed=node["permission_needed"].truth(),
    )


def _source(node: Node) -> definition.Source:
    return definition.Source(node["title"].text(), node["url"].text(), node["seen"].truth())
