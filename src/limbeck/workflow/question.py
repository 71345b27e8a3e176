"""The questions about models, history and database as values, and their answers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from limbeck.errors import CheckFailed, CommandError, HistoryError
from limbeck.render.words import Sides
from limbeck.value import Value

__all__ = [
    "DATABASE",
    "DRIFT",
    "HISTORY",
    "MODELS",
    "QUESTIONS",
    "SEVERAL",
    "Finding",
    "Question",
    "code_of_check",
    "exit_code_of",
]


class Question(Value):
    """Whether two things are alike.

    :param name: for programs.
    :param sides: the two things.
    :param exit_code: with which the command line ends where they differ.
    :param hint: what to do then.
    """

    name: str
    sides: Sides
    exit_code: int
    hint: str

    @property
    def title(self) -> str:
        """The two things in a few words, as in ``models and history``."""
        return f"{self.sides.after} and {self.sides.before}".replace("the ", "")


MODELS = Question(
    "models",
    Sides("the history", "the models"),
    9,
    "`limbeck revision --autogenerate --from-history` writes them down",
)
DRIFT = Question(
    "drift",
    Sides("the database", "the history"),
    10,
    "change the database back, or write a revision that does the same, and stamp it there",
)
DATABASE = Question(
    "database",
    Sides("the database", "the models"),
    CheckFailed.exit_code,
    "`limbeck revision --autogenerate` writes them down",
)
HISTORY = Question(
    "history",
    Sides("what was applied", "the revision files"),
    HistoryError.exit_code,
    "restore the files, or `limbeck upgrade head --accept REVISION` takes one as it is now",
)
QUESTIONS = (MODELS, DRIFT, DATABASE, HISTORY)
"""In the order in which they are told."""

SEVERAL = 12
"""The exit code where the answers to several questions are that things differ."""


class Finding(Value):
    """The answer to a question.

    :param question: the question.
    :param words: a line for each difference; empty where the two are alike.
    :param values: the same as plain values.
    :param left_alone: what is in the database and no revision has made; it is no difference.
    :param revisions: the revisions for which the history is taken; None where it is not asked.
    :param notes: what a person should know about the comparison.
    :param problem: why there is no answer, or None.
    """

    question: Question
    words: tuple[str, ...] = ()
    values: tuple[dict[str, Any], ...] = ()
    left_alone: tuple[str, ...] = ()
    revisions: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    problem: CommandError | None = None

    @property
    def is_alike(self) -> bool | None:
        """Whether the two are alike; None where nobody knows."""
        return None if self.problem is not None else not self.words

    def facts(self) -> dict[str, Any]:
        """The answer as plain values."""
        return {
            "question": self.question.name,
            "is_alike": self.is_alike,
            "differences": list(self.values),
            "left_alone": list(self.left_alone),
            "revisions": None if self.revisions is None else list(self.revisions),
            "notes": list(self.notes),
            "problem": None if self.problem is None else self.problem.message,
        }


def exit_code_of(findings: Iterable[Finding]) -> int:
    """With what the command line ends.

    :param findings: the answers.
    :returns: 0 where all are alike; the code of the question where one is not, :data:`SEVERAL`
        where several are not; and where nothing differs as far as is known, the code of the first
        reason for not knowing.
    """
    findings = tuple(findings)
    codes = [each.question.exit_code for each in findings if each.words]
    if codes:
        return codes[0] if len(codes) == 1 else SEVERAL
    return next((each.problem.exit_code for each in findings if each.problem is not None), 0)


def code_of_check(differs: bool, does_not_fit: bool) -> int:
    """With what a check of the models and the database ends.

    :param differs: they differ.
    :param does_not_fit: revisions are not as they were applied.
    """
    if differs and does_not_fit:
        return SEVERAL
    return DATABASE.exit_code if differs else HISTORY.exit_code if does_not_fit else 0
