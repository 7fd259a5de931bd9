"""Queries for one row whose SQL is written once: Django writes it again at every call, which takes
several times as long as asking it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Expression, Model, QuerySet
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=Model)


class Given(Expression):
    """Stands where every call has a value of its own: ``Given("id", UUIDField())``."""

    def __init__(self, name: str, field: Any) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class Written:
    """A query as the database takes it, and how a row of the answer becomes objects."""

    sql: str
    params: Sequence[Any]
    model: type[Model]
    names: Sequence[str]
    converters: Sequence[tuple[int, Sequence[Any], Any]]
    related: Sequence[Any]


class Prepared(Generic[M]):
    """The first row of a query; its related objects come with it where the query selects them."""

    def __init__(self, rows: QuerySet[M]) -> None:
        self.rows = rows
        self._written: dict[str, Written] = {}

    def first(self, **values: Any) -> M | None:
        connection = connections[DEFAULT_DB_ALIAS]
        query = self._written.get(connection.vendor) or self._write(connection)
        row = _row(connection, query, values)
        return None if row is None else _object(connection, query, list(row))

    def _write(self, connection: Any) -> Written:
        compiler = self.rows[:1].query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        select, found = compiler.select, compiler.klass_info
        start, end = found["select_fields"][0], found["select_fields"][-1] + 1
        if start or compiler.annotation_col_map:
            raise TypeError("only whole rows can be looked up, without annotations")
        converters = compiler.get_converters([each[0] for each in select])
        query = Written(
            sql,
            params,
            found["model"],
            [each[0].target.attname for each in select[start:end]],
            [(place, *how) for place, how in converters.items()],
            get_related_populators(found, select, connection.alias),  # type: ignore[call-arg]
        )
        self._written[connection.vendor] = query
        return query


def _row(connection: Any, query: Written, values: dict[str, Any]) -> Sequence[Any] | None:
    row: Sequence[Any] | None
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(query.sql, [_value(connection, each, values) for each in query.params])
            row = cursor.fetchone()
            return row
    # Django's cursors get text, and reading its ids and times takes as long as all the rest.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    given = [values[each.name] if type(each) is Given else each for each in query.params]
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as binary:
        row = binary.execute(query.sql, given, binary=True).fetchone()
    return row


def _value(connection: Any, param: Any, values: dict[str, Any]) -> Any:
    if type(param) is not Given:
        return param
    return param.output_field.get_db_prep_value(values[param.name], connection)


def _object(connection: Any, query: Written, row: list[Any]) -> Any:
    for place, converters, expression in query.converters:
        for convert in converters:
            row[place] = convert(row[place], expression, connection)
    found = query.model.from_db(connection.alias, query.names, row[: len(query.names)])
    for each in query.related:
        each.populate(row, found)
    return found
