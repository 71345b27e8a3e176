"""Where a command goes, though somebody else may move the database while it waits its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.errors import HistoryError
from limbeck.workflow.names import is_relative

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from limbeck.revisions.step import PlanStep


class Destination:
    """A name that means the same at the end of the wait as it did at its beginning.

    ``+1`` is said with the database of that moment in mind: when ten deployers say it together, one
    revision is meant, and not ten.

    :param name: what was typed.
    :param plan: ``(name, rows)``: the steps from some rows of the version table.
    """

    def __init__(self, name: str, plan: Callable[[Any, Any], list[PlanStep]]) -> None:
        self._name = name
        self._plan = plan
        self._meant: dict[int, tuple[tuple[str, ...], frozenset[object]]] = {}

    def steps(self, rows: Iterable[str], context: object) -> list[PlanStep]:
        """The steps from where the database of a context is.

        :param rows: the ids in its version table.
        :param context: the context, which asks again where its database was moved meanwhile.
        :raises HistoryError: what was meant cannot be said any more.
        """
        if not is_relative(self._name):
            return self._plan(self._name, rows)
        known = self._meant.get(id(context))
        if known is None:
            steps = self._plan(self._name, rows)
            places = tuple(sorted(reached_by(rows, steps)))
            self._meant[id(context)] = (places, frozenset(step.id for step in steps))
            return steps
        meant, ids = known
        if len(meant) > 1:
            raise self._refusal("may mean another revision now")
        steps = self._plan(meant[0] if meant else "base", rows)
        if not ids.issuperset(step.id for step in steps):
            # nobody has asked to take back what was applied meanwhile
            raise self._refusal("would do more than was asked for now")
        return steps

    def _refusal(self, words: str) -> HistoryError:
        return HistoryError(
            f"another deployer has moved the database, and '{self._name}' {words}",
            hint="look at `limbeck current`, and name the revision by its id",
        )


def reached_by(rows: Iterable[str], steps: Iterable[PlanStep]) -> frozenset[str]:
    """What the version table holds after some steps.

    :param rows: what it holds before.
    :param steps: the steps.
    """
    reached = frozenset(rows)
    for step in steps:
        reached = step.rows.applied_to(reached)
    return reached
