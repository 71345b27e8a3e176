"""What the journal has said of a revision's operations, kept so that it can say it once more.

The rows are kept as the journal has them, with a hole for each definition: making them anew of
what they say takes as many instructions as all else of a small revision together.
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from limbeck.database.journal_table import HEADER, detail_of, detail_of_objects
from limbeck.dialects.standard.foreseen import Foreseen
from limbeck.dialects.standard.recovery import Objects
from limbeck.dialects.text import as_typed
from limbeck.runtime.resent.literals import within_quotes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from limbeck.database.journal_table import JournalRow, Step
    from limbeck.dialects.standard.recovery import Recovery

__all__ = [
    "KeptRow",
    "KeptStatement",
    "Told",
    "after_it",
    "before_it",
    "kept_texts",
    "statements_in",
    "statements_of",
]

_HOLE = "\x01"
"""What is around the name of a hole; JSON of ASCII has no such character."""

_BETWEEN = "\x1f"
"""What is between the parts of a statement that is kept."""


class KeptRow(NamedTuple):
    """A row of the journal, as it is written before a statement.

    :param sql: the statement that writes it, with a hole for the detail.
    :param detail: all that the row says beside its columns, with holes for what the catalogue says;
        empty where it is that of the row before.
    """

    sql: str
    detail: str

    def text(self, detail: str, texts: Mapping[str, str]) -> str:
        """The statement without holes.

        :param detail: the detail, or that of the row before.
        :param texts: what comes into its holes, by their names, as it is between the quotes of SQL;
            there is nothing in the others.
        """
        pieces = detail.split(_HOLE)
        pieces[1::2] = [texts.get(name, "null") for name in pieces[1::2]]
        return self.sql.replace(_HOLE, "".join(pieces), 1)


class KeptStatement(NamedTuple):
    """One statement of a revision.

    :param text: what is sent, without a semicolon at its end: a message adds its own.
    :param rows: what is written down before it.
    :param before: what it is expected to find.
    :param after: what it is expected to leave; None for the last one of a revision, after which
        nothing is written down.
    :param definitions: a number over the definitions of what it has found, where it was made of
        what the catalogue said of them; empty where it was not.
    """

    text: str
    rows: tuple[KeptRow, ...]
    before: Foreseen
    after: Foreseen | None
    definitions: str = ""

    def is_for(self, objects: Objects) -> bool:
        """Whether it would be the same statement where it finds some objects."""
        return not self.definitions or self.definitions == _number_over(objects)


class Told(NamedTuple):
    """What was noted of a revision while it ran.

    :param rows: the rows of the journal as they were written last, by their numbers.
    :param sent: what the driver was sent.
    :param frames: the statements that write a row over, and that add one, see
        :meth:`~limbeck.database.journal_table.JournalTable.bare_frame`.
    :param asked: about which tables its operations have asked, each with the number of the
        statement that came next, from 0.
    """

    rows: Mapping[int, JournalRow]
    sent: Sequence[str]
    frames: tuple[str, str]
    asked: Collection[tuple[int, str]] = ()


def before_it(number: int) -> str:
    """The name of the hole for what a statement of a revision has found.

    :param number: which statement, from 0.
    """
    return f"{number} before"


def after_it(number: int) -> str:
    """The name of the hole for what it has left."""
    return f"{number} after"


def statements_of(
    told: Told, recovery: Recovery, database: str
) -> tuple[KeptStatement, ...] | None:
    """The statements of a revision that has run; None where they cannot be sent once more.

    :param told: what was noted of it.
    :param recovery: the answers of the database.
    :param database: the database in which it ran.
    """
    operations = [told.rows[number] for number in sorted(told.rows) if number != HEADER]
    if [row.number for row in operations] != list(range(1, len(operations) + 1)):
        return None
    steps = [step for row in operations for step in row.steps]
    if not steps or [step.sql for step in steps] != [as_typed(sql) for sql in told.sent]:
        return None
    if not all(map(_is_simple, operations)):
        return None
    if any(number >= len(steps) for number, _ in told.asked):
        return None  # nobody knows what it was asked for
    asked: dict[int, set[str]] = {}
    for number, table in told.asked:
        asked.setdefault(number, set()).add(table)
    found = []
    rows = list(_rows_of(operations, told.frames))
    for number, (step, sent) in enumerate(zip(steps, told.sent, strict=True)):
        tables = asked.get(number, set())
        kept = _kept(step, sent, rows[number], tables, recovery, database)
        if kept is None:
            return None
        found.append(kept)
    return (*found[:-1], found[-1]._replace(after=None))


def _is_simple(row: JournalRow) -> bool:
    """Whether an operation is done, and has changed schemas only."""
    is_done = row.is_done and row.position == len(row.steps) > 0
    return is_done and not row.is_data and not row.facts and row.undo is None


def _kept(
    step: Step,
    sent: str,
    rows: tuple[KeptRow, ...],
    asked: set[str],
    recovery: Recovery,
    database: str,
) -> KeptStatement | None:
    if step.is_data or step.restart is not None or step.cleanup is not None:
        return None
    if step.before is None or step.after is None:
        return None
    foreseen = recovery.foreseen(step.sql, step.before, step.after, database)
    if foreseen is None or not asked <= set(foreseen[0].tables):
        return None
    definitions = _number_over(step.before) if asked else ""
    return KeptStatement(sent.rstrip().removesuffix(";"), rows, *foreseen, definitions)


def _number_over(objects: Objects) -> str:
    """A number over the definitions of some objects, whatever database they are in."""
    said = repr(sorted(objects.definitions.values()))
    return sha256(said.encode(errors="surrogatepass")).hexdigest()


# The rows


def _rows_of(
    operations: Sequence[JournalRow], frames: tuple[str, str]
) -> Iterator[tuple[KeptRow, ...]]:
    """What is written down before each statement of a revision."""
    number = 0
    done: tuple[KeptRow, ...] = ()
    for operation in operations:
        steps = [
            replace(
                step, before=_placeholder(before_it(place)), after=_placeholder(after_it(place))
            )
            for place, step in enumerate(operation.steps, number)
        ]
        before = ""
        for place in range(len(steps)):
            known = steps if operation.is_whole else steps[: place + 1]
            row = replace(operation, steps=tuple(known), position=place, state="running")
            kept = _row(row, frames[not place])
            yield (*done, kept._replace(detail="" if kept.detail == before else kept.detail))
            before, done = kept.detail, ()
        end = _row(replace(operation, steps=tuple(steps)), frames[False])
        done = (end._replace(detail=""),)
        number += len(steps)


def _placeholder(name: str) -> Objects:
    return Objects({f"{_HOLE}{name}{_HOLE}": ""})


_TEXTS = ("revision", "direction", "words", "state")
_SAID = within_quotes(detail_of_objects(_placeholder("NAME")))
_PLACEHOLDER = re.compile(re.escape(_SAID).replace("NAME", "(.*?)"))


def _row(row: JournalRow, frame: str) -> KeptRow:
    texts = {name: f"'{within_quotes(getattr(row, name))}'" for name in _TEXTS}
    numbers = {"number": row.number, "position": row.position}
    sql = frame % {**texts, **numbers, "detail": f"CONCAT('{_HOLE}')"}
    # No text within JSON has its quotes as they are, so nothing else looks like a placeholder.
    detail = _PLACEHOLDER.sub(rf"{_HOLE}\1{_HOLE}", within_quotes(detail_of(row)))
    return KeptRow(sql, detail)


# As text


def kept_texts(told: Told, recovery: Recovery, database: str) -> tuple[str, ...] | None:
    """The statements of a revision as texts; None where they cannot be sent once more.

    :param told: what was noted of it.
    :param recovery: the answers of the database.
    :param database: the database in which it ran.
    """
    statements = statements_of(told, recovery, database) or ()
    texts = [each for each in map(_kept_text, statements) if each is not None]
    return tuple(texts) if 0 < len(texts) == len(statements) else None


def _kept_text(statement: KeptStatement) -> str | None:
    """A statement as text; None where its own texts have what is between them, or is in holes.

    It is read for each revision of a run, so it is no JSON, which takes as long to read as all
    else that is made of it.
    """
    parts = [statement.text, statement.definitions]
    for foreseen in (statement.before, statement.after):
        tables = () if foreseen is None else foreseen.tables
        parts += ["", ""] if foreseen is None else [foreseen.condition, foreseen.filled * "1"]
        parts += [str(len(tables)), *tables]
    for row in statement.rows:
        parts += row
    is_odd = any(_BETWEEN in each for each in parts)
    is_odd = is_odd or any(row.sql.count(_HOLE) != 1 for row in statement.rows)
    return None if is_odd else _BETWEEN.join(parts)


def statements_in(texts: Sequence[str]) -> tuple[KeptStatement, ...]:
    """The statements that some texts say.

    :param texts: the texts, of which each has come from :func:`kept_texts`.
    :raises ValueError: one says something else, as it was changed.
    """
    found = tuple([_statement(text.split(_BETWEEN)) for text in texts])
    if not found:
        raise ValueError("nothing is kept")
    return found


def _statement(parts: list[str]) -> KeptStatement:
    before, place = _foreseen(parts, 2)
    after, place = _foreseen(parts, place)
    if before is None or len(parts) % 2 != place % 2:
        raise ValueError("a part is missing")
    rows = tuple(map(KeptRow, parts[place::2], parts[place + 1 :: 2]))
    return KeptStatement(parts[0], rows, before, after, parts[1])


def _foreseen(parts: list[str], place: int) -> tuple[Foreseen | None, int]:
    condition, is_filled, count = parts[place : place + 3]
    place += 3
    if not condition:
        return None, place
    end = place + int(count)
    return Foreseen(condition, tuple(parts[place:end]), is_filled == "1"), end
