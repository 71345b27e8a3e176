"""What a statement at the top of a module does to the module's names when it is imported.

Nothing is run. What cannot be seen in the text is whether somebody else's function, when it is
called, reaches into the module that calls it.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

__all__ = ["Effects", "effects_of", "effects_of_functions"]

_REACHING = frozenset(
    {
        *("globals", "locals", "vars", "exec", "eval", "setattr", "delattr", "__import__"),
        *("__builtins__", "modules", "import_module", "f_globals", "f_locals"),
        *("__globals__", "__dict__", "__setattr__", "__delattr__", "__class__"),
    }
)
"""Names of what can bind any name of a module, by no name that is seen in the text."""

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Effects:
    """What is done to names.

    :ivar bound: names that are bound, or are no longer.
    :ivar read: names that are read, so that what they stand for may be changed.
    :ivar own: names of functions and classes that are defined.
    :ivar may_bind_any: names may be bound that are not seen.
    :ivar is_handed_on: somebody else gets hold of a function as it is defined.
    """

    def __init__(self) -> None:
        self.bound: set[str] = set()
        self.read: set[str] = set()
        self.own: set[str] = set()
        self.may_bind_any = False
        self.is_handed_on = False

    @property
    def may_call_own(self) -> bool:
        """Whether a function may be called while the module is imported.

        Where none is named, nobody has got hold of one.
        """
        return self.is_handed_on or not self.own.isdisjoint(self.read)

    def add(self, more: Effects) -> None:
        """Add what another statement does.

        :param more: that.
        """
        self.bound |= more.bound
        self.read |= more.read
        self.own |= more.own
        self.may_bind_any |= more.may_bind_any
        self.is_handed_on |= more.is_handed_on


def effects_of(statement: ast.AST) -> Effects:
    """What a statement does, or an expression, without the bodies of functions.

    :param statement: a part of a module that is run when it is imported.
    """
    found = Effects()
    for node, binds in _run_on_import(statement):
        _add(node, found, binds=binds)
    return found


def effects_of_functions(module: ast.Module) -> Effects:
    """What all functions of a module do to its names, should they be called.

    :param module: the module.
    """
    found = Effects()
    for function in ast.walk(module):
        if isinstance(function, _FUNCTIONS):
            for node in ast.walk(function):
                _add(node, found, binds=False)
    return found


def _run_on_import(statement: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """The nodes that are run on import, each with whether the names that it binds are the module's.

    What a class or a comprehension binds is its own; of the latter that is not made out.
    """
    waiting: list[tuple[ast.AST, bool]] = [(statement, True)]
    while waiting:
        node, binds = waiting.pop()
        yield node, binds
        if isinstance(node, _FUNCTIONS):
            # a function may be called, but it is not by being defined
            parts: Collection[ast.AST | None] = (
                (node.args,)
                if isinstance(node, ast.Lambda)
                else (*node.decorator_list, node.args, node.returns)
            )
            waiting += [(each, binds) for each in parts if each is not None]
        elif isinstance(node, ast.ClassDef):
            outside = (*node.decorator_list, *node.bases, *node.keywords)
            waiting += [(each, binds) for each in outside]
            waiting += [(each, False) for each in node.body]
        else:
            waiting += [(each, binds) for each in ast.iter_child_nodes(node)]


def _add(node: ast.AST, found: Effects, *, binds: bool) -> None:
    """Add what one node does by itself.

    :param node: the node.
    :param found: takes it up.
    :param binds: whether what it binds without further words is a name of the module.
    """
    if isinstance(node, ast.Name):
        if isinstance(node.ctx, ast.Load):
            found.read.add(node.id)
            found.may_bind_any |= node.id in _REACHING
        elif binds:
            found.bound.add(node.id)
    elif isinstance(node, ast.Attribute):
        found.may_bind_any |= node.attr in _REACHING
        if not isinstance(node.ctx, ast.Load):
            found.bound.add(node.attr)  # the object may be the module
    elif isinstance(node, ast.alias):
        found.may_bind_any |= node.name == "*" or node.name in _REACHING
        if binds:
            found.bound.add(node.asname or node.name.partition(".")[0])
    elif isinstance(node, ast.Global):
        found.bound.update(node.names)
    elif isinstance(node, ast.Lambda):
        found.is_handed_on = True
    else:
        if isinstance(node, _DEFINITIONS):
            derives = isinstance(node, ast.ClassDef) and bool(node.bases or node.keywords)
            found.is_handed_on |= derives or bool(node.decorator_list)
            found.own.add(node.name)
        name = _name_in(node)
        if binds and name is not None:
            found.bound.add(name)


def _name_in(node: ast.AST) -> str | None:
    """The name that is bound by what has it as plain text."""
    if isinstance(node, (*_DEFINITIONS, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return node.name
    return node.rest if isinstance(node, ast.MatchMapping) else None
