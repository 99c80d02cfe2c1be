"""A file of worked cases, compared with this engine case by case."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from kapstone.errors import InvalidInput
from kapstone.instruments.document import Node
from kapstone.instruments.loading import ids, load
from kapstone.instruments.scoring import ScoredResponse, score

ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of a file. disagreements: one line each. not_held: cases by instrument."""

    agreed_count: int
    disagreed_count: int
    disagreements: tuple[str, ...]
    not_held: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """The comparison as printed."""
        return {
            "disagreements": list(self.disagreements),
            "agreed": self.agreed_count,
            "disagreed": self.disagreed_count,
            "not_held": self.not_held,
            "versions": {held: load(held).version for held in ids()},
        }


def compare_cases(document: object) -> Comparison:
    """Score every case of a file. Raises `InvalidInput` before any comparison is given."""
    cases = Node(document, "file")["cases"].each()
    if not cases:
        raise InvalidInput("file.cases", "holds no case.")
    named = [(case, case["instrument"].text()) for case in cases]
    lines = [_disagreements(case) for case, instrument in named if instrument in ids()]
    return Comparison(
        agreed_count=lines.count([]),
        disagreed_count=len(lines) - lines.count([]),
        disagreements=tuple(line for each in lines for line in each),
        not_held=dict(Counter(instrument for _, instrument in named if instrument not in ids())),
    )


def _disagreements(case: Node) -> list[str]:
    name = case["id"].text()
    try:
        result = score(
            load(case["instrument"].text()),
            _plain(case["responses"]),
            _plain(case["attributes"]) if case.get("attributes") else {},
        )
    except InvalidInput as error:
        raise InvalidInput(f"{name}.{error.key}", error.problem, error.mend) from error
    wanted, got = _expected(case["expected"]), _found(result)
    return [
        f"{name}: {key} is {got.get(key, ABSENT)}, expected {wanted.get(key, ABSENT)}"
        for key in wanted | got
        if not _same(got.get(key, ABSENT), wanted.get(key, ABSENT))
    ]


def _same(got: object, wanted: object) -> bool:
    """Equal, and not true for 1. Decimals are compared as they print."""
    if isinstance(got, Decimal) and type(wanted) in (int, float):
        return got == Decimal(str(wanted))
    return got == wanted and isinstance(got, bool) == isinstance(wanted, bool)


def _plain(node: Node) -> dict[str, object]:
    return {key: each.value for key, each in node.members().items()}


def _expected(node: Node) -> dict[str, object]:
    scores, bands = (_plain(node[part]) for part in ("scores", "bands"))
    return _flat(scores, bands, sorted(node["alerts"].texts()))


def _found(result: ScoredResponse) -> dict[str, object]:
    alerts = sorted(alert.id for alert in result.alerts)
    return _flat(dict(result.scores), dict(result.bands), alerts)


def _flat(
    scores: dict[str, object], bands: dict[str, object], alerts: list[str]
) -> dict[str, object]:
    return {
        **{f"scores.{key}": value for key, value in scores.items()},
        **{f"bands.{key}": value for key, value in bands.items()},
        "alerts": alerts,
    }
