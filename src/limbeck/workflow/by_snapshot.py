"""The models compared with the last snapshot, in the place of a run of the history.

A snapshot is used where it is of the heads and its number is that of the history as it is now.
Where nothing differs from it, nothing differs from the history, and no database is needed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError, DatabaseUnreachable, ScratchUnavailable
from limbeck.value import Value
from limbeck.workflow.environment import run_environment
from limbeck.workflow.fitting_snapshot import fitting_snapshot
from limbeck.workflow.project import script_directory
from limbeck.workflow.question import MODELS, Finding

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from limbeck.config import Config
    from limbeck.database.compare_text import TextComparison
    from limbeck.project.snapshot import Snapshot
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import ScriptDirectory

__all__ = ["BySnapshot", "by_snapshot", "compared_with_snapshot", "without_scratch"]

_DEFAULT_SCHEMAS = {"postgresql": "public"}


class BySnapshot(Value):
    """What a comparison with a snapshot has shown.

    :param path: the snapshot's file.
    :param snapshot: what it says.
    :param comparison: what differs.
    """

    path: Path
    snapshot: Snapshot
    comparison: TextComparison

    @property
    def is_alike(self) -> bool:
        """Whether the models are what the history makes."""
        return not self.comparison.changes and not self.comparison.unsure


def compared_with_snapshot(config: Config) -> BySnapshot | None:
    """Compare the models with the snapshot of the heads.

    :param config: the settings.
    :return: None where there is no snapshot that fits the history, or the environment does not
        tell its models without a database.
    """
    script = script_directory(config)
    if not list((Path(script.dir) / "snapshots").glob("*.json")):
        return None
    found = _context_of(config, script)
    if found is None:
        return None
    fitting = fitting_snapshot(script, found.dialect.name)
    if fitting is None:
        return None
    path, snapshot = fitting
    from limbeck.autogenerate.context import AutogenContext
    from limbeck.autogenerate.engine import compare_options
    from limbeck.database.compare_text import can_compare_text, compare_text

    options = compare_options(AutogenContext(found, autogenerate=False))
    metadatas = _metadatas(found)
    if not metadatas or not can_compare_text(options):
        return None
    dialect: Any = copy(found.dialect)
    dialect.server_version_info = tuple(map(int, filter(None, snapshot.server.split("."))))
    default = _DEFAULT_SCHEMAS.get(snapshot.dialect, "")
    comparison = compare_text(snapshot.schema, metadatas, dialect, options, default)
    return BySnapshot(path, snapshot, comparison)


def _context_of(config: Config, script: ScriptDirectory) -> MigrationContext | None:
    """The context that the environment configures where it has no database."""
    found: list[MigrationContext] = []

    def look(rows: Any, context: MigrationContext) -> list[Any]:
        found.append(context)
        return []

    silent = copy(config)
    silent.output_buffer = io.StringIO()
    try:
        run_environment(silent, script, look, with_models=True, as_sql=True)
    except Exception:  # an env.py may be unable to go without a database, in whatever way
        return None
    return found[0] if len(found) == 1 else None


def _metadatas(context: MigrationContext) -> Sequence[MetaData]:
    from sqlalchemy import MetaData

    given = context.opts.get("target_metadata")
    return [given] if isinstance(given, MetaData) else list(given or ())


def without_scratch(finding: Finding, kept: BySnapshot | None) -> Finding:
    """What the snapshot says, where there was no scratch database to run the history on.

    :param finding: the answer so far.
    :param kept: what a comparison with the snapshot has shown, if there was one.
    """
    lacks = isinstance(finding.problem, ScratchUnavailable | DatabaseUnreachable)
    if kept is None or finding.question != MODELS or not lacks:
        return finding
    return by_snapshot(kept, finding.problem)


def by_snapshot(kept: BySnapshot, reason: CommandError | None = None) -> Finding:
    """What a comparison with the snapshot has shown, as an answer.

    :param kept: the comparison.
    :param reason: why the history could not run.
    """
    from limbeck.render.json import difference_values
    from limbeck.render.words import difference_words

    changes, unsure = kept.comparison.changes, kept.comparison.unsure
    open_words = tuple(difference_words(unsure, sides=MODELS.sides))
    notes = (f"Answered by the snapshot {kept.path}, without a run of the history.",)
    problem = None
    if open_words and not changes:
        why = reason.message if reason is not None else ""
        problem = ScratchUnavailable(
            f"there is no database to ask whether other words mean the same: {why}",
            details=open_words,
            hint="--scratch gives the address of an empty one",
        )
    return Finding(
        MODELS,
        tuple(difference_words(changes, sides=MODELS.sides)),
        tuple(difference_values(changes, sides=MODELS.sides)),
        revisions=kept.snapshot.revisions,
        notes=(*notes, *(f"Unsure, as there is no database to ask: {each}" for each in open_words)),
        problem=problem,
    )
