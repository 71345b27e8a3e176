"""A real SQLite file, and a way to carry out operations on it as a migration does."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.sqlite.rebuild import rebuild_statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from limbeck.operations.batch_value import BatchOptions
    from limbeck.operations.ops import MigrateOperation


class Live:
    """A database file with foreign keys switched on, as an application would use it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.engine = sa.create_engine(f"sqlite:///{path}")

        @sa.event.listens_for(self.engine, "connect")
        def own_transactions(connection: Any, _: Any) -> None:
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute("PRAGMA synchronous=OFF")

    def execute(self, *statements: str) -> None:
        with self.engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def schema(self) -> dict[str, str]:
        """The text of everything; the table that was renamed gets its name in quotes."""
        rows = self.rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        return {
            name: sql.replace(f'CREATE TABLE "{name}"', f"CREATE TABLE {name}")
            for name, sql in rows
        }

    @contextmanager
    def transaction(self, *, foreign_keys: bool = False) -> Iterator[sa.Connection]:
        """A transaction as limbeck runs a revision in."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
                assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
                connection.exec_driver_sql("COMMIT")
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            finally:
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")

    def migrate(
        self,
        *operations: MigrateOperation,
        metadata: sa.MetaData | None = None,
        options: BatchOptions | None = None,
    ) -> list[str]:
        """Carry out operations; the statements that did it."""
        with self.transaction() as connection:
            return run(connection, operations, metadata=metadata, options=options)

    def check(self) -> None:
        """What must be true of any database at any time."""
        assert self.rows("PRAGMA integrity_check") == [("ok",)]
        assert self.rows("PRAGMA foreign_key_check") == []
        assert not [name for name in self.schema() if name.startswith("_alembic_tmp_")]
        assert self.rows("PRAGMA legacy_alter_table") == [(0,)]
        assert self.rows("PRAGMA foreign_keys") == [(1,)]


def run(
    connection: sa.Connection,
    operations: Sequence[MigrateOperation],
    *,
    metadata: sa.MetaData | None = None,
    options: BatchOptions | None = None,
) -> list[str]:
    opts = {"target_metadata": metadata} if metadata is not None else {}
    target = EmitTarget(connection.dialect, connection, metadata, opts=opts)
    done = []
    for statement in rebuild_statements(operations, target, options=options):
        connection.execute(statement)
        done.append(str(statement.compile(dialect=connection.dialect)).strip())
    return done
