"""What the browser's tests share; how the browser is started stands in tests/conftest.py."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from pytest_django import Settings

# On a file, as in a clinic: threads of a live server would share a memory database's connection.
from tests.clinic.conftest import (  # noqa: F401 - fixtures
    _quick_passwords,
    django_db_keepdb,
    django_db_modify_db_settings,
)
from tests.e2e.cut import day, line, nurse  # noqa: F401 - fixtures
from tests.emptying import empty_past_the_triggers


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_the_browser() -> None:
    """Playwright runs an event loop in the test's thread; the ORM is used beside it, not in it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session", autouse=True)
def _secret() -> None:
    """For as long as the live server lives, which is longer than a test."""
    django_settings.SECRET_KEY = "of the tests alone, and no secret at all"


@pytest.fixture(scope="session")
def base_url() -> str:
    """Each test names its live server. (The plugin's own fixture warns.)"""
    return ""


@pytest.fixture(scope="session", autouse=True)
def _files_kept() -> Iterator[None]:
    """A browser keeps styles and scripts, as it does those of the real server.

    For years, since tests set the server's clock back: to a browser its answers are months old.
    """
    serve = StaticFilesHandler.serve

    def keep(handler: StaticFilesHandler, request: HttpRequest) -> HttpResponseBase:
        answer = serve(handler, request)
        answer["Cache-Control"] = f"max-age={timedelta(days=3650).total_seconds():.0f}"
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFilesHandler, "serve", keep)
        yield


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
    empty_past_the_triggers()
