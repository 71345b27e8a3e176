"""Which constraints and indexes operations have created, and not dropped again.

What has a name is remembered by it. What leaves its name to the database, or to a naming convention
that has changed since, is remembered by its columns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Constraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.exc import SQLAlchemyError

from limbeck.operations import ops
from limbeck.operations.schema_objects import build_table, throwaway_metadata
from limbeck.operations.sql_parts import names_dropped, unnamed_parts, words_made
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Dialect

Key = tuple[str, str]

_DROPPED_KINDS = {
    "foreignkey": "foreign_key",
    "primary": "primary_key",
    "unique": "unique",
    "check": "check",
    "exclude": "exclude",
}


class Part(Value, slots=True):
    """A constraint or index of a table.

    :param table: schema and name, in small letters.
    :param kind: as in a change; an index that is unique is ``unique``, as some databases make the
        one of the other.
    :param name: in small letters, None where the database gives one.
    :param columns: those that it is over, where it has no name.
    :param words: of an index over an expression, where it has no name, the words of its elements.
    """

    table: Key
    kind: str
    name: str | None
    columns: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


class CreatedParts:
    """The constraints and indexes of a history, kept up with operation by operation.

    :param dialect: says how long a name may be; None takes names as they are.
    :param opts: ``target_metadata`` in it has the naming convention.
    """

    def __init__(self, dialect: Dialect | None, opts: Mapping[str, Any]) -> None:
        self.opts = opts
        self._dialect = dialect
        self._known: set[Part] = set()
        self._words: set[str] = set()
        """The words of all SQL that makes anything."""

    def owns(
        self,
        tables: Collection[Key],
        kind: str,
        name: str | None,
        columns: Collection[str],
        *,
        is_plain: bool = True,
    ) -> bool:
        """Say whether the history has created a constraint or index.

        :param tables: the addresses that its table may be known by.
        :param kind: as in :class:`Part`.
        :param name: the name that it has in the database.
        :param columns: the columns that it is over.
        :param is_plain: False for an index over an expression, or with a condition, of which
            ``columns`` are the words of its elements.
        """
        small = frozenset(column.lower() for column in columns)
        named = None if name is None else name.lower()
        if named in self._words and named not in small:
            return True
        mine = [part for part in self._known if part.table in tables]
        if kind == "primary_key":  # there is one, and MySQL gives it no name
            return any(part.kind == kind for part in mine)
        if named is not None and any(
            part.name == named and _is_like(part.kind, kind) for part in mine
        ):
            return True
        unnamed = [part for part in mine if part.name is None and part.kind == kind]
        if kind in ("check", "exclude"):  # no two texts of a condition are ever alike
            return bool(unnamed) and _is_given(named, tables, small)
        if is_plain:
            return any(part.columns == small for part in unnamed if not part.words)
        # The database says an expression in words of its own, which are more.
        is_given = named is None or re.fullmatch(r"\w+_idx\d*|functional_index(_\d+)?", named)
        return bool(is_given) and any(part.words <= small for part in unnamed if part.words)

    # ------------------------------------------------------------------------- operations

    def add_table(self, key: Key, operation: ops.CreateTableOp | Table) -> None:
        """Take note of what a new table has."""
        table = operation
        if isinstance(operation, ops.CreateTableOp):
            try:
                table = operation.to_table(self)
            except SQLAlchemyError:  # a revision that could not run either
                return
        assert isinstance(table, Table)
        self._add_parts(key, table)

    def add_column(self, key: Key, column: Column[Any]) -> None:
        """Take note of what a column brings along: by ``unique``, ``index``, its type, …"""
        try:
            self._add_parts(key, build_table(key[1], throwaway_metadata(self), column))
        except SQLAlchemyError:
            return

    def add_named(self, key: Key, items: Iterable[object]) -> None:
        """Take note of the names of constraints that a copy of a table gets besides."""
        for item in items:
            if isinstance(item, Constraint | Index) and isinstance(item.name, str):
                self._known.add(Part(key, _kind(item), item.name.lower()))

    def add(self, operation: object, key: Key) -> None:
        """Take note of an operation on one constraint or index.

        :param key: the address of its table.
        """
        match operation:
            case ops.CreateIndexOp():
                self._add_made(key, operation.index_name, operation.to_index)
            case ops.AddConstraintOp():
                self._add_made(key, operation.constraint_name, operation.to_constraint)
            case ops.DropIndexOp():
                self._forget(operation.index_name, {"index", "unique"})
            case ops.DropConstraintOp():
                kind = _DROPPED_KINDS.get(operation.constraint_type or "")
                self._forget(operation.constraint_name, {kind} if kind else None)

    def execute(self, sql: str) -> None:
        """Take note of what SQL makes and drops."""
        for name, is_index in names_dropped(sql):
            self._forget(name, {"index", "unique"} if is_index else None)
        self._words |= words_made(sql)
        for part in unnamed_parts(sql):
            key = ((part.schema or "").lower(), part.table.lower())
            columns = frozenset(name.lower() for name in part.columns)
            self._known.add(Part(key, part.kind, None, columns, part.words))

    def drop_table(self, key: Key) -> None:
        """Forget a table."""
        self._known = {part for part in self._known if part.table != key}

    def rename_table(self, old: Key, new: Key) -> None:
        """Know a table by its new name."""
        self._known = {
            replace(part, table=new) if part.table == old else part for part in self._known
        }

    def rename_column(self, key: Key, old: str, new: str) -> None:
        """Know a column by its new name."""
        old, new = old.lower(), new.lower()
        self._known = {
            replace(
                part,
                columns=_with_new_name(part.columns, old, new),
                words=_with_new_name(part.words, old, new),
            )
            if part.table == key
            else part
            for part in self._known
        }

    # ------------------------------------------------------------------------- parts

    def _add_made(self, key: Key, name: str | None, make: Any) -> None:
        try:
            made = make(self)
        except (SQLAlchemyError, ValueError, TypeError):
            made = None
        if made is not None:
            self._add_part(key, made)
        if name is not None:
            # As it stands, whatever a naming convention makes of it.
            kind = _kind(made) if made is not None else "index"
            self._known.add(Part(key, kind, str(name).lower()))

    def _add_parts(self, key: Key, table: Table) -> None:
        for constraint in table.constraints:
            if not isinstance(constraint, PrimaryKeyConstraint) or len(constraint.columns):
                self._add_part(key, constraint)
        for index in table.indexes:
            self._add_part(key, index)

    def _add_part(self, key: Key, made: Constraint | Index) -> None:
        kind, name = _kind(made), self._name(made)
        columns: Iterable[Any] = getattr(made, "columns", ())
        names = frozenset(str(column.name).lower() for column in columns)
        self._known.add(Part(key, kind, name, frozenset() if name else names))
        if isinstance(made, ForeignKeyConstraint) and names:
            # MySQL makes an index for it, which it leaves behind when the key is dropped:
            # https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
            first = str(next(iter(columns)).name).lower()
            self._known |= {Part(key, "index", each) for each in {name or first, first}}

    def _name(self, made: Constraint | Index) -> str | None:
        if made.name is None or self._dialect is None:
            return str(made.name).lower() if isinstance(made.name, str) else None
        preparer: Any = self._dialect.identifier_preparer
        try:
            name = preparer.format_constraint(made, _alembic_quote=False)
        except SQLAlchemyError:  # a name that is too long, or that a convention cannot make
            name = made.name if isinstance(made.name, str) else None
        return None if name is None else str(name).lower()

    def _forget(self, name: str | None, kinds: Collection[str | None] | None) -> None:
        """Forget what is dropped; the index of a foreign key stays."""
        if name is None:
            return
        small = str(name).lower()
        self._words.discard(small)
        self._known = {
            part
            for part in self._known
            if part.name != small or (part.kind not in kinds if kinds else part.kind == "index")
        }


def _with_new_name(names: frozenset[str], old: str, new: str) -> frozenset[str]:
    return (names - {old}) | {new} if old in names else names


def _kind(made: Constraint | Index) -> str:
    match made:
        case Index():
            return "unique" if made.unique else "index"
        case PrimaryKeyConstraint():
            return "primary_key"
        case UniqueConstraint():
            return "unique"
        case ForeignKeyConstraint():
            return "foreign_key"
        case CheckConstraint():
            return "check"
    return "exclude"


def _is_like(one: str, other: str) -> bool:
    """Whether what is known as one kind may be what a database shows as the other."""
    indexes = {"index", "unique"}
    return one == other or {one, other} <= indexes


def _is_given(name: str | None, tables: Collection[Key], columns: Collection[str]) -> bool:
    """Whether a CHECK or EXCLUDE constraint has the name that a database gives by itself."""
    if name is None or name in columns or re.fullmatch(r"constraint_\d+", name):
        return True
    ends = r"(?:\w+_)?(?:check\d*|chk_\d+|excl\d*)"
    return any(re.fullmatch(rf"{re.escape(table)}_{ends}", name) for _, table in tables)
