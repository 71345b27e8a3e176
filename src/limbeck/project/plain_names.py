"""What the names in an ``env.py`` stand for, see ``plain_environment``."""

from __future__ import annotations

import ast
import builtins

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    *("CONFIG", "CONTEXT", "FUNCTION", "NOTHING"),
    *("NotPlain", "Scope", "Seen", "local_names"),
]

CONTEXT = "limbeck.context"
CONFIG = "limbeck.context.config"
FUNCTION = "a function"
"""What a function of the module's own comes from: it is the same for each database."""
NOTHING = "nothing given"
"""What a caller could have handed over, and has not, comes from."""

_OF_MODULES = frozenset({*vars(builtins), "__file__", "__name__"})


class NotPlain(Exception):
    """There is something that need not be the same for each database."""


class Seen:
    """What was seen on the way.

    :ivar imports: the modules that are imported.
    :ivar calls: the functions that are called.
    :ivar sets_other_logging: logging is set up otherwise than by the ini file of the settings.
    """

    def __init__(self) -> None:
        self.sets_other_logging = False
        self.imports: set[str] = set()
        self.calls: set[str] = set()


class Scope:
    """The names of a module, or of a function in it.

    :param outer: the module's, for a function.
    :param local: the names that are the function's own, wherever in it they are bound.
    """

    def __init__(self, outer: Scope | None = None, local: frozenset[str] = frozenset()) -> None:
        self.outer = outer
        self._local = local
        self._unsure: set[str] = set()
        self._bound: set[str] = set()
        self.seen: Seen = Seen() if outer is None else outer.seen
        self._names: dict[str, str | None] = {}

    def bind(self, name: str, origin: str | None) -> None:
        """Let a name stand for something.

        :param name: the name.
        :param origin: where that comes from, None for any value that is the same for all.
        :raises NotPlain: it has stood for something else.
        """
        if self._names.get(name, origin) != origin:
            raise NotPlain
        self._names[name] = origin
        self._unsure.discard(name)
        self._bound.add(name)

    def forget(self, name: str) -> None:
        """Let a name that stands for nothing here be bound to something.

        :param name: the name.
        :raises NotPlain: it is not bound here.
        """
        if self._names.pop(name, None) != NOTHING:
            raise NotPlain

    def close(self, name: str) -> None:
        """Let a name stand for a connection that is closed."""
        self._names[name] = "a closed connection"

    def either(self, first: Callable[[], None], second: Callable[[], None]) -> None:
        """Read two ways of which one is taken; what one of them binds alone may not be there.

        :param first: reads one.
        :param second: reads the other one.
        """
        bound, unsure = set(self._names) | self._bound, set(self._unsure)
        found: list[set[str]] = []
        for read in (first, second):
            self._bound, self._unsure = set(), set(unsure)
            if found:
                self._unsure |= found[0] - bound
            read()
            found.append(self._bound)
        both, new = found[0] & found[1], (found[0] ^ found[1]) - bound
        self._bound = found[0] | found[1]
        self._unsure = (unsure - both) | new

    def import_(self, statement: ast.Import | ast.ImportFrom) -> None:
        """Let the names of an import stand for what is imported.

        :param statement: the import.
        :raises NotPlain: nobody sees which names these are.
        """
        for alias in statement.names:
            if isinstance(statement, ast.Import):
                top = alias.name.partition(".")[0]
                self.seen.imports.add(alias.name)
                self.bind(alias.asname or top, _known(alias.name if alias.asname else top))
                continue
            if alias.name == "*" or statement.level or statement.module is None:
                raise NotPlain
            self.seen.imports.add(statement.module)
            self.bind(alias.asname or alias.name, _known(f"{statement.module}.{alias.name}"))

    def origin(self, name: str) -> str | None:
        """Where what a name stands for comes from.

        :param name: the name.
        :raises NotPlain: it may stand for nothing yet.
        """
        if name in self._unsure:
            raise NotPlain
        if name in self._names:
            return self._names[name]
        if name in self._local or (self.outer is None and name not in _OF_MODULES):
            raise NotPlain
        return f"builtins.{name}" if self.outer is None else self.outer.origin(name)


def local_names(function: ast.FunctionDef) -> frozenset[str]:
    """The names that a function binds anywhere, and those that are bound within its own ones.

    :param function: the function.
    :raises NotPlain: it does not run when it is called, or binds names of the module's.
    """
    found: set[str] = set()
    for node in (each for top in function.body for each in ast.walk(top)):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                found.add(name)
            case ast.Import() | ast.ImportFrom():
                found.update(each.asname or each.name.partition(".")[0] for each in node.names)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
            case ast.Global() | ast.Nonlocal() | ast.Yield() | ast.YieldFrom():
                raise NotPlain
            case ast.AsyncFunctionDef() | ast.ExceptHandler() | ast.Match():
                raise NotPlain
    return frozenset(found)


def _known(origin: str) -> str:
    """An origin, by limbeck's name where it has two."""
    top, dot, rest = origin.partition(".")
    return f"limbeck{dot}{rest}" if top == "alembic" else origin
