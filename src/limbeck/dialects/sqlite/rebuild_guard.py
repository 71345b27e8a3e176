"""What must hold while a table is dropped and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from limbeck.ddl.verbatim import Verbatim
from limbeck.dialects.sqlite.sql_tokens import quoted
from limbeck.errors import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Executable

    from limbeck.dialects.backend import EmitTarget
    from limbeck.dialects.sqlite.rebuild_source import LiveTable

_SAVEPOINT = "limbeck_rebuild"


class Guard:
    """One transaction around a copy, and no foreign keys that act within it.

    With foreign keys on, ``DROP TABLE`` deletes the rows of the table first, and ``ON DELETE
    CASCADE`` takes the rows of other tables along. They can be switched off outside of a
    transaction only (https://www.sqlite.org/pragma.html#pragma_foreign_keys), so in one that the
    caller has begun with foreign keys on, nothing can be done.
    """

    def __init__(self, live: LiveTable, temporary: str, target: EmitTarget) -> None:
        self.live = live
        self.temporary = temporary
        self.connection = target.online
        self.switched_off = False
        self.own_transaction = False
        self.violations = 0

    def opening(self) -> Iterator[Executable]:
        """What comes before the copy.

        :raises CommandError: the copy would do harm.
        """
        connection = self.connection
        if connection is None:
            return
        self._refuse_leftover(connection)
        if self.live.referring and _foreign_keys(connection):
            yield Verbatim("PRAGMA foreign_keys=OFF")
            if _foreign_keys(connection):
                raise CommandError(
                    f"table {self.live.text.name!r} cannot be rebuilt here: other rows refer to "
                    "it, foreign keys are on, and inside a transaction they cannot be switched off",
                    hint="run PRAGMA foreign_keys=OFF before the transaction begins",
                )
            self.switched_off = True
        if not _in_transaction(connection):
            # A savepoint outside of any transaction begins one, and its release commits it.
            self.own_transaction = True
            self.violations = _violations(connection)
            yield Verbatim(f"SAVEPOINT {_SAVEPOINT}")

    def closing(self) -> Iterator[Executable]:
        """What comes after the copy.

        :raises CommandError: rows would refer to rows that are not there. In a transaction of the
            caller's this is for whoever commits it to find out.
        """
        if self.own_transaction:
            if self.connection is not None and _violations(self.connection) > self.violations:
                raise CommandError(
                    f"rows would refer to rows that are not there after {self.live.text.name!r} "
                    "was rebuilt",
                    hint="PRAGMA foreign_key_check names the rows; correct them first",
                )
            yield Verbatim(f"RELEASE SAVEPOINT {_SAVEPOINT}")
        if self.switched_off:
            yield Verbatim("PRAGMA foreign_keys=ON")

    def _refuse_leftover(self, connection: Connection) -> None:
        catalogue = "sqlite_master"
        if self.live.schema:
            catalogue = f"{quoted(self.live.schema)}.{catalogue}"
        found = connection.exec_driver_sql(
            f"SELECT count(*) FROM {catalogue} WHERE name = ?", (self.temporary,)
        ).scalar()
        if found:
            raise CommandError(
                f"table {self.temporary!r} is in the database already, left by a migration that "
                "was interrupted",
                hint=f"see whether {self.live.text.name!r} is complete, then drop "
                f"{self.temporary!r}",
            )


def _foreign_keys(connection: Connection) -> bool:
    return bool(connection.exec_driver_sql("PRAGMA foreign_keys").scalar())


def _violations(connection: Connection) -> int:
    """How many rows refer to nothing; none where SQLite cannot tell."""
    try:
        return len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    except DBAPIError:  # a foreign key refers to columns that are not unique
        return 0


def _in_transaction(connection: Connection) -> bool:
    """Whether the database has begun a transaction; Python's driver begins one late or never."""
    driver = connection.connection.driver_connection
    return bool(getattr(driver, "in_transaction", True))
