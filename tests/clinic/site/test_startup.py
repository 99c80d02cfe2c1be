"""Started unsafely, a clinic could lose a confirmed dose, or show a record to a stranger."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from clinic.site import startup

SAFE = (3, 53, 4)


@pytest.mark.django_db
def test_the_clinics_own_settings_are_safe(settings: Settings) -> None:
    assert startup.setting_problems(settings) == []
    if connection.vendor == "sqlite":
        assert startup.problems(settings, connection) == []


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
    ],
)
def test_a_sqlite_that_can_corrupt_its_file_is_refused(
    version: tuple[int, ...], is_safe: bool
) -> None:
    found = startup.sqlite_problems(version, journal_mode="wal", synchronous=2)
    assert [text for text in found if "Install pysqlite3" in text] == found
    assert (found == []) is is_safe


def test_that_sqlite_is_safe_without_wal() -> None:
    assert startup.sqlite_problems((3, 40, 1), journal_mode="delete", synchronous=2) == []


@pytest.mark.parametrize(("level", "is_safe"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_sqlite_that_does_not_wait_for_the_disk_is_refused(level: int, is_safe: bool) -> None:
    found = startup.sqlite_problems(SAFE, journal_mode="wal", synchronous=level)
    assert (found == []) is is_safe
    assert all("synchronous" in text for text in found)


@pytest.mark.django_db
def test_a_changed_pragma_is_noticed_on_the_real_connection() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own setting")
    with connection.cursor() as cursor:
        connection.in_atomic_block = False
        cursor.execute("COMMIT")
        cursor.execute("PRAGMA synchronous = NORMAL")
        try:
            found = startup.database_problems(connection)
        finally:
            cursor.execute("PRAGMA synchronous = FULL")
            cursor.execute("BEGIN IMMEDIATE")
            connection.in_atomic_block = True
    assert len(found) == 1
    assert "power cut" in found[0]


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_postgresql_that_may_lose_rows_is_refused(name: str) -> None:
    safe = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
    assert startup.postgresql_problems(safe) == []
    (found,) = startup.postgresql_problems({**safe, name: "off"})
    assert f"PostgreSQL's {name} is off" in found
    assert f"Set {name} = on" in found


@pytest.mark.django_db
def test_a_session_that_does_not_wait_for_the_disk_is_noticed() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's own setting")
    before = startup.database_problems(connection)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    (new,) = set(startup.database_problems(connection)) - set(before)
    assert "synchronous_commit" in new


def test_error_pages_with_a_patients_data_are_refused(settings: Settings) -> None:
    settings.DEBUG, settings.DEMO = True, False
    (found,) = startup.setting_problems(settings)
    assert found.startswith("DEBUG is on for a real clinic")
    settings.DEMO = True
    assert startup.setting_problems(settings) == []


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_missing_secret_is_refused(settings: Settings, secret: str) -> None:
    settings.SECRET_KEY = secret
    (found,) = startup.setting_problems(settings)
    assert found.startswith("The secret key is missing or shorter")


@pytest.mark.parametrize("hosts", [[], ["*"]])
def test_no_list_of_host_names_is_refused(settings: Settings, hosts: list[str]) -> None:
    settings.ALLOWED_HOSTS = hosts
    (found,) = startup.setting_problems(settings)
    assert "Set CLINIC_HOSTS" in found


@pytest.mark.django_db
def test_djangos_own_commands_refuse_the_same(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        startup, "database_problems", lambda connection: ["the disk is not waited for"]
    )
    with pytest.raises(CommandError, match=r"clinic.E002.*the disk is not waited for"):
        call_command("check", databases=["default"], tags=["database"])
    settings.ALLOWED_HOSTS = []
    with pytest.raises(CommandError, match=r"clinic.E001.*No list of host names"):
        call_command("check")
