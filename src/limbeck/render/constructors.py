"""The arguments with which an object could be constructed again."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from limbeck.value import Value

_PARAMETERS_WITH_A_NAME = (
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.KEYWORD_ONLY,
)

_NOT_OURS = frozenset({"inherit_schema", "metadata"})
"""Parameters that tie a type to a table or to the models; its schema is written by itself."""


class Arguments(Value, slots=True):
    """Positional arguments and keyword arguments of a call."""

    positional: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)


def constructor_arguments(
    of: object, class_: type[Any] | None = None, *, explicit: bool = False
) -> Arguments:
    """Return the arguments that construct an object like this one.

    SQLAlchemy's types keep what they were given under the parameter's name, so the
    signatures tell what to look for. A constructor that takes ``**kw`` hands it to its
    parent's, whose parameters then count too. Values equal to the default are left out, and
    so are those that only matter to Python (a pickler, a comparator).

    :param of: the object.
    :param class_: the class to construct; the object's own by default.
    :param explicit: write a type although it is the one that is meant anyway.
    """
    positional: list[Any] = []
    keywords: dict[str, Any] = {}
    constructed: Any = class_ or type(of)
    for parameter in parameters_of(constructed):
        given = getattr(of, parameter.name, parameter.default)
        if parameter.default is inspect.Parameter.empty:
            positional.append(given)
        elif _worth_writing(given, parameter.default, explicit):
            keywords[parameter.name] = given
    return Arguments(tuple(positional), keywords)


@lru_cache(maxsize=512)  # to look at signatures takes longer than to write a type down
def parameters_of(class_: type[Any]) -> tuple[inspect.Parameter, ...]:
    """Return what a constructor takes and keeps under the same name, its parents' included."""
    return tuple(_found_parameters(class_))


def _found_parameters(class_: type[Any]) -> Iterator[inspect.Parameter]:
    seen: set[str] = set()
    for ancestor in class_.__mro__:
        if "__init__" not in vars(ancestor):
            continue
        takes_more = False
        for parameter in list(inspect.signature(vars(ancestor)["__init__"]).parameters.values())[
            1:
        ]:
            takes_more |= parameter.kind is inspect.Parameter.VAR_KEYWORD
            name = parameter.name
            if parameter.kind in _PARAMETERS_WITH_A_NAME and name not in seen:
                seen.add(name)
                if not name.startswith("_") and name not in _NOT_OURS:
                    yield parameter
        if not takes_more:
            return


def _worth_writing(given: object, default: object, explicit: bool) -> bool:
    if given is default:
        return False
    if isinstance(given, TypeEngine):
        # JSONB(astext_type=Text()) and the like: None means a plain Text.
        return explicit or not (default is None and type(given) is sa.Text and given.length is None)
    if isinstance(given, bool | int | float | str | bytes | sa.ClauseElement):
        return bool(given != default) if not isinstance(given, sa.ClauseElement) else True
    return isinstance(given, list | tuple) or (
        isinstance(given, type) and issubclass(given, TypeEngine)
    )
