"""An exported register that was altered must show it, and one that was not must add up."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from clinic.pharmacy import actions
from kapstone.cli import main
from tests.clinic import cast
from tests.clinic.pharmacy.cases import drawn, mg, pair, received

pytestmark = [pytest.mark.django_db, pytest.mark.hazard(17)]


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    by, witness = pair()
    hands = {"by": by, "witness": witness, "at": cast.NOON}
    vial = received(by, witness)
    draw = drawn(vial, "50", by)
    actions.record_given(dose_id=draw.dose_id, amount_mg=mg("40"), by=by, at=cast.NOON)
    actions.waste(draw=draw, amount_mg=mg("7"), reason="Disposal box", **hands)
    actions.count(vial=vial, counted_mg=mg("449"), **hands)
    actions.document_variance(vial=vial, amount_mg=mg("-1"), reason="A drop lost", **hands)
    row = actions.waste_vial(vial=vial, amount_mg=mg("9"), reason="Expired", **hands)
    actions.reverse(row=row, reason="Another vial", **hands)
    path, said = tmp_path / "register.json", io.StringIO()
    with path.open("w") as file:
        call_command("ledger_export", stdout=file, stderr=said)
    assert "8 entries; last hash" in said.getvalue()
    return path


def test_the_core_verifies_it(exported: Path, capsys) -> None:
    assert main(["ledger-verify", str(exported)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] and told["entries"] == 8
    [vial] = told["vials"].values()
    assert vial["left_mg"] == "449.00"
    assert list(told["open_draws"].values()) == ["3.00"]
    assert list(told["count_differences"].values()) == ["-1.00"]


def test_an_altered_entry_is_named(exported: Path, capsys) -> None:
    document = json.loads(exported.read_text())
    document["records"][1]["entry"]["amount_mg"] = "40.00"
    exported.write_text(json.dumps(document))
    assert main(["ledger-verify", str(exported)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["entry"] == document["records"][1]["entry"]["id"]


def test_the_same_register_gives_the_same_hash_each_time(exported: Path) -> None:
    again = io.StringIO()
    call_command("ledger_export", stdout=again, stderr=io.StringIO())
    assert json.loads(again.getvalue()) == json.loads(exported.read_text())
