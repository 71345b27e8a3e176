"""Write down what the history makes of an empty database, or check what is written down."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.errors import CheckFailed
from limbeck.project.snapshot import Snapshot, read_snapshot, snapshot_path, write_snapshot
from limbeck.value import Value
from limbeck.workflow.fitting_snapshot import digest_of_history
from limbeck.workflow.from_history import to_the_heads
from limbeck.workflow.replay import replaying
from limbeck.workflow.restoring import restoring_statements

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.workflow.replay import Replay

_HINT = "`limbeck snapshot` writes it"


class WrittenSnapshot(Value):
    """A snapshot and its file.

    :param path: the file.
    :param snapshot: what it says.
    :param is_new: whether it was written; False where it said the same before.
    :param notes: what a person should know of how it was made, a line each.
    """

    path: Path
    snapshot: Snapshot
    is_new: bool
    notes: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The snapshot as plain values, without the schema."""
        snapshot = self.snapshot
        return {
            "path": str(self.path),
            "is_new": self.is_new,
            "dialect": snapshot.dialect,
            "server": snapshot.server,
            "revisions": list(snapshot.revisions),
            "history": snapshot.history,
            "tables": len(snapshot.schema.tables),
            "notes": list(self.notes),
        }


def snapshot(config: Config, *, check: bool = False, scratch: str | None = None) -> WrittenSnapshot:
    """Run the history on a scratch database, and keep what comes of it in a file.

    :param config: the settings.
    :param check: write nothing, and compare with the file that is there.
    :param scratch: the address of the scratch database; by default one is made.
    :returns: the snapshot.
    :raises CheckFailed: with ``check``, the file is missing or says something else.
    :raises ConfigurationError: with ``check``, the file cannot be read.
    :raises ScratchUnavailable: there is no scratch database to be had.
    """
    with replaying(config, scratch) as replay:
        to_the_heads(replay)
        found = _snapshot(replay)
        if not check:
            found = replace(found, statements=restoring_statements(replay, found.schema))
        folder = Path(replay.script.dir)
        notes = replay.notes
    path = snapshot_path(folder, found.revisions, found.dialect)
    if not check:
        return WrittenSnapshot(path, found, write_snapshot(path, found), notes)
    _compare(path, found)
    return WrittenSnapshot(path, found, False, notes)


def _snapshot(replay: Replay) -> Snapshot:
    schema = replay.all_facts()
    dialect = replay.scratch.engine.dialect
    version = getattr(dialect, "server_version_info", None) or ()
    return Snapshot(
        dialect=dialect.name,
        server=".".join(str(part) for part in version if isinstance(part, int)),
        revisions=tuple(sorted(replay.script.get_heads())),
        history=digest_of_history(replay.script),
        schema=schema,
    )


def _compare(path: Path, found: Snapshot) -> None:
    from limbeck.diff.compare import compare
    from limbeck.diff.objects import compare_objects
    from limbeck.render.words import Sides, difference_words

    if not path.is_file():
        heads = ", ".join(found.revisions) or "base"
        raise CheckFailed(f"there is no snapshot of {heads} on {found.dialect}", hint=_HINT)
    kept = read_snapshot(path)
    changes = (
        *compare(kept.schema, found.schema),
        *compare_objects(kept.schema.objects, found.schema.objects),
    )
    if changes:
        raise CheckFailed(
            f"{path} does not say what the history makes",
            hint=_HINT,
            details=difference_words(changes, sides=Sides("the snapshot", "the history")),
        )
    if (kept.history, kept.revisions) != (found.history, found.revisions):
        raise CheckFailed(
            f"{path} is of a history that was edited since, which makes the same schema",
            hint=_HINT,
        )
