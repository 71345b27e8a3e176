"""What the journal will say of revisions that are alike, made once, with places for names.

The rows of a journal, and what has to be in the database before and after a statement, take longer
to make than all else that is foretold of a revision. In those of revisions that do the same under
other names, nothing but these names differs, as long as none of them is a word of SQL's, and all
that is put in an order has the same one.
"""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from limbeck.dialects.text import as_typed
from limbeck.runtime.foretold.templates import Template
from limbeck.runtime.foretold.trial import SIGN
from limbeck.runtime.journal.marks import LONGEST_WORDS, fingerprint_of_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from limbeck.runtime.foretold.journalled import ForetoldJournal
    from limbeck.runtime.foretold.trial import Tried

__all__ = ["JournalTemplates"]

_Done = tuple["Tried", "Sequence[str]"]
"""What a statement of a revision does, and the names in it."""

_Key = tuple[tuple[int, tuple[int, ...]], ...]

_REVISION = f"{SIGN}revision"
_USUAL = re.compile(r"[A-Za-z0-9_.-]+")
_TEXT = re.compile(r"'(?:[^'\\]|''|\\.)*'", re.DOTALL)
_WORD = re.compile(r"(?<!%)[^\W\d][\w$@]*")


class _Known(NamedTuple):
    """What is known of all that does the same.

    :param tried: what that is; who is kept has a number of his own.
    :param typed: its statements as a person types them, in lines; a number is taken over them.
    :param words: what stands in them besides names, and may stand between these in some order.
    """

    tried: Tried
    typed: Template
    words: tuple[str, ...]

    def fingerprint(self, names: Sequence[str]) -> str:
        """The number over all that it says."""
        if self.tried.mark is not None:
            return self.tried.mark.fingerprint
        return fingerprint_of_words(self.tried.kind, self.typed.filled(names))

    def order(self, names: Sequence[str]) -> tuple[int, ...]:
        """In which order its names and its words are."""
        words = (*names, *self.words)
        return tuple(sorted(range(len(words)), key=words.__getitem__))


class _Text(NamedTuple):
    """What is kept of a statement, with places; joined, as ``%`` would look at each letter.

    :param pieces: what is between the places.
    :param parts: all parts in their order, out of the pieces and the values after them.
    """

    pieces: tuple[str, ...]
    parts: Callable[[Sequence[str]], Sequence[str]]

    def filled(self, values: Sequence[str]) -> str:
        """The text with values in it."""
        return "".join(self.parts([*self.pieces, *values]))


class JournalTemplates:
    """What the journal of one run will say, with places for names.

    :param journal: makes it anew for each revision.
    """

    def __init__(self, journal: ForetoldJournal) -> None:
        self._journal = journal
        self._known: dict[int, _Known | None] = {}
        self._neutral: set[str] = set()
        self._seen: set[_Key] = set()
        self._templates: dict[_Key, tuple[_Text, ...] | None] = {}

    def texts(self, revision: str, done: Sequence[_Done]) -> tuple[str, ...] | None:
        """What is kept of a revision; None where nobody can tell before it runs.

        :param revision: its id.
        :param done: what each of its operations does, and the names that are in it.
        """
        key = self._key(revision, done)
        templates = None if key is None else self._templates.get(key)
        if templates is None and key is not None and key not in self._templates:
            if key in self._seen:
                templates = self._templates[key] = self._made(revision, done)
            self._seen.add(key)  # nothing is made for what comes once
        if templates is None:
            return self._journal.texts(revision, done)
        values = self._values(revision, done)
        return tuple([each.filled(values) for each in templates])

    def _key(self, revision: str, done: Sequence[_Done]) -> _Key | None:
        """What revisions have in common that differ in names only; None where more may differ."""
        if _USUAL.fullmatch(revision) is None:
            return None
        key = []
        for tried, names in done:
            known = self._of(tried)
            if known is None:
                return None
            different = set(names)
            if not different <= self._neutral and not all(map(self._is_neutral, different)):
                return None
            words = tried.words.text, sum([len(names[each]) for each in tried.words.places])
            if len(words[0]) + words[1] > LONGEST_WORDS or not different.isdisjoint(known.words):
                return None
            key.append((id(tried), known.order(names)))
        return tuple(key)

    def _of(self, tried: Tried) -> _Known | None:
        number = id(tried)
        if number not in self._known:
            self._known[number] = _known(tried)
        return self._known[number]

    def _is_neutral(self, name: str) -> bool:
        if not self._journal.recovery.is_mere_name(name):
            return False
        self._neutral.add(name)
        return True

    def _made(self, revision: str, done: Sequence[_Done]) -> tuple[_Text, ...] | None:
        """The templates of a revision; None where they do not tell what the revision itself does.

        The names that it is tried with begin as its own do, and so are in the same order.
        """
        marked: list[_Done] = []
        count = 0
        for tried, names in done:
            others = [f"{name}{SIGN}{number}x" for number, name in enumerate(names, count)]
            marked.append((tried, others))
            count += len(names)
        texts = self._journal.texts(_REVISION, marked)
        if texts is None:
            return None
        places: dict[str, int] = {}
        for number, mark in enumerate(self._values(_REVISION, marked)):
            places.setdefault(mark, number)
        pattern = re.compile("|".join(map(re.escape, places)))
        found = tuple(_template(each, pattern, places) for each in texts)
        filled = tuple(each.filled(self._values(revision, done)) for each in found)
        is_whole = not any(SIGN in piece for each in found for piece in each.pieces)
        return found if is_whole and filled == self._journal.texts(revision, done) else None

    def _values(self, revision: str, done: Sequence[_Done]) -> list[str]:
        """What comes into the places: all names, the revision, and the numbers."""
        values = [name for _, names in done for name in names]
        values.append(revision)
        for tried, names in done:
            known = self._known[id(tried)]
            assert known is not None
            values.append(known.fingerprint(names))
        return values


def _known(tried: Tried) -> _Known | None:
    """What is known of all that does the same; None where a name of it is made of others."""
    if any(each.joined for each in tried.sent):
        return None
    lines = "\n".join(as_typed(each.text) for each in tried.sent)
    typed = Template(lines, tuple(place for each in tried.sent for place in each.places))
    words = {word for each in tried.sent for word in _WORD.findall(_TEXT.sub(" ", each.text))}
    # a name has small letters, so that what has none is before all of them
    return _Known(tried, typed, tuple(sorted(word for word in words if word >= "_")))


def _template(text: str, pattern: re.Pattern[str], places: dict[str, int]) -> _Text:
    """A text with a place wherever one of some marks is."""
    pieces = tuple(pattern.split(text))
    parts = [0]
    for number, mark in enumerate(pattern.findall(text), 1):
        parts += [len(pieces) + places[mark], number]
    return _Text(pieces, itemgetter(*parts))  # of one part it is a text, which is joined as well
