"""Comparing models with a database, and writing operations as Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from alembic import util
from alembic.autogenerate.render import render_op_text
from limbeck import autogenerate as _autogenerate
from limbeck.autogenerate import *  # noqa: F403  # the whole module under the other name
from limbeck.autogenerate.api import fill_script, render_into_template
from limbeck.operations import ops

__all__ = [*_autogenerate.__all__, "render_op_text"]

#: As limbeck's, in Alembic's layout unless another is asked for.
render_python_code = partial(_autogenerate.render_python_code, layout="alembic")


def _render_migration_diffs(context: Any, template_args: dict[str, Any]) -> None:
    script = ops.MigrationScript(
        rev_id=None, upgrade_ops=ops.UpgradeOps([]), downgrade_ops=ops.DowngradeOps([])
    )
    autogen_context = AutogenContext(context)
    fill_script(autogen_context, script)
    scripts = [script]
    hook = context.opts.get("process_revision_directives")
    if hook is not None:
        hook(context, None, scripts)
    script.upgrade_ops_list[-1].upgrade_token = "upgrades"
    script.downgrade_ops_list[-1].downgrade_token = "downgrades"
    render_into_template([autogen_context], scripts[0], template_args)


class AutogenContext(_autogenerate.AutogenContext):  # type: ignore[no-redef]  # in place of limbeck's
    __doc__ = _autogenerate.AutogenContext.__doc__

    _has_batch: bool = False

    def __init__(
        self,
        migration_context: Any,
        metadata: Any = None,
        opts: Mapping[str, Any] | None = None,
        autogenerate: bool = True,
    ) -> None:
        # Models are wanted of an env.py; who has none may call comparators one by one.
        given = metadata is not None or (opts or migration_context.opts).get("target_metadata")
        wanted = given or migration_context.script or migration_context.as_sql
        super().__init__(migration_context, metadata, opts, autogenerate and bool(wanted))

    def warn(self, words: str) -> None:
        util.warn(words)

    @contextmanager
    def _within_batch(self) -> Iterator[None]:
        self._has_batch = True
        try:
            yield
        finally:
            self._has_batch = False
