"""How mail leaves: by a mail server, by a provider's own interface, or not at all."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

CONSOLE = "django.core.mail.backends.console.EmailBackend"
_FILES = "django.core.mail.backends.filebased.EmailBackend"
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_PROVIDER = "anymail.backends.{}.EmailBackend"
_PROVIDERS = frozenset(
    ("amazon_ses", "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill", "postal",
     "postmark", "resend", "scaleway", "sendgrid", "sparkpost", "unisender_go")
)  # fmt: skip
_KEYS = "ANYMAIL_"  # the provider's own settings in the environment: ANYMAIL_POSTMARK_SERVER_TOKEN
_PORTS = {"smtp": 587, "smtps": 465}
TIMEOUT_S = 10  # a mail server that hangs must not hold up the next alert


def mail_settings(address: str, folder: Path | None) -> dict[str, object]:
    """Django's EMAIL settings from ``smtp://user:password@host:port`` (STARTTLS) or ``smtps://``.

    Without an address messages go to the demo's `folder`, or to the terminal. Raises ValueError
    where the address is none of these.
    """
    if not address:
        if folder is None:
            return {"EMAIL_BACKEND": CONSOLE}
        return {"EMAIL_BACKEND": _FILES, "EMAIL_FILE_PATH": str(folder)}
    parts = urlsplit(address)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("CLINIC_SMTP: write smtp://user:password@host:587 or smtps://…:465.")
    return {
        "EMAIL_BACKEND": _SMTP,
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": TIMEOUT_S,
    }


def provider_settings(provider: str, environ: Mapping[str, str]) -> dict[str, object]:
    """Django's EMAIL settings for a provider that anymail knows; its keys come from `environ`.

    Raises ValueError where anymail does not know it, or none of its keys is there.
    """
    keys = {name: value for name, value in environ.items() if name.startswith(_KEYS)}
    if provider not in _PROVIDERS:
        raise ValueError(f"CLINIC_MAIL: write one of {', '.join(sorted(_PROVIDERS))}.")
    if not any(name.startswith(f"{_KEYS}{provider.upper()}_") for name in keys):
        raise ValueError(
            f"CLINIC_MAIL is {provider}, but its key is not there: set {_KEYS}{provider.upper()}_… "
            "as django-anymail names it."
        )
    return {
        "EMAIL_BACKEND": _PROVIDER.format(provider),
        "ANYMAIL_REQUESTS_TIMEOUT": TIMEOUT_S,
        **keys,
    }
