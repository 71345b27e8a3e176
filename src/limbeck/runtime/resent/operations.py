"""What the journal has said of a revision's operations, kept so that it can say it once more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from limbeck.database.journal_table import HEADER, JournalRow, Step
from limbeck.dialects.standard.foreseen import Foreseen
from limbeck.dialects.text import as_typed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from limbeck.dialects.standard.recovery import Objects, Recovery

__all__ = ["KeptOperation", "KeptStatement", "kept_text", "operations_in", "operations_of"]


class KeptStatement(NamedTuple):
    """One statement of an operation.

    :param sql: its text, as the journal has it.
    :param sent: as the driver was sent it; empty where that is the same.
    :param before: what it is expected to find.
    :param after: what it is expected to leave; None for the last one of a revision, after which
        nothing is written down.
    """

    sql: str
    sent: str
    before: Foreseen
    after: Foreseen | None

    @property
    def text(self) -> str:
        """What is to be sent."""
        return self.sent or self.sql


class KeptOperation(NamedTuple):
    """One operation, as the journal tells it from others.

    :param words: the operation for people.
    :param fingerprint: a number over all that it says.
    :param shape: one over what is left of it without its values.
    :param is_whole: all of its statements were known before the first one ran.
    :param statements: its statements.
    """

    words: str
    fingerprint: str
    shape: str
    is_whole: bool
    statements: tuple[KeptStatement, ...]

    def row(self, number: int, revision: str, before: Objects) -> JournalRow:
        """The row of the journal before the first statement runs.

        :param number: which operation of the revision it is, from 1.
        :param revision: the revision.
        :param before: what the first statement names.
        """
        first, *others = self.statements
        steps = [Step(first.sql, before=before)]
        if self.is_whole:
            steps += [Step(each.sql) for each in others]
        return JournalRow(
            number=number,
            revision=revision,
            direction="upgrade",
            words=self.words,
            fingerprint=self.fingerprint,
            shape=self.shape,
            steps=tuple(steps),
            is_whole=self.is_whole,
        )


def operations_of(
    rows: Mapping[int, JournalRow], sent: Sequence[str], recovery: Recovery, database: str
) -> tuple[KeptOperation, ...] | None:
    """The operations of a revision that has run; None where they cannot be said once more.

    :param rows: the rows of the journal as they were written last, by their numbers.
    :param sent: what the driver was sent.
    :param recovery: the answers of the database.
    :param database: the database in which it ran.
    """
    found = [rows[number] for number in sorted(rows) if number != HEADER]
    if [row.number for row in found] != list(range(1, len(found) + 1)):
        return None
    if [step.sql for row in found for step in row.steps] != [as_typed(sql) for sql in sent]:
        return None
    texts = iter(sent)
    operations = []
    for row in found:
        statements = [_kept(step, next(texts), recovery, database) for step in row.steps]
        is_simple = row.is_done and not row.is_data and not row.facts and bool(statements)
        if not is_simple or not all(statements) or row.position != len(statements):
            return None
        known = tuple(each for each in statements if each is not None)
        operations.append(KeptOperation(row.words, row.fingerprint, row.shape, row.is_whole, known))
    return _without_the_last_answer(operations) if operations else None


def _without_the_last_answer(operations: list[KeptOperation]) -> tuple[KeptOperation, ...]:
    *others, last = operations
    statements = (*last.statements[:-1], last.statements[-1]._replace(after=None))
    return (*others, last._replace(statements=statements))


def _kept(step: Step, sent: str, recovery: Recovery, database: str) -> KeptStatement | None:
    if step.is_data or step.restart is not None or step.cleanup is not None:
        return None
    if step.before is None or step.after is None:
        return None
    foreseen = recovery.foreseen(step.sql, step.before, step.after, database)
    if foreseen is None:
        return None
    return KeptStatement(step.sql, "" if sent == step.sql else sent, *foreseen)


def kept_text(operation: KeptOperation) -> str:
    """An operation as text."""
    return json.dumps(operation)


def operations_in(texts: Sequence[str]) -> tuple[KeptOperation, ...]:
    """The operations that some texts say.

    :param texts: the texts, of which each has come from :func:`kept_text`.
    :raises ValueError: one says something else, as it was changed.
    """
    try:
        found = tuple(_operation(*json.loads(text)) for text in texts)
    except TypeError as error:
        raise ValueError(error) from None
    if not found or not all(each.statements for each in found):
        raise ValueError("nothing is kept")
    return found


def _operation(
    words: str, fingerprint: str, shape: str, is_whole: bool, statements: list[Any]
) -> KeptOperation:
    known = [
        KeptStatement(sql, sent, Foreseen(*before), None if after is None else Foreseen(*after))
        for sql, sent, before, after in statements
    ]
    return KeptOperation(words, fingerprint, shape, is_whole, tuple(known))
