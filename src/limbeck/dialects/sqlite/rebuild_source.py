"""What must be known of a table before it is rebuilt, read from ``sqlite_master``."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData
from sqlalchemy.exc import DatabaseError, InvalidRequestError
from sqlalchemy.schema import CreateIndex, CreateTable

from limbeck.dialects.sqlite.schema_reader import SchemaTextError, read_table
from limbeck.dialects.sqlite.sql_tokens import (
    folded,
    mentions,
    quoted,
    same_name,
    text_of,
    tokens_of,
)
from limbeck.dialects.standard.constraints import type_bound_constraints
from limbeck.dialects.standard.copy_parts import refer_to
from limbeck.errors import CommandError
from limbeck.operations.referred import foreign_keys_of, referred_table
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import Column, Connection, Constraint, Dialect, Table

    from limbeck.dialects.sqlite.schema_text import TableText


class StoredObject(Value, slots=True):
    """An index, a trigger or a view as ``sqlite_master`` keeps it."""

    kind: str
    name: str
    table: str
    sql: str

    @property
    def body(self) -> str:
        """The text behind the table's name: what an index is made of."""
        tokens = tokens_of(self.sql)
        on = next((i for i, token in enumerate(tokens) if token.is_word("ON")), len(tokens))
        behind = [i for i in range(on + 1, len(tokens)) if not tokens[i].is_trivia]
        return text_of(tokens[behind[0] + 1 :]) if behind else ""

    def in_schema(self, schema: str | None) -> str:
        """The statement that creates it in a schema; ``sqlite_master`` does not say which."""
        if schema is None:
            return self.sql
        tokens = tokens_of(self.sql)
        kind = self.kind.upper()
        at = next(i for i, token in enumerate(tokens) if token.is_word(kind)) + 1
        return f"{text_of(tokens[:at])} {quoted(schema)}.{text_of(tokens[at:]).lstrip()}"


class Referring(Value, slots=True):
    """A foreign key of some table that points to the table at hand."""

    table: str
    columns: tuple[str, ...]


class LiveTable(Value, slots=True):
    """A table with everything that hangs on it.

    :param dependents: views, and triggers of other tables, that mention it.
    :param alone: whether the database has no views and no triggers but those of the table.
    :param referring: foreign keys of other tables and its own that point to it.
    :param sequence: the highest rowid that AUTOINCREMENT has given so far.
    """

    text: TableText
    schema: str | None = None
    indexes: tuple[StoredObject, ...] = ()
    triggers: tuple[StoredObject, ...] = ()
    dependents: tuple[StoredObject, ...] = ()
    referring: tuple[Referring, ...] = ()
    sequence: int | None = None
    alone: bool = True


def read_live(connection: Connection, name: str, schema: str | None) -> LiveTable:
    """Read a table and what hangs on it.

    :raises CommandError: there is no such table, or it is none that can be rebuilt.
    """
    stored = _stored(connection, schema, name)
    sql = next((o.sql for o in stored if o.kind == "table" and same_name(o.name, name)), None)
    if sql is None:
        raise CommandError(f"there is no table {name!r} in the database")
    try:
        text = read_table(sql)
    except SchemaTextError as error:
        raise CommandError(
            f"table {name!r} cannot be altered: {error}",
            hint="a virtual table is dropped and created again, with op.execute()",
        ) from error
    here = [o for o in stored if same_name(o.table, name)]
    return LiveTable(
        text,
        schema,
        tuple(o for o in here if o.kind == "index"),
        tuple(o for o in here if o.kind == "trigger"),
        dependents_of(name, stored),
        _referring(connection, name, schema, stored),
        _sequence(connection, text, schema),
        _is_alone(name, stored),
    )


