"""How messages leave: by the mail server that one address names, or not at all."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

CONSOLE = "django.core.mail.backends.console.EmailBackend"
_FILES = "django.core.mail.backends.filebased.EmailBackend"
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
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
