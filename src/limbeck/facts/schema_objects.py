"""What is no table: views, routines, triggers and the rest, one frozen value for each kind.

The same classes serve on every side. Models declare them (``limbeck.schema`` offers them under
that name), reflection makes them of what the catalogue says, and operations carry them to the
database. The fields that take part in comparison are those a database has an opinion on; what only
helps (where it comes from, what it leans on) does not.

A text is kept as it was written, without the blanks around it, and is sent as it stands: ``:name``,
``%``, ``;`` and backslashes mean nothing in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self

from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import MetaData
    from sqlalchemy.sql import Executable

    from limbeck.facts.objects import Options

INFO_KEY = "limbeck.schema"
"""Where in ``MetaData.info`` the declared objects are, as a list."""


class ObjectKey(Value, slots=True, order=True):
    """The address of an object.

    :param kind: ``view``, ``function``, …; ``table`` where something leans on one.
    :param schema: "" is the connection's default one.
    :param within: what the name is unique in: the table of a trigger, the argument types of a
        function, the role of a grant.
    """

    kind: str
    schema: str
    name: str
    within: str = ""

    def __str__(self) -> str:
        address = f"{self.schema}.{self.name}" if self.schema else self.name
        if self.kind in ("function", "procedure"):
            return f"{address}({self.within})"
        if self.kind == "grant":
            return f"{address} to {self.within}"
        return f"{address} on {self.within}" if self.within else address


class Need(Value, slots=True, order=True):
    """Something that an object leans on, as the catalogue says.

    :param column: one column of it, "" for the whole.
    """

    key: ObjectKey
    column: str = ""


class SchemaObject(Value, kw_only=True):
    """What all kinds have in common.

    :param schema: the schema, None for the connection's default one.
    :param comment: the object's comment.
    :param owner: the role that owns it, where that is not the one that migrates. It is not
        compared; it is kept when an object has to be put back.
    :param only_on: the databases that it is meant for, by the name of their dialect
        (``("postgresql",)``); empty for all.
    :param depends_on: names of tables and other objects that have to be there first, where the
        text does not say so.
    :param needs: what it leans on in the database.
    :param further: statements that make the rest of it as it is: comments and grants of single
        columns, rules, whether a trigger is switched off. They are not compared, but run when an
        object is put back as it was.
    :param source: the declaration in the models, in its own words.
    """

    kind: ClassVar[str]
    """The word in directives and filters: ``op.create_view``, ``"view"`` in ``include_name``."""

    schema: str | None = None
    comment: str | None = None
    owner: str | None = field(default=None, compare=False)
    only_on: tuple[str, ...] = field(default=(), compare=False)
    depends_on: tuple[str, ...] = field(default=(), compare=False)
    needs: tuple[Need, ...] = field(default=(), compare=False, repr=False)
    further: tuple[str, ...] = field(default=(), compare=False, repr=False)
    source: object = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            plain = _plain(each.name, value)
            if plain is not value:
                object.__setattr__(self, each.name, plain)

    @property
    def key(self) -> ObjectKey:
        """Where it is."""
        return ObjectKey(self.kind, self.schema or "", self._name, self._within)

    @property
    def _name(self) -> str:
        return str(getattr(self, "name"))  # noqa: B009  # every kind that has no name says its own

    @property
    def _within(self) -> str:
        return ""

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything in it that may mention other objects."""
        return ()

    @property
    def settings(self) -> dict[str, str]:
        """Its options by name."""
        return dict(getattr(self, "options", ()))

    def attach(self, metadata: MetaData) -> Self:
        """Declare the object as a part of the models.

        :param metadata: the models.
        :returns: the object itself.
        """
        metadata.info.setdefault(INFO_KEY, []).append(self)
        return self


def _plain(name: str, value: Any) -> Any:
    """A value of a field as comparison and JSON want it."""
    if name in ("only_on", "depends_on", "roles", "privileges") and isinstance(value, str):
        return (value,)
    if isinstance(value, Mapping):
        return tuple(sorted((str(key), _option(item)) for key, item in value.items()))
    if isinstance(value, str) and name in _TEXTS:
        return value.strip().removesuffix(";").rstrip()
    if isinstance(value, Iterable) and not isinstance(value, str | tuple) and name in _LISTS:
        return tuple(value)
    return value


_TEXTS = frozenset(
    ("definition", "arguments", "when", "action", "using", "check", "type", "default")
)
_LISTS = frozenset(("only_on", "depends_on", "roles", "privileges", "indexes"))


def _option(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class ViewIndex(Value):
    """An index of a materialised view.

    :param name: its name.
    :param definition: what stands behind ``ON view`` in ``CREATE INDEX``: ``(name)``, or
        ``USING gin (words) WHERE …``.
    :param unique: whether it is unique.
    """

    name: str
    definition: str
    unique: bool = False


class View(SchemaObject):
    """A view.

    ::

        View("recent_orders", "SELECT id, total FROM orders WHERE age < 30").attach(metadata)

    :param name: its name.
    :param definition: the query, as text or as a SQLAlchemy ``select()``.
    :param options: on PostgreSQL what stands in ``WITH (…)``, such as
        ``{"security_barrier": True}``; on MySQL and MariaDB ``algorithm``, ``definer``,
        ``security`` (``invoker`` or ``definer``) and ``check_option`` (``local`` or ``cascaded``);
        on SQLite ``columns``, the names in parentheses behind that of the view.
    :param columns: its columns with their types, as far as they are known.
    """

    kind: ClassVar[str] = "view"

    name: str
    definition: str | Executable
    options: Options | Mapping[str, object] = ()
    columns: tuple[str, ...] = field(default=(), compare=False, repr=False)

    @property
    def texts(self) -> tuple[str, ...]:
        return (str(self.definition),)


class MaterializedView(SchemaObject):
    """A materialised view (PostgreSQL).

    :param name: its name.
    :param definition: the query, as text or as a SQLAlchemy ``select()``.
    :param indexes: its indexes.
    :param options: storage parameters, such as ``{"fillfactor": 70}``.
    :param with_data: False to leave it empty until somebody refreshes it; not compared.
    """

    kind: ClassVar[str] = "materialized_view"

    name: str
    definition: str | Executable
    indexes: tuple[ViewIndex, ...] = ()
    options: Options | Mapping[str, object] = ()
    with_data: bool = field(default=True, compare=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        ordered = tuple(sorted(self.indexes, key=lambda index: index.name))
        object.__setattr__(self, "indexes", ordered)

    @property
    def texts(self) -> tuple[str, ...]:
        return (str(self.definition), *(index.definition for index in self.indexes))
