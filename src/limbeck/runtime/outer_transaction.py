"""A connection that is handed over in a transaction: joined, wrapped or refused, as asked.

Whoever has begun the transaction ends it. ``join`` runs the revisions in it; ``wrap`` gives each
revision a SAVEPOINT of its own, so that the caller can go on after one that failed; ``refuse`` runs
nothing.

On MySQL and MariaDB the first statement of DDL commits the caller's transaction, whatever anybody
wants (https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/). From then on there
is none to keep, and to leave the version to a commit that may never come would leave revisions
without it: so each revision is committed with its version.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from sqlalchemy import event

from limbeck.database.transaction import Block, join_transaction
from limbeck.errors import ConfigurationError
from limbeck.runtime.statement_kinds import is_ddl

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, NestedTransaction

    from limbeck.config import Config
    from limbeck.runtime.impl import Impl

Way: TypeAlias = Literal["join", "wrap", "refuse"]

OPTION = "outer_transaction"
_WAYS: tuple[Way, ...] = get_args(Way)

log = logging.getLogger("limbeck.runtime.migration")


def way_of(opts: Mapping[str, Any], config: Config | None) -> Way:
    """What becomes of a transaction that the caller has begun.

    :param opts: the options of ``configure()``, which count before the settings.
    :param config: the settings: ``attributes`` first, then the file.
    :raises ConfigurationError: it is none of the three ways.
    """
    said = opts.get(OPTION)
    if said is None and config is not None:
        said = config.attributes.get(OPTION) or config.get_alembic_option(OPTION)
    for way in _WAYS:
        if said in (None, way):
            return way
    raise ConfigurationError(
        f"{OPTION} is {said!r}", hint=f"it may be {', '.join(map(repr, _WAYS))}"
    )


def take_over(connection: Connection, impl: Impl, way: Way) -> None:
    """Run in the caller's transaction, or refuse to, before anything has run.

    :param connection: the connection, in a transaction.
    :param impl: what the migration knows about the database.
    :param way: what was asked.
    :raises ConfigurationError: it was asked to refuse, or to wrap where nothing can be undone.
    """
    if way == "refuse":
        raise ConfigurationError(
            f"the connection is in a transaction already, and {OPTION} is 'refuse'",
            hint="commit it, or roll it back, before limbeck is called",
        )
    if way == "wrap" and not impl.transactional_ddl:
        raise ConfigurationError(
            f"{OPTION} is 'wrap', but on {connection.dialect.name} every DDL statement commits "
            "and ends each SAVEPOINT",
            hint=f"set {OPTION} to 'join' or 'refuse', or hand over a connection that is in no "
            "transaction",
        )
    done = "wrapped, a SAVEPOINT for each revision" if way == "wrap" else "joined"
    if impl.transactional_ddl:
        end = "whoever has begun it commits"
    else:
        end = f"on {connection.dialect.name} the first DDL statement commits it, and each revision"
    log.info("The connection is in a transaction already, which is %s; %s", done, end)
    join_transaction(connection)


class CallersTransaction:
    """The transaction of the caller's on a database whose DDL commits.

    :param connection: the connection.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.has_ended = False
        """Whether DDL has committed it."""

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Within, see whether DDL runs."""
        event.listen(self.connection, "before_cursor_execute", self._executing, retval=True)
        try:
            yield
        finally:
            event.remove(self.connection, "before_cursor_execute", self._executing)

    def _executing(
        self, connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any
    ) -> tuple[str, Any]:
        self.has_ended = self.has_ended or is_ddl(statement)
        return statement, parameters


class CommittedBlock(Block):
    """One revision after DDL has ended the caller's transaction.

    :param outer: what was the caller's transaction.
    """

    def __init__(self, outer: CallersTransaction) -> None:
        super().__init__()
        self._outer = outer

    def commit(self) -> None:
        if self._outer.has_ended:
            # by a statement: to SQLAlchemy the caller is in a transaction still, and may end it
            self._outer.connection.exec_driver_sql("COMMIT")


class SavepointBlock(Block):
    """One revision within the caller's transaction."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._savepoint: NestedTransaction = connection.begin_nested()

    def commit(self) -> None:
        if self._savepoint.is_active:
            self._savepoint.commit()

    def rollback(self) -> None:
        if self._savepoint.is_active:
            self._savepoint.rollback()


def is_begun_by_a_block(connection: Connection) -> bool:
    """Whether the transaction of a connection is one of ``with connection.begin():``.

    SQLAlchemy's own mark of that, and not one of a statement that has run before; a version of it
    that has no such mark says False.
    """
    return getattr(connection, "_trans_context_manager", None) is not None
