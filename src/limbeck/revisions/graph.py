"""The whole graph behind one object, with the names that Alembic documents."""

from __future__ import annotations

from limbeck.light_typing import TYPE_CHECKING, ClassVar, TypeVar
from limbeck.revisions.linking import Graph, link
from limbeck.revisions.names import parse_name
from limbeck.revisions.ranges import between, missing, single_head, tops
from limbeck.revisions.resolve import Names, Resolver
from limbeck.revisions.revision import Revision
from limbeck.revisions.walk import reached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from limbeck.revisions.step import PlanStep

__all__ = ["Revision", "RevisionMap"]

Target = TypeVar("Target", bound="Revision | str")


class RevisionMap:
    """Every revision of a history, linked when the first question is asked.

    :param generator: called once; gives the revisions in any order.
    """

    #: Whether a stamp writes a row for each destination, also for one that another implies.
    stamps_as_given: ClassVar[bool] = False

    def __init__(self, generator: Callable[[], Iterable[Revision]]) -> None:
        self._generator = generator
        self._resolver: Resolver | None = None

    # The graph ------------------------------------------------------------------------

    @property
    def resolver(self) -> Resolver:
        """Looks names up in the linked graph.

        :raises RevisionError: the revisions do not form a history.
        """
        if self._resolver is None:
            self._take(link(self._generator()))
        assert self._resolver is not None
        return self._resolver

    def _take(self, graph: Graph) -> None:
        """Go on with another graph."""
        self._resolver = Resolver(graph)

    @property
    def graph(self) -> Graph:
        """The linked revisions."""
        return self.resolver.graph

    @property
    def heads(self) -> tuple[str, ...]:
        """Ids after which nothing comes on their line."""
        return self.graph.heads

    @property
    def effective_heads(self) -> tuple[str, ...]:
        """Ids after which nothing comes and on which nothing depends."""
        return self.graph.effective_heads

    @property
    def bases(self) -> tuple[str, ...]:
        """Ids before which nothing comes on their line."""
        return self.graph.bases

    def __iter__(self) -> Iterator[Revision]:
        return iter(self.graph.by_id.values())

    def __len__(self) -> int:
        return len(self.graph.by_id)

    def add_revision(self, revision: Revision, _replace: bool = False) -> None:
        """Put one more revision into the history.

        :param revision: the revision.
        :param _replace: take the place of a revision of the same id.
        :raises RevisionError: it does not fit; the history stays as it was.
        """
        before = dict(self.graph.by_id)
        if _replace and revision.revision not in before:
            raise KeyError(f"revision {revision.revision} not in map")
        candidates = dict(before)
        added: Iterable[Revision]
        if _replace:
            candidates[revision.revision] = revision
            added = candidates.values()
        else:
            added = (*before.values(), revision)
        try:
            graph = link(added)
        except BaseException:
            link(before.values())  # put the places back that the attempt has written
            raise
        self._take(graph)

    # Names ----------------------------------------------------------------------------

    def get_revisions(self, id_: Names) -> tuple[Revision, ...]:
        """The revisions that words stand for.

        :param id_: an id or the beginning of one, a label, ``head``, ``heads``, ``base``,
            each with a branch and steps if wanted, or several of these.
        :return: the revisions; empty for ``base``.
        :raises RevisionError: a word stands for nothing, or is ambiguous.
        """
        return self.resolver.revisions(self.resolver.each(id_))

    def get_revision(self, id_: Names) -> Revision | None:
        """The one revision that a word stands for, None for ``base``.

        :param id_: see :meth:`get_revisions`.
        :raises MultipleHeads: the word stands for several.
        """
        found = self.resolver.single(id_)
        return None if found is None else self.graph.by_id[found]

    def get_current_head(self, branch_label: str | None = None) -> str | None:
        """The id of the head, None in an empty history.

        :param branch_label: the head of this branch.
        :raises MultipleHeads: there are several.
        """
        return single_head(self.resolver, branch_label)

    def get_all_current(self, ids: Names) -> tuple[Revision, ...]:
        """The newest applied revision of every line.

        :param ids: what the version table holds, which leaves out what others depend on.
        """
        applied = reached(self.graph.all_parents, self.resolver.rows(ids))
        return self.resolver.revisions(tops(self.graph, applied))

    def filter_for_lineage(
        self,
        targets: Iterable[Target],
        check_against: str | None,
        include_dependencies: bool = False,
    ) -> tuple[Target, ...]:
        """Those of the revisions that are on the line of another.

        :param targets: revisions or ids.
        :param check_against: a word for the other revision; the line of its branch counts too,
            as in ``branch@head``. None and ``base`` keep all.
        :param include_dependencies: what depends on another is on its line too.
        :returns: what was given, as far as it is on that line.
        :raises RevisionError: a word stands for nothing.
        """
        if check_against is None:
            return tuple(targets)
        branch = parse_name(check_against).branch
        anchors = {*self.resolver.many(check_against), *self.resolver.many(branch)}
        if not anchors:
            return tuple(targets)
        graph = self.graph
        down = graph.all_parents if include_dependencies else graph.parents
        up = graph.all_children if include_dependencies else graph.children
        lineage = reached(down, anchors) | reached(up, anchors)
        return tuple(one for one in targets if self._id_of(one) in lineage)

    def _id_of(self, target: Revision | str) -> str:
        return target.revision if isinstance(target, Revision) else self.resolver.one(target)

    # Ranges and plans -----------------------------------------------------------------

    def iterate_revisions(
        self,
        upper: Names,
        lower: Names,
        implicit_base: bool = False,
        inclusive: bool = False,
        assert_relative_length: bool = True,
        select_for_downgrade: bool = False,
    ) -> Iterator[Revision]:
        """The revisions of a range, newest first.

        :param upper: the newer end.
        :param lower: the older end, not part of the range itself.
        :param implicit_base: take all that the upper end needs and the lower has not, also
            where the two are unrelated: what an upgrade runs.
        :param inclusive: the lower end is part of the range.
        :param assert_relative_length: a relative end that leads out of the history is
            an error; otherwise the range ends where the history does.
        :param select_for_downgrade: take what goes when the lower end is downgraded to.
        :raises RevisionError: the ends are unrelated, or a word stands for nothing; when
            the first revision is asked for.
        """
        resolver = self.resolver
        if select_for_downgrade:
            from limbeck.revisions.plan import undone

            found = undone(resolver, upper, lower, inclusive=inclusive, unrelated=implicit_base)
        else:
            find = missing if implicit_base else between
            to_the_end = not assert_relative_length
            found = find(resolver, upper, lower, inclusive=inclusive, to_the_end=to_the_end)
        yield from resolver.revisions(found)

    def plan_upgrade(self, heads: Names, destination: Names) -> tuple[PlanStep, ...]:
        """The way up; see :func:`limbeck.revisions.plan.plan_upgrade`."""
        from limbeck.revisions.plan import plan_upgrade

        return plan_upgrade(self.resolver, heads, destination)

    def plan_downgrade(self, heads: Names, destination: Names) -> tuple[PlanStep, ...]:
        """The way down; see :func:`limbeck.revisions.plan.plan_downgrade`."""
        from limbeck.revisions.plan import plan_downgrade

        return plan_downgrade(self.resolver, heads, destination)

    def plan_stamp(self, heads: Names, destination: Names) -> tuple[PlanStep, ...]:
        """The rows to write; see :func:`limbeck.revisions.stamp.plan_stamp`."""
        from limbeck.revisions.stamp import plan_stamp

        return plan_stamp(self.resolver, heads, destination, as_given=self.stamps_as_given)
