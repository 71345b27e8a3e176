"""What a dialect answers when it is asked whether two constraints are the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple


class ComparisonResult(NamedTuple):
    """Whether a constraint of the models and one of the database are the same, and if not, why.

    A ``DefaultImpl`` makes it by :meth:`Equal`, :meth:`Different` or :meth:`Skip`.
    """

    status: Literal["equal", "different", "skip"]
    message: str

    @property
    def is_equal(self) -> bool:
        """Whether there is nothing to do."""
        return self.status == "equal"

    @property
    def is_different(self) -> bool:
        """Whether the constraint is to be dropped and made again."""
        return self.status == "different"

    @property
    def is_skip(self) -> bool:
        """Whether nobody can tell, so that nothing is done."""
        return self.status == "skip"

    @classmethod
    def Equal(cls) -> ComparisonResult:  # noqa: N802  # the name that dialects call
        """The two are the same."""
        return cls("equal", "The two constraints are equal")

    @classmethod
    def Different(cls, reason: str | Sequence[str]) -> ComparisonResult:  # noqa: N802  # as above
        """The two differ.

        :param reason: in what, for the log; there may be several.
        """
        return cls("different", _joined(reason))

    @classmethod
    def Skip(cls, reason: str | Sequence[str]) -> ComparisonResult:  # noqa: N802  # as above
        """The two cannot be compared.

        :param reason: why not, for the log; there may be several.
        """
        return cls("skip", _joined(reason))


def _joined(reason: str | Sequence[str]) -> str:
    return reason if isinstance(reason, str) else ", ".join(reason)
