"""What a revision file says, as far as it matters once it is applied."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from limbeck.project.file_index import text_at_hand
from limbeck.project.files import read_text
from limbeck.project.known_checksums import known_checksum
from limbeck.project.revision_file import text_checksum
from limbeck.script.kept import KeptScript
from limbeck.script.script import Script
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.project.code_shape import Apart
    from limbeck.revisions.revision import Revision

__all__ = ["RevisionContent", "content_of"]

#: The places in the history are compared by themselves, names of branches mean nothing later.
_APART = frozenset({"revision", "down_revision", "branch_labels", "depends_on"})


class RevisionContent(Value):
    """The text of a revision file.

    :param source: the text.
    :param path: the file, None where it is in no folder.
    :param known_number: the number over the text, where it is known.
    """

    source: str
    path: str | None = None
    known_number: str | None = None

    @cached_property
    def file_checksum(self) -> str:
        """The number over the text, whatever its line ends."""
        return self.known_number or text_checksum(self.source)

    @cached_property
    def apart(self) -> Apart | None:
        """Its shape and literals, if it is likely to be like others and has one."""
        from limbeck.project.code_shape import ALIKE, shape_and_literals  # as below

        return shape_and_literals(self.source) if len(self.source) <= ALIKE else None

    @property
    def checksum(self) -> str | None:
        """The number over what the code does; None where it is no Python."""
        try:
            if self.path is None:
                return self._checksum()
            return known_checksum(self.path, self.file_checksum, self._checksum)
        except (SyntaxError, ValueError):
            return None

    def _checksum(self) -> str:
        from limbeck.project.revision_code import code_checksum  # the number is known, mostly

        return code_checksum(self.source, _APART, self.apart)


def content_of(revision: Revision | None) -> RevisionContent | None:
    """What the file of a revision says; None where there is no text, as of a compiled one.

    :param revision: the revision.
    :raises HistoryError: the file cannot be read.
    """
    if isinstance(revision, KeptScript):
        return None if revision.source is None else RevisionContent(revision.source)
    if not isinstance(revision, Script):
        return None
    path = revision.path
    if not path.endswith(".py"):
        return None
    text = text_at_hand(path)
    if text is None:
        return RevisionContent(read_text(path), path)
    return RevisionContent(text[0], path, text[1])
