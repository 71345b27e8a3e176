"""A statement as a person would type it."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy.exc import CompileError
from sqlalchemy.schema import ExecutableDDLElement

from limbeck.ddl.verbatim import Verbatim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Dialect, Executable
    from sqlalchemy.types import TypeEngine

_plain: WeakKeyDictionary[Dialect, Dialect] = WeakKeyDictionary()
_LEADING_TAB = re.compile(r"^\t", re.MULTILINE)


def statement_text(statement: Executable, dialect: Dialect, literal_binds: bool = True) -> str:
    """The text of a statement, values included.

    :param literal_binds: write values into the text; a value that has no literal form stays a
        named parameter.
    :return: the text without a terminator.
    """
    if isinstance(statement, Verbatim):
        return statement.sql
    plain = plain_dialect(dialect)
    if isinstance(statement, ExecutableDDLElement):
        return as_typed(str(statement.compile(dialect=plain)))
    if literal_binds:
        try:
            compiled = statement.compile(  # type: ignore[attr-defined]  # every clause compiles
                dialect=plain, compile_kwargs={"literal_binds": True}
            )
            return str(compiled).strip()
        except CompileError:
            return statement_text(statement, dialect, literal_binds=False)
    compiled = statement.compile(dialect=plain)  # type: ignore[attr-defined]  # as above
    return str(compiled).strip()


def as_typed(compiled: str) -> str:
    """The text of a DDL statement with four blanks where SQLAlchemy has a tab.

    :param compiled: what SQLAlchemy makes of it.
    """
    return _LEADING_TAB.sub("    ", compiled).strip()


def with_literals(
    dialect: Dialect, literals: Mapping[type[TypeEngine[Any]], type[TypeEngine[Any]]]
) -> Dialect:
    """A copy of a dialect that writes values of some types into text in another way.

    :param literals: for a type, the one that knows how to write its values.
    """
    found = copy.copy(dialect)
    found.colspecs = {**dialect.colspecs, **literals}
    found.type_compiler_instance = _type_compiler_for(found)
    return found


def _type_compiler_for(dialect: Dialect) -> Any:
    """A type compiler of the dialect's own class, which older dialects name in another way."""
    return type(dialect.type_compiler_instance)(dialect)


def plain_dialect(dialect: Dialect) -> Dialect:
    """The same dialect, for text that no driver reads.

    Drivers with ``%s`` parameters want every other percent sign doubled, which is wrong on paper.
    """
    found = _plain.get(dialect)
    if found is None:
        found = copy.copy(dialect)
        found.paramstyle = "named"
        found.positional = False
        # Literal processors that are remembered for one dialect double percent signs, or do not.
        found.__dict__.pop("_type_memos", None)
        found.type_compiler_instance = _type_compiler_for(found)
        found.identifier_preparer = found.preparer(found)
        # The one place that SQLAlchemy reads when it doubles them.
        found.identifier_preparer._double_percents = False
        if dialect.name == "postgresql" and getattr(dialect, "server_version_info", None) is None:
            # Until it has asked a server, SQLAlchemy 2.0 takes it for one from before 9.1, in whose
            # strings a backslash was an escape: see standard_conforming_strings in
            # https://www.postgresql.org/docs/current/runtime-config-compatible.html
            found._backslash_escapes = False  # type: ignore[attr-defined]  # of this dialect alone
        _plain[dialect] = found
    return found
