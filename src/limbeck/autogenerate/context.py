"""What hooks and renderers of an autogenerate run are given."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import Inspector, MetaData, Table, inspect

from limbeck.autogenerate.compare import BUILT_IN
from limbeck.autogenerate.scope import is_classic
from limbeck.errors import CommandError
from limbeck.operations.ops.base import qualified
from limbeck.runtime.dispatch import PriorityDispatcher, comparators
from limbeck.runtime.overriding import is_overridden
from limbeck.runtime.plugins import (
    DEFAULT_PLUGINS,
    chosen_plugins,
    discover_plugins,
    populate,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect

    from limbeck.autogenerate.compare.reflection import Reflection
    from limbeck.render.context import Rendering
    from limbeck.runtime.migration import MigrationContext


def _refuse_other_models(given: object) -> None:
    """Refuse what is no MetaData; whatever has tables is taken for one."""
    several = given if isinstance(given, (tuple, list, set)) else [given]
    for one in several:
        if not isinstance(getattr(one, "tables", None), Mapping):
            name = getattr(one, "__name__", "")
            hint = f"write target_metadata = {name}.metadata" if hasattr(one, "metadata") else None
            raise CommandError(
                f"target_metadata is no MetaData but {one!r}",
                hint=hint or "set target_metadata to the MetaData of your models",
            )


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
        if autogenerate:
            _refuse_other_models(self.metadata)
        if autogenerate:
            _refuse_other_models(self.metadata)
        self.imports: set[str] = set()
        self._name_filters = _given(self.opts.get("include_name"))
        self._object_filters = _given(self.opts.get("include_object"))

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

    @cached_property
    def reflection(self) -> Reflection:
        """The tables of the database as SQLAlchemy objects.

        :raises TypeError: there is no connection.
        """
        impl = self.migration_context.impl
        from limbeck.autogenerate.compare.reflection import Reflection

        return Reflection(self.inspector, impl.autogen_column_reflect)

    @cached_property
    def comparators(self) -> PriorityDispatcher:
        """The comparators that take part: those registered one by one, then those of plugins.

        Where facts are compared, limbeck's own are not among them.

        :raises CommandError: ``autogenerate_plugins`` names a plugin that there is not.
        """
        discover_plugins()
        found = comparators.branch()
        patterns = self.opts.get("autogenerate_plugins") or DEFAULT_PLUGINS
        left_out = () if is_classic(self.opts) else BUILT_IN
        populate(
            found, (plugin for plugin in chosen_plugins(patterns) if plugin.name not in left_out)
        )
        return found

    @property
    def metadatas(self) -> list[MetaData]:
        """The models, as a list."""
        if self.metadata is None:
            return []
        return [self.metadata] if isinstance(self.metadata, MetaData) else list(self.metadata)

    @cached_property
    def sorted_tables(self) -> list[Table]:
        """The models' tables, each after those that it refers to.

        :raises ValueError: two MetaData have the same table.
        """
        assert self.table_key_to_table is not None
        return [table for metadata in self.metadatas for table in metadata.sorted_tables]

    @cached_property
    def table_key_to_table(self) -> dict[str, Table]:
        """The models' tables by the key that their MetaData has for them.

        :raises ValueError: two MetaData have the same table.
        """
        found: dict[str, Table] = {}
        twice: set[str] = set()
        for metadata in self.metadatas:
            twice |= found.keys() & metadata.tables.keys()
            found |= metadata.tables
        if twice:
            keys = ", ".join(f'"{key}"' for key in sorted(twice))
            raise ValueError(f"Duplicate table keys across multiple MetaData objects: {keys}")
        return found

    def warn(self, words: str) -> None:
        """Warn of what a comparison can see and cannot settle."""
        warnings.warn(words, UserWarning, stacklevel=3)

    def run_name_filters(
        self, name: str | None, type_: str, parent_names: Mapping[str, str | None]
    ) -> bool:
        """Ask ``include_name`` whether a name found in the database counts.

        :param name: the name; None is the default schema, or a constraint without a name.
        :param type_: what it is the name of, such as ``table``.
        :param parent_names: ``schema_name`` and ``table_name``, as far as there are such.
        """
        parents = dict(parent_names)
        table = name if type_ == "table" else parents.get("table_name")
        if table:
            parents["schema_qualified_table_name"] = qualified(table, parents.get("schema_name"))
        return all(hook(name, type_, parents) for hook in self._name_filters)

    def run_object_filters(
        self, object_: Any, name: str | None, type_: str, reflected: bool, compare_to: Any
    ) -> bool:
        """Ask ``include_object`` whether an object counts.

        :param object_: the object.
        :param name: its name.
        :param type_: what it is, such as ``column``.
        :param reflected: whether it is the database's.
        :param compare_to: the object on the other side, if there is one.
        """
        return all(
            hook(object_, name, type_, reflected, compare_to) for hook in self._object_filters
        )

    run_filters = run_object_filters

    def _own(self, method: str) -> Callable[..., Any] | None:
        """A method of the dialect's ``DefaultImpl`` that is not limbeck's."""
        impl = self.migration_context.impl
        return getattr(impl, method) if is_overridden(impl, method) else None

    @property
    def marks_risks(self) -> bool:
        """Whether what is risky is marked in the file, which Alembic does not know."""
        return not is_classic(self.opts)

    def rendering(self) -> Rendering:
        """How operations are written: the prefixes and hooks of ``context.configure()``."""
        from limbeck.render.context import Rendering  # a comparison alone writes nothing

        opts = self.opts
        rendering = Rendering(
            dialect=self.dialect,
            sqlalchemy_prefix=opts.get("sqlalchemy_module_prefix") or "sa.",
            operations_prefix=opts.get("alembic_module_prefix", "op.") or "",
            user_prefix=opts.get("user_module_prefix"),
            as_batch=bool(opts.get("render_as_batch")),
            # Where copies are Alembic's: they would lose what no change speaks of.
            keeping_batches=opts.get("existing") == "alembic" and not is_classic(opts),
            render_item=opts.get("render_item"),
            hook_context=self,
            render_type=getattr(self.migration_context.impl, "render_type", None),
            render_sql=self._own("render_ddl_sql_expr"),
            imports=self.imports,
            marks_risks=self.marks_risks,
        )
        return rendering.in_layout(opts.get("layout") or "limbeck")


def _given(hook: Callable[..., bool] | None) -> list[Callable[..., bool]]:
    return [] if hook is None else [hook]
