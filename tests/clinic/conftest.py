"""What the clinic's tests share: a secret, and a database that threads can share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from tests import migrated
from tests.emptying import empty_past_the_triggers


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A database a worker. SQLite's is a file: in memory it knows no WAL and no second thread."""
    if connections["default"].vendor == "sqlite":
        place = tmp_path_factory.mktemp("database") / "test.sqlite3"
        migrated.copy_to(place)
        connections["default"].settings_dict["TEST"]["NAME"] = str(place)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's is there already, migrated, and goes with its folder."""
    return connections["default"].vendor == "sqlite"


@pytest.fixture(autouse=True, scope="session")
def _secret() -> None:
    settings.SECRET_KEY = "of the tests alone, and no secret at all"


@pytest.fixture(autouse=True, scope="session")
def _no_search_for_files() -> None:
    """A browser of Django's own asks for pages alone, and each would search every package anew."""
    settings.WHITENOISE_USE_FINDERS = False


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)


@pytest.fixture
def _emptied_by_hand(transactional_db: None) -> Iterator[None]:
    """For tests that commit append-only rows: Django's own flush may not remove them."""
    yield
    empty_past_the_triggers()


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords() -> None:
    """The same argon2id at its least cost: these tests make thousands of passwords."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 8
    Argon2PasswordHasher.parallelism = 1
