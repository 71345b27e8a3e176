"""Deciding what rows get where a column becomes NOT NULL: by an option, the models or a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from limbeck.autogenerate.fill_values import fill_of
from limbeck.errors import QuestionNeeded, UsageError
from limbeck.operations import ops
from limbeck.plan.fills import Fill, Unfilled, filled, unfilled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection

    from limbeck.autogenerate.context import AutogenContext

Ask = Callable[[Unfilled, Callable[[str], None]], "str | None"]
"""Asks a person what the rows of a column get: SQL, or None to leave it open. Its second argument
raises a :class:`UsageError` for SQL that the database does not understand."""


class Fills:
    """What is known of the values that rows get.

    :param given: ``users.age=0``, as the option ``--fill`` has it.
    :param without: ``users.age``, as the option ``--no-fill`` has it: there are no rows, or
        whoever edits the file takes care of them.
    :param ask: asks a person; None where there is none.
    :raises UsageError: an option is not of that form.
    """

    def __init__(
        self, given: Sequence[str] = (), without: Sequence[str] = (), ask: Ask | None = None
    ) -> None:
        self._given = dict(_parted(each) for each in given)
        self._without = set(without)
        self._ask = ask
        self._asked_for: set[str] = set()
        self._said: dict[str, Fill | None] = {}

    def apply(
        self, context: AutogenContext, upgrade: ops.OpContainer, downgrade: ops.OpContainer
    ) -> None:
        """Put the steps that fill rows into both directions; on the way back only those asked for.

        :param context: the run; its connection has the tables.
        :param upgrade: the operations of the upgrade.
        :param downgrade: those of the way back.
        :raises QuestionNeeded: it is not known what rows get, and there is nobody to ask.
        :raises UsageError: an option names no such column, or is no SQL.
        """
        dialect = context.dialect
        asked = list(_unfilled_in(upgrade, context))
        back = list(_unfilled_in(downgrade, context))
        self._asked_for |= {each.path for each in (*asked, *back)}
        self._check(asked, back, context)
        answers: dict[str, Fill | None] = {}
        missing: list[Unfilled] = []
        for column in asked:
            if column.path in self._without:
                continue
            known = self._known(column, context)
            if known is None and self._ask is None:
                missing.append(column)
                continue
            answers[column.path] = known or self._answered(column, context)
        if missing:
            raise _question(missing)
        _refuse_new_values(upgrade, answers)
        upgrade.ops[:] = filled(upgrade.ops, dialect, lambda each: answers.get(each.path))
        downgrade.ops[:] = filled(downgrade.ops, dialect, self._given_for)

    def open_in(self, context: AutogenContext, upgrade: ops.OpContainer) -> tuple[Unfilled, ...]:
        """What somebody would have to say of an upgrade, while other questions are open.

        :param context: the run.
        :param upgrade: the operations of the upgrade.
        """
        return tuple(
            column
            for column in _unfilled_in(upgrade, context)
            if column.path not in self._without and self._known(column, context) is None
        )

    def refuse_unknown(self) -> None:
        """Refuse options that name no column that rows need a value in.

        :raises UsageError: there is one.
        """
        for flag, paths in (("--fill", set(self._given)), ("--no-fill", self._without)):
            for path in sorted(paths - self._asked_for):
                import difflib  # for a hint alone

                near = difflib.get_close_matches(path, sorted(self._asked_for), n=1)
                raise UsageError(
                    f"{flag} {path}: no such column becomes NOT NULL without a value for its rows",
                    hint=f"did you mean {near[0]}?" if near else f"leave {flag} {path} out",
                )

    def _given_for(self, column: Unfilled) -> Fill | None:
        sql = self._given.get(column.path)
        return None if sql is None else Fill(sql)

    def _known(self, column: Unfilled, context: AutogenContext) -> Fill | None:
        given = self._given_for(column)
        if given is not None:
            return given
        for table in context.sorted_tables:
            if table.name == column.table and _is_same_schema(table.schema, column.schema, context):
                for model in table.columns:
                    if model.name == column.column:
                        return fill_of(model, context.dialect)
        return None

    def _answered(self, column: Unfilled, context: AutogenContext) -> Fill | None:
        if column.path not in self._said:  # a run may be repeated, for what was renamed
            assert self._ask is not None
            sql = self._ask(column, lambda sql: _try(column, sql, context))
            self._said[column.path] = None if sql is None else Fill(sql)
        return self._said[column.path]

    def _check(
        self, asked: Sequence[Unfilled], back: Sequence[Unfilled], context: AutogenContext
    ) -> None:
        new = {column.column for column in (*asked, *back) if column.is_new}
        for column in asked:
            sql = self._given.get(column.path)
            # An expression over what is new as well cannot be tried before it is there.
            if sql is not None and new.isdisjoint(re.findall(r"\w+", sql)):
                _try(column, sql, context)


def _parted(option: str) -> tuple[str, str]:
    path, sign, sql = option.partition("=")
    if not sign or "." not in path or not sql.strip():
        raise UsageError(
            f"--fill {option} does not say which column gets what",
            hint="as in: --fill users.age=0 or --fill \"users.name='nobody'\"",
        )
    return path.strip(), sql.strip()


def _refuse_new_values(upgrade: ops.OpContainer, answers: Mapping[str, Fill | None]) -> None:
    """Refuse to fill rows with a value that PostgreSQL cannot use before the commit.

    https://www.postgresql.org/docs/current/sql-altertype.html, Notes

    :raises UsageError: the revision itself adds the value to a type.
    """
    texts = [str(each.sqltext) for each in upgrade.ops if isinstance(each, ops.ExecuteSQLOp)]
    added = [found[1] for each in texts if (found := _ADDED.match(each)) is not None]
    for path, fill in answers.items():
        for value in added:
            if fill is not None and value in fill.sql:
                raise UsageError(
                    f"rows cannot get {value} in {path} from the revision that adds it to the type",
                    hint=f"generate and apply the new value first, then make {path} NOT NULL",
                )


_ADDED = re.compile(r"ALTER TYPE .* ADD VALUE ('(?:[^']|'')*')")


def _unfilled_in(container: ops.OpContainer, context: AutogenContext) -> Iterator[Unfilled]:
    for operation in container.ops:
        if isinstance(operation, ops.OpContainer):
            yield from _unfilled_in(operation, context)
            continue
        column = unfilled(operation, context.dialect)
        if column is not None:
            yield column


def _is_same_schema(one: str | None, other: str | None, context: AutogenContext) -> bool:
    default = context.dialect.default_schema_name
    return (one or default) == (other or default)


def _try(column: Unfilled, sql: str, context: AutogenContext) -> None:
    """Ask the database whether it understands an expression over a table's rows.

    :raises UsageError: it does not.
    """
    connection: Connection | None = context.connection
    if connection is None:
        return
    quote = context.dialect.identifier_preparer.quote
    table = f"{f'{quote(column.schema)}.' if column.schema else ''}{quote(column.table)}"
    question = text(f"SELECT {sql} FROM {table} WHERE 1 = 0".replace(":", "\\:"))
    inside = connection.in_transaction()
    try:
        if not inspect(connection).has_table(column.table, column.schema):
            return
        with connection.begin_nested():
            connection.execute(question)
    except DBAPIError as error:
        words = str(error.orig).splitlines()[0]
        raise UsageError(
            f"the database does not understand {sql} for {column.path}: {words}",
            hint="write SQL: a number as 0, a text as 'nobody' with its quotes, or an expression",
        ) from error
    finally:
        if not inside and connection.in_transaction():
            connection.rollback()


def _question(missing: Sequence[Unfilled]) -> QuestionNeeded:
    """What has to be said on the command line, since nobody can be asked."""
    first = missing[0]
    what = "is new and NOT NULL" if first.is_new else "becomes NOT NULL"
    more = f", and {len(missing) - 1} more" if len(missing) > 1 else ""
    options = [f"--fill {each.path}={sample(each)}" for each in missing]
    return QuestionNeeded(
        f"{first.path} {what}{more}: what do the rows that are there get?",
        hint=f"say what (any SQL), as in `{' '.join(options[:3])}`; "
        f"or `--no-fill {first.path}` if there are no rows",
        details=options if len(options) > 1 else (),
    )


def sample(column: Unfilled) -> str:
    """A value to begin with, in quotes for a shell where it needs them."""
    affinity = getattr(column.type, "_type_affinity", None)
    names = [class_.__name__ for class_ in getattr(affinity, "__mro__", ())]
    for name, words in _SAMPLES.items():
        if name in names:
            return words
    return "SQL"


_SAMPLES = {
    "Boolean": "false",
    "Integer": "0",
    "Numeric": "0",
    "DateTime": "CURRENT_TIMESTAMP",
    "Date": "CURRENT_DATE",
    "Enum": "\"'…'\"",
    "String": "\"''\"",
}
