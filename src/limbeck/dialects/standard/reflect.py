"""The database's side of a comparison, through SQLAlchemy's Inspector.

Every ``get_multi_*`` method reads all tables of a schema at once, so the number of queries does
not depend on the number of tables (where SQLAlchemy's dialect reads in bulk). A database's own
``reflect.py`` reads its catalogue itself where the Inspector leaves something out, or reuses the
parts here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect
from sqlalchemy.engine.reflection import ObjectKind, ObjectScope

from limbeck.dialects.standard.item_words import initially, options_of
from limbeck.dialects.standard.normalise import StandardWords, Words
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ComputedFact,
    ConstraintFact,
    ForeignKeyFact,
    IdentityFact,
    IndexFact,
    PrimaryKeyFact,
    SchemaFact,
    TableFact,
    TableKey,
    UniqueFact,
    in_order,
    indexes_in_order,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Inspector

    from limbeck.facts.scope import Scope

Row = Any
"""What the Inspector says about one object: one of SQLAlchemy's ``Reflected…`` dictionaries."""


def reflect(connection: Connection, scope: Scope) -> SchemaFact:
    """Everything in the database that lies in ``scope``, in standard words."""
    return reflect_with(StandardWords(connection.dialect, scope), connection)


def reflect_with(
    words: Words, connection: Connection, reader: type[InspectedSchema] | None = None
) -> SchemaFact:
    """Everything in the database that lies in the scope of ``words``.

    :param reader: reads one schema.
    """
    reader = reader or InspectedSchema
    inspector = inspect(connection)
    tables = [
        table
        for schema in words.scope.schemas
        for table in reader(words, inspector, schema).tables()
    ]
    return words.scope.filtered(SchemaFact(tables=tuple(sorted(tables, key=lambda t: t.key))))


class InspectedSchema:
    """One schema as the Inspector's bulk methods return it.

    Subclass and override one ``read_*`` method to read one kind of object differently.

    :param words: normalises text, and gives keys.
    :param inspector: an Inspector on the connection.
    :param schema: the schema of the keys, "" for the default one.
    """

    def __init__(self, words: Words, inspector: Inspector, schema: str) -> None:
        self.words = words
        self.schema = schema
        bulk: Mapping[str, Any] = {
            "schema": schema or None,
            "kind": ObjectKind.TABLE,
            "scope": ObjectScope.DEFAULT,
        }
        self.columns: Mapping[Any, Any] = inspector.get_multi_columns(**bulk)
        self.primary_keys: Mapping[Any, Any] = inspector.get_multi_pk_constraint(**bulk)
        self.foreign_keys: Mapping[Any, Any] = inspector.get_multi_foreign_keys(**bulk)
        self.uniques = self._if_known(inspector.get_multi_unique_constraints, bulk)
        self.checks = self._if_known(inspector.get_multi_check_constraints, bulk)
        self.indexes: Mapping[Any, Any] = inspector.get_multi_indexes(**bulk)
        self.comments = self._if_known(inspector.get_multi_table_comment, bulk)

    @staticmethod
    def _if_known(method: Any, bulk: Mapping[str, Any]) -> Mapping[Any, Any]:
        """What ``method`` returns, nothing where the dialect cannot reflect such objects."""
        try:
            found: Mapping[Any, Any] = method(**bulk)
        except NotImplementedError:
            return {}
        return found

    def tables(self) -> Iterator[TableFact]:
        """Every table of the schema that is looked at."""
        for address in self.columns:
            key = self.words.scope.key(self.schema or None, address[1])
            if self.words.scope.takes_table(key):
                yield self.table(key, address)

    def table(self, key: TableKey, address: Any) -> TableFact:
        """One table; ``address`` is its key in the Inspector's results."""
        constraints: list[ConstraintFact] = [
            *(self.read_unique(row) for row in self.uniques.get(address) or ()),
            *(self.read_foreign_key(row) for row in self.foreign_keys.get(address) or ()),
            *(self.read_check(row) for row in self.checks.get(address) or ()),
        ]
        indexes = [
            self.read_index(row)
            for row in self.indexes.get(address) or ()
            if not row.get("duplicates_constraint")
        ]
        return TableFact(
            key=key,
            columns=tuple(self.read_column(row) for row in self.columns[address]),
            primary_key=self.read_primary_key(self.primary_keys.get(address)),
            constraints=in_order(constraints),
            indexes=indexes_in_order(indexes),
            comment=self.words.comment((self.comments.get(address) or {}).get("text")),
        )

    def read_column(self, row: Row) -> ColumnFact:
        """A column."""
        compiled = self.words.dialect.type_compiler_instance.process(row["type"])
        type_text = self.words.normal_type(compiled)
        default, computed, identity = row.get("default"), row.get("computed"), row.get("identity")
        if computed or identity or default is None:
            default = None
        else:
            default = self.words.normal_default(default, type_text)
        return ColumnFact(
            name=str(row["name"]),
            type=type_text,
            nullable=bool(row["nullable"]),
            default=default,
            computed=self.read_computed(computed),
            identity=self.read_identity(identity),
            collation=getattr(row["type"], "collation", None),
            comment=self.words.comment(row.get("comment")),
        )

    def read_computed(self, row: Row | None) -> ComputedFact | None:
        """A computed column's expression."""
        if not row:
            return None
        return ComputedFact(self.words.normal_condition(row["sqltext"]), row.get("persisted"))

    def read_identity(self, row: Row | None) -> IdentityFact | None:
        """A column's identity."""
        if not row:
            return None
        options = {name: value for name, value in row.items() if name != "always"}
        return IdentityFact(bool(row.get("always")), options_of(**options))

    def read_primary_key(self, row: Row | None) -> PrimaryKeyFact | None:
        """A primary key, None where the table has none."""
        if not row or not row["constrained_columns"]:
            return None
        return PrimaryKeyFact(row.get("name"), tuple(row["constrained_columns"]))

    def read_unique(self, row: Row) -> UniqueFact:
        """A unique constraint."""
        return UniqueFact(row.get("name"), tuple(row["column_names"]))

    def read_foreign_key(self, row: Row) -> ForeignKeyFact:
        """A foreign key."""
        options = row.get("options") or {}
        match = (options.get("match") or "").upper()
        return ForeignKeyFact(
            name=row.get("name"),
            columns=tuple(row["constrained_columns"]),
            referred=self.words.scope.key(row.get("referred_schema"), row["referred_table"]),
            referred_columns=tuple(row["referred_columns"]),
            onupdate=self.read_action(options.get("onupdate")),
            ondelete=self.read_action(options.get("ondelete")),
            deferrable=bool(options.get("deferrable")),
            initially=initially(options.get("initially")),
            match=None if match in ("", "SIMPLE") else match,
        )

    def read_action(self, action: str | None) -> str | None:
        """``ON UPDATE`` or ``ON DELETE``, None for what the database does anyway."""
        word = None if action is None else action.upper()
        return None if word == "NO ACTION" else word

    def read_check(self, row: Row) -> CheckFact:
        """A CHECK constraint."""
        return CheckFact(row.get("name"), self.words.normal_condition(row["sqltext"]))

    def read_index(self, row: Row) -> IndexFact:
        """An index."""
        sorting = row.get("column_sorting") or {}
        elements = []
        for position, name in enumerate(row["column_names"]):
            text = name if name is not None else row["expressions"][position]
            words = [w.replace("_", " ").upper() for w in sorting.get(text, ()) if w != "asc"]
            elements.append(" ".join([text, *words]))
        return IndexFact(row.get("name"), tuple(elements), unique=bool(row["unique"]))
