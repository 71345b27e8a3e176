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

__all__ = ["IMPLICIT_KEY", "KNOWN", "TablePart", "parts_of"]

KNOWN: Mapping[str, Any] = {
    "limbeck_column": sa.Column,
    "limbeck_integer": sa.Integer,
    "limbeck_primary_key": sa.PrimaryKeyConstraint,
    "limbeck_foreign_key": sa.ForeignKeyConstraint,
}
"""By which names a trial makes what is around a part."""

IMPLICIT_KEY = "limbeck_primary_key("
"""How the key begins that a table has because its columns say so."""

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
    :param shape: its text with places for its literals.
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


def parts_of(form: StatementForm, names: Mapping[str, Any]) -> tuple[TablePart, ...] | None:
    """The parts of tables of a form, in the order in which they stand in a statement.

    :param form: the form of a statement that creates a table.
    :param names: what names stand for.
    :returns: None where a table is more than the parts of its statement.
    """
    found = [_part(each, names) for each in form.parts or ()]
    parts = [each for each in found if each is not None]
    if len(parts) != len(found):
        return None
    columns = [each for each in parts if each.maker is sa.Column]
    others = [each for each in parts if each.maker is not sa.Column]
    keys = [each for each in others if each.is_key]
    said = tuple(each.literals[each.own[0]] for each in columns if each.says_key)
    if not columns or len(keys) + bool(said) > 1:
        return None
    if said:
        shape = f"{IMPLICIT_KEY}{', '.join('~' * len(said))})".replace("~", "\0")
        keys = [TablePart(sa.PrimaryKeyConstraint, shape, said, tuple(range(len(said))))]
    return (*columns, *keys, *(each for each in others if not each.is_key))


def _part(part: Part, names: Mapping[str, Any]) -> TablePart | None:
    node, maker = part.node, part.maker

    def literals(*arguments: ast.expr) -> tuple[int, ...]:
        numbers = [number_of(each) for one in arguments for each in ast.walk(one)]
        return tuple(part.literals.index(each) for each in numbers if each is not None)

    if maker is sa.Column:
        is_plain = len(node.args) == 2 and _is_plain_type(node.args[1], names)
        said = {each.arg: each.value for each in node.keywords}
        key = said.get("primary_key")
        says_key = isinstance(key, ast.Constant) and key.value is True
        own = literals(node.args[0]) if node.args else ()
        if not is_plain or not _OF_COLUMN.issuperset(said) or len(own) != 1:
            return None
        if key is not None and not says_key:
            return None
        return TablePart(maker, part.shape, part.literals, own, says_key=says_key)
    if maker not in _CONSTRAINTS:
        return None
    if maker is sa.CheckConstraint:
        return TablePart(maker, part.shape, part.literals, ()) if len(node.args) == 1 else None
    if maker is not sa.ForeignKeyConstraint:
        own = literals(*node.args)
        is_all = 0 < len(own) == len(node.args)
        return TablePart(maker, part.shape, part.literals, own) if is_all else None
    if len(node.args) != 2:
        return None
    own, others = literals(node.args[0]), literals(node.args[1])
    is_all = 0 < len(own) == len(others)
    return TablePart(maker, part.shape, part.literals, own, others) if is_all else None


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
