"""What planning looks at: both sides, what differs, and the database it is for."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from sqlalchemy.sql.elements import conv

from limbeck.diff.changes import Added, Changed, Removed
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Dialect

    from limbeck.dialects.features import Features
    from limbeck.diff.changes import Change
    from limbeck.facts.objects import SchemaFact, TableFact, TableKey
    from limbeck.facts.schema_objects import ObjectKey, SchemaObject
    from limbeck.facts.usual_names import Nameable
    from limbeck.plan.names import Names


class Situation(Value):
    """One direction of one comparison.

    :param changes: what leads from ``before`` to ``after``.
    :param names: a name for every constraint of both sides.
    :param conventions: True where the models have a naming convention, which must not be applied
        a second time to the names in the file.
    :param names_new: False where ``after`` is what was there before: a constraint that had no
        name gets none.
    :param schemas: the schemas that only one of the sides has: the models' one.
    :param bystanders: views and the like that both sides have and nobody compares.
    :param strangers: those of them that no revision has created, which another database may not
        have; empty where that is not known.
    :param originals: what is not as it was by a new name of a table, as it is under the old ones,
        by its new key.
    """

    before: SchemaFact
    after: SchemaFact
    changes: Sequence[Change]
    dialect: Dialect
    features: Features
    names: Names
    conventions: bool = False
    names_new: bool = True
    schemas: frozenset[str] = frozenset()
    bystanders: tuple[SchemaObject, ...] = ()
    originals: Mapping[ObjectKey, SchemaObject] = field(
        default_factory=lambda: MappingProxyType({})
    )
    strangers: frozenset[ObjectKey] = frozenset()

    def inverse(self) -> Situation:
        """The way back."""
        return Situation(
            self.after,
            self.before,
            tuple(inverse(change) for change in reversed(self.changes)),
            self.dialect,
            self.features,
            self.names,
            self.conventions,
            not self.names_new,
            self.schemas,
            self.bystanders,
            self.originals,
            self.strangers,
        )

    @cached_property
    def tables_before(self) -> dict[TableKey, TableFact]:
        """The tables of the old side by key."""
        return {table.key: table for table in self.before.tables}

    @cached_property
    def tables_after(self) -> dict[TableKey, TableFact]:
        """The tables of the new side by key."""
        return {table.key: table for table in self.after.tables}

    @cached_property
    def default_schema(self) -> str | None:
        """What the server calls the default schema."""
        return self.dialect.default_schema_name

    @property
    def mysql(self) -> bool:
        """True for MySQL and MariaDB."""
        return self.dialect.name in ("mysql", "mariadb")

    @property
    def alters_autoincrement(self) -> bool:
        """True where AUTO_INCREMENT is a part of a column's definition that can be altered."""
        return self.mysql

    @property
    def counts_by_sequence(self) -> bool:
        """True where a column counts by a default that asks a sequence of its own."""
        return self.dialect.name == "postgresql"

    @property
    def alters_identities(self) -> bool:
        """True where the options of an identity can be altered one by one."""
        return self.dialect.name == "postgresql"

    @property
    def holds_computed_columns(self) -> bool:
        """True where a column cannot get another type while one is computed from it."""
        return self.dialect.name == "postgresql"

    @property
    def holds_leaning_objects(self) -> bool:
        """True where what views and their like lean on cannot be altered or dropped."""
        return self.dialect.name == "postgresql"

    @property
    def reads_every_view(self) -> bool:
        """True where no table can be altered while a view leans on another that is not there.

        https://sqlite.org/lang_altertable.html: the whole schema is read again, and tested.
        """
        return self.dialect.name == "sqlite"

    def of_kind(self, kind: str) -> Iterable[Change]:
        """The changes of one kind."""
        return (change for change in self.changes if change.kind == kind)

    def new_name(self, table: TableKey, fact: Nameable) -> str | None:
        """The name under which a constraint is created."""
        if fact.name is None and not self.names_new:
            return None
        return self._final(self.names.of(table, fact))

    def old_name(self, table: TableKey, fact: Nameable) -> str:
        """The name by which a constraint is dropped."""
        return self._final(self.names.of(table, fact))

    def _final(self, name: str) -> str:
        return conv(name) if self.conventions else name


def inverse(change: Change) -> Change:
    """The change that undoes a change."""
    match change:
        case Added():
            return Removed(change.kind, change.table, change.after)
        case Removed():
            return Added(change.kind, change.table, change.before)
        case Changed():
            return Changed(change.kind, change.table, change.after, change.before, change.fields)
