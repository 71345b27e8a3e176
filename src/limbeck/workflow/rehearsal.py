"""What came of rehearsing a revision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.database.moments import Moment

Kind = Literal["fail", "kill"]
Way = Literal["on", "back"]

_KINDS: dict[Kind, str] = {"fail": "with a failure", "kill": "killed"}
_MOST_LINES = 6


class Attempt(Value):
    """One interruption of a revision, and what follows it.

    :param kind: whether a statement fails, or the process is killed.
    :param moment: when.
    :param way: whether the same command goes on afterwards, or ``repair --undo`` takes back.
    """

    kind: Kind
    moment: Moment
    way: Way = "on"

    @property
    def words(self) -> str:
        """The interruption for people."""
        if self.kind == "fail":
            return f"with a failure in place of {self.moment.words.partition(' ')[2]}"
        return f"killed {self.moment.words}"


class Defect(Value):
    """What a revision does otherwise after it was interrupted.

    :param attempt: how it was interrupted.
    :param what: what is wrong, as ``after it went on, the result is another one``.
    :param lines: what differs, or what failed.
    """

    attempt: Attempt
    what: str
    lines: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """The defect as plain values."""
        moment = self.attempt.moment
        return {
            "kind": self.attempt.kind,
            "moment": moment.number,
            "when": moment.when,
            "sql": moment.sql,
            "words": self.attempt.words,
            "what": self.what,
            "lines": list(self.lines),
        }


@dataclass
class Rehearsal:
    """What came of rehearsing one revision.

    :param revision: its id.
    :param message: what its file says that it is.
    :param engine: the database, as in ``postgresql 15``.
    :param reason: why it could not be rehearsed, None where it was.
    :param moments: how many moments it has.
    :param chosen: how many interruptions were tried.
    :param possible: how many there could be.
    :param not_reached: how many of these runs came to an end before, as they ran otherwise.
    :param went_on: after how many the same command came to the result of a clean run.
    :param taken_back: after how many ``repair --undo`` came to the state before.
    :param left_nothing: how many left nothing of the revision in the database.
    :param not_resumable: reasons why it is not resumable, with how many interruptions had each.
    :param not_undoable: the same for why it cannot be undone.
    :param defects: what was otherwise.
    :param remarks: what else a person should know.
    """

    revision: str
    message: str = ""
    engine: str = ""
    reason: str | None = None
    moments: int = 0
    chosen: int = 0
    possible: int = 0
    not_reached: int = 0
    went_on: int = 0
    taken_back: int = 0
    left_nothing: int = 0
    not_resumable: Counter[str] = field(default_factory=Counter)
    not_undoable: Counter[str] = field(default_factory=Counter)
    defects: list[Defect] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """What came of it, in a word or two."""
        if self.reason is not None:
            return "not rehearsed"
        return "defective" if self.defects else "rehearsed"

    def facts(self) -> dict[str, Any]:
        """The rehearsal as plain values."""
        return {
            "revision": self.revision,
            "message": self.message,
            "outcome": self.outcome.replace(" ", "_"),
            "database": self.engine or None,
            "reason": self.reason,
            "moments": self.moments,
            "interruptions": {"possible": self.possible, "tried": self.chosen},
            "not_reached": self.not_reached,
            "went_on": self.went_on,
            "left_nothing": self.left_nothing,
            "taken_back": self.taken_back,
            "not_resumable": dict(self.not_resumable),
            "not_undoable": dict(self.not_undoable),
            "defects": [defect.facts() for defect in self.defects],
            "remarks": list(self.remarks),
        }

    def lines(self) -> Iterator[str]:
        """The rehearsal in words; the first line says what came of it."""
        title = f"{self.revision} {self.message}".strip()
        where = f" on {self.engine}" if self.engine else ""
        yield f"{title}: {self.outcome}{where}{self._counts}"
        if self.reason is not None:
            yield f"  {self.reason}"
        for words, reasons in (
            ("not resumable", self.not_resumable),
            ("cannot be undone", self.not_undoable),
        ):
            for reason, count in reasons.most_common():
                yield f"  {words} {_times(count)}: {reason}"
        yield from (f"  {remark}" for remark in self.remarks)
        yield from self._defect_lines()

    def _defect_lines(self) -> Iterator[str]:
        """One defect of each kind in full, and when else there was the like."""
        for what in dict.fromkeys(defect.what for defect in self.defects):
            first, *others = (defect for defect in self.defects if defect.what == what)
            yield f"  {first.attempt.words}: {what}"
            yield from (f"    {line}" for line in first.lines[:_MOST_LINES])
            yield f"    to try it again: {self.command(first.attempt)}"
            for kind, words in _KINDS.items():
                like = [each.attempt for each in others if each.attempt.kind == kind]
                if like:
                    numbers = ", ".join(str(each.moment.number) for each in like)
                    several = "moments" if len(like) > 1 else "moment"
                    yield f"    the like {words} at {several} {numbers}"

    def command(self, attempt: Attempt) -> str:
        """The command that tries one interruption again.

        :param attempt: the interruption.
        """
        moment = attempt.moment.number
        return f"limbeck rehearse {self.revision} --only {attempt.kind} --moment {moment}"

    @property
    def _counts(self) -> str:
        if self.reason is not None:
            return ""
        share = f"{self.chosen} interruptions"
        if self.chosen < self.possible:
            share = f"{self.chosen} of {self.possible} interruptions, at equal distances"
        told = [share, f"went on {_times(self.went_on)}"]
        if self.not_reached:
            told.append(f"{self.not_reached} not reached, as it ran otherwise")
        if self.left_nothing:
            told.append(f"{self.left_nothing} left nothing behind")
        if self.taken_back:
            told.append(f"taken back {_times(self.taken_back)}")
        return f" ({'; '.join(told)})"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
