"""What every operation has in common."""

from __future__ import annotations

from contextlib import suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from sqlalchemy import ClauseElement
from sqlalchemy.exc import CompileError, UnsupportedCompilationError

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.types import TypeEngine


class MigrateOperation:
    """One step of a migration, written down as a value.

    Operations are plain, editable objects: ``process_revision_directives`` and ``Rewriter``
    change them in place before they are rendered or run.
    """

    _mutations: frozenset[Any] = frozenset()
    """The rewriters that have already seen this operation."""

    @property
    def info(self) -> dict[Any, Any]:
        """A place for anything that a user wants to keep with the operation."""
        found: dict[Any, Any] = self.__dict__.setdefault("_info", {})
        return found

    def reverse(self) -> MigrateOperation:
        """The operation that undoes this one.

        :raises ValueError: what is needed to undo it is not known.
        :raises NotImplementedError: an operation of this kind cannot be undone.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot be reversed")

    def to_diff_tuple(self) -> Any:
        """The operation in the words of ``compare_metadata()``."""
        raise NotImplementedError(f"{type(self).__name__} is not a difference")

    def describe(self) -> str:
        """The operation in one line of plain words."""
        return type(self).__name__


_WORDS_OF: ContextVar[Dialect | None] = ContextVar("words_of", default=None)
"""The database in whose words operations are described; ``describe()`` takes no argument, as those
of libraries have their own."""


def described(operation: object, dialect: Dialect | None = None) -> str:
    """An operation in one line of plain words.

    :param operation: any; those of libraries need not be a :class:`MigrateOperation`.
    :param dialect: the database whose words types have; None for those of no database.
    """
    describe = getattr(operation, "describe", None)
    if describe is None:
        return type(operation).__name__
    before = _WORDS_OF.set(dialect or _WORDS_OF.get())
    try:
        return str(describe())
    finally:
        _WORDS_OF.reset(before)


class AlterTableOp(MigrateOperation):
    """An operation on one table that exists.

    :param table_name: the table.
    :param schema: its schema, None for the default one.
    """

    def __init__(self, table_name: str, *, schema: str | None = None) -> None:
        self.table_name = table_name
        self.schema = schema

    @property
    def address(self) -> str:
        """The table's name, with its schema where it has one."""
        return qualified(self.table_name, self.schema)


def qualified(name: str, schema: str | None) -> str:
    """A name with its schema in front, for people."""
    return f"{schema}.{name}" if schema else name


def type_words(type_: TypeEngine[Any] | None) -> str:
    """A column type for people: as the database spells it in whose words is spoken, if any."""
    if type_ is None:
        return "unknown type"
    dialect = _WORDS_OF.get()
    try:
        if dialect is not None:
            with suppress(CompileError, UnsupportedCompilationError):
                return type_.compile(dialect=dialect)
        return str(type_)
    except UnsupportedCompilationError:
        return repr(type_)


def expression_words(expression: Any) -> str:
    """A SQL expression for people, its values written into it."""
    if not isinstance(expression, ClauseElement):
        return str(expression)
    try:
        return str(
            expression.compile(compile_kwargs={"literal_binds": True, "include_table": False})
        )
    except CompileError:
        return str(expression)


def name_words(name: str | None) -> str:
    """A name for people, as a word with a space in front, or nothing."""
    return f" {name}" if name else ""
