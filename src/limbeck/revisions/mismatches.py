"""Where the revision files do not fit what is applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from limbeck.revisions.walk import newest_first, reached
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from limbeck.revisions.history_row import HistoryRow
    from limbeck.revisions.linking import Graph

__all__ = ["Fit", "Mismatch", "fit_of"]

MismatchKind: TypeAlias = Literal["edited", "moved", "missing", "deleted"]
"""``moved``: it follows others than when it was applied; ``missing``: it was put in below."""

Rows: TypeAlias = Mapping[str, "HistoryRow | None"]


class Mismatch(Value, slots=True):
    """One revision that is not as it was applied.

    :param kind: in which way.
    :param revision: its id.
    :param row: what the history says of it, None of one that was never applied.
    :param before: what it followed, for ``moved``; what is applied above it, for ``missing``.
    :param after: what it follows now, for ``moved``.
    """

    kind: MismatchKind
    revision: str
    row: HistoryRow | None
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Fit(Value, slots=True):
    """How the files of a project fit what is applied.

    :param mismatches: what does not fit, oldest revision first.
    :param unknown: rows of applied revisions above all that the files know, oldest first: the
        database is ahead.
    :param heads: where the database would be without these.
    """

    mismatches: tuple[Mismatch, ...]
    unknown: tuple[HistoryRow, ...]
    heads: tuple[str, ...]

    def of(self, *kinds: MismatchKind) -> tuple[Mismatch, ...]:
        """The mismatches of some kinds."""
        return tuple(each for each in self.mismatches if each.kind in kinds)


def fit_of(
    rows: Rows, heads: Collection[str], graph: Graph, is_edited: Callable[[HistoryRow], bool]
) -> Fit | None:
    """Compare what is applied with the files.

    :param rows: what is applied, with the row of each; see :meth:`Recorded.at`.
    :param heads: what the version table holds.
    :param graph: the files.
    :param is_edited: whether the file of a row's revision does something else than it did then.
    :return: how they fit; None where an id is in neither, so that nothing can be told.
    """
    if any(row is None and id_ not in graph.by_id for id_, row in rows.items()):
        return None
    known = {id_ for id_ in rows if id_ in graph.by_id}
    gone = _below(known, rows) - graph.by_id.keys()
    ahead = rows.keys() - known - gone
    missing = reached(graph.all_parents, known) - known
    moved = _moved(known, rows, graph, missing, gone)
    found = [Mismatch("missing", id_, None, _above(graph, id_, known)) for id_ in missing]
    found += [Mismatch("deleted", id_, rows[id_]) for id_ in gone]
    found += moved
    for id_ in known:
        row = rows[id_]
        if row is not None and is_edited(row):
            found.append(Mismatch("edited", id_, row))
    order = _order(graph, rows) if len(found) > 1 else {}
    return Fit(
        tuple(sorted(found, key=lambda each: (order.get(each.revision, 0), each.kind))),
        tuple(sorted((row for id_ in ahead if (row := rows[id_])), key=lambda row: row.number)),
        _tops(graph, known) if ahead else tuple(heads),
    )


def _below(known: Iterable[str], rows: Rows) -> set[str]:
    """All ids that the rows have below some."""
    found: set[str] = set()
    waiting = list(known)
    while waiting:
        row = rows.get(waiting.pop())
        for parent in row.all_parents if row is not None else ():
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found & rows.keys()


def _moved(
    known: Iterable[str], rows: Rows, graph: Graph, missing: Collection[str], gone: Collection[str]
) -> list[Mismatch]:
    """The revisions that follow others than they did.

    What was put in between, or taken out, is a finding of its own, and explains the ones above it.
    """
    found = []
    for id_ in known:
        row = rows[id_]
        if row is None or set(row.all_parents) == set(graph.all_parents[id_]):
            continue
        then = _explained(row.all_parents, gone, lambda one: _parents(rows.get(one)))
        now = _explained(graph.all_parents[id_], missing, lambda one: graph.all_parents[one])
        if _without_implied(then & graph.by_id.keys(), graph) != _without_implied(now, graph):
            found.append(Mismatch("moved", id_, row, row.all_parents, graph.all_parents[id_]))
    return found


def _parents(row: HistoryRow | None) -> tuple[str, ...]:
    return () if row is None else row.all_parents


def _explained(
    ids: Iterable[str], between: Collection[str], before: Callable[[str], Iterable[str]]
) -> set[str]:
    """The ids, with what comes before them in the place of those in between."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = list(ids)
    while waiting:
        id_ = waiting.pop()
        if id_ in seen:
            continue
        seen.add(id_)
        if id_ in between:
            waiting += before(id_)
        else:
            found.add(id_)
    return found


def _without_implied(ids: set[str], graph: Graph) -> set[str]:
    if len(ids) < 2:
        return ids
    below = {id_: reached(graph.all_parents, (id_,)) - {id_} for id_ in ids}
    return {id_ for id_ in ids if not any(id_ in others for others in below.values())}


def _above(graph: Graph, id_: str, known: Collection[str]) -> tuple[str, ...]:
    """The applied revisions that come next after one that is not."""
    seen: set[str] = set()
    found: dict[str, None] = {}
    waiting = [id_]
    while waiting:
        for child in graph.all_children[waiting.pop()]:
            if child in known:
                found[child] = None
            elif child not in seen:
                seen.add(child)
                waiting.append(child)
    return tuple(sorted(found))


def _tops(graph: Graph, known: Collection[str]) -> tuple[str, ...]:
    return tuple(
        id_
        for id_ in graph.by_id
        if id_ in known and not any(child in known for child in graph.all_children[id_])
    )


def _order(graph: Graph, rows: Rows) -> dict[str, float]:
    """The places of the revisions: those of the files, and between them by when they were run."""
    order: dict[str, float] = {
        id_: place for place, id_ in enumerate(reversed(newest_first(graph, graph.by_id)))
    }
    for id_, row in rows.items():
        if id_ not in order and row is not None:
            below = [order[parent] for parent in row.all_parents if parent in order]
            order[id_] = max(below, default=-1.0) + 0.5
    return order
