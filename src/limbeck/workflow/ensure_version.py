"""Create the version table if there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.workflow.environment import run_environment
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config


def ensure_version(config: Config, *, sql: bool = False) -> None:
    """Create the version table, and the history table where a history is kept.

    :param config: the settings.
    :param sql: write the SQL to ``config.output_buffer`` or stdout instead of running it.
    """
    script = script_directory(config)

    def create(rows: Any, context: Any) -> list[Any]:
        context.ensure_version_table()
        if context.history is not None:
            context.history.add((), rows)
        return []

    run_environment(config, script, create, as_sql=sql)
