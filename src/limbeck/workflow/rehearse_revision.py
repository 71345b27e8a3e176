"""One revision, interrupted at its moments on a scratch database.

It runs twice without an interruption first: the first time says what there has to be in the end,
and what the two do not agree on (times, random ids, numbers of a sequence) is looked at no
further. Then, for each interruption: the scratch database is brought back to the start, the
revision is interrupted, and the same command goes on. Where something of it was left in the
database, it is interrupted there once more, and taken back.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from limbeck.database.kept_scratch import kept
from limbeck.database.killed_process import can_kill, killed_at
from limbeck.database.moments import Moment, Moments, let_fail
from limbeck.database.sample_rows import fill
from limbeck.errors import CommandError, NotResumable, RevisionFailed, ScratchUnavailable
from limbeck.facts.own_tables import JOURNAL
from limbeck.value import Value
from limbeck.workflow.interrupted import state_in
from limbeck.workflow.proof_rows import touched
from limbeck.workflow.rehearsal import Attempt, Defect, Kind, Rehearsal
from limbeck.workflow.rehearsed_state import RehearsedState, advance_counters, state_of
from limbeck.workflow.repair import undo_in

if TYPE_CHECKING:
    from limbeck.facts.objects import SchemaFact, TableKey
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import Script
    from limbeck.workflow.interrupted import Interrupted
    from limbeck.workflow.replay import Replay

_UNTIL_TIMES_DIFFER = 1.1
"""Seconds between two clean runs: CURRENT_TIMESTAMP counts whole ones on some databases."""
_NOTHING_ELSE = "after it went on, the result is not that of a clean run"


class Wanted(Value):
    """Which interruptions are to be tried.

    :param only: only this kind.
    :param moment: only this moment.
    :param at_most: how many, 0 for all.
    """

    only: Kind | None = None
    moment: int | None = None
    at_most: int = 0

    def attempts(self, moments: list[Moment]) -> list[Attempt]:
        """Every interruption that is meant."""
        found = [
            Attempt(kind, moment)
            for moment in moments
            for kind in _kinds(moment)
            if self.moment in (None, moment.number) and self.only in (None, kind)
        ]
        return found if can_kill() else [each for each in found if each.kind == "fail"]

    def chosen(self, attempts: list[Attempt]) -> list[Attempt]:
        """Those that are tried, at equal distances."""
        if not self.at_most or len(attempts) <= self.at_most:
            return attempts
        share = len(attempts) / self.at_most
        return [attempts[int((number + 0.5) * share)] for number in range(self.at_most)]


def _kinds(moment: Moment) -> tuple[Kind, ...]:
    # Where the database refuses the journal's table, none is kept, which is said at each run.
    is_journal = moment.sql.lstrip().startswith(f"CREATE TABLE {JOURNAL}")
    return ("kill",) if moment.when != "before" or is_journal else ("fail", "kill")


def rehearse_revision(
    replay: Replay,
    script: Script,
    engine: str,
    wanted: Wanted,
    estimate: Callable[[str, int, float], None] | None = None,
) -> Rehearsal:
    """Rehearse one revision.

    :param replay: an empty scratch database.
    :param script: the revision.
    :param engine: what the database is called.
    :param wanted: which interruptions are tried.
    :param estimate: hears how many there are, and how long they take.
    """
    rehearsal = Rehearsal(script.revision, script.doc, engine)
    try:
        _Rehearser(replay, script, rehearsal, wanted, estimate).rehearse()
    except RevisionFailed as error:
        rehearsal.reason = f"it does not run on a scratch database: {error.message}"
    except ScratchUnavailable as error:
        rehearsal.reason = error.message
    return rehearsal


class _Rehearser:
    def __init__(
        self,
        replay: Replay,
        script: Script,
        rehearsal: Rehearsal,
        wanted: Wanted,
        estimate: Callable[[str, int, float], None] | None,
    ) -> None:
        self.replay = replay
        self.script = script
        self.rehearsal = rehearsal
        self.wanted = wanted
        self.estimate = estimate
        self.odd: bool | None = None
        self.parent: SchemaFact
        self.keys: frozenset[TableKey] = frozenset()
        self.put_back: Callable[[], None] | None = None

    def rehearse(self) -> None:
        """The clean runs, then the interruptions."""
        self._learn()
        self._to_start()
        before = state_of(self.replay)
        moments = Moments()
        with moments.watched():
            self._upgrade()
        clean = state_of(self.replay)
        self._to_start()
        before = before.agreed(state_of(self.replay))
        advance_counters(self.replay)
        time.sleep(_UNTIL_TIMES_DIFFER)
        self._upgrade()
        clean = clean.agreed(state_of(self.replay), before)
        if clean.left_out:
            self.rehearsal.remarks.append(
                f"not compared, as two clean runs differ there: {', '.join(clean.left_out)}"
            )
        attempts = self._attempts(moments.seen)
        for number, attempt in enumerate(attempts):
            began = time.monotonic()
            self._try(attempt, before, clean)
            if number == 0 and self.estimate is not None:
                seconds = (time.monotonic() - began) * len(attempts)
                self.estimate(self.script.revision, len(attempts), seconds)

    def _attempts(self, moments: list[Moment]) -> list[Attempt]:
        possible = self.wanted.attempts(moments)
        chosen = self.wanted.chosen(possible)
        rehearsal = self.rehearsal
        rehearsal.moments = len(moments)
        rehearsal.possible, rehearsal.chosen = len(possible), len(chosen)
        if not chosen:
            rehearsal.reason = f"there is no such moment: it has {len(moments)}"
        if not can_kill():
            rehearsal.remarks.append("nothing was killed: this system forks no processes")
        return chosen

    # The start

    def _learn(self) -> None:
        """Find the rows with which the revision runs: odd ones, plain ones, or none."""
        self.replay.to_parent(self.script)
        self.parent = self.replay.facts()
        self._upgrade()
        self.keys = touched(self.script, self.parent, self.replay.facts())
        if not self.keys:
            return
        for odd in (True, False):
            self.odd = odd
            self._to_start(keeps=False)
            try:
                self._upgrade()
            except RevisionFailed:
                continue
            return
        self.odd = None
        self.rehearsal.remarks.append("with empty tables: it fails as soon as there are rows")

    def _to_start(self, *, keeps: bool = True) -> None:
        """Bring the scratch database to where the revision begins, with rows."""
        if self.put_back is not None:
            self.put_back()
            return
        self.replay.start_over()
        self.replay.to_parent(self.script)
        if self.odd is not None:
            with self.replay.scratch.engine.connect() as connection:
                fill(connection, self.parent, self.keys, odd=self.odd)
        if keeps:
            self.put_back = kept(self.replay.scratch)

    def _upgrade(self) -> None:
        self.replay.upgrade([self.script.revision], journal=True)

    # One interruption

    def _try(self, attempt: Attempt, before: RehearsedState, clean: RehearsedState) -> None:
        self._to_start()
        if not self._interrupt(attempt):
            self.rehearsal.not_reached += 1
            return
        left = self._left()
        found = state_of(self.replay)
        if left is None and found.version == before.version:
            differences = tuple(found.differences(before))
            if differences:
                self._defect(attempt, "something of it is left, and nothing says what", differences)
                return
            self.rehearsal.left_nothing += 1
        if self._goes_on(attempt, clean) and left is not None and attempt.kind == "kill":
            self._take_back(attempt, before)

    def _interrupt(self, attempt: Attempt) -> bool:
        """Whether it was interrupted."""
        number = attempt.moment.number
        if attempt.kind == "kill":
            return killed_at(number, self._upgrade, self._forget_connections)
        with Moments(number, let_fail).watched() as moments:
            try:
                self._upgrade()
            except ScratchUnavailable:
                raise
            except CommandError:
                return True
        return moments.count >= number  # what ran may have taken it for nothing

    def _forget_connections(self) -> None:
        self.replay.scratch.engine.dispose(close=False)

    def _left(self) -> Interrupted | None:
        found: list[Interrupted | None] = []
        self.replay.look(lambda context: found.append(state_in(context)), journal=True)
        return found[0]

    def _goes_on(self, attempt: Attempt, clean: RehearsedState) -> bool:
        """Whether the same command comes to an end after it."""
        try:
            self._upgrade()
        except NotResumable as error:
            self.rehearsal.not_resumable[_short(error)] += 1
            return True
        except ScratchUnavailable:
            raise
        except CommandError as error:
            lines = (error.message, *error.details)
            self._defect(attempt, "the same command does not go on", lines)
            return False
        differences = tuple(state_of(self.replay).differences(clean))
        if differences:
            self._defect(attempt, _NOTHING_ELSE, differences)
            return False
        self.rehearsal.went_on += 1
        return True

    def _take_back(self, attempt: Attempt, before: RehearsedState) -> None:
        self._to_start()
        if not self._interrupt(attempt):
            return
        try:
            self.replay.look(_undo, journal=True)
        except NotResumable as error:
            reasons: Counter[str] = self.rehearsal.not_undoable
            for detail in error.details or (error.message,):
                reasons[detail] += 1
            return
        except ScratchUnavailable:
            raise
        except CommandError as error:
            lines = (error.message, *error.details)
            self._defect(attempt, "`limbeck repair --undo` fails", lines)
            return
        differences = tuple(state_of(self.replay).differences(before))
        if differences:
            what = "after `limbeck repair --undo`, it is not what it was before"
            self._defect(attempt, what, differences)
            return
        self.rehearsal.taken_back += 1

    def _defect(self, attempt: Attempt, what: str, lines: tuple[str, ...]) -> None:
        self.rehearsal.defects.append(Defect(attempt, what, lines))


def _undo(context: MigrationContext) -> None:
    undo_in(context)


def _short(error: CommandError) -> str:
    return error.message.removeprefix("not resumable: ")
