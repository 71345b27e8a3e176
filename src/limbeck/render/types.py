"""Column types as Python expressions.

SQLAlchemy's own types are written from their constructor's arguments, not from ``repr``,
which leaves out or misspells some of them. A type of the user's is written as a call of its
class only where that call is known to bring the same type back: the class is importable
under its name, and constructing it again gives the same DDL. Otherwise the SQLAlchemy type
it stands for is written, with a remark, so that the file runs either way.
"""

from __future__ import annotations

import importlib
import inspect
from copy import copy
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import SchemaType, TypeDecorator, TypeEngine, UserDefinedType

from limbeck.dialects.loaded_class import loaded_class
from limbeck.render.constructors import Arguments, constructor_arguments, parameters_of
from limbeck.render.nodes import Call, Code, Keyword, ListOf, Method, Node, TupleOf
from limbeck.render.sql import text_of
from limbeck.render.user_types import candidates, importable
from limbeck.render.values import Unwritable, string, value

if TYPE_CHECKING:
    from limbeck.render.context import Rendering

AnyType = TypeEngine[Any]


def type_expression(type_: AnyType, rendering: Rendering) -> Node:
    """Return the expression that constructs this type.

    :param type_: a type, of SQLAlchemy or of the user.
    :param rendering: collects the import lines the expression needs.
    """
    hooked = rendering.hooked("type", type_)
    if hooked is not None and hooked is not False:
        return hooked
    node = rendering.dialect_type(type_) or _without_variants(type_, rendering)
    variants: dict[str, AnyType] = dict(type_._variant_mapping)
    for dialect_name in sorted(variants):
        variant = type_expression(variants[dialect_name], rendering)
        node = Method(node, "with_variant", (variant, string(dialect_name)))
    return node


def _without_variants(type_: AnyType, rendering: Rendering) -> Node:
    if not type(type_).__module__.startswith("sqlalchemy."):
        return _user_type(type_, rendering)
    if not type(type_).__repr__.__module__.startswith("sqlalchemy."):
        return _forged_type(type_, rendering)
    key = _plain_key(type_, rendering)
    if key is None:
        return _of_sqlalchemy(type_, rendering)
    node = rendering.plain_types.get(key)
    if node is None:
        node = rendering.plain_types[key] = _of_sqlalchemy(type_, rendering)
    return node


def _plain_key(type_: AnyType, rendering: Rendering) -> object:
    """Return all that is written of a type; None where it may be more than its plain arguments."""
    kind: Any = type(type_)
    if rendering.explicit or kind.__module__ != _CORE or issubclass(kind, sa.Enum):
        return None
    given = [getattr(type_, each.name, each.default) for each in parameters_of(kind)]
    kinds = tuple(map(type, given))
    return (kind, *kinds, *given) if _PLAIN.issuperset(kinds) else None


_CORE = "sqlalchemy.sql.sqltypes"
_PLAIN = frozenset({type(None), bool, int, str})


def _of_sqlalchemy(type_: AnyType, rendering: Rendering) -> Node:
    arguments = _arguments(type_, rendering)
    return _call(_name(type(type_), rendering), arguments, rendering)


def _arguments(type_: AnyType, rendering: Rendering) -> Arguments:
    if isinstance(type_, sa.Enum):
        return _enum_arguments(type_)
    if isinstance(type_, loaded_class("postgresql", "DOMAIN")):
        return _domain_arguments(type_)
    if isinstance(type_, loaded_class("mysql", "SET")):
        arguments = constructor_arguments(type_)
        return Arguments(tuple(type_.values), arguments.keywords)
    if rendering.explicit:
        return _as_in_repr(constructor_arguments(type_, explicit=True), repr(type_))
    return constructor_arguments(type_)


