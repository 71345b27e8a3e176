"""Join several heads by a new revision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from limbeck.project.new_revision import new_revision_id
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.script import Script

Announce = Callable[..., AbstractContextManager[None]]


def merge(
    config: Config,
    revisions: str | Sequence[str],
    *,
    message: str | None = None,
    branch_label: str | Sequence[str] | None = None,
    rev_id: str | None = None,
    splice: bool = False,
    announce: Announce | None = None,
) -> Script:
    """Write a revision whose parents are the revisions that are named.

    :param config: the settings.
    :param revisions: two or more names, or ``heads``.
    :param message: what the revision does.
    :param branch_label: label of the new revision's branch.
    :param rev_id: its identifier; None makes a random one.
    :param splice: allow revisions that are not heads.
    :param announce: entered around each step that takes a moment, with what it does.
    :returns: the new revision.
    :raises CommandError: a revision is unknown or no head.
    """
    script = script_directory(config)
    if announce is not None:
        script.announce = announce
    template_args: dict[str, Any] = {"config": config}
    if config.get_alembic_boolean_option("revision_environment"):
        from limbeck.workflow.environment import run_environment

        def nothing(rows: Any, context: Any) -> list[Any]:
            return []

        run_environment(config, script, nothing, as_sql=False, template_args=template_args)
    names = [revisions] if isinstance(revisions, str) else list(revisions)
    return script.generate_revision(
        rev_id or new_revision_id(),
        message,
        head=names,
        splice=splice,
        branch_labels=branch_label,
        **template_args,
    )
