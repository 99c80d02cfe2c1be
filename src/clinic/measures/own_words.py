"""The words of our own check-in, in each language we wrote them in. No clinician has reviewed them.

They are the only words a patient is asked in that Kapstone itself ships.
"""

import hashlib
import json
from functools import cache
from importlib.resources import files

from clinic.measures.wording import Wording
from kapstone import instruments

MOMENT = "moment"
_OURS = files("clinic.measures") / "own"
_YES_NO = (0, 1)


@cache
def own_words(instrument: str, version: str) -> tuple[Wording, ...]:
    """Our words of one version, a wording a language; none of what others own."""
    start = f"{instrument}-{version}."
    found = sorted(each.name for each in _OURS.iterdir() if each.name.startswith(start))
    return tuple(_read(instrument, version, name) for name in found)


def _read(instrument: str, version: str, name: str) -> Wording:
    raw = (_OURS / name).read_bytes()
    said = json.loads(raw)
    yes_no = {int(value): words for value, words in said["yes_no"].items()}
    return Wording(
        stem=said["stem"],
        items=said["items"],
        choices={
            item.id: yes_no
            if item.values == _YES_NO
            else {value: f"{value}" for value in item.values}
            for item in instruments.load(instrument, version).items
        },
        language=said["language"],
        licence=f"Apache-2.0. {said['about']}",
        source=f"Kapstone, {name.removesuffix('.json')}",
        sha256=hashlib.sha256(raw).hexdigest(),
    )
