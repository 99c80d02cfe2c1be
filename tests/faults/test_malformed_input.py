"""What is typed or sent wrong is refused with its key named, and nothing of it is kept."""

import io
import json
import sys
from pathlib import Path
from random import Random

import pytest

from kapstone import cli
from tests.faults.malformed import Malformed, spoil

pytestmark = pytest.mark.fault
SEED = 20261122
SCENARIOS = Path(__file__).parents[1] / "scenarios"
ORDER = {
    "product": "RACEMIC", "route": "IM", "dose_mg": 35, "weight_kg": 70, "age_y": 40,
    "first_exposure": False, "sex": "female", "height_cm": 170, "indication_id": "IND-01",
    "formulation": "solution",
    "previous": [{"dose_mg": 30.5, "days_ago": 4, "max_ae_grade": 0, "bp_ok": True}],
}  # fmt: skip


def scenarios(start: str, key: str) -> list[object]:
    """The documents of the scenarios that come out with a result."""
    read = [
        json.loads(each.read_text(encoding="utf-8")) for each in SCENARIOS.glob(f"{start}_*.json")
    ]
    sound = [each[key] for each in read if "error" not in each]
    return [each for each in sound if each]


def commands() -> list[tuple[list[str], list[object]]]:
    scored = json.loads((SCENARIOS / "scoring_cases.json").read_text(encoding="utf-8"))["cases"]
    answered = [{key: scored[0][key] for key in ("responses", "attributes")}]
    return [
        (["screen"], scenarios("screen", "in")),
        (["check-dose"], [ORDER]),
        (["score", scored[0]["instrument"]], answered),
        (["follow"], scenarios("follow", "input")),
    ]


class Bytes(io.TextIOWrapper):
    """Standard output as a terminal has it: half a surrogate cannot be written."""

    def __init__(self, errors: str = "strict") -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", errors=errors, write_through=True)

    def said(self) -> str:
        assert isinstance(self.buffer, io.BytesIO)
        return self.buffer.getvalue().decode()


def run(command: list[str], told: Malformed, file: Path, patched: pytest.MonkeyPatch) -> None:
    file.write_bytes(told.data)
    out, err = Bytes(), Bytes("backslashreplace")
    with patched.context() as streams:
        streams.setattr(sys, "stdout", out)
        streams.setattr(sys, "stderr", err)
        status = cli.main([*command, str(file)])
    about = f"{command} {told.what}: {err.said()[:300]}"
    assert status in (0, 2), about
    if status == 0:
        json.loads(out.said(), parse_constant=pytest.fail)
        assert not err.said(), about
        return
    assert not out.said(), f"half a result: {about}"
    assert len(err.said()) < 4000, "an error that nobody can read"
    if told.named and str(file) not in err.said():
        spelled = [ascii(name)[1:40].rstrip("'") for name in told.named]
        assert any(name in err.said() for name in spelled), about


@pytest.mark.hazard(12)
@pytest.mark.counts(small=1600, middle=7500, full=37500)
def test_a_command_names_what_it_cannot_read(
    fault_count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, sound, failed = Random(SEED), commands(), []
    for number in range(fault_count):
        command, documents = sound[number % len(sound)]
        told = spoil(draw.choice(documents), draw)
        try:
            run(command, told, tmp_path / "told.json", monkeypatch)
        except Exception as error:  # noqa: BLE001 - whatever breaks is told with what broke it
            failed.append(f"{command} {told.what}: {error!r}"[:400])
    assert not failed, "\n".join([f"{len(failed)} of {fault_count}", *failed[:30]])
