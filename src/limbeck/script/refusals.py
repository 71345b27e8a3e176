"""What the graph refuses, in the words of the question that was asked."""

from __future__ import annotations

from contextlib import contextmanager

from limbeck.errors import HistoryError
from limbeck.light_typing import TYPE_CHECKING
from limbeck.revisions.errors import (
    MultipleHeads,
    RangeNotAncestorError,
    UnknownRevision,
    listed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from limbeck.revisions.resolve import Names

__all__ = ["explained"]


@contextmanager
def explained(
    *,
    start: Names = None,
    end: Names = None,
    upgrade_to: Names = None,
    downgrade_to: Names = None,
    stamp: bool = False,
) -> Iterator[None]:
    """Reword what is refused within.

    :param start: the older end of the range that was asked for.
    :param end: the newer end of the range that was asked for.
    :param upgrade_to: where the upgrade was to go.
    :param downgrade_to: where the downgrade was to go.
    :param stamp: a revision was to be written down.
    :raises HistoryError: with the same hint, and the words of the question.
    """
    try:
        yield
    except UnknownRevision as error:
        raise HistoryError(
            f"Can't locate revision identified by '{error.argument}'", hint=error.hint
        ) from error
    except MultipleHeads as error:
        argument = error.argument
        raise HistoryError(
            "Multiple heads are present; please specify a single target revision"
            if stamp
            else f"Multiple head revisions are present for given argument '{argument}'; please "
            f"specify a specific target revision, '<branchname>@{argument}' to narrow to a "
            "specific head, or 'heads' for all heads",
            hint=f"the heads are {listed(error.heads)}; 'limbeck merge heads' joins them",
        ) from error
    except RangeNotAncestorError as error:
        if upgrade_to is not None or downgrade_to is not None:
            kind = "upgrade" if upgrade_to is not None else "downgrade"
            message = (
                f"Destination {upgrade_to or downgrade_to} is not a valid {kind} target "
                "from current head(s)"
            )
            hint = "it is not applied; 'limbeck current' says where the database is"
        else:
            message = (
                f"Requested range {start or 'base'}:{end or 'heads'} does not refer to "
                "ancestor/descendant revisions along the same branch"
            )
            hint = "'limbeck history' shows which revisions follow each other"
        raise HistoryError(message, hint=hint) from error
