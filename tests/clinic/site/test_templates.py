"""A page that is seldom opened must not be the one that cannot be drawn."""

from pathlib import Path

import pytest
from django.apps import apps
from django.template.loader import get_template

OURS = [
    path.relative_to(folder).as_posix()
    for app in apps.get_app_configs()
    if app.name.startswith("clinic.")
    for folder in [Path(app.path, "templates")]
    for path in sorted(folder.rglob("*"))
    if path.is_file()
]


def test_there_are_templates() -> None:
    assert "dosing/_sheet_patient.html" in OURS


@pytest.mark.parametrize("name", OURS)
def test_every_template_can_be_read(name: str) -> None:
    """Each by itself: a part that leans on what its includer loaded fails wherever else it goes."""
    get_template(name)
