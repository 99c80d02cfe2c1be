"""A mail server misread from its address would leave every alert unsent."""

from pathlib import Path

import pytest
from pytest_django import Settings

from clinic.site import startup
from clinic.site.mail import CONSOLE, mail_settings


def test_without_an_address_messages_go_to_the_terminal() -> None:
    assert mail_settings("", None) == {"EMAIL_BACKEND": CONSOLE}


def test_the_demos_messages_are_kept_in_its_own_folder(tmp_path: Path) -> None:
    found = mail_settings("", tmp_path)
    assert str(found["EMAIL_BACKEND"]).endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"] == str(tmp_path)


@pytest.mark.parametrize(
    ("address", "host", "port", "user", "tls", "ssl"),
    [
        ("smtp://mail.clinic.example", "mail.clinic.example", 587, "", False, False),
        ("smtp://a%40b:p%3Aw@mail.example:25", "mail.example", 25, "a@b", True, False),
        ("smtps://a:b@mail.clinic.example", "mail.clinic.example", 465, "a", False, True),
    ],
)  # fmt: skip
def test_an_address_is_read_whole(
    address: str, host: str, port: int, user: str, tls: bool, ssl: bool
) -> None:
    found = mail_settings(address, None)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == (host, port)
    assert found["EMAIL_HOST_USER"] == user
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (tls, ssl)
    assert found["EMAIL_TIMEOUT"]


@pytest.mark.parametrize("address", ["mail.clinic.example", "http://mail", "smtp://"])
def test_what_is_no_address_is_refused_by_name(address: str) -> None:
    with pytest.raises(ValueError, match="CLINIC_SMTP"):
        mail_settings(address, None)


@pytest.mark.hazard(24)
def test_a_real_clinic_does_not_start_with_alerts_that_reach_nobody(settings: Settings) -> None:
    settings.EMAIL_BACKEND = CONSOLE
    (found,) = startup.setting_problems(settings)
    assert "reach nobody" in found
    settings.DEMO = True
    assert startup.setting_problems(settings) == []