def read_given(
    table: Table, dialect: Dialect, connection: Connection | None, schema: str | None
) -> LiveTable:
    """The same, where the author says what the table looks like (``copy_from``)."""
    if table.schema is not None:  # as in sqlite_master, texts name no schema
        table = table.to_metadata(MetaData(), schema=None)  # type: ignore[arg-type]  # documented
    table = _with_nameless_checks(_with_referred(table), dialect)
    text = read_table(str(CreateTable(table).compile(dialect=dialect)).strip())
    ordered = sorted(table.indexes, key=lambda index: str(index.name))
    indexes = tuple(
        StoredObject("index", str(i.name), table.name, str(CreateIndex(i).compile(dialect=dialect)))
        for i in ordered
    )
    if connection is None:
        return LiveTable(text, schema, indexes)
    stored = _stored(connection, schema, table.name)
    triggers = tuple(o for o in stored if o.kind == "trigger" and same_name(o.table, table.name))
    return LiveTable(
        text,
        schema,
        indexes,
        triggers,
        dependents_of(table.name, stored),
        _referring(connection, table.name, schema, stored),
        _sequence(connection, text, schema),
        _is_alone(table.name, stored),
    )


def _with_referred(table: Table) -> Table:
    """The table among placeholders for those that it refers to, which its author may leave out."""
    if not table.foreign_keys:
        return table
    table = table.to_metadata(MetaData(naming_convention=table.metadata.naming_convention))
    for key in foreign_keys_of(table):
        schema, name, column = referred_table(key)
        if name != table.name:
            refer_to(table.metadata, schema, name, [column or key.parent.name])
    return table


def _with_nameless_checks(table: Table, dialect: Dialect) -> Table:
    """The table with a CHECK of a type left without a name where the naming convention wants one.

    SQLAlchemy cannot create such a table; it can be there all the same.
    """
    columns = [c.name for c in table.columns if any(_nameless(c, dialect))]
    if not columns:
        return table
    table = table.to_metadata(MetaData(naming_convention=table.metadata.naming_convention))
    for name in columns:
        for constraint in list(_nameless(table.c[name], dialect)):
            constraint.name = None
        warnings.warn(
            "The CHECK constraint generated by the type of column "
            f"'{table.name}.{name}' has no name; give the type one",
            UserWarning,
            stacklevel=2,
        )
    return table


def _nameless(column: Column[Any], dialect: Dialect) -> Iterator[Constraint]:
    """The CHECKs that a column's type brings along and the convention cannot name."""
    for constraint in type_bound_constraints(column, dialect):
        if any(each is column for each in getattr(constraint, "columns", ())):
            try:
                dialect.identifier_preparer.format_constraint(constraint)
            except InvalidRequestError:
                yield constraint


def _is_alone(name: str, stored: Iterable[StoredObject]) -> bool:
    return all(
        o.kind != "view" and (o.kind != "trigger" or same_name(o.table, name)) for o in stored
    )


def dependents_of(name: str, stored: Iterable[StoredObject]) -> tuple[StoredObject, ...]:
    """Views, and triggers of other tables, whose text mentions a table, directly or through
    another view."""
    candidates = [
        o
        for o in stored
        if o.kind == "view" or (o.kind == "trigger" and not same_name(o.table, name))
    ]
    found: dict[str, StoredObject] = {}
    names = [name]
    while names:
        looked_for = names.pop()
        for candidate in candidates:
            if candidate.name not in found and mentions(candidate.sql, looked_for):
                found[candidate.name] = candidate
                if candidate.kind == "view":
                    names.append(candidate.name)
    return tuple(found[each] for each in sorted(found))


def failures(connection: Connection, live: LiveTable) -> dict[str, str]:
    """Which views and triggers around a table SQLite cannot compile, and why.

    SQLite accepts any trigger and view without looking into it; ``EXPLAIN`` compiles a statement
    with all triggers that it would fire, and runs nothing.
    """
    found: dict[str, str] = {}
    prefix = f"{quoted(live.schema)}." if live.schema else ""
    for each in (*live.triggers, *live.dependents):
        label = f"{each.kind} {each.name}"
        try:
            if each.kind == "view":
                probe = f"SELECT * FROM {prefix}{quoted(each.name)}"
            else:
                columns = _writable(connection, prefix, each.table)
                for missing in _unknown(each, columns):
                    found[label] = f"no such column: {missing}"
                probe = _firing(each, f"{prefix}{quoted(each.table)}", columns)
            connection.exec_driver_sql(f"EXPLAIN {probe}").close()
        except DatabaseError as error:
            found.setdefault(label, str(error.orig))
    return found


