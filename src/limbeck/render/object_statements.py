"""Operations on views, routines, triggers and the like as Python expressions.

A text of several lines stands between three quotes, line for line as the database gets it.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from limbeck.operations import ops
from limbeck.render.nodes import Block, Call, Code, DictOf, Keyword, ListOf, Node
from limbeck.render.sql import compiled_text
from limbeck.render.target import Target, flag, writes
from limbeck.render.values import string, strings, value

if TYPE_CHECKING:
    from limbeck.facts.schema_objects import SchemaObject, ViewIndex

_POSITIONAL: dict[str, tuple[str, ...]] = {
    "view": ("name", "definition"),
    "materialized_view": ("name", "definition"),
    "function": ("name", "arguments", "definition"),
    "procedure": ("name", "arguments", "definition"),
    "trigger": ("name", "table", "when", "action"),
    "policy": ("name", "table"),
    "row_security": ("table",),
    "extension": ("name",),
    "domain": ("name", "type"),
    "grant": ("privileges", "on", "to"),
}
_DROPPED_BY: dict[str, tuple[str, ...]] = {
    "trigger": ("name", "table"),
    "policy": ("name", "table"),
    "row_security": ("table",),
    "grant": ("privileges", "on", "to"),
}
"""What a directive that drops an object is told; the name alone for all other kinds."""

_UNSAID = frozenset(("source", "needs", "further", "depends_on", "only_on", "signature", "columns"))
_CREATE = {"row_security": "enable_row_security", "grant": "grant"}
_REPLACE = {"row_security": "enable_row_security"}
_DROP = {"row_security": "disable_row_security", "grant": "revoke"}


@writes(ops.CreateObjectOp)
def _create(operation: ops.CreateObjectOp, target: Target) -> Node:
    item = operation.item
    directive = _CREATE.get(item.kind, f"create_{item.kind}")
    exists = flag("if_not_exists", operation.if_not_exists)
    return target.call(directive, *_arguments(item, target), *exists)


@writes(ops.ReplaceObjectOp)
def _replace(operation: ops.ReplaceObjectOp, target: Target) -> Node:
    item, before = operation.item, operation.before
    directive = _REPLACE.get(item.kind, f"replace_{item.kind}")
    more: list[Node] = []
    if item.kind == "domain" and before is not None:
        gone = dict(getattr(before, "checks", ())).keys() - dict(getattr(item, "checks", ())).keys()
        more = [Keyword("drop_checks", strings(sorted(gone)))] if gone else []
    return target.call(directive, *_arguments(item, target), *more)


@writes(ops.DropObjectOp)
def _drop(operation: ops.DropObjectOp, target: Target) -> Node:
    item = operation.item
    directive = _DROP.get(item.kind, f"drop_{item.kind}")
    said: list[Node] = [
        _node(name, getattr(item, name), target) for name in _DROPPED_BY.get(item.kind, ("name",))
    ]
    if item.kind in ("function", "procedure") and item.key.within:
        said.append(string(item.key.within))
    if item.kind == "grant":
        said += _keywords(item, ("on_kind",), target)
    exists = flag("if_exists", operation.if_exists)
    if item.kind == "extension":
        return target.call(directive, *said, *exists)
    return target.call(directive, *said, *target.schema(item.schema), *exists)


def _arguments(item: SchemaObject, target: Target) -> list[Node]:
    positional = _POSITIONAL[item.kind]
    said = [_node(name, getattr(item, name), target) for name in positional]
    own = [each.name for each in fields(item) if each.name not in _UNSAID]
    common = ("schema", "comment", "owner")
    named = [name for name in own if name not in positional and name not in common]
    return said + _keywords(item, (*named, *common), target)


def _keywords(item: SchemaObject, names: tuple[str, ...], target: Target) -> list[Node]:
    defaults = {each.name: each.default for each in fields(item) if each.default is not MISSING}
    return [
        Keyword(name, _node(name, getattr(item, name), target))
        for name in names
        if name in defaults and getattr(item, name) != defaults[name]
    ]


def _node(name: str, of: Any, target: Target) -> Node:
    """Return one value of an object as it stands among the arguments."""
    match name:
        case "options" | "checks":
            return DictOf(tuple((string(key), _text(text)) for key, text in of))
        case "indexes":
            target.rendering.imports.add("from limbeck.schema import ViewIndex")
            return ListOf(tuple(_index(index) for index in of))
        case "privileges" | "roles":
            return strings(of)
        case "comment":
            return string(of)
        case _ if isinstance(of, str):
            return _text(of)
        case "definition":
            return _text(compiled_text(of, target.rendering.dialect))
        case _:
            return value(of)


def _text(text: str) -> Node:
    return Block(text) if "\n" in text else string(text)


def _index(index: ViewIndex) -> Node:
    unique = [Keyword("unique", Code("True"))] if index.unique else []
    return Call("ViewIndex", (string(index.name), _text(index.definition), *unique))
