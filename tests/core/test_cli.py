"""What the commands refuse to read: a file misread is a fact lost."""

import json
from pathlib import Path

import pytest

from kapstone.cli import main, read_json
from kapstone.errors import InvalidInput

TWICE = '{"responses": {"q9": 3, "q9": 0}}'


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a": 1', "input.json: is not JSON at line 1, column 8"),
        (b"\xff", "input.json: byte 0 is not UTF-8."),
        (b'{"a": NaN}', "$.a: is not a finite number."),
        (b'{"a": [1e999]}', "$.a[0]: is not a finite number."),
        (b'{"a": "\\ud800"}', "$.a: holds a character that is no text"),
        (b'{"\\u0000": 1}', r"$.'\x00': holds a character that is no text"),
        (b'{"": 1, "": 2}', "$..: stands twice in one object."),
        (b"[" * 200_000, "is nested too deeply to be read."),
        (TWICE.encode(), "$..q9: stands twice in one object. Keep one of the two."),
    ],
)
def test_a_file_that_is_not_plain_json_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "input.json"
    path.write_bytes(content)
    with pytest.raises(InvalidInput) as caught:
        read_json(str(path))
    assert message in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"absent\.json: cannot be read"):
        read_json(str(tmp_path / "absent.json"))


@pytest.mark.hazard(10)
def test_a_second_answer_to_item_9_does_not_hide_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "input.json"
    path.write_text(TWICE)
    assert main(["score", "phq9", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    told = "$..q9: stands twice in one object. Keep one of the two."
    assert captured.err == f"kapstone score: {told}\n"


def test_a_result_is_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "input.json"
    path.write_text('{"responses": {}}')
    assert main(["score", "gad7", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["instrument"] == "gad7"
