"""Several revisions as one message to a server of PostgreSQL, each in a transaction of its own.

The server carries out the statements of a message one after the other. ``BEGIN`` and ``COMMIT``
make transactions within it, what was committed lasts whatever comes behind it, and a statement that
fails ends the message, so that the transaction in which it stands is never committed:
https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT

Nobody looks at anything between two statements. So the server itself makes sure that the version is
where it has to be, and writes down how long a revision took: it counts from when the message came,
which the client's clock has said before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.revisions.row_forms import LATE
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from limbeck.fleet.quick.legs import Leg
    from limbeck.fleet.quick.texts import Texts

__all__ = [
    "Message",
    "literal",
    "messages_of",
    "one_message",
    "row_query",
    "sent_at",
    "took_query",
]

_LONGEST = 250_000
"""Characters of a message, unless one revision alone has more."""

_SENT = "limbeck.sent"
"""A setting of the session: the time at which a message was sent."""
_BEGAN = "limbeck.began"
"""A setting of the transaction: the seconds from then until a revision began."""
_TOOK = "limbeck.took"
"""A setting of the session: where no history is kept, how long the revisions of a message took that
were committed, in milliseconds."""
_PASSED = "extract(epoch FROM clock_timestamp() - statement_timestamp())"
_TIME = (
    f"to_char(current_setting('{_SENT}')::timestamp + make_interval(secs => {{0}}), "
    '\'YYYY-MM-DD"T"HH24:MI:SS.US"Z"\')'
)


class Message(Value, slots=True):
    """Several revisions.

    :param legs: the revisions.
    :param text: the statements, which :func:`sent_at` makes a message.
    """

    legs: tuple[Leg, ...]
    text: str


def sent_at(now: str, text: str) -> str:
    """A message.

    :param now: the time, as the history says it.
    :param text: its statements.
    """
    return _joined((f"SET {_SENT} = {literal(now)}", f"SET {_TOOK} = ''", text))


def messages_of(
    legs: Sequence[Leg], last: int, texts: Texts, short: Sequence[str], *, creates: bool
) -> Iterator[Message]:
    """The messages that carry out some revisions, each in a transaction of its own.

    :param legs: the revisions.
    :param last: the number of the newest row of the history.
    :param texts: the statements about limbeck's own tables.
    :param short: what lets a statement wait for a short time only, in its transaction.
    :param creates: the first one creates limbeck's tables.
    """
    some: list[Leg] = []
    said: list[str] = []
    for number, leg in enumerate(legs, last + 1):
        own = texts.create if creates and number == last + 1 else ()
        text = _joined(("BEGIN", *own, *short, *_revision(leg, number, texts), "COMMIT"))
        if some and sum(map(len, said)) + len(text) > _LONGEST:
            yield Message(tuple(some), _joined(said))
            some, said = [], []
        some.append(leg)
        said.append(text)
    if some:
        yield Message(tuple(some), _joined(said))


def one_message(legs: Sequence[Leg], last: int, texts: Texts, *, creates: bool) -> Message:
    """The message that carries out all revisions in one transaction.

    :param legs: the revisions.
    :param last: the number of the newest row of the history.
    :param texts: the statements about limbeck's own tables.
    :param creates: it creates limbeck's tables.
    """
    said = [part for at, leg in enumerate(legs, last + 1) for part in _revision(leg, at, texts)]
    own = texts.create if creates else ()
    return Message(tuple(legs), _joined(("BEGIN", *own, *said, "COMMIT")))


def _joined(statements: Iterable[str]) -> str:
    """One text; whatever ends with a comment, the next statement begins on another line."""
    return "\n;\n".join(statements)


def _revision(leg: Leg, number: int, texts: Texts) -> list[str]:
    """The statements of a revision, but for its transaction."""
    expected = ", ".join(literal(id_) for id_ in sorted(leg.after))
    return [
        f"SELECT set_config('{_BEGAN}', {_PASSED}::text, true)",
        *leg.statements,
        *(change for change, _ in leg.changes),
        f"{texts.insert}{row_query(leg, number, texts)}" if texts.has_history else _TAKES,
        # what divides by zero fails
        f"SELECT 1 / (CASE WHEN array({texts.read_versions})::text[] @> "
        f"ARRAY[{expected}]::text[] AND ({texts.count_versions}) = {len(leg.after)} "
        "THEN 1 ELSE 0 END)",
    ]


_TAKES = (
    f"SELECT set_config('{_TOOK}', current_setting('{_TOOK}') || ' ' || "
    f"greatest(0, round(1000 * ({_PASSED} - current_setting('{_BEGAN}')::float8)))::bigint, false)"
)


def took_query(last: int, texts: Texts) -> str:
    """The query for how long the revisions of the newest message took, an array of milliseconds.

    :param last: the number of the newest row of the history before.
    :param texts: the statements about limbeck's own tables.
    """
    if not texts.has_history:
        return f"string_to_array(trim(current_setting('{_TOOK}')), ' ')::bigint[]"
    return (
        f"array(SELECT milliseconds FROM {texts.history_name} "
        f"WHERE number > {last} ORDER BY number)"
    )


def row_query(leg: Leg, number: int, texts: Texts) -> str:
    """The query for a revision's row in the history.

    :param leg: the revision.
    :param number: the row's number.
    :param texts: the statements about limbeck's own tables.
    """
    assert leg.form is not None
    before = f"(SELECT hash FROM {texts.history_name} WHERE number = {number - 1})"
    late = {
        "number": str(number),
        "previous": before if number > 1 else "NULL::text",
        "started": _TIME.format("began"),
        "finished": _TIME.format("ended"),
        "milliseconds": "greatest(0, round((ended - began) * 1000))::bigint",
    }
    said = dict.fromkeys(("finished", "started"), "'\"' || {0} || '\"'")
    said |= dict.fromkeys(("milliseconds", "number"), "{0}::text")
    said["previous"] = said["finished"] if number > 1 else "'null'"
    first, *rest = leg.form.pieces
    counted = [literal(first)]
    for name, piece in zip(LATE, rest, strict=True):
        counted += (said[name].format(name), literal(piece))
    values = dict(zip(texts.columns, map(literal, leg.values), strict=True))
    values |= {name: name for name in LATE}
    # no row, no hash: a row that is missing makes this one fail
    values["hash"] = f"encode(sha256(convert_to({' || '.join(counted)}, 'UTF8')), 'hex')"
    columns = ", ".join(f"{expression} AS {name}" for name, expression in late.items())
    passed = f"current_setting('{_BEGAN}')::float8 AS began, {_PASSED}::float8 AS ended"
    return (
        f"SELECT {', '.join(values.values())} "
        f"FROM (SELECT {columns} FROM (SELECT {passed}) AS passed) AS late"
    )


def literal(value: str | int | None) -> str:
    """A value as a literal, where backslashes mean themselves (standard_conforming_strings).

    :param value: the value.
    """
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
