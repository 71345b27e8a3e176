"""What came of a fleet: one value for each database, and the sum of them."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal, TypeAlias

from limbeck.database.secrets import without_passwords
from limbeck.errors import CommandError
from limbeck.project.user_frames import in_one_line, user_frames
from limbeck.value import Value

__all__ = ["FleetAnswer", "Outcome", "Problem", "State", "problem_of"]

State: TypeAlias = Literal[
    "done", "nothing",
    "equal", "behind", "ahead", "unknown",
    "alike", "different",
    "failed", "interrupted", "not_begun",
]  # fmt: skip
"""What became of a database, line by line: an upgrade, where it stands, the models.

``done``: revisions ran, and it is where it was to go; ``nothing``: it was there already.
"""

_INCOMPLETE = frozenset({"failed", "interrupted", "not_begun"})

INCOMPLETE_CODE = 13
"""The exit code where not every database was done."""
_FOUND_CODE = 1
_UNKNOWN_CODE = 8
_INTERNAL_CODE = 70


class Problem(Value, slots=True):
    """Why a database was not done, in plain values.

    :param message: one line.
    :param hint: what to do about it.
    :param details: further lines.
    :param exit_code: that of the command for this database alone.
    """

    message: str
    hint: str | None = None
    details: tuple[str, ...] = ()
    exit_code: int = 2

    def facts(self) -> dict[str, Any]:
        """The problem as plain values."""
        return {
            "exit_code": self.exit_code,
            "message": self.message,
            "hint": self.hint,
            "details": list(self.details),
        }


def problem_of(error: BaseException) -> Problem:
    """What is told of an error, without a password in it.

    :param error: what was raised.
    """
    if isinstance(error, CommandError):
        return Problem(
            without_passwords(error.message or type(error).__name__),
            without_passwords(error.hint) if error.hint else None,
            tuple(without_passwords(line) for line in error.details),
            error.exit_code,
        )
    frames = tuple(without_passwords(line) for line in user_frames(error))
    code = CommandError.exit_code if frames else _INTERNAL_CODE
    return Problem(without_passwords(in_one_line(error)), details=frames, exit_code=code)


class Outcome(Value, slots=True):
    """What came of one database.

    :param tenant: its name.
    :param address: its address, without the password.
    :param state: what became of it.
    :param heads: what its version table holds now; None where nobody knows.
    :param ran: the revisions that ran, in their order.
    :param pending: the revisions that it lacks, where it was asked.
    :param words: what differs from the models, or what else there is to know, a line each.
    :param problem: why it was not done.
    :param seconds: how long it took.
    """

    tenant: str
    address: str
    state: State
    heads: tuple[str, ...] | None = None
    ran: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    problem: Problem | None = None
    seconds: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Whether what was asked was carried out."""
        return self.state not in _INCOMPLETE

    def facts(self) -> dict[str, Any]:
        """The outcome as plain values."""
        return {
            "tenant": self.tenant,
            "address": self.address,
            "state": self.state,
            "heads": None if self.heads is None else list(self.heads),
            "ran": list(self.ran),
            "pending": list(self.pending),
            "words": list(self.words),
            "problem": None if self.problem is None else self.problem.facts(),
            "seconds": round(self.seconds, 3),
        }


class FleetAnswer(Value, slots=True):
    """What came of all databases, in the order of the source.

    :param command: what was asked.
    :param outcomes: one for each.
    :param seconds: how long it took.
    :param signal: 130 or 143 where a signal has ended it.
    """

    command: str
    outcomes: tuple[Outcome, ...]
    seconds: float = 0.0
    signal: int | None = None

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Those that were not done, and those that were not begun."""
        return tuple(each for each in self.outcomes if not each.is_complete)

    @property
    def counts(self) -> dict[State, int]:
        """How many there are of each state, the most frequent first."""
        return dict(Counter(each.state for each in self.outcomes).most_common())

    @property
    def places(self) -> dict[tuple[str, ...] | None, int]:
        """How many databases are at which revisions, the most frequent first."""
        return dict(Counter(each.heads for each in self.outcomes).most_common())

    def exit_code(self, *, is_check: bool = True) -> int:
        """With what the command line ends: 0 where all are as they should be.

        :param is_check: it counts where a database stands, and what differs.
        """
        if self.signal is not None:
            return self.signal
        states = {each.state for each in self.outcomes}
        if states & _INCOMPLETE:
            return INCOMPLETE_CODE
        if not is_check:
            return 0
        if "unknown" in states:
            return _UNKNOWN_CODE
        return _FOUND_CODE if states & {"behind", "different"} else 0

    def facts(self) -> dict[str, Any]:
        """The answer as plain values."""
        return {
            "command": self.command,
            "total": len(self.outcomes),
            "states": dict(self.counts),
            "revisions": [
                {"heads": None if heads is None else list(heads), "databases": count}
                for heads, count in self.places.items()
            ],
            "seconds": round(self.seconds, 3),
            "databases": [each.facts() for each in self.outcomes],
        }
