"""The demo never writes among real people, nor does a clinic work on invented ones."""

import pytest
from django.db import connection

from clinic.site.storage import mark
from clinic.site.storage.mark import Kind

pytestmark = pytest.mark.django_db


def _empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", lambda cursor: [])


def test_an_empty_database_becomes_what_it_is_claimed_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        _empty(patch)
        assert mark.kind(connection) == Kind.EMPTY
        assert mark.claim(connection, Kind.DEMO) == ""
    assert mark.kind(connection) == Kind.DEMO
    assert mark.claim(connection, Kind.DEMO) == "", "a second start harms nothing"


def test_the_demo_leaves_an_unmarked_database_alone() -> None:
    assert mark.kind(connection) == Kind.UNMARKED
    assert "may hold real people" in mark.claim(connection, Kind.DEMO)
    assert mark.kind(connection) == Kind.UNMARKED


def test_the_demo_leaves_a_clinics_database_alone() -> None:
    assert mark.claim(connection, Kind.CLINIC) == ""
    assert "may hold real people" in mark.claim(connection, Kind.DEMO)
    assert mark.kind(connection) == Kind.CLINIC


def test_a_clinic_does_not_work_on_the_demos_people(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        _empty(patch)
        mark.claim(connection, Kind.DEMO)
    assert "full of invented people" in mark.claim(connection, Kind.CLINIC)
    assert mark.kind(connection) == Kind.DEMO