def _domain_arguments(type_: Any) -> Arguments:
    """Spell a domain as it was given: its constructor makes an expression of the check."""
    from sqlalchemy.dialects import postgresql

    arguments = constructor_arguments(type_)
    names = inspect.signature(postgresql.DOMAIN.__init__).parameters
    given = arguments.keywords
    rest = [name for name in given if name not in names]
    keywords = {name: given[name] for name in (*names, *rest) if given.get(name) is not None}
    schema, create_type = keywords.pop("schema", None), keywords.pop("create_type", None)
    keywords |= {} if schema is None else {"schema": schema}
    keywords |= {} if create_type is None else {"create_type": create_type}
    if not keywords.get("not_null"):
        keywords.pop("not_null", None)
    if isinstance(keywords.get("check"), sa.TextClause):
        keywords["check"] = keywords["check"].text
    return Arguments(arguments.positional, keywords)


def _as_in_repr(arguments: Arguments, text: str) -> Arguments:
    """Put the keywords in the order that SQLAlchemy's ``repr`` has them in."""
    names = sorted(arguments.keywords, key=lambda name: text.find(f"{name}="))
    return Arguments(arguments.positional, {name: arguments.keywords[name] for name in names})


def _enum_arguments(type_: sa.Enum) -> Arguments:
    """Spell an Enum by its values: the class it may come from belongs to the application."""
    keywords: dict[str, Any] = {}
    if type_.name is not None:
        keywords["name"] = type_.name
    if type_.schema is not None:
        keywords["schema"] = type_.schema
    if isinstance(type_, loaded_class("mysql", "ENUM")):
        keywords |= {
            name: given
            for name in ("charset", "collation")
            if (given := getattr(type_, name, None)) is not None
        }
    elif type(type_) is not sa.Enum:
        if not type_.create_type:
            keywords["create_type"] = False
    else:
        keywords |= _portable_enum_keywords(type_)
    return Arguments(tuple(type_.enums), keywords)


def _portable_enum_keywords(type_: sa.Enum) -> dict[str, Any]:
    keywords: dict[str, Any] = {}
    if not type_.native_enum:
        keywords["native_enum"] = False
        widest = max((len(text) for text in type_.enums), default=0)
        if type_.length not in (None, widest):
            keywords["length"] = type_.length
    if type_.create_constraint:
        keywords["create_constraint"] = True
    if type_.collation is not None:
        keywords["collation"] = type_.collation
    return keywords


def _call(name: str, arguments: Arguments, rendering: Rendering) -> Node:
    nodes = [_argument(item, rendering) for item in arguments.positional]
    nodes += [
        Keyword(keyword, _argument(item, rendering)) for keyword, item in arguments.keywords.items()
    ]
    return Call(name, tuple(nodes))


def _argument(item: object, rendering: Rendering) -> Node:
    if isinstance(item, type) and issubclass(item, TypeEngine):
        return type_expression(item(), rendering)
    if isinstance(item, TypeEngine):
        return type_expression(item, rendering)
    if isinstance(item, sa.ClauseElement):
        return Call(rendering.sa("text"), (string(text_of(item, rendering.dialect)),))
    if isinstance(item, list | tuple):
        nodes = tuple(_argument(part, rendering) for part in item)
        return ListOf(nodes) if isinstance(item, list) else TupleOf(nodes)
    return value(item)


def _forged_type(type_: AnyType, rendering: Rendering) -> Node:
    """Write a library's type that passes for one of SQLAlchemy's by its module: by its ``repr``."""
    name = _name(type(type_), rendering)
    prefix, dot, _ = name.rpartition(".")
    return Code(f"{prefix}{dot}{_own_repr(type_)}")


# ------------------------------------------------------------------- where a class is found


