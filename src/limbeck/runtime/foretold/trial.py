"""What statements send, tried on paper under names that no database has.

Each is tried another time under the names that it has first. Where that does not send the same with
these names in it, the names matter for more than to be written down, and the revision runs.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import TextClause
from sqlalchemy.schema import ExecutableDDLElement

from limbeck.dialects.text import as_typed
from limbeck.operations.executor import result_of
from limbeck.operations.operations import Operations
from limbeck.operations.ops import ExecuteSQLOp
from limbeck.operations.ops.base import described
from limbeck.project.upgrade_text import with_literals
from limbeck.project.warned import warnings_as_errors
from limbeck.runtime.carrying_out import run_operation
from limbeck.runtime.foretold.templates import template_of
from limbeck.runtime.journal.marks import mark_of
from limbeck.runtime.overriding import emit_target
from limbeck.runtime.resent.heard import is_sendable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Dialect

    from limbeck.operations.directives import Directives
    from limbeck.operations.ops import MigrateOperation
    from limbeck.runtime.foretold.templates import Template
    from limbeck.runtime.journal.marks import Mark
    from limbeck.runtime.migration import MigrationContext

__all__ = ["SIGN", "Trial", "Tried"]

SIGN = "zqlb"
"""What names have in a trial, and no others: they would be taken for one another."""

_MARKED = re.compile(rf"{SIGN}a(\d+)a")


class Tried(NamedTuple):
    """What a statement of a revision was found to do.

    :param sent: what it sends.
    :param kind: the name of its operation's class.
    :param words: its operation for people.
    :param mark: what that is known by, where it is SQL of the revision's own.
    """

    sent: tuple[Template, ...]
    kind: str
    words: Template
    mark: Mark | None

    def is_sure(self, names: Sequence[str], is_plain: Callable[[str], bool]) -> bool:
        """Whether all names in it are written as they were in the trial.

        :param names: its names, of which each is plain itself.
        :param is_plain: whether SQL writes a name as it is.
        """
        return all(each.is_sure(names, is_plain) for each in self.sent)


class _Done(NamedTuple):
    """What a statement does under certain names.

    :param sent: what it sends.
    :param kind: the name of its operation's class.
    :param words: its operation for people.
    :param mark: see :class:`Tried`.
    """

    sent: list[str]
    kind: str
    words: str
    mark: Mark | None = None


class _NotOnPaper(Exception):
    """What a statement does hangs on more than its text."""


class _Paper:
    """Stands where a connection is, and writes statements down.

    :param context: the database.
    """

    def __init__(self, context: MigrationContext) -> None:
        self._context = context
        self.dialect: Dialect = context.dialect
        self.sent: list[str] = []
        self.done: list[tuple[str, str, Mark | None]] = []

    def execute(
        self, statement: Any, parameters: Any = None, *, execution_options: Any = None
    ) -> None:
        """Write a statement down as it would be sent."""
        if parameters or execution_options:
            raise _NotOnPaper
        if not isinstance(statement, ExecutableDDLElement | TextClause):
            raise _NotOnPaper
        compiled = statement.compile(dialect=self.dialect)
        if compiled.params:  # a text has places for values, and nobody gives them
            raise _NotOnPaper
        sql = str(compiled)
        is_journalled = not self._context.impl.transactional_ddl
        if is_journalled and self._context.backend.text(statement, self.dialect) != as_typed(sql):
            raise _NotOnPaper  # the journal would keep another text than the one that is sent
        self.sent.append(sql)


class Trial:
    """Tries statements for one database.

    :param context: the database.
    """

    def __init__(self, context: MigrationContext) -> None:
        self._context = context
        self.dialect = context.dialect
        self.opts = context.opts
        self.as_sql = False
        self.bind = None
        self._paper = _Paper(context)
        self._impl: Any = None

    def tried(
        self,
        shape: str,
        pieces: Sequence[str | tuple[int, ...]],
        said: Sequence[str],
        names: Mapping[str, Any],
    ) -> Tried | None:
        """What a statement does; None where that is more than its text with the names in it.

        :param shape: its text with places for its literals.
        :param pieces: its literals, see :class:`~limbeck.runtime.foretold.forms.Formed`.
        :param said: the names that are in it the first time.
        :param names: what other names in it stand for.
        """
        if SIGN in shape or any(SIGN in each for each in pieces if isinstance(each, str)):
            return None
        marked = [f"{SIGN}a{number}a" for number in range(len(said))]
        done = self._done(_code(shape, pieces, marked), names)
        real = None if done is None else self._done(_code(shape, pieces, said), names)
        if done is None or real is None:
            return None
        sent = tuple(template_of(each, _MARKED) for each in done.sent)
        words = template_of(done.words, _MARKED)
        if not all(map(self._is_sure, sent)):
            return None
        filled = _Done([each.filled(said) for each in sent], done.kind, words.filled(said))
        return Tried(sent, done.kind, words, done.mark) if filled[:3] == real[:3] else None

    def _is_sure(self, found: Template) -> bool:
        """Whether a statement is sendable, whatever its names are."""
        if SIGN in found.text:
            return False
        sql = found.text % ((SIGN,) * len(found.places))
        return is_sendable(sql, self._context)

    def _done(self, code: str, names: Mapping[str, Any]) -> _Done | None:
        """What a statement does, on paper; None where that is not all."""
        paper = self._paper
        paper.sent, paper.done = [], []
        self._impl = type(self._context.impl)(
            self.dialect,
            paper,  # type: ignore[arg-type]  # what asks more of a connection is not foretold
            False,
            self._context.impl.transactional_ddl,
            io.StringIO(),
            self.opts,
        )
        with warnings_as_errors(), Operations.context(self):  # type: ignore[arg-type]  # as above
            try:
                exec(compile(code, "<statement>", "exec", dont_inherit=True), dict(names))
            except Exception:  # whatever is wrong with it, the revision runs and tells
                return None
        # What asks the database hangs on the answer.
        if emit_target(self._impl).looks.total() or len(paper.done) != 1:
            return None
        return _Done(paper.sent, *paper.done[0])

    # As operations see it

    def perform(self, operation: MigrateOperation, operations: Directives) -> Any:
        """Write down what an operation sends.

        :param operation: the operation.
        :param operations: the object whose directive was called.
        :returns: what the directive returns.
        """
        run_operation(self._impl, operation)
        is_sql = isinstance(operation, ExecuteSQLOp)
        mark = mark_of(operation, self._impl, self._context.backend.recovery) if is_sql else None
        self._paper.done.append((type(operation).__name__, described(operation), mark))
        return result_of(operation, self)  # type: ignore[arg-type]  # as above


def _code(shape: str, pieces: Sequence[str | tuple[int, ...]], names: Sequence[str]) -> str:
    return with_literals(
        shape,
        [
            each if isinstance(each, str) else f"'{'.'.join(names[number] for number in each)}'"
            for each in pieces
        ],
    )
