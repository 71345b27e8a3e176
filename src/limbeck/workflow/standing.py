"""How a database stands to the revision files: equal, behind, ahead, or nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from limbeck.errors import CommandError, DatabaseNotAtHead, HistoryError
from limbeck.revisions.errors import listed
from limbeck.revisions.mismatches import fit_of
from limbeck.revisions.recorded import recorded
from limbeck.value import Value
from limbeck.workflow.environment import run_environment
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import ScriptDirectory

__all__ = ["Standing", "State", "after_journal", "standing_of", "standings"]

State: TypeAlias = Literal["equal", "behind", "ahead", "unknown"]
"""``ahead``: it has all that the files have, and more; ``unknown``: it has something that neither
the files nor its history know, or each has what the other has not."""


class Standing(Value):
    """How a database stands to the revision files.

    :param state: how.
    :param heads: what the version table holds.
    :param expected: what it holds once nothing is left to upgrade.
    :param pending: the revisions that the database lacks, first to run first.
    :param unknown: the revisions that it has and the files do not know.
    :param half_done: what is at work in it, or was interrupted; empty where nothing is.
    """

    state: State
    heads: tuple[str, ...]
    expected: tuple[str, ...]
    pending: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    half_done: str = ""

    @property
    def words(self) -> str:
        """The same in one line."""
        at = f"the database is at {listed(self.heads) or 'base'}"
        told = [f"{self.half_done} is half done"] if self.half_done else []
        if self.state == "equal":
            return at
        if self.pending:
            told.append(f"lacks {listed(self.pending)}")
        if self.unknown:
            told.append(f"has {listed(self.unknown)}, which these files do not know")
        return f"{at}, and {', and '.join(told)}"

    def facts(self) -> dict[str, Any]:
        """The standing as plain values."""
        return {
            "state": self.state,
            "heads": list(self.heads),
            "expected": list(self.expected),
            "pending": list(self.pending),
            "unknown": list(self.unknown),
            "half_done": self.half_done or None,
        }

    def error(self) -> CommandError:
        """What is to be raised of a database that does not stand as it has to."""
        if self.state == "behind":
            return DatabaseNotAtHead(self.words, hint="`limbeck upgrade heads`")
        if self.half_done:
            return HistoryError(
                self.words, hint="wait if it is at work; `limbeck repair` says what is in"
            )
        return HistoryError(
            self.words,
            hint="deploy the files that it knows, or `limbeck downgrade` to a revision of these",
        )


def standing_of(
    script: ScriptDirectory,
    heads: Sequence[str],
    history: Callable[[], Sequence[HistoryRow] | None],
) -> Standing:
    """Compare what the version table holds with the files.

    :param script: the files.
    :param heads: what the version table holds.
    :param history: reads the history; asked only where the files do not know one of these.
    """
    revision_map = script.revision_map
    graph = revision_map.graph
    here, expected = tuple(sorted(heads)), tuple(sorted(revision_map.effective_heads))
    if here == expected:
        return Standing("equal", here, expected)
    strangers = tuple(id_ for id_ in here if id_ not in graph.by_id)
    if not strangers:
        pending = _pending(script, here)
        return Standing("behind" if pending else "equal", here, expected, pending)
    rows = history()
    applied = recorded(rows or ()).at(here, graph)
    fit = fit_of(applied, here, graph, lambda row: False)
    if rows is None or fit is None or not fit.unknown:
        return Standing("unknown", here, expected, unknown=strangers)
    pending = _pending(script, fit.heads)
    unknown = tuple(row.revision for row in fit.unknown if row.revision is not None)
    return Standing("unknown" if pending else "ahead", here, expected, pending, unknown)


def after_journal(standing: Standing, begun: Callable[[], str]) -> Standing:
    """What a database is called in which something may be half done.

    One that is behind is behind in any case; a downgrade that has begun still has its revision.

    :param standing: how it stands by what the version table says.
    :param begun: reads what the journal says.
    """
    if standing.state not in ("equal", "ahead"):
        return standing
    words = begun()
    return replace(standing, state="unknown", half_done=words) if words else standing


def _pending(script: ScriptDirectory, heads: Sequence[str]) -> tuple[str, ...]:
    steps = script.revision_map.plan_upgrade(tuple(heads), "heads")
    return tuple(step.id for step in steps if step.id is not None)


def standings(config: Config) -> tuple[tuple[str, Standing], ...]:
    """How every database of a project stands. Nothing is written.

    :param config: the settings.
    :return: for each its address, without the password, and how it stands.
    """
    from limbeck.database.history_table import HistoryTable
    from limbeck.database.journal_table import JournalTable
    from limbeck.runtime.journal.presence import is_journal_there

    script = script_directory(config)
    found: list[tuple[str, Standing]] = []

    def look(heads: Any, context: MigrationContext) -> list[Any]:
        assert context.connection is not None
        table = HistoryTable(context.history_table, context.version_table_schema)

        def history() -> tuple[HistoryRow, ...] | None:
            with context.transactions.reading() as connection:
                return table.read(connection)

        address = context.connection.engine.url.render_as_string(hide_password=True)
        journal = JournalTable(context.version_table, context.version_table_schema)

        def begun() -> str:
            if not is_journal_there(context):
                return ""
            with context.transactions.reading() as connection:
                return journal.begun(connection)

        standing = after_journal(standing_of(script, heads, history), begun)
        found.append((address, standing))
        return []

    run_environment(config, script, look, dont_mutate=True)
    return tuple(found)
