"""Statements of limbeck's own, about its own tables, and its own questions.

A run sends several for each revision. SQLAlchemy's way of carrying a statement out costs a multiple
of what the driver takes for it; it is there for those who listen, and for values and results of
any type. Where nobody listens but limbeck itself, and the values are plain, the driver is handed
the same text and the same values, and limbeck's own listeners are told of it as ever. Where
somebody does (an event, ``echo``), everything goes SQLAlchemy's way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.engine.interfaces import BindTyping

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Dialect, Select
    from sqlalchemy.sql.dml import UpdateBase

__all__ = [
    "ABOUT_TABLE",
    "BareText",
    "OwnQuery",
    "OwnStatement",
    "ask",
    "is_heard_by_others",
    "is_unheard",
    "send",
]

ABOUT_TABLE = "limbeck_about_table"
"""The execution option of a question whose answer the definition of one table says as well: the
table, in the connection's own schema."""

_EVENTS = ("before_execute", "after_execute", "before_cursor_execute", "after_cursor_execute")
_EVENTS_OF_DIALECT = ("do_execute", "do_execute_no_params", "handle_error")


def is_unheard(connection: Connection) -> bool:
    """Whether nobody but limbeck hears of the statements of a connection.

    :param connection: the connection, with what listens to its engine and to all engines.
    """
    return connection.in_transaction() and not is_heard_by_others(connection)


def is_heard_by_others(connection: Connection) -> bool:
    """Whether somebody else than limbeck hears of statements, or nobody knows.

    :param connection: the connection, with what listens to its engine and to all engines.
    """
    # SQLAlchemy has no public name for it.
    if getattr(connection, "_echo", True):
        return True
    heard, driven = connection.dispatch, connection.dialect.dispatch
    for name in _EVENTS_OF_DIALECT:
        if getattr(driven, name):
            return True
    for name in _EVENTS:
        for listener in getattr(heard, name):
            # Those of limbeck's listen with retval=True: around any other SQLAlchemy puts a
            # function of its own, which does not tell whose it is.
            if not str(getattr(listener, "__module__", "")).startswith("limbeck."):
                return True
    return False


def send(connection: Connection, sql: str, parameters: Any = ()) -> int:
    """Send a statement about a table of limbeck's own.

    :param connection: the connection.
    :param sql: the statement as the driver takes it.
    :param parameters: its values as the driver takes them.
    :returns: how many rows it has matched.
    :raises DBAPIError: the database refuses it.
    """
    if not is_unheard(connection):
        return connection.exec_driver_sql(sql, parameters).rowcount
    return _sent(connection, sql, parameters)


def ask(connection: Connection, sql: str, parameters: Any = ()) -> Sequence[Sequence[Any]]:
    """Ask the database something.

    :param connection: the connection.
    :param sql: the question as the driver takes it.
    :param parameters: its values as the driver takes them.
    :returns: the rows.
    :raises DBAPIError: the database refuses it.
    """
    if not is_unheard(connection):
        return connection.exec_driver_sql(sql, parameters).all()
    return _asked(connection, sql, parameters)


def _sent(connection: Connection, sql: str, parameters: Any) -> int:
    return int(_carried_out(connection, sql, parameters, lambda cursor: cursor.rowcount))


def _asked(connection: Connection, sql: str, parameters: Any) -> Sequence[Sequence[Any]]:
    found: list[Sequence[Any]] = _carried_out(
        connection, sql, parameters, lambda cursor: list(cursor.fetchall())
    )
    return found


