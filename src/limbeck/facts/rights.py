"""Who may do what, and what columns may hold: policies, grants, extensions and domains."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from limbeck.facts.schema_objects import ObjectKey, SchemaObject

if TYPE_CHECKING:
    from limbeck.facts.objects import Options


class Policy(SchemaObject):
    """A policy of row security (PostgreSQL). It has no effect before :class:`RowSecurity` is on.

    :param name: its name.
    :param table: the table, in the same schema.
    :param command: ``ALL``, ``SELECT``, ``INSERT``, ``UPDATE`` or ``DELETE``.
    :param using: which rows may be seen.
    :param check: which rows may be written.
    :param roles: for whom it holds.
    :param permissive: False for a policy that has to hold beside the permissive ones.
    """

    kind: ClassVar[str] = "policy"

    name: str
    table: str
    command: str = "ALL"
    using: str | None = None
    check: str | None = None
    roles: tuple[str, ...] = ("public",)
    permissive: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "command", self.command.upper())
        object.__setattr__(self, "roles", tuple(sorted(self.roles)))

    @property
    def _within(self) -> str:
        return self.table

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.using or "", self.check or "")


class RowSecurity(SchemaObject):
    """Whether a table's policies are in force (PostgreSQL).

    :param table: the table.
    :param forced: whether they bind the table's owner too.
    """

    kind: ClassVar[str] = "row_security"

    table: str
    forced: bool = False

    @property
    def _name(self) -> str:
        return self.table


class Extension(SchemaObject):
    """An extension (PostgreSQL).

    :param name: its name.
    :param version: the version; None for whatever there is.
    :param schema: where its objects go; None for wherever they are.
    """

    kind: ClassVar[str] = "extension"

    name: str
    version: str | None = None

    @property
    def key(self) -> ObjectKey:
        return ObjectKey(self.kind, "", self.name)


class Domain(SchemaObject):
    """A domain: a type with conditions (PostgreSQL).

    :param name: its name.
    :param type: the type underneath, ``text COLLATE "C"`` for instance.
    :param default: the default of columns that have none.
    :param nullable: False for ``NOT NULL``.
    :param checks: conditions by the name of their constraint: ``{"positive": "VALUE > 0"}``.
    """

    kind: ClassVar[str] = "domain"

    name: str
    type: str
    default: str | None = None
    nullable: bool = True
    checks: Options | Mapping[str, str] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.type, self.default or "", *(text for _, text in _pairs(self.checks)))


def _pairs(checks: Options | Mapping[str, str]) -> Options:
    return tuple(checks.items()) if isinstance(checks, Mapping) else checks


class Grant(SchemaObject):
    """What a role may do with an object (PostgreSQL).

    Only the pairs of object and role that models declare are compared; for one of them the grant
    says all that there is, so ``Grant((), "users", "reporting")`` takes everything away.

    :param privileges: ``SELECT``, ``INSERT``, …
    :param on: the object's name; for a function with the types of its arguments as the database
        spells them: ``f(integer, text)``.
    :param to: the role, ``public`` for everybody.
    :param on_kind: ``table`` (views too), ``sequence``, ``schema`` or ``function``.
    :param grantable: whether the role may pass them on.
    """

    kind: ClassVar[str] = "grant"

    privileges: tuple[str, ...]
    on: str
    to: str
    on_kind: str = "table"
    grantable: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        said = tuple(sorted(each.upper() for each in self.privileges))
        object.__setattr__(self, "privileges", said)

    @property
    def address(self) -> str:
        """What it is about, for people."""
        return f"{self.schema}.{self._name}" if self.schema else self._name

    @property
    def _name(self) -> str:
        return self.on if self.on_kind == "table" else f"{self.on_kind} {self.on}"

    @property
    def _within(self) -> str:
        return self.to