def _name(class_: type[AnyType], rendering: Rendering) -> str:
    """Return the name of one of SQLAlchemy's classes, and note the import it needs."""
    for candidate in class_.__mro__:
        module = candidate.__module__
        if module.startswith("sqlalchemy.dialects."):
            dialect_name = module.split(".")[2]
            package = importlib.import_module(f"sqlalchemy.dialects.{dialect_name}")
            if getattr(package, candidate.__name__, None) is candidate:
                rendering.imports.add(f"from sqlalchemy.dialects import {dialect_name}")
                return f"{dialect_name}.{candidate.__name__}"
            if not candidate.__name__.startswith("_") and importable(candidate):
                rendering.imports.add(f"import {module}")
                return f"{module}.{candidate.__name__}"
        elif getattr(sa, candidate.__name__, None) is candidate:
            return rendering.sa(candidate.__name__)
        elif getattr(sa.types, candidate.__name__, None) is candidate:
            return rendering.sa(f"types.{candidate.__name__}")
    return rendering.sa("NullType")


# ----------------------------------------------------------------------- the user's own types


def _user_type(type_: AnyType, rendering: Rendering) -> Node:
    class_ = type(type_)
    if rendering.types_by_repr:
        if importable(class_) and rendering.user_prefix is None:
            rendering.imports.add(f"import {class_.__module__}")
        prefix = rendering.user_prefix
        return Code((f"{class_.__module__}." if prefix is None else prefix) + _own_repr(type_))
    if importable(class_):
        for arguments in candidates(type_):
            if not _same_type(arguments, type_, rendering):
                continue
            try:
                return _call(_user_name(class_, rendering), arguments, rendering)
            except Unwritable:
                continue
    return _stand_in(type_, rendering)


def _own_repr(type_: AnyType) -> str:
    """Return the ``repr`` without the variants, which are written behind it."""
    if type_._variant_mapping:
        type_ = copy(type_)
        type_._variant_mapping = type(type_._variant_mapping)()
    return repr(type_)


def _user_name(class_: type[Any], rendering: Rendering) -> str:
    if rendering.user_prefix is not None:
        return rendering.user_prefix + class_.__qualname__
    rendering.imports.add(f"import {class_.__module__}")
    return f"{class_.__module__}.{class_.__qualname__}"


def _same_type(arguments: Arguments, type_: AnyType, rendering: Rendering) -> bool:
    """Say whether constructing the class again gives the same type in the database."""
    try:
        again = type(type_)(*arguments.positional, **arguments.keywords)
    except Exception:  # the user's constructor may raise anything at all
        return False
    return _ddl(again, rendering) == _ddl(type_, rendering)


def _ddl(type_: AnyType, rendering: Rendering) -> str | None:
    try:
        return type_.compile(dialect=rendering.dialect)
    except (SQLAlchemyError, NotImplementedError, AttributeError):
        return None


def _stand_in(type_: AnyType, rendering: Rendering) -> Node:
    """Write the SQLAlchemy type that a user's type comes down to."""
    name = f"{type(type_).__module__}.{type(type_).__qualname__}"
    plain = _plain_type(type_, rendering)
    if plain is None:
        rendering.remark(f"the type {name} cannot be written down here; replace NullType")
        return Call(rendering.sa("NullType"))
    rendering.remark(f"stands for {name}, which cannot be constructed from here")
    return type_expression(plain, rendering)


def _plain_type(type_: AnyType, rendering: Rendering) -> AnyType | None:
    if isinstance(type_, TypeDecorator):
        return type_.load_dialect_impl(rendering.dialect)
    if isinstance(type_, UserDefinedType):
        return None
    for class_ in type(type_).__mro__[1:]:
        if class_.__module__.startswith("sqlalchemy.") and issubclass(class_, TypeEngine):
            return _as_parent(type_, class_)
    return None


def _as_parent(type_: AnyType, class_: type[AnyType]) -> AnyType | None:
    """Return the type as an object of the SQLAlchemy class that it extends."""
    if isinstance(type_, SchemaType | sa.Enum):
        return type_.adapt(class_)
    arguments = constructor_arguments(type_, class_)
    return class_(*arguments.positional, **arguments.keywords)
