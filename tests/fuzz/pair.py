"""What one example is."""

from __future__ import annotations

from dataclasses import dataclass

from tests.fuzz.model import Model
from tests.fuzz.source import HEADER, source_of


@dataclass(frozen=True)
class Pair:
    """A model, the same in other words, and the same changed."""

    before: Model
    respelled: Model
    after: Model

    def __repr__(self) -> str:
        return self.source()

    def source(self) -> str:
        """Python source of all three."""
        parts = [HEADER, "# before", source_of(self.before)]
        if self.respelled != self.before:
            parts += ["# the same", source_of(self.respelled)]
        return "\n".join([*parts, "# after", source_of(self.after)])