def _carried_out(
    connection: Connection, sql: str, parameters: Any, result: Callable[[Any], Any]
) -> Any:
    """Do as SQLAlchemy does with a statement, without a context and a result of its own."""
    dialect: Any = connection.dialect
    cursor = connection.connection.cursor()
    try:
        for listener in connection.dispatch.before_cursor_execute:
            listener(connection, cursor, sql, parameters, None, False)
        # Whoever cancels statements looks for this call.
        dialect.do_execute(cursor, sql, parameters)
        for listener in connection.dispatch.after_cursor_execute:
            listener(connection, cursor, sql, parameters, None, False)
        found = result(cursor)
    except BaseException as error:
        # SQLAlchemy tells a lost connection, and raises its own error in the driver's place.
        connection._handle_dbapi_exception(error, sql, parameters, cursor, None)
    cursor.close()
    return found


class OwnStatement:
    """An INSERT or UPDATE of one row of limbeck's own, which runs many times.

    :param statement: the statement; its values are parameters.
    """

    def __init__(self, statement: UpdateBase) -> None:
        self.statement = statement
        self._made: tuple[Dialect, tuple[str, ...], BareText | None] | None = None

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Run it.

        :param connection: the connection.
        :param values: its parameters by their names.
        :returns: how many rows it has matched.
        :raises DBAPIError: the database refuses it.
        """
        text = self.text(connection, tuple(values))
        if text is None or not is_unheard(connection):
            return connection.execute(self.statement, values).rowcount
        return _sent(connection, text.sql, text.parameters(values))

    def text(self, connection: Connection, names: tuple[str, ...]) -> BareText | None:
        """The statement as the driver takes it, None where only SQLAlchemy can say it.

        :param connection: the connection.
        :param names: the names of its parameters.
        """
        if connection.get_execution_options().get("schema_translate_map"):
            return None
        made = self._made
        if made is None or made[0] is not connection.dialect or made[1] != names:
            text = _text_of(self.statement, connection.dialect, names)
            made = self._made = (connection.dialect, names, text)
        return made[2]


class OwnQuery:
    """A question about a table of limbeck's own, which is asked many times.

    :param statement: the question, whose values do not change.
    """

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement
        self._made: tuple[Dialect, str | None] | None = None

    def rows(self, connection: Connection) -> Sequence[Sequence[Any]]:
        """Ask it.

        :param connection: the connection.
        :returns: the rows.
        :raises DBAPIError: the database refuses it.
        """
        text = self._text(connection)
        if text is None or not is_unheard(connection):
            return connection.execute(self.statement).all()
        return _asked(connection, text, ())

    def _text(self, connection: Connection) -> str | None:
        """The question as the driver takes it, None where only SQLAlchemy can ask it."""
        if connection.get_execution_options().get("schema_translate_map"):
            return None
        dialect = connection.dialect
        if self._made is None or self._made[0] is not dialect:
            self._made = (dialect, _question_of(self.statement, dialect))
        return self._made[1]


class BareText:
    """A compiled statement whose values the driver takes as they are.

    :param sql: the text.
    :param order: the names of the parameters by their places; None where they have names.
    """

    def __init__(self, sql: str, order: Sequence[str] | None) -> None:
        self.sql = sql
        self._order = order

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        if self._order is None:
            return dict(values)
        return tuple([values[name] for name in self._order])


def _question_of(statement: Select[Any], dialect: Dialect) -> str | None:
    for column in statement.selected_columns:
        kind = column.type.dialect_impl(dialect)
        if kind.result_processor(dialect, None) is not None:
            return None
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _text_of(statement: UpdateBase, dialect: Dialect, names: tuple[str, ...]) -> BareText | None:
    # Those that ask for the types of values (cx_Oracle, pyodbc) are told them by SQLAlchemy.
    if dialect.bind_typing is BindTyping.SETINPUTSIZES:
        return None
    compiled: Any = statement.compile(dialect=dialect, column_keys=list(names))
    bound = compiled.binds
    if set(bound) != set(names) or compiled.effective_returning or compiled.escaped_bind_names:
        return None
    kinds = [each.type.dialect_impl(dialect) for each in bound.values()]
    if any(kind.bind_processor(dialect) is not None for kind in kinds):
        return None
    return BareText(str(compiled), compiled.positiontup if compiled.positional else None)
