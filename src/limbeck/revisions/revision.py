"""One revision and its place in the graph."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from limbeck.light_typing import TYPE_CHECKING
from limbeck.revisions.errors import DependencyLoopDetected, LoopDetected, RevisionError

if TYPE_CHECKING:
    from typing import TypeAlias

__all__ = ["OneOrMany", "Revision", "as_scalar", "as_tuple", "check_id"]

OneOrMany: TypeAlias = str | Collection[str] | None

#: These have a meaning in the names of revisions (``branch@symbol``, ``id+1``, ``a:b``).
ILLEGAL_CHARACTERS = frozenset("@-+:")
_NONE: frozenset[str] = frozenset()


def as_tuple(value: OneOrMany) -> tuple[str, ...]:
    """One, several or no ids as a tuple, each once, in the order given.

    :param value: an id, a collection of ids, or None.
    :return: the ids.
    """
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(value))
    return tuple(dict.fromkeys(value))


def as_scalar(value: OneOrMany) -> str | tuple[str, ...] | None:
    """None for no id, the id where there is one, a tuple where there are several."""
    if value is None or isinstance(value, str):
        return value
    ids = as_tuple(value)
    if not ids:
        return None
    return ids[0] if len(ids) == 1 else ids


def check_id(revision: object, places: Sequence[str] = ()) -> str:
    """Refuse what cannot be the id of a revision.

    :param revision: the proposed id.
    :param places: where it is written, as ``path:line``.
    :return: the same id.
    :raises RevisionError: it is not a string, is empty, or has characters with a meaning
        of their own in the names of revisions.
    """
    if not isinstance(revision, str):
        raise RevisionError(f"the revision identifier {revision!r} is not a string", details=places)
    if not revision:
        raise RevisionError("the revision identifier is empty", details=places)
    illegal = sorted(ILLEGAL_CHARACTERS.intersection(revision))
    if illegal:
        raise RevisionError(
            f"Character(s) '{', '.join(illegal)}' not allowed in revision identifier '{revision}'",
            hint="use letters, digits, '_' and '.' only",
            details=places,
        )
    return revision


class Revision:
    """One step of the history.

    The first four attributes are what the author wrote; the others are filled in when the
    revision is linked into a graph.

    :param revision: the id.
    :param down_revision: the id or ids that come right before, None for a base.
    :param dependencies: ids or branch labels that must have run before, on other branches.
    :param branch_labels: names for the branch that this revision belongs to.
    :raises RevisionError: the id cannot be one, or the revision comes before itself.
    """

    def __init__(
        self,
        revision: str,
        down_revision: OneOrMany,
        dependencies: OneOrMany = None,
        branch_labels: OneOrMany = None,
    ) -> None:
        if not (isinstance(revision, str) and revision.isalnum()):
            check_id(revision, self.places("revision"))
        self.revision = revision
        self.parents = as_tuple(down_revision)
        # Most have neither: of thousands, each call less is felt.
        self.required = () if dependencies is None else as_tuple(dependencies)
        self.labels = () if branch_labels is None else as_tuple(branch_labels)
        self.down_revision = as_scalar(down_revision)
        self.dependencies = None if dependencies is None else as_scalar(dependencies)
        if revision in self.parents:
            raise LoopDetected([revision], details=self.places("down_revision"))
        if revision in self.required:
            raise DependencyLoopDetected([revision], details=self.places("depends_on"))
        #: Ids of ``dependencies``, labels looked up.
        self.required_ids: tuple[str, ...] = ()
        #: The labels of every branch this revision is on, inherited ones too.
        self.branch_labels: set[str] = set(self.labels)
        #: Ids of the revisions whose ``down_revision`` this is.
        self.nextrev: frozenset[str] = _NONE
        #: The same, and of those that depend on this one.
        self.all_nextrev: frozenset[str] = _NONE

    @classmethod
    def verify_rev_id(cls, revision: str) -> None:
        """Refuse what cannot be the id of a revision; see :func:`check_id`."""
        check_id(revision)

    def places(self, *fields: str) -> tuple[str, ...]:
        """Where the author wrote these fields, as ``path:line``; nothing without a file."""
        return ()

    @property
    def all_parents(self) -> tuple[str, ...]:
        """Ids of the parents and of the revisions this one depends on."""
        if not self.required_ids:
            return self.parents
        return tuple(dict.fromkeys((*self.parents, *self.required_ids)))

    @property
    def is_head(self) -> bool:
        """Nothing comes after this revision on its line."""
        return not self.nextrev

    @property
    def is_effective_head(self) -> bool:
        """Nothing comes after this revision, and nothing depends on it."""
        return not self.all_nextrev

    @property
    def is_base(self) -> bool:
        """No revision comes before this one on its line."""
        return not self.parents

    @property
    def is_branch_point(self) -> bool:
        """More than one revision comes right after this one."""
        return len(self.nextrev) > 1

    @property
    def is_merge_point(self) -> bool:
        """More than one revision comes right before this one."""
        return len(self.parents) > 1

    def add_nextrev(self, revision: Revision) -> None:
        """Note that another revision comes after this one, or depends on it.

        :param revision: the later revision.
        """
        self.all_nextrev = self.all_nextrev | {revision.revision}
        if self.revision in revision.parents:
            self.nextrev = self.nextrev | {revision.revision}

    def __repr__(self) -> str:
        written: list[str] = [repr(self.revision), repr(self.down_revision)]
        if self.required:
            written.append(f"dependencies={self.dependencies!r}")
        if self.labels:
            written.append(f"branch_labels={as_scalar(self.labels)!r}")
        return f"{type(self).__name__}({', '.join(written)})"
