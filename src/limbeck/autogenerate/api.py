"""Comparing models with a database from Python, and writing operations as Python."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine.default import DefaultDialect

from limbeck.autogenerate.additions import add_what_others_find
from limbeck.autogenerate.compare import run_comparators
from limbeck.autogenerate.context import AutogenContext
from limbeck.autogenerate.engine import compared, missing_schemas, planned
from limbeck.autogenerate.scope import is_classic
from limbeck.diff.rename_choices import NO_CHOICES, Choices
from limbeck.errors import UsageError
from limbeck.operations import ops

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from limbeck.autogenerate.engine import Narrow
    from limbeck.database.comparison import Comparison
    from limbeck.render.context import Layout, Rendering, RenderItem
    from limbeck.runtime.migration import MigrationContext


def compare_metadata(
    context: MigrationContext, metadata: MetaData | Sequence[MetaData] | None
) -> list[Any]:
    """Compare models with a database.

    What may have been renamed is dropped and added, unless the models have a hint or the context's
    options ``renames`` and ``drops`` say what is meant: nobody is asked here.

    :param context: a context with a connection; its options say what is compared.
    :param metadata: the models.
    :returns: a tuple for each difference, such as ``("add_table", table)``; the differences of
        one column are a list of tuples. Empty where nothing differs.
    :raises CommandError: there is no connection, or the models contradict themselves.
    """
    upgrade_ops = produce_migrations(context, metadata).upgrade_ops
    assert upgrade_ops is not None
    return upgrade_ops.as_diffs()


def produce_migrations(
    context: MigrationContext, metadata: MetaData | Sequence[MetaData] | None
) -> ops.MigrationScript:
    """Compare models with a database, and return the operations of a revision.

    What may have been renamed is treated as in :func:`compare_metadata`.

    :param context: a context with a connection; its options say what is compared.
    :param metadata: the models.
    :returns: a script without an id, with one ``upgrade_ops`` and one ``downgrade_ops``.
    :raises CommandError: there is no connection, or the models contradict themselves.
    """
    autogen_context = AutogenContext(context, metadata)
    script = ops.MigrationScript(
        rev_id=None, upgrade_ops=ops.UpgradeOps([]), downgrade_ops=ops.DowngradeOps([])
    )
    fill_script(autogen_context, script)
    return script


def fill_script(
    context: AutogenContext,
    script: ops.MigrationScript,
    narrow: Narrow | None = None,
    choices: Choices = NO_CHOICES,
) -> Comparison | None:
    """Put what differs into the last ``upgrade_ops`` and ``downgrade_ops`` of a script.

    :param narrow: leaves out of a comparison of facts what is not to be changed.
    :param choices: what was said about renames.
    :returns: what differs as facts; None where comparators have found it.
    :raises UsageError: something was said about renames, and Alembic knows none.
    """
    upgrade, downgrade = script.upgrade_ops_list[-1], script.downgrade_ops_list[-1]
    if is_classic(context.opts):
        if choices != NO_CHOICES:
            raise UsageError(
                'renames are not looked for with compare="alembic"',
                hint="leave --rename and --drop out, and edit the new revision",
            )
        run_comparators(context, upgrade)
        upgrade.reverse_into(downgrade)
        return None
    comparison = compared(context, narrow, choices)
    assert context.connection is not None
    schemas = missing_schemas(comparison, context.connection)
    upgrade.ops[:], downgrade.ops[:] = planned(
        comparison, context.dialect, context.metadatas, schemas
    )
    add_what_others_find(context, upgrade, downgrade)
    return comparison


def render_python_code(
    up_or_down_op: ops.OpContainer,
    sqlalchemy_module_prefix: str = "sa.",
    alembic_module_prefix: str = "op.",
    render_as_batch: bool = False,
    imports: Collection[str] = (),
    render_item: RenderItem | None = None,
    migration_context: MigrationContext | None = None,
    user_module_prefix: str | None = None,
    *,
    layout: Layout | None = None,
) -> str:
    """Write operations as Python.

    :param up_or_down_op: an ``UpgradeOps`` or ``DowngradeOps``.
    :param sqlalchemy_module_prefix: what stands before SQLAlchemy's names.
    :param alembic_module_prefix: what stands before the names of operations.
    :param render_as_batch: whether the changes of a table go into ``op.batch_alter_table``.
    :param imports: import lines that are needed anyway; a set gets the others that the text needs.
    :param render_item: a hook that is asked about every object first.
    :param migration_context: tells the database for which SQL is spelled.
    :param user_module_prefix: what stands before types of the user's.
    :param layout: ``"limbeck"``, as formatters lay out Python, or ``"alembic"``, as Alembic does;
        that of the context by default, else ``"limbeck"``.
    :returns: the body of a function, indented by four spaces from its second line on.
    """
    from limbeck.render.context import Rendering
    from limbeck.render.python import render_body

    context, of_dialect = None, Rendering()
    if migration_context is not None:
        context = AutogenContext(migration_context, autogenerate=False)
        of_dialect = context.rendering()
        layout = layout or migration_context.opts.get("layout")
    rendering = Rendering(
        dialect=DefaultDialect() if migration_context is None else migration_context.dialect,
        sqlalchemy_prefix=sqlalchemy_module_prefix,
        operations_prefix=alembic_module_prefix,
        user_prefix=user_module_prefix,
        as_batch=render_as_batch,
        render_item=render_item,
        hook_context=context,
        render_type=of_dialect.render_type,
        render_sql=of_dialect.render_sql,
        imports=imports if isinstance(imports, set) else set(imports),
    )
    return render_body(up_or_down_op, rendering.in_layout(layout or "limbeck"))


def render_into_template(
    contexts: Sequence[AutogenContext], script: ops.MigrationScript, template_args: dict[str, Any]
) -> None:
    """Put the text of a script into the variables of the file's template.

    :param contexts: one for each database; the last one stands for any that are missing.
    :param template_args: gets ``upgrades``, ``downgrades`` (or what the script's tokens say) and
        ``imports``.
    """
    from limbeck.render.python import render_body

    imports = set(script.imports)
    for number, upgrade in enumerate(script.upgrade_ops_list):
        rendering = _rendering(contexts, number)
        template_args[upgrade.upgrade_token] = render_body(upgrade, rendering)
        imports |= rendering.imports
    for number, downgrade in enumerate(script.downgrade_ops_list):
        rendering = _rendering(contexts, number)
        template_args[downgrade.downgrade_token] = render_body(downgrade, rendering)
        imports |= rendering.imports
    template_args["imports"] = "\n".join(sorted(imports))


def _rendering(contexts: Sequence[AutogenContext], number: int) -> Rendering:
    return contexts[min(number, len(contexts) - 1)].rendering()
