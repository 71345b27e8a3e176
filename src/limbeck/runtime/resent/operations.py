"""What the journal has said of a revision's operations, kept so that it can say it once more."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from limbeck.database.journal_table import HEADER, JournalRow, Step
from limbeck.dialects.standard.foreseen import Foreseen
from limbeck.dialects.text import as_typed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from limbeck.dialects.standard.recovery import Objects, Recovery

__all__ = ["KeptOperation", "KeptStatement", "Told", "kept_text", "operations_in", "operations_of"]


class KeptStatement(NamedTuple):
    """One statement of an operation.

    :param sql: its text, as the journal has it.
    :param sent: as the driver was sent it; empty where that is the same.
    :param before: what it is expected to find.
    :param after: what it is expected to leave; None for the last one of a revision, after which
        nothing is written down.
    :param definitions: a number over the definitions of what it has found, where it was made of
        what the catalogue said of them; empty where it was not.
    """

    sql: str
    sent: str
    before: Foreseen
    after: Foreseen | None
    definitions: str = ""

    @property
    def text(self) -> str:
        """What is to be sent, without a semicolon at its end: a message adds its own."""
        return (self.sent or self.sql).rstrip().removesuffix(";")

    def is_for(self, objects: Objects) -> bool:
        """Whether it would be the same statement where it finds some objects."""
        return not self.definitions or self.definitions == _number_over(objects)


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


class Told(NamedTuple):
    """What was noted of a revision while it ran.

    :param rows: the rows of the journal as they were written last, by their numbers.
    :param sent: what the driver was sent.
    :param asked: about which tables its operations have asked, each with the number of the
        statement that came next, from 0.
    """

    rows: Mapping[int, JournalRow]
    sent: Sequence[str]
    asked: Collection[tuple[int, str]] = ()


def operations_of(
    told: Told, recovery: Recovery, database: str
) -> tuple[KeptOperation, ...] | None:
    """The operations of a revision that has run; None where they cannot be said once more.

    :param told: what was noted of it.
    :param recovery: the answers of the database.
    :param database: the database in which it ran.
    """
    found = [told.rows[number] for number in sorted(told.rows) if number != HEADER]
    if [row.number for row in found] != list(range(1, len(found) + 1)):
        return None
    steps = [step for row in found for step in row.steps]
    if [step.sql for step in steps] != [as_typed(sql) for sql in told.sent]:
        return None
    if any(number >= len(steps) for number, _ in told.asked):
        return None  # nobody knows what it was asked for
    asked: dict[int, set[str]] = {}
    for number, table in told.asked:
        asked.setdefault(number, set()).add(table)
    statements = iter(
        [
            _kept(step, sent, asked.get(number, set()), recovery, database)
            for number, (step, sent) in enumerate(zip(steps, told.sent, strict=True))
        ]
    )
    operations = []
    for row in found:
        own = [next(statements) for _ in row.steps]
        is_simple = row.is_done and not row.is_data and not row.facts and bool(own)
        if not is_simple or row.position != len(own):
            return None
        known = tuple(each for each in own if each is not None)
        if len(known) < len(own):
            return None
        operations.append(KeptOperation(row.words, row.fingerprint, row.shape, row.is_whole, known))
    return _without_the_last_answer(operations) if operations else None


def _without_the_last_answer(operations: list[KeptOperation]) -> tuple[KeptOperation, ...]:
    *others, last = operations
    statements = (*last.statements[:-1], last.statements[-1]._replace(after=None))
    return (*others, last._replace(statements=statements))


def _kept(
    step: Step, sent: str, asked: set[str], recovery: Recovery, database: str
) -> KeptStatement | None:
    if step.is_data or step.restart is not None or step.cleanup is not None:
        return None
    if step.before is None or step.after is None:
        return None
    foreseen = recovery.foreseen(step.sql, step.before, step.after, database)
    if foreseen is None or not asked <= set(foreseen[0].tables):
        return None
    definitions = _number_over(step.before) if asked else ""
    return KeptStatement(step.sql, "" if sent == step.sql else sent, *foreseen, definitions)


def _number_over(objects: Objects) -> str:
    """A number over the definitions of some objects, whatever database they are in."""
    said = repr(sorted(objects.definitions.values()))
    return sha256(said.encode(errors="surrogatepass")).hexdigest()


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
        KeptStatement(sql, sent, Foreseen(*before), after and Foreseen(*after), definitions)
        for sql, sent, before, after, definitions in statements
    ]
    return KeptOperation(words, fingerprint, shape, is_whole, tuple(known))
