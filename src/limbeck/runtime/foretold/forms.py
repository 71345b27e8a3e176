"""The form of a statement: what it says but for its names, and which of its literals are names."""

from __future__ import annotations

import ast
import types
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from limbeck.project.upgrade_text import table_said, with_literals
from limbeck.runtime.resent.purity import found_in, is_pure_statement, is_pure_value
from limbeck.syntax_trees import syntax_tree
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

__all__ = ["Formed", "Forms", "Part", "Pieces", "StatementForm", "formed", "number_of"]

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
    :param roles: what each of its literals is.
    """

    node: ast.Call
    maker: Any
    shape: str
    roles: tuple[str, ...]


class StatementForm(Value, slots=True):
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
    :param is_plain: whether SQL writes a name as it is; any other one is no name here, nor is one
        that is said elsewhere in the statement as something else than a name.
    """
    said = []
    for literal, role in zip(literals, roles, strict=True):
        words = [] if role == VALUE else literal[1:-1].split(".")
        is_name = len(words) == (2 if role == ADDRESS else 1) and all(map(is_plain, words))
        said.append((literal, words if is_name else []))
    # SQLAlchemy may find a column or a table by one of these: postgresql_ops={"a": …}, key="a"
    others = {word for literal, words in said if not words for word in _words(literal)}
    numbers: dict[str, int] = {}
    pieces: list[str | tuple[int, ...]] = []
    for literal, words in said:
        if words and others.isdisjoint(words):
            pieces.append(tuple([numbers.setdefault(each, len(numbers)) for each in words]))
        else:
            pieces.append(literal)
    return Formed(tuple(pieces), tuple(numbers))


def _words(literal: str) -> list[str]:
    return literal.strip("'\"").split(".")


class Forms:
    """The forms of statements in files that have the same imports.

    :param names: what the names in them stand for.
    """

    def __init__(self, names: dict[str, Any]) -> None:
        self._names = names
        self._forms: dict[str, StatementForm | None] = {}
        self._parts: dict[str, Part | None] = {}

    def of(self, shape: str) -> StatementForm | None:
        """The form of the statements of a shape; None where they may do anything.

        :param shape: their text with places for their literals.
        """
        if shape not in self._forms:
            table = table_said(shape)
            self._forms[shape] = (
                form_of(shape, self._names) if table is None else self._table(shape, *table)
            )
        return self._forms[shape]

    def _table(self, shape: str, module: str, items: Sequence[str]) -> StatementForm | None:
        alone = self.of(f"{module}.drop_table(\0)")  # its module is that of the directives
        parts = [self._part(each) for each in items]
        known = tuple(each for each in parts if each is not None)
        if alone is None or len(known) != len(parts):
            return None
        if not _is_of_limbeck(self._names[module], "create_table"):
            return None
        roles = (NAME, *(role for each in known for role in each.roles))
        return StatementForm(shape, module, "create_table", roles, known)

    def _part(self, shape: str) -> Part | None:
        """An item of a table; None where it may be anything."""
        if shape not in self._parts:
            self._parts[shape] = _part(shape, self._names)
        return self._parts[shape]


def form_of(shape: str, names: dict[str, Any]) -> StatementForm | None:
    """The form of the statements of a shape; None where they may do anything.

    :param shape: their text with places for their literals.
    :param names: what the names in it stand for.
    """
    node = _tree(shape)
    if node is None or not is_pure_statement(node, names):
        return None
    if isinstance(node, ast.Pass) or not isinstance(node, ast.Expr):
        return StatementForm(shape, "", "", (), None) if isinstance(node, ast.Pass) else None
    call = node.value
    if isinstance(call, ast.Constant):  # a docstring
        return StatementForm(shape, "", "", (VALUE,), None)
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return None
    assert isinstance(call.func.value, ast.Name)  # or it were not pure
    if not _is_of_limbeck(names[call.func.value.id], call.func.attr):
        return None
    roles = _roles(shape, _roles_of_directive(call, names))
    return StatementForm(shape, call.func.value.id, call.func.attr, roles, None)


def _part(shape: str, names: dict[str, Any]) -> Part | None:
    node = _tree(shape)
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not is_pure_value(call, names):
        return None
    roles = _roles(shape, _roles_of_item(call, names))
    return Part(call, found_in(call.func, names), shape, roles)


def _tree(shape: str) -> ast.stmt | None:
    """The tree of a shape, whose literals are their numbers; None where it is not one statement."""
    count = shape.count("\0")
    text = with_literals(shape, (f"'{_PLACE}{number}{_PLACE}'" for number in range(count)))
    try:
        (node,) = syntax_tree(text).body
    except (SyntaxError, ValueError):
        return None
    numbers = sorted(each for each in map(number_of, ast.walk(node)) if each is not None)
    return node if numbers == list(range(count)) else None  # those that follow each other are one


def _roles(shape: str, found: Iterator[tuple[int, str]]) -> tuple[str, ...]:
    roles = dict(found)
    return tuple([roles.get(number, VALUE) for number in range(shape.count("\0"))])


def _is_of_limbeck(module: Any, directive: str) -> bool:
    """Whether a directive is limbeck's: one's own may look at the names, and do anything besides.

    What ``register_operation`` puts in its place is a function of limbeck's as well, but of another
    name in its code.
    """
    within = vars(module).get("_op", module)  # the package limbeck-alembic hands everything on
    function = getattr(getattr(within, directive, None), "__func__", None)
    if not isinstance(function, types.FunctionType):
        return False
    return function.__module__.startswith("limbeck.") and function.__code__.co_name == directive


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
