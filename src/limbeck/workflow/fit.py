"""Whether the revision files fit what is applied, and what to say where they do not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from limbeck.errors import ConfigurationError, HistoryError
from limbeck.revisions.errors import listed
from limbeck.script.content import content_of
from limbeck.value import Value
from limbeck.workflow.environment import run_environment
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limbeck.config import Config
    from limbeck.revisions.history_row import HistoryRow
    from limbeck.revisions.linking import Graph
    from limbeck.revisions.mismatches import Fit, Mismatch
    from limbeck.runtime.migration import MigrationContext

POLICIES = ("refuse", "run", "ignore")
"""What becomes of revisions that were put in below an applied one, ``out_of_order``."""


class Applied(Value):
    """What is applied in a database whose history is known, and how the files fit.

    :param rows: each applied id with its row, None where no row knows it.
    :param heads: what the version table holds.
    :param fit: how the files fit.
    """

    rows: Mapping[str, HistoryRow | None]
    heads: tuple[str, ...]
    fit: Fit


def mismatches_of(config: Config) -> tuple[Mismatch, ...]:
    """What does not fit in any database of the project; nothing where no history is kept.

    Where the settings let revisions that were put in be run, or let them be, they fit.

    :param config: the settings.
    """
    return fit_of_project(config)[0]


def fit_of_project(config: Config) -> tuple[tuple[Mismatch, ...], tuple[HistoryRow, ...]]:
    """What does not fit in any database of the project, and what is applied beyond the files.

    :param config: the settings.
    """
    if not config.keeps_history:
        return (), ()
    script = script_directory(config)
    found: dict[Mismatch, None] = {}
    unknown: dict[HistoryRow, None] = {}
    kinds = counted_kinds(policy_of(config))

    def look(rows: Any, context: MigrationContext) -> list[Any]:
        applied = applied_in(context, rows)
        if applied is not None:
            found.update((each, None) for each in applied.fit.mismatches if each.kind in kinds)
            unknown.update((each, None) for each in applied.fit.unknown)
        return []

    run_environment(config, script, look, dont_mutate=True)
    return tuple(found), tuple(unknown)


def counted_kinds(policy: str) -> tuple[str, ...]:
    """The kinds of mismatches that count.

    :param policy: what becomes of revisions that were put in.
    """
    return ("edited", "moved", "deleted", *(("missing",) if policy == "refuse" else ()))


def facts_of(mismatches: Iterable[Mismatch]) -> list[dict[str, Any]]:
    """What does not fit, as plain values.

    :param mismatches: it.
    """
    return [
        {"kind": each.kind, "revision": each.revision, "words": words_of(each)}
        for each in mismatches
    ]


def applied_in(context: MigrationContext, heads: Collection[str]) -> Applied | None:
    """Read the history of a database, and compare it with the files.

    :param context: the database.
    :param heads: what the version table holds.
    :return: None where there is no history table, or none that explains the version table.
    """
    if context.history is None or context.script is None:
        return None
    state = context.history.recorded()
    if state is None:
        return None
    from limbeck.revisions.mismatches import fit_of

    graph = context.script.revision_map.graph
    rows = state.at(heads, graph)
    fit = fit_of(rows, heads, graph, edited_in(graph))
    return None if fit is None else Applied(rows, tuple(heads), fit)


def edited_in(graph: Graph) -> Callable[[HistoryRow], bool]:
    """What tells of a row whether the file of its revision does something else now.

    :param graph: the files.
    """

    def is_edited(row: HistoryRow) -> bool:
        revision = graph.by_id[row.revision or ""]
        file = getattr(revision, "file", None)
        if file is not None and file.checksum == row.file_checksum:
            return False  # also where neither has one, as of a compiled file
        content = content_of(revision)
        if content is None or row.file_checksum in (None, content.file_checksum):
            return False
        return content.checksum != row.checksum

    return is_edited


def policy_of(config: Config) -> str:
    """What becomes of revisions that were put in below an applied one.

    :param config: the settings.
    :raises ConfigurationError: the setting says something else.
    """
    policy = config.get_alembic_option("out_of_order") or "refuse"
    if policy not in POLICIES:
        raise ConfigurationError(
            f"out_of_order is {policy!r}", hint=f"it may be {listed(POLICIES)}"
        )
    return str(policy)


def refuse_mismatches(mismatches: Iterable[Mismatch]) -> None:
    """Refuse to go on where the files are not as they were applied.

    :param mismatches: what does not fit.
    :raises HistoryError: something does not.
    """
    found = tuple(mismatches)
    if not found:
        return
    first = words_of(found[0])
    if len(found) == 1:
        raise HistoryError(first, hint=_hint(found[0]))
    raise HistoryError(
        f"{len(found)} revisions are not as they were applied",
        hint=f"the first of them: {_hint(found[0])}",
        details=[words_of(each) for each in found],
    )


def words_of(mismatch: Mismatch) -> str:
    """What does not fit, in one line.

    :param mismatch: it.
    """
    name = f"revision {mismatch.revision}"
    when = ""
    if mismatch.row is not None:
        when = f" ({applied_words(mismatch.row)})"
    if mismatch.kind == "edited":
        return f"{name} was edited after it was applied{when}"
    if mismatch.kind == "deleted":
        return f"{name} is applied{when}, and its file is gone"
    if mismatch.kind == "missing":
        above = listed(mismatch.before)
        verb = "is" if len(mismatch.before) == 1 else "are"
        return f"{name} was never applied, and comes before {above}, which {verb}"
    then = listed(mismatch.before) or "nothing"
    return f"{name} followed {then} when it was applied{when}, and follows " + (
        listed(mismatch.after) or "nothing"
    )


def applied_words(row: HistoryRow) -> str:
    """When and by whom, as in ``2026-01-31 23:59 UTC by jane on build7``.

    :param row: the row of the history.
    """
    return f"{row.finished[:10]} {row.finished[11:16]} UTC by {row.who} on {row.host}"


def _hint(mismatch: Mismatch) -> str:
    id_ = mismatch.revision
    if mismatch.kind == "missing":
        return (
            "let it follow the head, or `limbeck upgrade head --allow-out-of-order` runs it now, "
            f"or --accept {id_} takes it as applied"
        )
    back = "bring the file back" if mismatch.kind == "deleted" else "restore the file"
    return f"{back}, or `limbeck upgrade head --accept {id_}` takes the files as they are"
