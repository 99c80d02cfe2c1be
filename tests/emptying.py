"""Empties a database whose tables refuse to be emptied: for tests that commit."""

from django.db import connection, transaction


def empty_past_the_triggers() -> None:
    """Take SQLite's append-only triggers off, empty every table, put the triggers back."""
    if connection.vendor != "sqlite":
        return  # PostgreSQL's TRUNCATE, with which Django flushes, fires no row trigger
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own tables' names
        for _, made in triggers:
            cursor.execute(made)
