"""Whose database this is: a real clinic's or the demo's, written in the database itself.

A directory can be moved and an address mistyped; the mark goes where the rows go. It is a table of
its own beside Django's, so that it can be read and set before the first migration.
"""

from enum import StrEnum

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

_TABLE = "clinic_mark"


class Kind(StrEnum):
    """What a database may be used for."""

    EMPTY = "empty"  # no table at all
    UNMARKED = "unmarked"  # tables, and nothing that says whose
    CLINIC = "clinic"
    DEMO = "demo"


def kind(connection: BaseDatabaseWrapper) -> Kind:
    """What the database says of itself."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        if _TABLE in tables:
            cursor.execute(f"SELECT kind FROM {_TABLE}")  # noqa: S608 - a constant
            return Kind(cursor.fetchone()[0])
    return Kind.UNMARKED if tables else Kind.EMPTY


def claim(connection: BaseDatabaseWrapper, wanted: Kind) -> str:
    """Mark a database for the demo or a clinic; says why when it may not be used, else empty.

    The demo takes only an empty database or its own. A clinic takes any but the demo's.
    """
    found = kind(connection)
    if found == wanted:
        return ""
    if found == Kind.DEMO:
        return (
            "This database is marked as the demo clinic's, full of invented people. Point "
            "CLINIC_HOME or DATABASE_URL at the real clinic's own."
        )
    if wanted == Kind.DEMO and found != Kind.EMPTY:
        return (
            "This database is not marked as the demo's and may hold real people: the demo does "
            "not touch it. Unset CLINIC_HOME and DATABASE_URL, or name an empty database."
        )
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {_TABLE} (kind varchar(8) NOT NULL, seeded boolean NOT NULL)")
        cursor.execute(f"INSERT INTO {_TABLE} VALUES (%s, %s)", [wanted, False])  # noqa: S608
    return ""


def is_seeded(connection: BaseDatabaseWrapper) -> bool:
    """Whether the demo's people are already in."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT seeded FROM {_TABLE}")  # noqa: S608 - a constant
        return bool(cursor.fetchone()[0])


def note_seeded(connection: BaseDatabaseWrapper) -> None:
    """Remember that the demo's people are in, within the transaction that put them there."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {_TABLE} SET seeded = %s", [True])  # noqa: S608 - a constant
