"""Facts as JSON, so that a schema can be kept and compared without its database.

The result has plain values only, keys in the order of the fields, and no field that has its
default; ``source`` is left out, as it points to a live object.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, TypeVar

from limbeck.facts.object_kinds import OBJECT_KINDS
from limbeck.facts.objects import (
    CheckFact,
    ColumnFact,
    ComputedFact,
    ConstraintFact,
    EnumFact,
    ExcludeFact,
    ForeignKeyFact,
    IdentityFact,
    IndexFact,
    PrimaryKeyFact,
    SchemaFact,
    SequenceFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.facts.schema_objects import (
    MaterializedView,
    Need,
    ObjectKey,
    SchemaObject,
    ViewIndex,
)

F = TypeVar("F")
Json = Mapping[str, Any]

VERSION = 1
"""The version of the form; it grows when a reader of the old one would go wrong."""

_CONSTRAINTS: Mapping[str, type[ConstraintFact]] = {
    "unique": UniqueFact,
    "foreign_key": ForeignKeyFact,
    "check": CheckFact,
    "exclude": ExcludeFact,
}
_CONSTRAINT_WORDS = {kind: word for word, kind in _CONSTRAINTS.items()}


def to_json(schema: SchemaFact) -> dict[str, Any]:
    """A schema as plain dictionaries, lists, strings, numbers and booleans."""
    return {"version": VERSION, **_plain(schema)}


def from_json(data: Json) -> SchemaFact:
    """The schema that :func:`to_json` was given, without sources.

    :raises ValueError: the data has another form.
    """
    if data.get("version") != VERSION:
        raise ValueError(f"a schema in form {data.get('version')!r}, where {VERSION} is known")
    try:
        return _fact(SchemaFact, {key: value for key, value in data.items() if key != "version"})
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a schema: {error}") from None


def _plain(value: Any) -> Any:
    """A fact, or a value inside of one, as JSON can say it."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    said = {
        field.name: _plain(getattr(value, field.name))
        for field in fields(value)
        if field.name != "source" and getattr(value, field.name) != _default(field)
    }
    word = value.kind if isinstance(value, SchemaObject) else _CONSTRAINT_WORDS.get(type(value))
    return said if word is None else {"kind": word, **said}


def _default(field: Field[Any]) -> object:
    return object() if field.default is MISSING else field.default


def _fact(kind: type[F], data: Json) -> F:
    """The fact of ``kind`` that ``data`` says."""
    return kind(
        **{
            name: _READERS.get((kind, name), _READERS_BY_NAME.get(name, _tuple))(value)
            for name, value in data.items()
        }
    )


def _tuple(value: Any) -> Any:
    return tuple(_tuple(item) for item in value) if isinstance(value, list) else value


def _many(kind: type[F]) -> Callable[[Sequence[Json]], tuple[F, ...]]:
    return lambda items: tuple(_fact(kind, item) for item in items)


def _one(kind: type[F]) -> Callable[[Json | None], F | None]:
    return lambda item: None if item is None else _fact(kind, item)


def _constraint(data: Json) -> ConstraintFact:
    rest = {key: value for key, value in data.items() if key != "kind"}
    return _fact(_CONSTRAINTS[data["kind"]], rest)


def _object(data: Json) -> SchemaObject:
    rest = {key: value for key, value in data.items() if key != "kind"}
    return _fact(OBJECT_KINDS[data["kind"]], rest)


_READERS_BY_NAME: Mapping[str, Callable[[Any], Any]] = {
    "key": _one(TableKey),
    "referred": _one(TableKey),
    "computed": _one(ComputedFact),
    "identity": _one(IdentityFact),
    "primary_key": _one(PrimaryKeyFact),
    "tables": _many(TableFact),
    "enums": _many(EnumFact),
    "sequences": _many(SequenceFact),
    "indexes": _many(IndexFact),
    "constraints": lambda items: tuple(map(_constraint, items)),
    "objects": lambda items: tuple(map(_object, items)),
    "needs": _many(Need),
    "users": lambda items: tuple((_fact(TableKey, key), column) for key, column in items),
}
_READERS: Mapping[tuple[type[Any], str], Callable[[Any], Any]] = {
    (TableFact, "columns"): _many(ColumnFact),
    (MaterializedView, "indexes"): _many(ViewIndex),
    (Need, "key"): _one(ObjectKey),
}
