"""Takes back what is in the database of a revision that was interrupted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.dialects.standard.recovery import CannotUndo
from limbeck.errors import NotResumable
from limbeck.runtime.journal.refusals import elsewhere_words
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.database.journal_table import JournalRow, Step
    from limbeck.dialects.standard.recovery import Recovery
    from limbeck.runtime.journal.left import Left
    from limbeck.runtime.journal.settling import Settler


class UndoStep(Value):
    """What undoes one statement, or one operation.

    :param row: the row of the journal as it is afterwards.
    :param statements: what undoes it.
    :param step: the statement that is undone; None where it is the whole operation.
    """

    row: JournalRow
    statements: tuple[str, ...]
    step: Step | None = None


def undo_plan(left: Left, recovery: Recovery) -> list[UndoStep]:
    """What takes back all that is in, last first.

    :param left: what an interrupted run has left.
    :param recovery: the answers of the database.
    :raises NotResumable: something cannot be undone; nothing was touched.
    """
    header = left.header
    reasons = [elsewhere_words(left)] if left.elsewhere else []
    if header is not None and header.words:
        reasons.append(f"the revision itself has run statements ({header.words})")
    plan: list[UndoStep] = []
    own = tables_made(left.rows)
    for row in sorted(left.rows, key=lambda one: one.number, reverse=True):
        try:
            plan += _undo_row(row, recovery, own)
        except CannotUndo as error:
            reasons.append(f"operation {row.number} ({row.words}): {error.words}")
    if reasons:
        name = "the revision" if header is None else f"revision {header.revision}"
        raise NotResumable(
            f"what is in the database of {name} cannot be undone; nothing was changed",
            details=reasons,
            hint="run the same command again to go on, or finish it by hand and say "
            "`limbeck repair --mark-applied`",
        )
    return plan


def carry_out(plan: Sequence[UndoStep], settler: Settler) -> None:
    """Undo, one statement after the other.

    :param plan: what undoes it.
    :param settler: works on the database.
    """
    for undo in plan:
        if undo.step is None:
            _take_back_whole(undo, settler)
            continue
        number = undo.row.position
        row = settler.take_back(replace(undo.row, position=number + 1), number)
        if not row.has_begun:
            settler.table.delete(settler.connection, row)


def _take_back_whole(undo: UndoStep, settler: Settler) -> None:
    """Undo an operation by its inverse, in one transaction with its row where that can be."""
    shares = any(undo.statements) and all(map(settler.recovery.wraps, undo.statements))
    if shares:
        settler.run("BEGIN")
    try:
        for statement in undo.statements:
            settler.run(statement)
        if undo.row.has_begun:
            settler.table.put(settler.connection, undo.row)
        else:
            settler.table.delete(settler.connection, undo.row)
    except BaseException:
        if shares:
            settler.run("ROLLBACK")
        raise
    if shares:
        settler.run("COMMIT")


def tables_made(rows: Sequence[JournalRow]) -> frozenset[str]:
    """The tables that the revision has created, whose rows go with them."""
    made: set[str] = set()
    for row in rows:
        for step in row.steps[: row.position]:
            if step.before is not None and step.after is not None:
                old, new = step.before.definitions.keys(), step.after.definitions.keys()
                gone = {_last_name(key) for key in old - new if key.startswith("table ")}
                if gone <= made:  # else one that was there has another name
                    made |= {_last_name(key) for key in new - old if key.startswith("table ")}
        made |= set(row.facts.get("creates", ()))
    return frozenset(made)


def _undo_row(row: JournalRow, recovery: Recovery, own: frozenset[str]) -> list[UndoStep]:
    if not row.has_begun:  # an undo that was interrupted has taken it back
        return [UndoStep(_at(row, 0), ())]
    if row.state == "unknown":
        raise CannotUndo("nobody can tell whether it has happened")
    if row.is_data:
        if row.facts.get("table") in own:
            return [UndoStep(_at(row, 0), ())]
        raise CannotUndo("it has changed rows")
    described = [step for step in row.steps[: row.position] if step.before is not None]
    if row.undo is not None or row.cannot_undo:
        if len(described) == row.position > 0:
            return _undo_steps(row, recovery)
        if row.undo is None:
            raise CannotUndo(row.cannot_undo)
        return [UndoStep(_at(row, 0), row.undo)]
    return _undo_steps(row, recovery)


def _undo_steps(row: JournalRow, recovery: Recovery) -> list[UndoStep]:
    """Undo an operation by what the catalogue said before and after each of its statements."""
    plan = []
    for number in range(row.position - 1, -1, -1):
        step = row.steps[number]
        if step.is_data:
            # Rows that were copied go with the copy, which the statement before it has made.
            if step.cleanup is None:
                raise CannotUndo("it has changed rows")
            plan.append(UndoStep(_at(row, number), ()))
            continue
        if step.before is None or step.after is None:
            raise CannotUndo("what was there before is not known")
        plan.append(
            UndoStep(_at(row, number), recovery.undo(step.sql, step.before, step.after), step)
        )
    return plan or [UndoStep(_at(row, 0), ())]


def _at(row: JournalRow, position: int) -> JournalRow:
    return replace(row, position=position, state="running")


def _last_name(key: str) -> str:
    return key.rpartition("`.`")[2].strip("`").replace("``", "`") if "`" in key else key
