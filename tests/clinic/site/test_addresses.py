"""A mistyped address must not be half understood, nor a password shown in an error."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from clinic.site.storage.addresses import databases


def test_without_an_address_rows_are_kept_in_the_clinics_home() -> None:
    assert databases("", Path("/srv/clinic"))["default"]["NAME"] == "/srv/clinic/clinic.sqlite3"


def test_an_address_is_read_with_its_escapes() -> None:
    address = "postgresql://nurse%40x:p%2Fw@db.example:5433/care?pool=4&sslmode=require"
    made = databases(address, Path())["default"]
    assert {key: made[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "care",
        "USER": "nurse@x",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "5433",
    }
    assert made["OPTIONS"] == {
        "application_name": "kapstone",
        "sslmode": "require",
        "connect_timeout": 5,
        "pool": {"min_size": 1, "max_size": 4, "timeout": 5, "reconnect_timeout": 4},
    }


def test_a_socket_directory_takes_the_place_of_a_host() -> None:
    made = databases("postgres:///care?host=/run/pg&pool=0", Path())["default"]
    assert (made["HOST"], made["PORT"]) == ("/run/pg", "")
    assert made["OPTIONS"] == {"application_name": "kapstone", "connect_timeout": 5}


@pytest.mark.parametrize(
    "address",
    [
        "mysql://u:hidden@h/care",
        "postgresql://u:hidden@h:port/care",
        "postgresql://u:hidden@h:5432/",
        "postgresql://u:hidden@h/care?pool=many",
        "postgresql://u:hidden@h/care?poll=3",
    ],
)
def test_what_cannot_be_read_is_refused_without_showing_the_password(address: str) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=r"DATABASE_URL: .* Write postgresql://"
    ) as raised:
        databases(address, Path())
    assert "hidden" not in str(raised.value)
