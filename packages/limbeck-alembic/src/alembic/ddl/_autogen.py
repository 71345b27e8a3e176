"""The answer of a dialect that compares two constraints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class ComparisonResult:
    """Whether two constraints are the same, and if not, why."""

    status: Literal["equal", "different", "skip"]
    message: str = ""

    @property
    def is_equal(self) -> bool:
        return self.status == "equal"

    @property
    def is_different(self) -> bool:
        return self.status == "different"

    @property
    def is_skip(self) -> bool:
        return self.status == "skip"

    @classmethod
    def Equal(cls) -> ComparisonResult:  # noqa: N802  # the name that dialects call
        return cls("equal")

    @classmethod
    def Different(cls, reason: str | Sequence[str]) -> ComparisonResult:  # noqa: N802  # as above
        return cls("different", reason if isinstance(reason, str) else "; ".join(reason))

    @classmethod
    def Skip(cls, reason: str | Sequence[str]) -> ComparisonResult:  # noqa: N802  # as above
        return cls("skip", reason if isinstance(reason, str) else "; ".join(reason))
