"""The directives of a revision, each written down once.

A directive builds the operation's value and hands it to :meth:`Operations.invoke`. They are
grouped by noun: ``table_directives``, ``column_directives``, ``constraint_directives``,
``view_directives``, ``routine_directives`` and ``rights_directives``.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from limbeck.operations.column_directives import ColumnDirectives
from limbeck.operations.constraint_directives import ConstraintDirectives
from limbeck.operations.rights_directives import RightsDirectives
from limbeck.operations.routine_directives import RoutineDirectives
from limbeck.operations.running import running
from limbeck.operations.table_directives import TableDirectives
from limbeck.operations.view_directives import ViewDirectives

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Table

    from limbeck.operations.batch import BatchOperations
    from limbeck.operations.executor import Executor


class Operations(
    TableDirectives,
    ColumnDirectives,
    ConstraintDirectives,
    ViewDirectives,
    RoutineDirectives,
    RightsDirectives,
):
    """Changes a database, one directive at a time.

    In a revision the directives are called on ``limbeck.op``; elsewhere make an object::

        operations = Operations(MigrationContext.configure(connection))
        operations.add_column("users", sa.Column("email", sa.String(50)))
    """

    @classmethod
    @contextmanager
    def context(cls, migration_context: Executor) -> Iterator[Operations]:
        """For as long as it is entered, ``limbeck.op`` means this migration, in this thread.

        :param migration_context: carries the operations out, or records them.
        """
        operations = cls(migration_context)
        with running.established(operations):
            yield operations

    @contextmanager
    def batch_alter_table(
        self,
        table_name: str,
        schema: str | None = None,
        recreate: Literal["auto", "always", "never"] = "auto",
        partial_reordering: Sequence[tuple[str, ...]] | None = None,
        copy_from: Table | None = None,
        table_args: Sequence[Any] = (),
        table_kwargs: Mapping[str, Any] | None = None,
        reflect_args: Sequence[Any] = (),
        reflect_kwargs: Mapping[str, Any] | None = None,
        naming_convention: Mapping[str, str] | None = None,
    ) -> Iterator[BatchOperations]:
        """Gather operations on one table, and carry them out together at the end of the block.

        On SQLite the table is copied once for all of them; on other databases where it is asked for
        what only a copy can do, with ``recreate="always"``.

        :param table_name: the table.
        :param schema: its schema, None for the default one.
        :param recreate: copy the table when the database cannot alter it (``auto``), ``always``,
            or ``never``.
        :param partial_reordering: tuples of columns that shall follow one another; needs
            ``recreate="always"``.
        :param copy_from: what the table looks like, instead of asking the database.
        :param table_args: constraints to add to the new table.
        :param table_kwargs: options of the new table. ``{"info": {"existing": "limbeck"}}`` keeps
            in a copy on SQLite all that the table has, also in a project that is Alembic's.
        :param reflect_args: columns that replace reflected ones.
        :param reflect_kwargs: options of reflection.
        :param naming_convention: gives names to constraints that have none.
        :raises ValueError: ``recreate`` is none of the three.
        """
        from limbeck.operations.batch import BatchOperations, BatchOptions

        options = BatchOptions(
            recreate=recreate,
            partial_reordering=partial_reordering,
            copy_from=copy_from,
            table_args=table_args,
            table_kwargs=table_kwargs if table_kwargs is not None else {},
            reflect_args=reflect_args,
            reflect_kwargs=reflect_kwargs if reflect_kwargs is not None else {},
            naming_convention=naming_convention,
        )
        self.get_context()  # outside of a migration, say so before the block runs
        batch = BatchOperations(self, table_name, schema, options)
        yield batch
        self.invoke(batch.as_operation())
