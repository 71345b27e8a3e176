"""What the revision graph refuses.

::

    HistoryError
    └── RevisionError                      the graph refuses
        ├── RangeNotAncestorError          the two ends of a range are not related
        ├── MultipleHeads                  one head was meant and there are several
        ├── ResolutionError                a name stands for no revision, or for several
        │   └── UnknownRevision            a name stands for no revision
        ├── DuplicateRevision              two files carry one id
        ├── MissingRevision (KeyError)     a file names a parent that no file is
        └── CycleDetected                  a revision comes before itself
            ├── DependencyCycleDetected
            ├── LoopDetected
            └── DependencyLoopDetected
"""

from __future__ import annotations

from limbeck.errors import HistoryError
from limbeck.light_typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "CycleDetected",
    "DependencyCycleDetected",
    "DependencyLoopDetected",
    "DuplicateRevision",
    "LoopDetected",
    "MissingRevision",
    "MultipleHeads",
    "RangeNotAncestorError",
    "ResolutionError",
    "RevisionError",
    "UnknownRevision",
    "close_names",
    "did_you_mean",
    "listed",
    "not_text",
]


class RevisionError(HistoryError):
    """The revision graph cannot do what was asked."""


class RangeNotAncestorError(RevisionError):
    """The two ends of a range do not lie on one line.

    :param lower: the older end, as it was asked for.
    :param upper: the newer end, as it was asked for.
    """

    def __init__(self, lower: object, upper: object) -> None:
        self.lower = lower
        self.upper = upper
        super().__init__(
            f"Revision {_spoken(lower)} is not an ancestor of revision {_spoken(upper)}"
        )


class MultipleHeads(RevisionError):
    """One revision was meant, and there are several.

    :param heads: the ids of those that it could be.
    :param argument: the name that was asked for.
    """

    def __init__(self, heads: Sequence[str], argument: str | None) -> None:
        self.heads = tuple(heads)
        self.argument = argument
        super().__init__(
            f"Multiple heads are present for given argument '{argument}'; {listed(heads)}",
            hint=f"choose one of them, or all of them with 'heads'; "
            f"'limbeck merge heads' joins {len(self.heads)} heads into one",
        )


class ResolutionError(RevisionError):
    """A name stands for no revision, or for more than one.

    :param message: what is wrong with the name.
    :param argument: the name that was asked for.
    :param candidates: the ids that it could have meant.
    """

    def __init__(
        self,
        message: str,
        argument: str,
        *,
        hint: str | None = None,
        candidates: Iterable[str] = (),
    ) -> None:
        self.argument = argument
        self.candidates = tuple(candidates)
        super().__init__(message, hint=hint)


class UnknownRevision(ResolutionError):
    """A name stands for no revision."""


class DuplicateRevision(RevisionError):
    """Two revisions carry one id."""


class MissingRevision(RevisionError, KeyError):
    """A revision names a parent, or a dependency, that does not exist.

    A KeyError too, for that is what Alembic raises, and what programs catch.
    """

    __str__ = Exception.__str__  # a KeyError shows its message in quotation marks


class CycleDetected(RevisionError):
    """Revisions that each come before the other.

    :param revisions: the ids that form the circle.
    """

    kind: ClassVar[str] = "Cycle"

    def __init__(self, revisions: Sequence[str], *, details: Sequence[str] = ()) -> None:
        self.revisions = tuple(revisions)
        super().__init__(
            f"{self.kind} is detected in revisions ({listed(revisions)})",
            hint="change down_revision or depends_on in one of these files, "
            "so that none of them comes before itself",
            details=details[:6],
        )


class DependencyCycleDetected(CycleDetected):
    """A circle that closes through ``depends_on``."""

    kind = "Dependency cycle"


class LoopDetected(CycleDetected):
    """A revision that is its own parent."""

    kind = "Self-loop"


class DependencyLoopDetected(DependencyCycleDetected, LoopDetected):
    """A revision that depends on itself."""

    kind = "Dependency self-loop"


def not_text(names: object) -> RevisionError:
    """The refusal of what names no revision because it is no text."""
    return RevisionError(
        f"revision identifier {names!r} is not a string; "
        "ensure database driver settings are correct",
        hint="revisions are named by text; a driver that gives bytes has a setting for it",
    )


def listed(ids: Sequence[str], most: int = 12) -> str:
    """Ids with commas between them; of many only the first, so that a line stays a line.

    :param ids: the ids.
    :param most: at most so many.
    """
    return ", ".join(ids[:most]) + (f", … ({len(ids)} in all)" if len(ids) > most else "")


def close_names(name: str, known: Iterable[str], count: int = 3) -> tuple[str, ...]:
    """The known names that are most like this one.

    :param name: what was typed.
    :param known: the names that exist.
    :param count: at most so many.
    :return: the closest first; empty where none is close.
    """
    import difflib

    return tuple(difflib.get_close_matches(name, list(known), n=count, cutoff=0.6))


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The hint for a name that does not exist, or None where nothing is close."""
    close = close_names(name, known)
    return f"did you mean {' or '.join(close)}?" if close else None


def _spoken(end: object) -> str:
    if isinstance(end, (tuple, list, set, frozenset)):
        end = ", ".join(str(one) for one in end)
    return str(end or "base")
