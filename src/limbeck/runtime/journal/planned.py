"""The statements of an operation as the journal keeps them, made before the first one runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.schema import DDLElement

from limbeck.database.journal_table import Step
from limbeck.ddl.verbatim import Verbatim
from limbeck.dialects.standard.or_undo import OrUndo
from limbeck.operations import ops
from limbeck.operations.batch_value import BatchAlterTable
from limbeck.runtime.overriding import emit_target

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from limbeck.dialects.standard.recovery import Recovery
    from limbeck.runtime.journal.current import Current
    from limbeck.runtime.journal.journal import Journal

__all__ = ["planned_statements", "step_of"]

_MARKED_OTHERWISE = (BatchAlterTable, ops.BulkInsertOp, ops.ExecuteSQLOp)
"""What is not known by the statements that it comes to on paper."""


def planned_statements(
    current: Current,
    statements: Iterable[Executable],
    journal: Journal,
    is_all: Callable[[], bool],
) -> Sequence[Executable]:
    """Make all statements of an operation, and plan them.

    :param current: the operation.
    :param statements: its statements, each made when it is asked for.
    :param journal: says and knows statements.
    :param is_all: tells whether nobody else runs statements for it.
    """
    operation, text = current.operation, journal.text
    is_whole = is_all()
    freeze = isinstance(operation, BatchAlterTable) and is_whole
    looks = emit_target(journal.impl).looks
    before = looks.total()
    made = [_frozen(each, text) if freeze else each for each in statements]
    if is_whole and not isinstance(operation, _MARKED_OTHERWISE) and looks.total() == before:
        current.is_said_by([text(each) for each in made])
    if is_whole and not current.steps:
        keeps_text = not current.mark.is_data
        steps: list[Step] = []
        for each in made:
            steps.append(step_of(each, text, journal.recovery, steps, keeps_text))
        current.plan(steps)
    return made


def step_of(
    statement: Any,
    text: Callable[[Any], str],
    recovery: Recovery,
    earlier: Sequence[Step],
    keeps_text: bool,
) -> Step:
    """A statement as the journal keeps it.

    :param statement: the statement.
    :param text: says it.
    :param recovery: tells what only changes rows.
    :param earlier: the statements of the operation before this one.
    :param keeps_text: whether its text is kept.
    """
    if not isinstance(statement, OrUndo):
        sql = text(statement)
        return Step(sql if keeps_text else "", is_data=recovery.is_data(sql))
    sql, cleanup = text(statement.statement), text(statement.undo)
    name = cleanup.split()[-1]
    restart = max(
        (number for number, step in enumerate(earlier) if _creates(step.sql, name)), default=None
    )
    return Step(sql, is_data=recovery.is_data(sql), restart=restart, cleanup=cleanup)


def _frozen(statement: Executable, text: Callable[[Any], str]) -> Executable:
    """A statement of a copy as it is to be run, whatever becomes of its table's name.

    :param statement: the statement.
    :param text: says it.
    """
    if isinstance(statement, OrUndo):
        undo = Verbatim(text(statement.undo))
        return OrUndo(Verbatim(text(statement.statement)), undo)
    return Verbatim(text(statement)) if isinstance(statement, DDLElement) else statement


def _creates(sql: str, name: str) -> bool:
    return sql.startswith(f"CREATE TABLE {name} ")