def _event(trigger: StoredObject) -> tuple[str, tuple[str, ...]]:
    """What fires a trigger: INSERT, DELETE or UPDATE, and the columns of ``UPDATE OF``."""
    tokens = [token for token in tokens_of(trigger.sql) if not token.is_trivia]
    at = next(i for i, token in enumerate(tokens) if token.is_word("INSERT", "UPDATE", "DELETE"))
    on = next(i for i in range(at, len(tokens)) if tokens[i].is_word("ON"))
    columns = (token.name for token in tokens[at + 2 : on] if token.can_be_name)
    return tokens[at].text.upper(), tuple(columns)


def _writable(connection: Connection, prefix: str, table: str) -> list[str]:
    """The columns of a table or view that are not generated."""
    rows = connection.exec_driver_sql(f"PRAGMA {prefix}table_xinfo({quoted(table)})")
    return [row[1] for row in rows if row[6] == 0]


def _unknown(trigger: StoredObject, columns: list[str]) -> list[str]:
    """Columns of ``UPDATE OF`` that are not there; SQLite says nothing of them."""
    known = {folded(column) for column in columns}
    return [column for column in _event(trigger)[1] if folded(column) not in known]


def _firing(trigger: StoredObject, address: str, columns: list[str]) -> str:
    """A statement that would fire the trigger."""
    event, of = _event(trigger)
    if event == "DELETE":
        return f"DELETE FROM {address}"
    if event == "INSERT":
        names, values = ", ".join(map(quoted, columns)), ", ".join("NULL" for _ in columns)
        return f"INSERT INTO {address} ({names}) VALUES ({values})"
    known = {folded(column) for column in columns}
    chosen = [column for column in of if folded(column) in known] or columns
    return f"UPDATE {address} SET {', '.join(f'{quoted(c)} = {quoted(c)}' for c in chosen)}"


def _stored(connection: Connection, schema: str | None, name: str) -> list[StoredObject]:
    """All views and triggers, and the tables and indexes whose text has a table's name in it."""
    catalogue = f"{quoted(schema)}.sqlite_master" if schema else "sqlite_master"
    # Within quotes a name with a quote in it is spelled otherwise; every text has nothing in it.
    spelled = "" if any(quote in name for quote in "\"`'") else name
    rows = connection.exec_driver_sql(
        f"SELECT type, name, tbl_name, sql FROM {catalogue} WHERE sql IS NOT NULL "
        "AND (type IN ('view', 'trigger') OR instr(lower(sql), lower(?)) > 0) ORDER BY rowid",
        (spelled,),
    )
    return [StoredObject(*row) for row in rows]


def _referring(
    connection: Connection, name: str, schema: str | None, stored: list[StoredObject]
) -> tuple[Referring, ...]:
    prefix = f"{quoted(schema)}." if schema else ""
    found: dict[tuple[str, int], list[str]] = {}
    for table in (o for o in stored if o.kind == "table" and mentions(o.sql, name)):
        keys = connection.exec_driver_sql(f"PRAGMA {prefix}foreign_key_list({quoted(table.name)})")
        for number, _, parent, _, column, *_ in keys.fetchall():
            if same_name(parent, name):
                columns = found.setdefault((table.name, number), [])
                columns += [folded(column)] if column is not None else []
    return tuple(Referring(table, tuple(columns)) for (table, _), columns in sorted(found.items()))


def _sequence(connection: Connection, text: TableText, schema: str | None) -> int | None:
    if not text.autoincrement:
        return None
    prefix = f"{quoted(schema)}." if schema else ""
    row = connection.exec_driver_sql(
        f"SELECT seq FROM {prefix}sqlite_sequence WHERE name = ?", (text.name,)
    ).fetchone()
    return None if row is None else int(row[0])
