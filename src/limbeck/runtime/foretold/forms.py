"""The form of a statement: what it says but for its names, and which of its literals are names."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from limbeck.project.upgrade_text import with_literals
from limbeck.runtime.resent.purity import found_in, is_pure_statement
from limbeck.syntax_trees import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = [
    "ADDRESS",
    "NAME",
    "VALUE",
    "Formed",
    "Part",
    "StatementForm",
    "form_of",
    "formed",
    "number_of",
]

_ALONE, _LISTED = "name", "list of names"

_DIRECTIVES: Mapping[str, tuple[str, ...]] = {
    "create_table": (_ALONE,),
    "drop_table": (_ALONE,),
    "rename_table": (_ALONE, _ALONE),
    "create_table_comment": (_ALONE,),
    "drop_table_comment": (_ALONE,),
    "add_column": (_ALONE,),
    "drop_column": (_ALONE, _ALONE),
    "alter_column": (_ALONE, _ALONE),
    "create_index": (_ALONE, _ALONE, _LISTED),
    "drop_index": (_ALONE, _ALONE),
    "create_primary_key": (_ALONE, _ALONE, _LISTED),
    "create_unique_constraint": (_ALONE, _ALONE, _LISTED),
    "create_foreign_key": (_ALONE, _ALONE, _ALONE, _LISTED, _LISTED),
    "create_check_constraint": (_ALONE, _ALONE),
    "drop_constraint": (_ALONE, _ALONE),
}
"""Which arguments of a directive are names, by their places."""

_NAMING = frozenset({"name", "table_name", "new_column_name"})
"""Which are names, by their own."""

NAME, ADDRESS, VALUE = "name", "address", "value"
"""What a literal is: a name; a column of a table, as foreign keys write it; or anything else."""

_ITEMS: Mapping[Any, tuple[str, ...]] = {
    sa.Column: (NAME,),
    sa.ForeignKey: (ADDRESS,),
    sa.ForeignKeyConstraint: (NAME, ADDRESS),
    sa.PrimaryKeyConstraint: (),
    sa.UniqueConstraint: (),
    sa.CheckConstraint: (VALUE,),
}
"""What the arguments of an item are, by their places; where none is said, all are names."""

_PLACE = "\x02"


class Part(NamedTuple):
    """One of the items of which a table is made.

    :param node: the call that makes it, in which a literal is its number between two signs.
    :param maker: what is called.
    :param shape: its text with places for its literals.
    :param literals: which of the statement's literals these are.
    """

    node: ast.Call
    maker: Any
    shape: str
    literals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StatementForm:
    """What statements of one shape have in common.

    :param shape: their text with places for their literals.
    :param module: the name by which it knows the module of directives.
    :param directive: the directive; empty for what does nothing.
    :param roles: what each literal is.
    :param parts: the items of a new table; None where it has anything but such.
    """

    shape: str
    module: str
    directive: str
    roles: tuple[str, ...]
    parts: tuple[Part, ...] | None


Pieces = tuple[str | tuple[int, ...], ...]
"""The literals of a statement: as they are written, or the numbers of the names in them."""


class Formed(NamedTuple):
    """A statement, or a part of one, as what it says and its names.

    :param pieces: its literals. Statements of one shape with equal pieces are equal but for names.
    :param names: the names, each once.
    """

    pieces: Pieces
    names: tuple[str, ...]


def formed(
    literals: Iterable[str], roles: Iterable[str], is_plain: Callable[[str], bool]
) -> Formed:
    """Tell the names of a statement from what else it says.

    :param literals: its literals.
    :param roles: what each of them is.
    :param is_plain: whether SQL writes a name as it is; any other one is no name here.
    """
    numbers: dict[str, int] = {}
    pieces: list[str | tuple[int, ...]] = []
    for literal, role in zip(literals, roles, strict=True):
        words = [] if role == VALUE else literal[1:-1].split(".")
        if len(words) == (2 if role == ADDRESS else 1) and all(map(is_plain, words)):
            pieces.append(tuple([numbers.setdefault(each, len(numbers)) for each in words]))
        else:
            pieces.append(literal)
    return Formed(tuple(pieces), tuple(numbers))


def form_of(shape: str, names: Mapping[str, Any]) -> StatementForm | None:
    """The form of the statements of a shape; None where they may do anything.

    :param shape: their text with places for their literals.
    :param names: what the names in it stand for.
    """
    count = shape.count("\0")
    text = with_literals(shape, (f"'{_PLACE}{number}{_PLACE}'" for number in range(count)))
    try:
        (node,) = syntax_tree(text).body
    except SyntaxError:
        return None
    if not is_pure_statement(node, dict(names)):
        return None
    if isinstance(node, ast.Pass) or not isinstance(node, ast.Expr):
        return StatementForm(shape, "", "", (), ()) if isinstance(node, ast.Pass) else None
    if isinstance(node.value, ast.Constant):  # a docstring
        return StatementForm(shape, "", "", (VALUE,) * count, ())
    call = node.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    found = [number_of(each) for each in ast.walk(node)]
    if sorted(each for each in found if each is not None) != list(range(count)):
        return None  # literals that follow each other are one
    roles = dict(_roles_of_directive(call, names))
    assert isinstance(call.func.value, ast.Name)  # or it were not pure
    return StatementForm(
        shape,
        call.func.value.id,
        call.func.attr,
        tuple(roles.get(number, VALUE) for number in range(count)),
        _parts(call, names, text) if call.func.attr == "create_table" else None,
    )


def number_of(node: ast.AST | None) -> int | None:
    """Which literal of a statement a part of its tree is; None where it is none.

    :param node: a part of the tree of a form's statement.
    """
    value = node.value if isinstance(node, ast.Constant) else None
    if not isinstance(value, str) or value[:1] != _PLACE or value[-1:] != _PLACE:
        return None
    number = value[1:-1]
    return int(number) if number.isdecimal() else None


# Which literals are names


def _roles_of_directive(call: ast.Call, names: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    assert isinstance(call.func, ast.Attribute)
    directive = call.func.attr
    places = _DIRECTIVES.get(directive, ())
    for argument, kind in zip(call.args, places, strict=False):
        yield from _named(argument, NAME, is_list=kind == _LISTED)
    yield from _named_by_keyword(call)
    if directive in ("create_table", "add_column"):
        for argument in call.args[len(places) :]:
            yield from _roles_of_item(argument, names)


def _roles_of_item(node: ast.expr, names: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    maker = found_in(node.func, names) if isinstance(node, ast.Call) else None
    if not isinstance(node, ast.Call) or maker not in _ITEMS:
        return
    roles = _ITEMS[maker] or (NAME,) * len(node.args)
    for argument, role in zip(node.args, roles, strict=False):
        yield from _named(argument, role, is_list=maker is sa.ForeignKeyConstraint)
    if maker is sa.Column:
        for argument in node.args[1:]:
            yield from _roles_of_item(argument, names)
    else:
        yield from _named_by_keyword(node)


def _named_by_keyword(call: ast.Call) -> Iterator[tuple[int, str]]:
    for keyword in call.keywords:
        if keyword.arg in _NAMING:
            yield from _named(keyword.value, NAME)


def _named(node: ast.expr, role: str, *, is_list: bool = False) -> Iterator[tuple[int, str]]:
    if is_list:
        for each in node.elts if isinstance(node, ast.List | ast.Tuple) else ():
            yield from _named(each, role)
        return
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
        # op.f("name"), which is the only such call that is pure
        node = node.args[0] if node.func.attr == "f" and not node.keywords else node
    number = number_of(node)
    if number is not None:
        yield number, role


# The parts of a table


def _parts(call: ast.Call, names: Mapping[str, Any], text: str) -> tuple[Part, ...] | None:
    if call.keywords or not call.args or number_of(call.args[0]) is None:
        return None
    found = []
    for node in call.args[1:]:
        if not isinstance(node, ast.Call):
            return None
        words = ast.get_source_segment(text, node)
        if words is None:
            return None
        pieces = words.split(f"'{_PLACE}")
        numbers = [each.partition(_PLACE)[0] for each in pieces[1:]]
        shape = "\0".join((pieces[0], *(each.partition("'")[2] for each in pieces[1:])))
        maker = found_in(node.func, names)
        found.append(Part(node, maker, shape, tuple(map(int, numbers))))
    return tuple(found)
