"""The lines of the list before the dose that a person charts, as published."""

import json
from functools import cache
from importlib import resources
from typing import cast

from clinic.dosing.kinds import CONSENT_ITEM


@cache
def rows() -> tuple[dict[str, object], ...]:
    """Each line with its title, criterion, owner, source and mark."""
    text = (resources.files(__package__) / "checklist.json").read_text(encoding="utf-8")
    return tuple(cast(list[dict[str, object]], json.loads(text)["items"]))


@cache
def title(line_id: str) -> str:
    """What a line is called; its id where no line bears it (any more)."""
    return next(
        (str(each["title"]) for each in rows() if each["id"] == line_id), _OWN.get(line_id, line_id)
    )


_OWN = {CONSENT_ITEM: "Consent, asked again"}  # charted like a line of the list
