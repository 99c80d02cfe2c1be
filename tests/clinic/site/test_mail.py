"""A mail server misread from its address would leave every alert unsent."""

from pathlib import Path

import pytest
from pytest_django import Settings

from clinic.reach.channels import MAIL
from clinic.reach.messages import Message, Unsent
from clinic.site import startup
from clinic.site.mail import CONSOLE, mail_settings, provider_settings
from tests.clinic.reach.servers import text_gateway


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


def test_a_providers_keys_come_from_the_environment() -> None:
    environ = {"ANYMAIL_POSTMARK_SERVER_TOKEN": "of-nobody", "HOME": "/elsewhere"}
    found = provider_settings("postmark", environ)
    assert str(found["EMAIL_BACKEND"]) == "anymail.backends.postmark.EmailBackend"
    assert found["ANYMAIL_POSTMARK_SERVER_TOKEN"] == "of-nobody"
    assert "HOME" not in found


@pytest.mark.parametrize(
    ("provider", "said"), [("pigeon", "write one of"), ("postmark", "its key is not there")]
)
def test_a_provider_that_cannot_send_is_refused_by_name(provider: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"CLINIC_MAIL.*{said}"):
        provider_settings(provider, {})


@pytest.mark.parametrize(
    ("status", "answer", "sent"),
    [(200, '{"ErrorCode": 0, "Message": "OK", "MessageID": "x"}', True), (500, "{}", False)],
)
def test_a_provider_that_refuses_is_told_as_our_own_error(
    settings: Settings, status: int, answer: str, sent: bool
) -> None:
    with text_gateway() as gateway:
        gateway.status, gateway.answer = status, answer
        environ = {"ANYMAIL_POSTMARK_SERVER_TOKEN": "of-nobody"}
        for name, value in provider_settings("postmark", environ).items():
            setattr(settings, name, value)
        settings.ANYMAIL_POSTMARK_API_URL = f"http://127.0.0.1:{gateway.port}/"
        message = Message("somebody@clinic.example", "s", "Something waits.", "key-1")
        if sent:
            MAIL.send(message)
        else:
            with pytest.raises(Unsent, match="Anymail"):
                MAIL.send(message)
    ((_, body),) = gateway.came
    assert "key-1@kapstone" in body
    assert "Something waits." in body
