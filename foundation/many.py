"""Statements for many rows or values at once, in which all of them are bound as one.

A parameter for each value of each row costs more to prepare, to send and to read than the row costs to write. And a
list of another length is another statement, which the database has to plan again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Dialect,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from foundation.database import db, moment_in_utc, moment_written

Types = Mapping[str, TypeEngine[Any]]
Columns = dict[str, ColumnElement[Any]]


def _document_of(moments: Callable[[datetime], str]) -> Callable[[Any], str]:
    # Letters as they are: what the database would refuse as a value, it refuses inside a document too.
    return json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"), default=moments).encode


_DOCUMENTS = {
    "sqlite": _document_of(moment_written),
    "postgresql": _document_of(lambda moment: moment_in_utc(moment).isoformat()),
}


class _Document(TypeDecorator[Any]):
    """Values as one JSON text, moments in it as the database writes them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        return _DOCUMENTS[dialect.name](value)


class _Values(TypeDecorator[Any]):
    """Values of one type: an array, on SQLite a JSON text."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(postgresql.ARRAY(self.of) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else _DOCUMENTS["sqlite"](list(value))


class any_of(FunctionElement[bool]):
    """Whether ``looked_at`` (text or whole numbers) is one of the values bound as ``name``, however many they are."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, looked_at: ColumnElement[Any], name: str) -> None:
        super().__init__(looked_at, bindparam(name, type_=_Values(looked_at.type)))

    def self_group(self, against: Any = None) -> Any:
        """Stay a bare condition: compared with 1, as functions are on SQLite, it would find no index."""
        return self


@compiles(any_of, "postgresql")
def _in_array(element: any_of, compiler: SQLCompiler, **keywords: Any) -> str:
    looked_at, values = (compiler.process(clause, **keywords) for clause in element.clauses)
    return f"{looked_at} = ANY ({values})"


@compiles(any_of, "sqlite")
def _in_document(element: any_of, compiler: SQLCompiler, **keywords: Any) -> str:
    looked_at, values = (compiler.process(clause, **keywords) for clause in element.clauses)
    return f"{looked_at} IN (SELECT value FROM json_each({values}))"


def change_each(model: type[Any], ids: Sequence[int], **values: Any) -> None:
    """Set ``values`` in the rows of ``model`` with these ids, however many they are."""
    if ids:
        db.session.execute(update(model).where(any_of(model.id, "ids")).values(values), {"ids": ids})


class ForRows:
    """One statement for many rows, which are mappings of what ``types`` names.

    ``build`` is given the dialect and the columns of these rows, and returns the statement. What is alike in all rows
    is bound once; what differs, and ``key`` always, is read from one document, in the order of the rows.
    """

    def __init__(self, types: Types, key: str, build: Callable[[str, Columns], Any]) -> None:
        self._types, self._key, self._build = types, key, build
        self._statement = lru_cache(maxsize=64)(self._built)

    def execute(self, rows: Sequence[Mapping[str, Any]], **parameters: Any) -> Any:
        """Run it for ``rows``, of which there is at least one, and return its result; what a row lacks is None."""
        first = rows[0]
        differing = tuple(name for name in self._types if name == self._key or _differs(name, rows))
        statement = self._statement(db.session.get_bind().dialect.name, differing)
        document = [{name: row.get(name) for name in differing} for row in rows]
        alike = {name: first.get(name) for name in self._types if name not in differing}
        return db.session.execute(statement, alike | parameters | {"rows": document})

    def _built(self, dialect: str, differing: tuple[str, ...]) -> Any:
        read = columns_read(dialect, {name: self._types[name] for name in differing})
        columns = {
            name: read[name] if name in read else bindparam(name, type_=self._types[name]) for name in self._types
        }
        return self._build(dialect, columns)


def _differs(name: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    values = [row.get(name) for row in rows]
    return values.count(values[0]) != len(values)


def columns_read(dialect: str, types: Types) -> Columns:
    """The columns of rows that are bound as one document named ``rows``, in its order; what a row lacks is NULL."""
    document = bindparam("rows", type_=_Document())
    if dialect == "postgresql":
        columns = [column(name, kind) for name, kind in types.items()]
        recordset = func.json_to_recordset(cast(document, postgresql.JSON)).table_valued(*columns)
        return dict(recordset.render_derived(name="one", with_types=True).c)
    value = func.json_each(document).table_valued("value", name="one").c.value
    return {name: func.json_extract(value, literal_column(f"'$.{name}'"), type_=kind) for name, kind in types.items()}
