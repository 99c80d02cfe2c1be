"""What the clinic refuses to start with, each with why and how to mend it.

Checked by `clinic serve` and `clinic demo` before they open a port, and by `clinic migrate` and
`clinic check --database default` as Django's own checks.
"""

from collections.abc import Mapping, Sequence

from django.conf import LazySettings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from clinic.people import crisis, idle
from clinic.reach import channels
from clinic.site import mail
from kapstone import risk
from kapstone.errors import InvalidInput

Version = tuple[int, ...]

_SQLITE_FIXED: Version = (3, 51, 3)
_SQLITE_BACKPORTS: tuple[Version, ...] = ((3, 50, 7), (3, 44, 6))
_SQLITE_FULL = 2  # PRAGMA synchronous: 0 off, 1 normal, 2 full, 3 extra
_SECRET_MIN_CHARACTERS = 32


def problems(settings: LazySettings, connection: BaseDatabaseWrapper) -> list[str]:
    """Everything unsafe about these settings and this database; empty when it may start."""
    return setting_problems(settings) + database_problems(connection)


def setting_problems(settings: LazySettings) -> list[str]:
    """Unsafe settings of the process."""
    found = []
    if settings.DEBUG and not settings.DEMO:
        found.append(
            "DEBUG is on for a real clinic: an error page would show a patient's data to whoever "
            "meets it. Set DEBUG to False."
        )
    if len(_secret(settings)) < _SECRET_MIN_CHARACTERS:
        found.append(
            "The secret key is missing or shorter than 32 characters: anyone could forge a "
            "sign-in. Run `clinic serve` once, which makes CLINIC_HOME/secret, or set "
            "CLINIC_SECRET."
        )
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        found.append(
            "No list of host names: a link in a message to a patient could be made to point "
            "elsewhere. Set CLINIC_HOSTS to the names this clinic answers to, separated by commas."
        )
    if settings.EMAIL_BACKEND == mail.CONSOLE and not settings.DEMO:
        found.append(
            "No mail server: an alert would be written to this terminal and reach nobody. Set "
            "CLINIC_SMTP to smtp://user:password@host:587 or smtps://user:password@host:465, or "
            "CLINIC_MAIL to a provider."
        )
    if settings.CLINIC_COUNTRY not in crisis.countries():
        found.append(
            f"No crisis lines are held for {settings.CLINIC_COUNTRY!r}: a patient's page would "
            f"name nobody to call. Set CLINIC_COUNTRY to one of {', '.join(crisis.countries())}."
        )
    gateways = {name: getattr(settings, name) for name in ("CLINIC_TEXT", "CLINIC_PAGER")}
    found.append(_clocks_problem(settings.CLINIC_CLOCKS))
    found.append(idle.problem(settings.CLINIC_IDLE_MIN))
    found.append(_contacts_problem(settings.CLINIC_CONTACTS))
    found += [channels.problem(name, address) for name, address in gateways.items() if address]
    return [problem for problem in found if problem]


def _clocks_problem(written: str) -> str:
    try:
        risk.read_shorter(written)
    except InvalidInput as error:
        return f"CLINIC_CLOCKS: {error} A clinic may only shorten the clocks of an alert."
    return ""


def _contacts_problem(written: str) -> str:
    try:
        risk.read_sooner(written)
    except InvalidInput as error:
        return f"CLINIC_CONTACTS: {error} A clinic may only ask for a contact sooner."
    return ""


def _secret(settings: LazySettings) -> str:
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:  # Django's answer to an empty one
        return ""


def database_problems(connection: BaseDatabaseWrapper) -> list[str]:
    """Settings of the database under which an acknowledged write could be lost."""
    if connection.vendor == "postgresql":
        return postgresql_problems(_postgresql_settings(connection))
    return sqlite_problems(
        connection.get_database_version(),
        journal_mode=str(_pragma(connection, "journal_mode")),
        synchronous=int(str(_pragma(connection, "synchronous"))),
    )


def sqlite_problems(version: Version, *, journal_mode: str, synchronous: int) -> list[str]:
    """What is unsafe about a SQLite build and its two settings."""
    found = []
    if journal_mode == "wal" and not _has_wal_fix(version):
        found.append(
            f"SQLite {'.'.join(map(str, version))} can corrupt a WAL database when two connections "
            "write and checkpoint at once (fixed in 3.51.3, 3.50.7 and 3.44.6). Install pysqlite3 "
            "0.6.1 or newer from requirements/clinic.txt."
        )
    if synchronous < _SQLITE_FULL:
        found.append(
            "SQLite's synchronous setting is below FULL: a power cut could lose what was already "
            "confirmed. Remove the PRAGMA from DATABASES' init_command or set it to FULL."
        )
    return found


def _has_wal_fix(version: Version) -> bool:
    if version >= _SQLITE_FIXED:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in _SQLITE_BACKPORTS)


def _pragma(connection: BaseDatabaseWrapper, name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {name}")
        return cursor.fetchone()[0]


_POSTGRESQL_WHY = {
    "fsync": "a power cut could lose or damage what was already confirmed",
    "full_page_writes": "a power cut could leave half-written pages",
    "synchronous_commit": "a crash could lose what was already confirmed",
}


def postgresql_problems(values: Mapping[str, str]) -> list[str]:
    """What is unsafe about a PostgreSQL server's settings."""
    return [
        f"PostgreSQL's {name} is off: {why}. Set {name} = on in postgresql.conf and restart it."
        for name, why in _POSTGRESQL_WHY.items()
        if values[name] == "off"
    ]


def _postgresql_settings(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(_POSTGRESQL_WHY)]
        )
        return dict(cursor.fetchall())


@register()
def check_settings(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """Django's check before every command that asks for checks."""
    from django.conf import settings

    return [Error(text, id="clinic.E001") for text in setting_problems(settings)]


@register(Tags.database)
def check_databases(
    app_configs: object, databases: Sequence[str] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Django's check before `migrate`, and on `check --database`."""
    return [
        Error(text, id="clinic.E002", obj=alias)
        for alias in databases or ()
        for text in database_problems(connections[alias])
    ]
