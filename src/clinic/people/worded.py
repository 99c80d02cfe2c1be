"""A query that is worded once and asked often.

Django words a query anew each time, which takes longer than the database takes to answer. Here
the first call words it, and every call fills in its own values. Rows are always read.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, wraps
from secrets import randbelow, token_hex
from typing import Any, Generic, TypeVar, TypeVarTuple
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Field, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
Asked = TypeVarTuple("Asked")
Say = Callable[[*Asked], "QuerySet[Any, Row]"]


def worded_once(say: Say[*Asked, Row]) -> Callable[[*Asked], list[Row]]:
    """The rows of the query that `say` makes of ids, numbers, times or words; none may be None.

    `say` passes its values on and does nothing else with them, for what it made of them would
    stay. The first call tries that with values of its own. Raises TypeError.
    """
    known: dict[str, _Worded[Row]] = {}

    @wraps(say)
    def ask(*values: *Asked) -> list[Row]:
        if connection.vendor not in known:
            known[connection.vendor] = _word(say, values)
        return known[connection.vendor].ask(values)

    return ask


class _Compiler(SQLCompiler):
    """Django's own; once it has `said` its words and values, it says these."""

    said: tuple[str, Sequence[object]] | None = None
    converters: Any = None

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        return self.said or super().as_sql(*args, **kwargs)

    def get_converters(self, expressions: Any) -> Any:
        return self.converters or super().get_converters(expressions)


@dataclass(frozen=True, slots=True)
class _Worded(Generic[Row]):
    """A query in SQL. `places`: whose value each parameter is; None for one of `constants`."""

    query: "QuerySet[Any, Row]"
    compiler: _Compiler
    sql: str
    constants: Sequence[object]
    places: Sequence[int | None]

    def ask(self, values: Sequence[object]) -> list[Row]:
        told = [_adapted(value) for value in values]
        compiler = copy.copy(self.compiler)
        compiler.connection = connection
        compiler.said = (
            self.sql,
            [
                constant if place is None else told[place]
                for constant, place in zip(self.constants, self.places, strict=True)
            ],
        )
        rows = self.query.all()
        setattr(rows.query, "get_compiler", lambda *_, **__: compiler)  # noqa: B010 - a method
        return list(rows)


def insert(row: Model) -> None:
    """Write a new row whose key is known, as it stands."""
    names = tuple(each.name for each in row._meta.concrete_fields)
    _write(_insert_into(type(row)), row, names)
    row._state.adding, row._state.db = False, connection.alias


def update(row: Model, *names: str) -> None:
    """Write these fields of a row that is there."""
    _write(_set(type(row), names), row, (*names, row._meta.pk.name))


def update_all(rows: Sequence[Model], *names: str) -> None:
    """Write these fields of several rows of one table, which are there."""
    sql, written = _set(type(rows[0]), names), (*names, rows[0]._meta.pk.name)
    with connection.cursor() as cursor:
        cursor.executemany(sql, [_values(row, written) for row in rows])


def _write(sql: str, row: Model, names: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(row, names))


def _values(row: Model, names: Sequence[str]) -> list[Any]:
    fields = _fields(type(row))
    return [
        fields[name].get_db_prep_save(getattr(row, fields[name].attname), connection)
        for name in names
    ]


@cache
def _fields(model: type[Model]) -> dict[str, "Field[Any, Any]"]:
    return {each.name: each for each in model._meta.concrete_fields}


@cache
def _insert_into(model: type[Model]) -> str:
    names = [f'"{each.column}"' for each in _fields(model).values()]
    places = ", ".join(["%s"] * len(names))
    into = f'"{model._meta.db_table}" ({", ".join(names)})'
    return f"INSERT INTO {into} VALUES ({places})"  # noqa: S608 - names of our own tables


@cache
def _set(model: type[Model], names: tuple[str, ...]) -> str:
    fields = ", ".join(f'"{_fields(model)[name].column}" = %s' for name in names)
    table, key = model._meta.db_table, model._meta.pk.column
    return f'UPDATE "{table}" SET {fields} WHERE "{key}" = %s'  # noqa: S608 - as above


def _word(say: Callable[..., "QuerySet[Any, Row]"], values: Sequence[object]) -> _Worded[Row]:
    """Word a query twice with values made up: the two differ in those values and nowhere else."""
    ones, others = [_made_up(each) for each in values], [_made_up(each) for each in values]
    query = say(*ones)
    compiler = _Compiler(query.query, connection, query.db)
    sql, params = compiler.as_sql()
    other = say(*others).query
    other_sql, other_params = _Compiler(other, connection, query.db).as_sql()
    pairs = list(zip(map(_adapted, ones), map(_adapted, others), strict=True))
    found = list(zip(params, other_params, strict=True))
    places = [pairs.index(pair) if pair in pairs else None for pair in found]
    changed = any(one != two for (one, two), at in zip(found, places, strict=True) if at is None)
    if sql != other_sql or changed or {*range(len(values))} - {*places}:
        raise TypeError(f"{say.__qualname__} does more with its values than to pass them on.")
    columns = compiler.select[: compiler.col_count]
    compiler.converters = compiler.get_converters([column for column, *_ in columns])
    return _Worded(query, compiler, sql, params, places)


def _made_up(value: object) -> object:
    """A value like this one that nobody else has."""
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, datetime):
        return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=randbelow(10**15))
    if isinstance(value, date):
        return date(2000, 1, 1) + timedelta(days=randbelow(10**6))
    if isinstance(value, int):
        return 10**9 + randbelow(10**9)
    return f"{token_hex(16)} %_\\'Aa"  # a search by likeness would write these otherwise


def _adapted(value: object) -> object:
    """As this database takes it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"A {type(value).__name__} cannot be filled into a query that is worded once.")
