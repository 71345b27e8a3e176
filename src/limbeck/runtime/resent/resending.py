"""One run that keeps what its revisions send, and sends again what is kept."""

from __future__ import annotations

import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from limbeck.project.known_statements import keep_statements, note_statements
from limbeck.runtime.resent.alike import Alike, text_of_the_same
from limbeck.runtime.resent.first_step import SENDERS, send_within
from limbeck.runtime.resent.ground import ground_of
from limbeck.runtime.resent.heard import heard, heard_by_journal
from limbeck.runtime.resent.journalled import JournalledSession
from limbeck.runtime.resent.sessions import SESSIONS, BareSession, NotAsExpected
from limbeck.script.loaded import load_the_others
from limbeck.script.script import Planned, Script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from limbeck.project.upgrade_text import UpgradeText
    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.steps import RunStep
    from limbeck.script.content import RevisionContent

__all__ = ["Resending"]

FORETOLD = frozenset({"sqlite", "postgresql", "mysql", "mariadb"})
"""The databases of which it is foretold what revisions send that were not seen yet."""


class Resending:
    """What was sent before, for one run.

    :param context: the database.
    :param steps: the steps of the run.
    """

    def __init__(self, context: MigrationContext, steps: Sequence[RunStep]) -> None:
        self.context = context
        self._steps = steps
        self._places = {id(step): place for place, step in enumerate(steps)}
        self._ground = ground_of(context)
        self._known = {} if self._ground is None else dict(_known(steps, self._ground))
        self._is_new = self._ground is not None and self._foretell(self._ground)
        self._session: BareSession | None = None
        self._within: RunStep | None = None
        self._alike = Alike()
        self.committed: RunStep | None = None
        """The last step that was sent again, once it lasts."""

    def _foretell(self, ground: str) -> bool:
        """Find out what revisions will send that were not seen yet; whether that was anything."""
        unseen = list(_unseen(self._steps)) if self.context.dialect.name in FORETOLD else []
        if not unseen:
            return False
        # Seldom is there anything.
        from limbeck.project.warned import is_alone
        from limbeck.runtime.foretold.foretelling import Foretelling

        if not is_alone():
            return False
        foretelling, is_new = Foretelling(self.context), False
        for step, content, text in unseen:
            statements = foretelling.statements(str(step.plan.id), text)
            if statements is not None and content.path is not None:
                self._known[id(step)] = statements
                noted = note_statements(content.path, content.file_checksum, ground, statements)
                is_new = is_new or noted
        return is_new

    def load_what_runs(self) -> None:
        """Load the files that were left for the sake of what they have sent, and have to run.

        What cannot be loaded shall be found before the first step runs.
        """
        steps = self._steps
        runs = [step for step in steps if self._has_to_run(step)]
        load_the_others([step.plan for step in runs])

    def _has_to_run(self, step: RunStep) -> bool:
        found = self.statements(step)
        return found is None or (step is self._steps[0] and not self._goes_within)

    # The first step, which makes the version table, and the history

    @property
    def _goes_within(self) -> bool:
        return self.context.dialect.name in SENDERS

    def sent_within(self, step: RunStep) -> tuple[str, ...] | None:
        """Carry the first step out by what it was seen to send.

        :param step: the step, whose transaction has begun as ever.
        :returns: what it has sent; None where it has to run.
        :raises Exception: whatever the driver raises, see :meth:`gives_up`.
        """
        if step is not self._steps[0] or not self._goes_within:
            return None
        statements = self.statements(step)
        if statements is not None:
            self._within = step
            send_within(self.context, statements)
        return statements

    def gives_up(self, step: RunStep | None) -> bool:
        """Whether a step that has failed was sent, and has to run, which tells what is wrong.

        :param step: the step; it was rolled back.
        """
        was_sent = step is not None and step is self._within
        self._within = None
        if was_sent:
            self.give_up()
        return was_sent

    # Sending again

    def statements(self, step: RunStep) -> tuple[str, ...] | None:
        """What a step was seen to send on this ground; None where it has to run.

        :param step: the step.
        """
        return None if self._ground is None else self._known.get(id(step))

    def send(
        self, step: RunStep, statements: Sequence[str], heads: frozenset[str], started: str
    ) -> None:
        """Carry a step out by what it was seen to send, and commit.

        :param step: the step.
        :param statements: what it sends.
        :param heads: what the version table holds before.
        :param started: when it began, as the history says it.
        :raises Exception: it cannot be done like this; nothing of it is in the database.
        """
        if self._session is None:
            self._session = session_of(self.context)
        session, history = self._session, self.context.history
        clock = time.monotonic()
        placed: list[Any] = []

        def row() -> tuple[str, Any] | None:
            if history is None:
                return None
            after = step.rows.applied_to(heads)
            seconds = time.monotonic() - clock
            made = history.bare_step(step, after, started, seconds, session.ask)
            if made is None:
                raise NotAsExpected
            placed.append(made[0])
            return made[1:]

        try:
            session.carry_out(step, statements, heads, row, lambda: self._following(step))
            self._lasts(step, placed)
        except BaseException:
            # A signal may come while it commits, and right afterwards.
            if self.committed is step or session.lasts(step.rows.applied_to(heads)):
                self._lasts(step, placed)
            raise

    def _following(self, step: RunStep) -> tuple[str, ...] | None:
        """What the next step was seen to send; None where it has to run, or there is none."""
        place = self._places[id(step)] + 1
        return self.statements(self._steps[place]) if place < len(self._steps) else None

    def _lasts(self, step: RunStep, placed: Sequence[Any]) -> None:
        self.committed = step
        if self.context.history is not None:
            self.context.history.bare_step_is_in(placed[0])

    def pause(self) -> None:
        """Leave the connection to the usual road."""
        session, self._session = self._session, None
        if session is not None:
            session.leave()

    def give_up(self) -> None:
        """Send nothing more: something is not as it was."""
        self._ground = None
        self.pause()

    # Keeping

    def listening(self, step: RunStep) -> AbstractContextManager[None]:
        """Within, a step runs, and what it sends is kept if it will send the same again.

        :param step: the step.
        """
        if self._ground is None or not _is_simple(step):
            return nullcontext()
        return self._listening(step, self._ground)

    @contextmanager
    def _listening(self, step: RunStep, ground: str) -> Iterator[None]:
        # First, as what a large revision makes takes memory, and so does the look at its text.
        text = text_of_the_same(step, self._alike)
        if text is None:
            yield
            return
        is_journalled = self.context.impl.journal is not None and not (
            self.context.impl.transactional_ddl
        )
        with (heard_by_journal if is_journalled else heard)(self.context) as sent:
            yield
        if sent.texts is not None:
            is_new = note_statements(*text, ground, sent.texts)
            self._is_new = self._is_new or is_new

    def close(self) -> None:
        """Write down what was seen in this run."""
        self.pause()
        if self._is_new:
            keep_statements()


def session_of(context: MigrationContext) -> BareSession:
    """The session of a run.

    :param context: the database, in no transaction.
    """
    return SESSIONS.get(context.dialect.name, JournalledSession)(context)


def _known(steps: Sequence[RunStep], ground: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """What the steps were seen to send, by what Python knows them by."""
    for step in steps:
        planned: Planned | None = getattr(step.plan.revision, "planned", None)
        found = None if planned is None else planned.grounds.get(ground)
        if found is not None and _is_simple(step):
            yield id(step), tuple(found)


def _unseen(steps: Sequence[RunStep]) -> Iterator[tuple[RunStep, RevisionContent, UpgradeText]]:
    """The steps of which only a text is known, with that."""
    for step in steps:
        planned: Planned | None = getattr(step.plan.revision, "planned", None)
        if planned is not None and planned.text is not None and _is_simple(step):
            yield step, planned.content, planned.text


def _is_simple(step: RunStep) -> bool:
    """Whether a step does nothing but run a revision of some file, and move the version."""
    is_up = step.plan.direction == "upgrade" and step.function is not None
    return is_up and not step.is_put_in and isinstance(step.plan.revision, Script)
