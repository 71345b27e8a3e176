"""A revision runs a second time by what it has sent the first time.

A proof runs a revision up, down and up again, from the same schema. A revision that says alone what
it sends (:mod:`limbeck.runtime.resent.purity`), and asks the database nothing, sends the same
again: to make its tables, operations and statements anew proves nothing, and takes most of the
time. What the database makes of them is seen as ever. Anything that is not as expected runs.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from limbeck.runtime.resent.alike import Alike, text_of_the_same
from limbeck.runtime.resent.first_step import SENDERS, send_one_by_one, send_within
from limbeck.runtime.resent.ground import is_repeatable
from limbeck.runtime.resent.heard import heard

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from limbeck.runtime.migration import MigrationContext
    from limbeck.runtime.steps import RunStep

__all__ = ["OnceMore"]


class OnceMore:
    """What one revision has sent; a run takes it in the place of what is kept in files."""

    def __init__(self) -> None:
        self._context: MigrationContext | None = None
        self._sent: tuple[str, ...] | None = None
        self._within: RunStep | None = None
        self.was_in_vain = False
        """What was sent has failed, where a part of it may be in the database."""

    def begin(self, context: MigrationContext) -> None:
        """Take part in a run.

        :param context: the database, in no transaction.
        """
        self._context = context if is_repeatable(context) else None

    def listening(self, step: RunStep) -> AbstractContextManager[None]:
        """Within, the revision runs, and what it sends is known if it will send the same again.

        :param step: the revision.
        """
        # First, as what a large revision makes takes memory, and so does the look at its text.
        if self._context is None or text_of_the_same(step, Alike()) is None:
            return nullcontext()
        return self._listening(self._context)

    @contextmanager
    def _listening(self, context: MigrationContext) -> Iterator[None]:
        with heard(context) as sent:
            yield
        self._sent = sent.texts

    def sent_within(self, step: RunStep) -> bool:
        """Carry the revision out by what it has sent, in its transaction, which has begun as ever.

        :param step: the revision.
        :returns: whether that was possible.
        :raises Exception: whatever the driver raises, see :meth:`gives_up`.
        """
        if self._context is None or self._sent is None:
            return False
        self._within = step
        if self._context.dialect.name in SENDERS:
            send_within(self._context, self._sent)
        else:
            send_one_by_one(self._context, self._sent)
        return True

    def gives_up(self, step: RunStep | None) -> bool:
        """Whether a step that has failed was sent, and has to run, which tells what is wrong.

        Where a part of it may be in the database it does not run there: see :attr:`was_in_vain`.

        :param step: the step; it was rolled back.
        """
        was_sent = step is not None and step is self._within
        self._within = None
        if not was_sent:
            return False
        self._sent = None
        assert self._context is not None  # or it would not have been sent
        self.was_in_vain = not self._context.impl.transactional_ddl
        return not self.was_in_vain
