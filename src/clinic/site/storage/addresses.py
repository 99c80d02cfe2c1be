"""Django's DATABASES from one address."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

POOL_SIZE = 16  # eight page threads, the loop's jobs and the live streams' short reads
_LIBPQ_OPTIONS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"}


def databases(address: str, home: Path) -> dict[str, dict[str, object]]:
    """SQLite in the clinic's home, or the PostgreSQL server that the address names."""
    return {"default": _postgresql(address) if address else _sqlite(home)}


def _sqlite(home: Path) -> dict[str, object]:
    return {
        "ENGINE": "clinic.site.storage.sqlite",
        "NAME": str(home / "clinic.sqlite3"),
        "CONN_MAX_AGE": None,  # each thread keeps its own: opening one takes longer than a page
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
        },
    }


def _postgresql(address: str) -> dict[str, object]:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise _unreadable(str(error)) from None
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        raise _unreadable("the scheme or the database's name is missing or other")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = query.pop("host", unquote(parts.hostname or ""))
    pool = query.pop("pool", str(POOL_SIZE))
    if not pool.isdecimal():
        raise _unreadable("pool= is not a whole number")
    if unknown := sorted(set(query) - _LIBPQ_OPTIONS):
        raise _unreadable(f"{unknown[0]}= is not an option known here")
    # A frozen server takes the connection and says nothing.
    options: dict[str, object] = {"application_name": "kapstone", "connect_timeout": 5, **query}
    if int(pool):
        options["pool"] = {
            "min_size": 1,
            "max_size": int(pool),
            "timeout": 5,
            # It waits twice as long before each try. Begun anew this often, it is back within
            # seconds of the server, however long that was away.
            "reconnect_timeout": 4,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_HEALTH_CHECKS": True,  # a connection the server has dropped is replaced, not used
        "OPTIONS": options,
    }


def _unreadable(problem: str) -> ImproperlyConfigured:
    """An error that never repeats the address: it holds a password."""
    return ImproperlyConfigured(
        f"DATABASE_URL: {problem}. Write postgresql://user:password@host:port/name, for a socket "
        "postgresql:///name?host=/directory; options: pool=16 (0 for none), "
        + ", ".join(sorted(_LIBPQ_OPTIONS))
        + "."
    )
