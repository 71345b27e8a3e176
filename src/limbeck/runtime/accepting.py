"""Rows that take the files as they are now: what was edited, moved, put in or taken out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.revisions.walk import reached

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy import Connection

    from limbeck.revisions.history_row import HistoryRow
    from limbeck.revisions.linking import Graph
    from limbeck.revisions.mismatches import Mismatch
    from limbeck.runtime.history import History

__all__ = ["accept", "relinked"]


def accept(
    history: History,
    mismatches: Iterable[Mismatch],
    rows: Mapping[str, HistoryRow | None],
    graph: Graph,
    heads: Collection[str],
) -> None:
    """Write into the history that revisions are right as they are.

    :param history: the history.
    :param mismatches: what does not fit.
    :param rows: what is applied.
    :param graph: the files.
    :param heads: what the version table holds.
    """
    applied = {id_: row for id_, row in rows.items() if row is not None}
    context = history.context
    with context.deployment.taken(), context.transactions.changing() as connection:
        for mismatch in mismatches:
            id_ = mismatch.revision
            if mismatch.kind == "deleted":
                forgotten = history.row(None, "forget", heads, outcome="accepted")
                new = [replace(forgotten, revision=id_)]
                new += _without(history, connection, applied, id_, heads)
            else:
                new = [history.row(graph.by_id[id_], "accept", heads, outcome="accepted")]
                if mismatch.kind == "missing":
                    new += relinked(history, connection, id_, graph, applied, heads)
            history.add(new, heads)
            applied.update((row.revision, row) for row in new if row.revision is not None)
            if mismatch.kind == "deleted":
                del applied[id_]
        tops = _tops(applied, graph)
        if tops != frozenset(heads):
            history.move(connection, heads, tops)


def _tops(applied: Mapping[str, HistoryRow], graph: Graph) -> frozenset[str]:
    """What the version table has to hold: the applied revisions that no other one is above of."""
    below: set[str] = set()
    for id_, row in applied.items():
        edges = graph.all_parents.get(id_, row.all_parents)
        below |= reached(graph.all_parents, (one for one in edges if one in graph.by_id))
        below.update(edges)
    return frozenset(applied.keys() - below)


def relinked(
    history: History,
    connection: Connection,
    id_: str,
    graph: Graph,
    applied: Mapping[str, HistoryRow],
    heads: Collection[str],
) -> list[HistoryRow]:
    """Rows for what follows a revision in the files that was put in below it.

    :param history: the history.
    :param connection: the connection.
    :param id_: the revision.
    :param graph: the files.
    :param applied: what is applied.
    :param heads: what the version table holds.
    """
    here = {*applied, id_}
    found = {}
    for child in _next_above(graph, id_, here):
        row, revision = applied[child], graph.by_id[child]
        found[child] = replace(
            row,
            parents=_nearest(graph, revision.parents, here),
            requires=_nearest(graph, revision.required_ids, here),
        )
    return _again(history, connection, found, heads)


def _next_above(graph: Graph, id_: str, applied: Collection[str]) -> set[str]:
    """The applied revisions above one, with none that is applied in between."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [id_]
    while waiting:
        for child in graph.all_children[waiting.pop()]:
            if child in applied:
                found.add(child)
            elif child not in seen:
                seen.add(child)
                waiting.append(child)
    return found


def _nearest(graph: Graph, ids: Iterable[str], applied: Collection[str]) -> tuple[str, ...]:
    """The ids, with what comes before them in the place of those that are not applied."""
    found: dict[str, None] = {}
    waiting = list(ids)
    while waiting:
        id_ = waiting.pop(0)
        if id_ in applied:
            found[id_] = None
        else:
            waiting += graph.all_parents[id_]
    return tuple(found)


def _without(
    history: History,
    connection: Connection,
    applied: Mapping[str, HistoryRow],
    id_: str,
    heads: Collection[str],
) -> list[HistoryRow]:
    """Rows for what followed a revision that is gone: it follows now what came before that."""
    gone = applied[id_]
    found = {
        child: replace(
            row,
            parents=_replaced(row.parents, id_, gone.parents),
            requires=_replaced(row.requires, id_, gone.all_parents),
        )
        for child, row in applied.items()
        if id_ in row.all_parents
    }
    return _again(history, connection, found, heads)


def _replaced(ids: tuple[str, ...], gone: str, before: tuple[str, ...]) -> tuple[str, ...]:
    found = [one for id_ in ids for one in (before if id_ == gone else (id_,))]
    return tuple(dict.fromkeys(found))


def _again(
    history: History,
    connection: Connection,
    rows: Mapping[str, HistoryRow],
    heads: Collection[str],
) -> list[HistoryRow]:
    """Rows that say the same of the files as others did, at this moment."""
    sources = history.table.sources(connection, [row.number for row in rows.values()])
    now = history.row(None, "accept", heads, outcome="accepted")
    return [
        replace(
            now,
            revision=row.revision,
            parents=row.parents,
            requires=row.requires,
            checksum=row.checksum,
            file_checksum=row.file_checksum,
            source=sources.get(row.number, row.source),
        )
        for row in rows.values()
    ]
