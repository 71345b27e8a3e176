"""What the revisions of one run will send, by their text alone."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from limbeck.runtime.foretold.forms import Forms, formed
from limbeck.runtime.foretold.journal_templates import JournalTemplates
from limbeck.runtime.foretold.journalled import journal_of
from limbeck.runtime.foretold.tables import Tables
from limbeck.runtime.foretold.templates import LONGEST
from limbeck.runtime.foretold.trial import SIGN, Trial
from limbeck.runtime.resent.heard import names_tenant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.project.upgrade_text import UpgradeText
    from limbeck.runtime.foretold.forms import Formed, Pieces, StatementForm
    from limbeck.runtime.foretold.trial import Tried
    from limbeck.runtime.migration import MigrationContext

__all__ = ["Foretelling"]

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


class Foretelling:
    """What is known of the statements of one run.

    :param context: the database.
    """

    def __init__(self, context: MigrationContext) -> None:
        self._context = context
        self._trial = Trial(context)
        self._plain: dict[str, bool] = {}
        self._books: dict[str, _Book | None] = {}
        self._is_journalled = not context.impl.transactional_ddl

    def statements(self, revision: str, text: UpgradeText) -> tuple[str, ...] | None:
        """What is kept of a revision that will do what its text says.

        :param revision: its id.
        :param text: its file.
        :returns: what it will send, or as much of it as the journal says; None where nobody knows
            before it runs.
        """
        done = self._done(text)
        if done is None:
            return None
        if self._is_journalled:
            return None if self._journal is None else self._journal.texts(revision, done)
        sent = [each.filled(names) for tried, names in done for each in tried.sent]
        return None if names_tenant(sent, self._context) else tuple(sent)

    def _done(self, text: UpgradeText) -> list[tuple[Tried, Sequence[str]]] | None:
        """What each statement of a revision does that does anything, and the names in it."""
        book = self._book(text.imports)
        found: list[tuple[Tried, Sequence[str]]] = []
        for said in text.upgrade:
            form = None if book is None else book.forms.of(said.shape)
            if book is None or form is None:
                return None
            if form.directive:
                formed_as = formed(said.literals, form.roles, self._is_plain)
                tried = book.tried(form, formed_as)
                if tried is None or not tried.is_sure(formed_as.names, self._is_plain):
                    return None
                found.append((tried, formed_as.names))
        return found

    def _book(self, imports: str) -> _Book | None:
        if imports not in self._books:
            names = _imported(imports)
            self._books[imports] = None if names is None else _Book(self._trial, names)
        return self._books[imports]

    @cached_property
    def _journal(self) -> JournalTemplates | None:
        journal = journal_of(self._context)
        return None if journal is None else JournalTemplates(journal)

    def _is_plain(self, name: str) -> bool:
        """Whether a name stands in SQL as it is, wherever it stands."""
        found = self._plain.get(name)
        if found is None:
            found = self._plain[name] = (
                len(name) <= LONGEST
                and _PLAIN.fullmatch(name) is not None
                and SIGN not in name
                and self._context.dialect.identifier_preparer.quote(name) == name
            )
        return found


class _Book:
    """The forms of statements in files that have the same imports."""

    def __init__(self, trial: Trial, names: dict[str, Any]) -> None:
        self._trial = trial
        self._names = names
        self.forms = Forms(names)
        self._tried: dict[tuple[str, Pieces], Tried | None] = {}
        self._tables = Tables(trial, names)

    def tried(self, form: StatementForm, said: Formed) -> Tried | None:
        """What a statement does; None where nobody knows."""
        key = (form.shape, said.pieces)
        if key not in self._tried:
            table = None if form.parts is None else self._tables.tried(form, said)
            self._tried[key] = table or self._trial.tried(
                form.shape, said.pieces, said.names, self._names
            )
        return self._tried[key]


def _imported(imports: str) -> dict[str, Any] | None:
    """What the names of a file stand for; None where they cannot be had."""
    names: dict[str, Any] = {}
    try:
        exec(compile(imports, "<imports>", "exec", dont_inherit=True), names)
    except Exception:  # the file is loaded, and says what is wrong
        return None
    return names
