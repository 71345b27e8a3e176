"""Refuse what the history alone shows to be wrong, before any database is opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from limbeck.errors import HistoryError

if TYPE_CHECKING:
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import ScriptDirectory

_FROM_WHERE_THE_DATABASE_IS = re.compile(r"(?:.+@)?[+-]\d+")


def is_relative(name: str) -> bool:
    """Whether only the database can say what a name means, as of ``+1``."""
    return _FROM_WHERE_THE_DATABASE_IS.fullmatch(name) is not None


def refuse_unknown(
    script: ScriptDirectory, name: str, look_up: Callable[[str], object] | None = None
) -> None:
    """Look a name up, unless only the database can say what it means.

    :param script: the project's revisions.
    :param name: the revision that was asked for.
    :param look_up: looks the name up; ``script.get_revisions`` if not given.
    :raises RevisionError: it is unknown or ambiguous, or the files form no history.
    """
    if is_relative(name):
        _ = script.revision_map.graph
    elif script.revision_map.bases:  # where there are none, env.py may say where there are some
        (look_up or script.get_revisions)(name)


def refuse_no_revisions(script: ScriptDirectory, context: MigrationContext) -> None:
    """Refuse to upgrade where there is nothing to upgrade to: a folder is empty, or misnamed.

    :param script: the project's revisions, for which ``env.py`` may have named other folders.
    :param context: the migration; one under the name ``alembic`` is not refused.
    :raises HistoryError: there is no revision.
    """
    environment = context.environment_context
    if environment is None or not environment.must_run_migrations or script.revision_map.bases:
        return
    folders = ", ".join(map(str, script.version_folders))
    raise HistoryError(
        f"there is no revision in {folders}",
        hint="`limbeck revision -m …` writes the first one; or correct version_locations",
    )


def refuse_way_back(script: ScriptDirectory, start: str, destination: str) -> None:
    """Say so where no revision leads up, instead of writing a script that does nothing.

    :param script: the project's revisions.
    :param start: where an upgrade that runs nothing begins.
    :param destination: where it ends.
    :raises HistoryError: they are two places, so that the destination lies below.
    """
    places = [
        {revision.revision for revision in script.get_revisions(name) if revision is not None}
        for name in (start, destination)
    ]
    if places[0] != places[1]:
        raise HistoryError(
            f"No revision leads up from {start} to {destination}",
            hint=f"'limbeck downgrade {start}:{destination} --sql' writes the way back",
        )
