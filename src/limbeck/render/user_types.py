"""How a type that is not SQLAlchemy's could be constructed again."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from typing import Any

from sqlalchemy.types import TypeDecorator, TypeEngine

from limbeck.render.constructors import Arguments, constructor_arguments
from limbeck.syntax_trees import expression_tree


def importable(class_: type[Any]) -> bool:
    """Say whether ``import module`` and the class's dotted name lead back to the class."""
    if class_.__module__ == "__main__":
        return False
    found: object = sys.modules.get(class_.__module__)
    for part in class_.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is class_


def candidates(type_: TypeEngine[Any]) -> Iterator[Arguments]:
    """Yield the arguments worth trying, the most telling first.

    The class's own ``repr`` if it has one of literals, then what its constructor's signature
    says, then (for a ``TypeDecorator`` that hands everything on) what the type underneath
    was given, and no arguments at all.
    """
    own = _from_repr(type_)
    if own is not None:
        yield own
    if _has_own_constructor(type(type_)):
        signed = _from_signature(type_)
        if signed is not None:
            yield signed
    elif isinstance(type_, TypeDecorator):
        yield constructor_arguments(type_.impl_instance)
    else:
        yield constructor_arguments(type_)
    yield Arguments()


def _from_repr(type_: TypeEngine[Any]) -> Arguments | None:
    """Read the arguments from a ``repr`` that the user's class defines."""
    if type(type_).__repr__.__module__.startswith("sqlalchemy."):
        return None
    try:
        tree = expression_tree(repr(type_))
        if not isinstance(tree, ast.Call):
            return None
        positional = tuple(ast.literal_eval(argument) for argument in tree.args)
        keywords = {k.arg: ast.literal_eval(k.value) for k in tree.keywords if k.arg is not None}
    except (SyntaxError, ValueError):
        return None
    return Arguments(positional, keywords)


def _has_own_constructor(class_: type[Any]) -> bool:
    return not getattr(class_.__init__, "__module__", "").startswith("sqlalchemy.")


def _from_signature(type_: TypeEngine[Any]) -> Arguments | None:
    """Look for every parameter under its own name or that name with an underscore."""
    keywords: dict[str, Any] = {}
    for parameter in list(inspect.signature(type(type_).__init__).parameters.values())[1:]:
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            continue
        name = parameter.name
        for attribute in (name, f"_{name}"):
            if hasattr(type_, attribute):
                keywords[name] = getattr(type_, attribute)
                break
        else:
            if parameter.default is inspect.Parameter.empty:
                return None
    return Arguments((), _without_defaults(type(type_), keywords))


def _without_defaults(class_: type[Any], keywords: dict[str, Any]) -> dict[str, Any]:
    parameters = inspect.signature(class_.__init__).parameters
    return {
        name: given
        for name, given in keywords.items()
        if given is not parameters[name].default and repr(given) != repr(parameters[name].default)
    }
