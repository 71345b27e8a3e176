"""The comparison of a running migration's models and database, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, inspect

from limbeck.autogenerate.context import AutogenContext
from limbeck.autogenerate.log import log_changes
from limbeck.database.compare import compare_database
from limbeck.database.comparison import CompareOptions, Comparison
from limbeck.dialects.registry import backend_for
from limbeck.dialects.text import plain_dialect
from limbeck.diff.changes import Added, Removed
from limbeck.diff.rename_choices import NO_CHOICES, Choices
from limbeck.errors import CommandError
from limbeck.facts.objects import SequenceFact
from limbeck.facts.schema_objects import SchemaObject
from limbeck.runtime.impl_comparison import comparisons_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Dialect

    from limbeck.operations import ops
    from limbeck.runtime.migration import MigrationContext

Narrow = Callable[[Comparison], Comparison]

# SQLAlchemy gives every MetaData this convention, so it says nothing about the models.
_EVERYBODYS = dict(MetaData().naming_convention)


def changes_of(
    migration_context: MigrationContext, metadata: MetaData | Sequence[MetaData] | None = None
) -> Comparison:
    """Compare the models with the database.

    :param migration_context: a context with a connection; its options say what is compared.
    :param metadata: the models; the context's ``target_metadata`` by default.
    :raises CommandError: there are no models, or no connection.
    """
    return compared(AutogenContext(migration_context, metadata))


def compared(
    context: AutogenContext, narrow: Narrow | None = None, choices: Choices = NO_CHOICES
) -> Comparison:
    """Compare the models of an autogenerate run with its database, and log what differs.

    :param narrow: leaves out of the comparison what is not to be changed.
    :param choices: what was said about renames, besides ``renames`` and ``drops`` of
        ``context.configure()``.
    """
    connection = context.connection
    if connection is None:
        raise CommandError("comparing models needs a connection to a database")
    options = compare_options(context, choices)
    comparison = compare_database(connection, context.metadatas, options)
    if narrow is not None:
        comparison = _with_open_questions(narrow(comparison))
    log_changes(comparison)
    return comparison


def _with_open_questions(comparison: Comparison) -> Comparison:
    """A comparison of which less is left, with the questions about that."""
    if not comparison.questions:
        return comparison
    from limbeck.diff.rename_questions import still_open

    return replace(comparison, questions=still_open(comparison.questions, comparison.changes))


def compare_options(context: AutogenContext, choices: Choices = NO_CHOICES) -> CompareOptions:
    """What is compared, as ``context.configure()`` says it.

    :param context: the run.
    :param choices: what was said about renames besides.
    """
    opts, migration = context.opts, context.migration_context
    given: dict[str, Any] = {
        name: opts[name]
        for name in ("compare_type", "compare_server_default")
        if opts.get(name) is not None
    }
    given = {**given, **comparisons_of(migration.impl, given)}
    return CompareOptions(
        include_schemas=bool(opts.get("include_schemas")),
        include_name=opts.get("include_name"),
        include_object=opts.get("include_object"),
        choices=replace(
            choices,
            renames=(*choices.renames, *(opts.get("renames") or ())),
            drops=(*choices.drops, *(opts.get("drops") or ())),
        ),
        version_table=migration.version_table,
        version_table_schema=migration.version_table_schema,
        own_tables=migration.own_tables,
        compare_objects=_kinds(opts.get("compare_objects")),
        context=migration,
        **given,
    )


def _kinds(named: str | Sequence[str] | None) -> tuple[str, ...]:
    """Kinds of objects, as a list or as the words of a setting."""
    if isinstance(named, str):
        return tuple(named.replace(",", " ").split())
    return tuple(named or ())


def missing_schemas(comparison: Comparison, connection: Connection) -> frozenset[str]:
    """Return the schemas that new tables need and the database does not have.

    Only where a schema lives within the database: SQLite's are attached files.
    """
    needed = {
        change.table.schema
        for change in comparison.changes
        if isinstance(change, Added) and change.kind == "table" and change.table is not None
    }
    needed |= {
        change.after.schema or ""
        for change in comparison.changes
        if not isinstance(change, Removed) and isinstance(change.after, SchemaObject)
    }
    needed |= {
        change.after.key.schema
        for change in comparison.changes
        if isinstance(change, Added) and isinstance(change.after, SequenceFact)
    }
    needed.discard("")
    if not needed or connection.dialect.name == "sqlite":
        return frozenset()
    return frozenset(needed - set(inspect(connection).get_schema_names()))


def planned(
    comparison: Comparison,
    dialect: Dialect,
    metadatas: Sequence[MetaData],
    schemas: frozenset[str] = frozenset(),
) -> tuple[list[ops.MigrateOperation], list[ops.MigrateOperation]]:
    """Return the operations of ``upgrade()`` and those of ``downgrade()``.

    :param comparison: what differs.
    :param dialect: the database that the operations are for.
    :param metadatas: the models, for their naming conventions.
    :param schemas: the schemas that have to be created first.
    """
    if not comparison.changes and not comparison.names:
        return [], []
    # Not needed where models and database are alike, which is what `check` finds most often.
    from limbeck.plan.names import Names
    from limbeck.plan.operations import plan_operations
    from limbeck.plan.renames import rename_operations
    from limbeck.plan.situation import Situation

    forward = Situation(
        comparison.before,
        comparison.after,
        comparison.changes,
        plain_dialect(dialect),  # what is planned is read by people before a driver reads it
        backend_for(dialect).features_of(dialect),
        Names(comparison.before, comparison.after, comparison.changes),
        conventions=any(dict(m.naming_convention) != _EVERYBODYS for m in metadatas),
        schemas=schemas,
        bystanders=comparison.bystanders,
        originals=comparison.originals,
        strangers=comparison.strangers,
    )
    there, back = rename_operations(comparison.names, forward)
    upgrades = plan_operations(forward, first=there, undone=back)
    return upgrades, plan_operations(forward.inverse(), last=back)
