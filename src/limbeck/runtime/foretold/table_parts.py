"""The parts of a new table that are written in its statement, and nowhere else."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.types import SchemaType, TypeEngine

from limbeck.runtime.foretold.forms import number_of
from limbeck.runtime.resent.purity import found_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limbeck.runtime.foretold.forms import Part, StatementForm

__all__ = ["TablePart", "parts_of"]

_OF_COLUMN = frozenset({"nullable", "server_default", "primary_key"})
"""What may be said of a column beside its type: it is written behind it, or in the key."""

_CONSTRAINTS = (
    sa.PrimaryKeyConstraint,
    sa.UniqueConstraint,
    sa.ForeignKeyConstraint,
    sa.CheckConstraint,
)


class TablePart(NamedTuple):
    """A part of all tables of a form.

    :param maker: what makes it.
    :param shape: its text with places for its literals; empty for a key that columns make.
    :param literals: which of the statement's literals are its own.
    :param own: which of these, by their order, name a column of the table.
    :param others: which name a column of another table.
    :param says_key: it is a column that says itself that it is in the primary key.
    """

    maker: Any
    shape: str
    literals: tuple[int, ...]
    own: tuple[int, ...]
    others: tuple[int, ...] = ()
    says_key: bool = False

    @property
    def is_key(self) -> bool:
        """Whether it is the primary key."""
        return self.maker is sa.PrimaryKeyConstraint


def parts_of(
    form: StatementForm, names: Mapping[str, Any], known: dict[str, TablePart | None]
) -> tuple[TablePart, ...] | None:
    """The parts of tables of a form, in the order in which they stand in a statement.

    :param form: the form of a statement that creates a table.
    :param names: what names stand for.
    :param known: the parts that were looked at before, by their texts; what is new is added.
    :returns: None where a table is more than the parts of its statement.
    """
    parts, number = [], 1
    for each in form.parts or ():
        if each.shape not in known:
            known[each.shape] = _part(each, names)
        part = known[each.shape]
        if part is None:
            return None
        end = number + len(each.roles)
        parts.append(part._replace(literals=tuple(range(number, end))))
        number = end
    columns = [each for each in parts if each.maker is sa.Column]
    others = [each for each in parts if each.maker is not sa.Column]
    keys = [each for each in others if each.is_key]
    said = tuple(each.literals[each.own[0]] for each in columns if each.says_key)
    if not columns or len(keys) + bool(said) > 1:
        return None
    if said:
        keys = [TablePart(sa.PrimaryKeyConstraint, "", said, tuple(range(len(said))))]
    return (*columns, *keys, *(each for each in others if not each.is_key))


def _part(part: Part, names: Mapping[str, Any]) -> TablePart | None:
    maker = part.maker
    if maker is sa.Column:
        return _column(part, names)
    if maker not in _CONSTRAINTS:
        return None
    arguments = part.node.args
    found = TablePart(maker, part.shape, (), _within(*arguments))
    if maker is sa.CheckConstraint:
        return found._replace(own=()) if len(arguments) == 1 else None
    if maker is not sa.ForeignKeyConstraint:
        return found if 0 < len(found.own) == len(arguments) else None
    if len(arguments) != 2:
        return None
    own, others = _within(arguments[0]), _within(arguments[1])
    return found._replace(own=own, others=others) if 0 < len(own) == len(others) else None


def _column(part: Part, names: Mapping[str, Any]) -> TablePart | None:
    node = part.node
    said = {each.arg: each.value for each in node.keywords}
    key = said.get("primary_key")
    says_key = isinstance(key, ast.Constant) and key.value is True
    is_plain = len(node.args) == 2 and _is_plain_type(node.args[1], names)
    if not is_plain or not _OF_COLUMN.issuperset(said) or (key is not None and not says_key):
        return None
    own = _within(node.args[0])
    return TablePart(part.maker, part.shape, (), own, (), says_key) if own == (0,) else None


def _within(*arguments: ast.expr) -> tuple[int, ...]:
    """The literals in some arguments, by their numbers."""
    found = [number_of(each) for one in arguments for each in ast.walk(one)]
    return tuple(each for each in found if each is not None)


def _is_plain_type(node: ast.expr, names: Mapping[str, Any]) -> bool:
    """Whether a type makes nothing beside itself: no type of the database, no constraint."""
    kinds: list[Any] = [
        found_in(each, names)
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute | ast.Name)
    ]
    types = [each for each in kinds if isinstance(each, type) and issubclass(each, TypeEngine)]
    made = [each for each in types if issubclass(each, SchemaType)]
    if not made:
        return bool(types)
    is_bare = not isinstance(node, ast.Call) or not (node.args or node.keywords)
    return is_bare and all(each.__name__ == "Boolean" for each in made)
