"""What the browser's tests share; how the browser is started stands in tests/conftest.py."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django import Settings


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_the_browser() -> None:
    """Playwright runs an event loop in the test's thread; the ORM is used beside it, not in it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def base_url() -> str:
    """Each test names its live server. (The plugin's own fixture warns.)"""
    return ""


@pytest.fixture(autouse=True)
def _plain_http(settings: Settings) -> None:
    """The live server speaks plain http, over which a browser takes no `__Host-` cookie."""
    settings.DEMO = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "clinic-demo", "csrf-demo"


@pytest.fixture(autouse=True)
def _emptied_by_hand(transactional_db: None) -> Iterator[None]:
    """Empty the append-only tables after a test, which Django's own flush may not."""
    yield
    if connection.vendor == "sqlite":
        _empty_past_the_triggers()


def _empty_past_the_triggers() -> None:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables' names
        for _, made in triggers:
            cursor.execute(made)
