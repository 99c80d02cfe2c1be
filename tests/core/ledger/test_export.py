"""An export that was altered, cut or mixed up is caught, and the place named."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kapstone import cli, ledger
from kapstone.errors import BrokenLedger, InvalidInput

pytestmark = pytest.mark.hazard(17)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ENTRIES = (
    ledger.Receipt(
        id="e1", at=AT, actor="a", witness="b", vial="V1", product="RACEMIC", lot="L7 é",
        expires_on=date(2027, 1, 1), concentration_mg_per_ml=Decimal(50), amount_mg=Decimal(500),
    ),
    ledger.Draw(id="e2", at=AT, actor="a", vial="V1", dose="D1", amount_mg=Decimal("40.00")),
    ledger.Given(id="e3", at=AT, actor="a", draw="e2", amount_mg=Decimal("35.1")),
    ledger.Count(id="e4", at=AT, actor="a", witness="b", vial="V1", counted_mg=Decimal(459)),
)  # fmt: skip


def export() -> dict[str, object]:
    return copy.deepcopy(ledger.export(ENTRIES))


def test_the_chain_is_sha256_over_canonical_json() -> None:
    # From the program sha256sum over {"entry":{"id":"1"},"previous":"000…"}, not from this code.
    digest = "f513b7d0dd405cc9261255e451829cd867f7742a194f5cb486632023fc278707"
    assert ledger.link({"id": "1"}, ledger.GENESIS) == digest


def change(records: list[dict[str, object]]) -> None:
    records[1]["entry"]["amount_mg"] = "30.00"


def drop(records: list[dict[str, object]]) -> None:
    del records[1]


def swap(records: list[dict[str, object]]) -> None:
    records[1], records[2] = records[2], records[1]


def cut(records: list[dict[str, object]]) -> None:
    records.pop()


def repeat(records: list[dict[str, object]]) -> None:
    records.append(records[-1])


@pytest.mark.parametrize(
    ("alter", "entry"),
    [(change, "e2"), (drop, "e3"), (swap, "e3"), (cut, "(last)"), (repeat, "e4")],
)
def test_an_altered_export_names_the_place(
    alter: Callable[[list[dict[str, object]]], None], entry: str
) -> None:
    document = export()
    alter(document["records"])
    with pytest.raises(BrokenLedger) as raised:
        ledger.read_export(document)
    assert raised.value.entry == entry


def rechained(**changes: object) -> dict[str, object]:
    """An export whose first entry is changed and whose chain was made again."""
    row = ledger.entry_as_json(ENTRIES[0]) | changes
    row = {key: value for key, value in row.items() if value is not None}
    digest = ledger.link(row, ledger.GENESIS)
    record = {"entry": row, "previous": ledger.GENESIS, "hash": digest}
    return {"format": "kapstone-ledger/1", "records": [record], "count": 1, "head": digest}


UNREADABLE = [
    ([], "export: is not an object"),
    (export() | {"format": "2"}, "format: '2' is not kapstone-ledger/1"),
    (export() | {"records": {}}, "records: is not a list"),
    (export() | {"records": [3]}, r"records\[0\]: is not an object"),
    (
        export() | {"records": [{"entry": 3, "previous": "", "hash": ""}]},
        r"records\[0\].entry: is not an object",
    ),
    (rechained(kind="gift"), "kind: 'gift' is none of"),
    (rechained(colour="red"), "colour: is no key of this kind"),
    (rechained(vial=None), "vial: is not text"),
    (rechained(amount_mg=500), "amount_mg: is not text"),
    (rechained(amount_mg="many"), "amount_mg: 'many' cannot be read"),
    (rechained(at="today"), "at: 'today' cannot be read"),
]


@pytest.mark.parametrize(("document", "problem"), UNREADABLE)
def test_what_is_no_export_is_named(document: object, problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        ledger.read_export(document)


def run(tmp_path: Path, document: object, *more: str) -> int:
    file = tmp_path / "export.json"
    file.write_text(json.dumps(document))
    return cli.main(["ledger-verify", str(file), *more])


def test_the_command_adds_up_an_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = export()
    assert run(tmp_path, document, "--head", str(document["head"])) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown == {
        "ok": True,
        "entries": 4,
        "head": document["head"],
        "vials": {"V1": {"left_mg": "460.00", "left_ml": "9.200"}},
        "open_draws": {"e2": "4.90"},
        "count_differences": {"e4": "-1.00"},
    }


@pytest.mark.parametrize(
    ("document", "more", "entry"),
    [
        (export(), ("--head", "0"), "(last)"),
        (rechained(witness="a"), (), "e1"),
    ],
)
def test_the_command_names_what_broke(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    document: object,
    more: tuple[str, ...],
    entry: str,
) -> None:
    assert run(tmp_path, document, *more) == 1
    shown = json.loads(capsys.readouterr().out)
    assert (shown["ok"], shown["entry"]) == (False, entry)


def test_the_command_refuses_what_is_no_export(tmp_path: Path) -> None:
    assert run(tmp_path, {}) == 2
