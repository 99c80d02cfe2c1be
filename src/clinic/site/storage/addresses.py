"""Django's DATABASES from one address."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


def databases(address: str, home: Path) -> dict[str, dict[str, object]]:
    """SQLite in the clinic's home, or the PostgreSQL server that the address names."""
    if not address:
        return {"default": _sqlite(home)}
    parts = urlsplit(address)
    host = parse_qs(parts.query).get("host", [parts.hostname or ""])[0]
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
        }
    }


def _sqlite(home: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(home / "clinic.sqlite3"),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
        },
    }
