"""A revision whose file is not here, from the text that the history table has kept."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from limbeck.errors import HistoryError
from limbeck.project.loading import run_source
from limbeck.project.revision_file import RevisionFile
from limbeck.revisions.kept_source import restored
from limbeck.script.script import Script

if TYPE_CHECKING:
    from types import ModuleType

    from limbeck.revisions.history_row import HistoryRow

__all__ = ["KeptScript", "kept_message"]


class KeptScript(Script):
    """A revision of the history table.

    :param row: the row that says that it is applied, with its text.
    :param table: the name of the table, for messages.
    """

    def __init__(self, row: HistoryRow, table: str) -> None:
        assert row.revision is not None
        self.row = row
        place = f"<{table}, row {row.number}>"
        file = RevisionFile(
            path=place,
            revision=row.revision,
            down_revision=row.parents,
            depends_on=row.requires,
            docstring=_docstring(row) or "",
        )
        super().__init__(None, row.revision, place, file)

    @property
    def source(self) -> str | None:
        """The text; None where it was not kept, or is damaged."""
        try:
            return _source(self.row)
        except ValueError:
            return None

    @cached_property
    def module(self) -> ModuleType:
        """The module, run when first asked for.

        :raises HistoryError: the text was not kept, or is damaged or no Python.
        :raises Exception: whatever it raises.
        """
        try:
            source = _source(self.row)
            return run_source(source, self.path, f"limbeck_history_{self.row.number}_py")
        except (SyntaxError, ValueError) as error:
            raise HistoryError(
                f"the text of revision {self.revision} in the history cannot be run: {error}",
                hint="downgrade by the files that have the revision",
            ) from error


def kept_message(row: HistoryRow) -> str | None:
    """The message of a revision, from the text that is kept with its row.

    :param row: the row; one that was read without its text has no message.
    """
    found = _docstring(row)
    return None if found is None else found.strip().split("\n\n", 1)[0].strip()


def _docstring(row: HistoryRow) -> str | None:
    import ast

    from limbeck.syntax_trees import syntax_tree

    try:
        return ast.get_docstring(syntax_tree(_source(row)), clean=False)
    except (SyntaxError, ValueError):
        return None


def _source(row: HistoryRow) -> str:
    if row.source is None:
        raise ValueError("it was not kept")
    return restored(row.source)
