"""What screening said of the person of these tests."""

import pytest

from clinic.intake import queries as intake
from tests.clinic.planning.ground import Cleared


@pytest.fixture
def cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clearance in force, as the intake would answer."""
    monkeypatch.setattr(intake, "clearance", lambda patient, at: Cleared())
