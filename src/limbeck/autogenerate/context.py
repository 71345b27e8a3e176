"""What hooks and renderers of an autogenerate run are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Inspector, MetaData, Table, inspect

from limbeck.errors import CommandError
from limbeck.render.context import Rendering

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect

    from limbeck.runtime.migration import MigrationContext


class AutogenContext:
    """The state of one autogenerate run.

    :param migration_context: the running migration.
    :param metadata: the models; those of the context by default.
    :param opts: the options of ``context.configure()``; those of the context by default.
    :param autogenerate: False where a revision is only rendered, and no models are needed.
    :raises CommandError: there are no models, or no database to compare them with.
    """

    def __init__(
        self,
        migration_context: MigrationContext,
        metadata: MetaData | Sequence[MetaData] | None = None,
        opts: Mapping[str, Any] | None = None,
        autogenerate: bool = True,
    ) -> None:
        if autogenerate and migration_context is not None and migration_context.as_sql:
            raise CommandError(
                "autogenerate can't use as_sql=True as it prevents querying the database for "
                "schema information"
            )
        self.migration_context = migration_context
        self.opts: Mapping[str, Any] = migration_context.opts if opts is None else opts
        self.metadata = metadata if metadata is not None else self.opts.get("target_metadata")
        if autogenerate and self.metadata is None:
            script = getattr(migration_context, "script", None)
            where = getattr(script, "env_py_location", None)
            place = f"environment script {where}" if where else "the environment"
            raise CommandError(
                f"Can't proceed with --autogenerate option; {place} does not provide a MetaData "
                "object or sequence of objects to the context.",
                hint="set target_metadata to the MetaData of your models",
            )
        self.imports: set[str] = set()

    @property
    def connection(self) -> Connection | None:
        """The connection to the database."""
        connection: Connection | None = self.migration_context.connection
        return connection

    @property
    def dialect(self) -> Dialect:
        """The dialect of the database."""
        return self.migration_context.dialect

    @cached_property
    def inspector(self) -> Inspector:
        """SQLAlchemy's inspector of the database.

        :raises TypeError: there is no connection.
        """
        if self.connection is None:
            raise TypeError("there is no connection whose database could be inspected")
        return inspect(self.connection)

    @property
    def metadatas(self) -> list[MetaData]:
        """The models, as a list."""
        if self.metadata is None:
            return []
        return [self.metadata] if isinstance(self.metadata, MetaData) else list(self.metadata)

    @cached_property
    def sorted_tables(self) -> list[Table]:
        """The models' tables, each after those that it refers to."""
        return [table for metadata in self.metadatas for table in metadata.sorted_tables]

    @cached_property
    def table_key_to_table(self) -> dict[str, Table]:
        """The models' tables by the key that their MetaData has for them."""
        return {key: t for metadata in self.metadatas for key, t in metadata.tables.items()}

    def run_name_filters(
        self, name: str | None, type_: str, parent_names: Mapping[str, str | None]
    ) -> bool:
        """Ask ``include_name`` whether a name found in the database counts."""
        hook = self.opts.get("include_name")
        return hook is None or bool(hook(name, type_, dict(parent_names)))

    def run_object_filters(
        self, object_: Any, name: str | None, type_: str, reflected: bool, compare_to: Any
    ) -> bool:
        """Ask ``include_object`` whether an object counts."""
        hook = self.opts.get("include_object")
        return hook is None or bool(hook(object_, name, type_, reflected, compare_to))

    run_filters = run_object_filters

    def rendering(self) -> Rendering:
        """How operations are written: the prefixes and hooks of ``context.configure()``."""
        opts = self.opts
        rendering = Rendering(
            dialect=self.dialect,
            sqlalchemy_prefix=opts.get("sqlalchemy_module_prefix") or "sa.",
            operations_prefix=opts.get("alembic_module_prefix", "op.") or "",
            user_prefix=opts.get("user_module_prefix"),
            as_batch=bool(opts.get("render_as_batch")),
            render_item=opts.get("render_item"),
            hook_context=self,
            render_type=getattr(self.migration_context.impl, "render_type", None),
            imports=self.imports,
        )
        return rendering.in_layout(opts.get("layout") or "limbeck")
