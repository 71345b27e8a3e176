"""What a row of the history says of a revision's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.revisions.kept_source import kept
from limbeck.script.content import content_of
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.revisions.revision import Revision
    from limbeck.script.content import RevisionContent

__all__ = ["FileWords", "Files"]


class FileWords(Value):
    """What is written down of a file.

    :param checksum: the number over what its code does; None where there is no file.
    :param file_checksum: the number over its text.
    :param source: its text as it is kept; None where it is not to be.
    """

    checksum: str | None = None
    file_checksum: str | None = None
    source: str | None = None


class Files:
    """The files of the revisions of a run."""

    def __init__(self) -> None:
        self._taken: tuple[Revision | None, FileWords] | None = None

    def take(self, revision: Revision | None) -> None:
        """Take the words of a file before its revision runs.

        Afterwards it may have been edited, and what a large revision has made takes memory enough.

        :param revision: the revision.
        """
        self._taken = None
        self._taken = (revision, self.words(revision, keeps_text=True))

    def words(self, revision: Revision | None, *, keeps_text: bool) -> FileWords:
        """The words of a file: as they were taken, else as it is now.

        :param revision: the revision.
        :param keeps_text: whether its text is kept.
        """
        if keeps_text and self._taken is not None and self._taken[0] is revision:
            return self._taken[1]
        content = _content(revision)
        if content is None:
            return FileWords()
        source = kept(content.source) if keeps_text else None
        return FileWords(content.checksum, content.file_checksum, source)


def _content(revision: Revision | None) -> RevisionContent | None:
    planned = getattr(revision, "planned", None)
    if planned is None:
        return content_of(revision)
    found: RevisionContent = planned.content
    return found
