"""A revision and the file that it is written in."""

from __future__ import annotations

from functools import cached_property

from limbeck.errors import HistoryError
from limbeck.light_typing import TYPE_CHECKING, NamedTuple, Self
from limbeck.project.revision_file import RevisionFile
from limbeck.revisions.revision import Revision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from limbeck.project.upgrade_text import UpgradeText
    from limbeck.script.content import RevisionContent

__all__ = ["Planned", "Script"]


class Planned(NamedTuple):
    """A file that is sure to load, and may not have to.

    :param content: what it says.
    :param grounds: what it was seen to send, by grounds, see :mod:`limbeck.runtime.resent`.
    :param text: what its ``upgrade()`` says, where it was not seen; see
        :mod:`limbeck.runtime.foretold`.
    """

    content: RevisionContent
    grounds: Mapping[str, Sequence[str]]
    text: UpgradeText | None = None


class Script(Revision):
    """One revision file.

    :param module: the module, None where it shall be loaded when it is asked for.
    :param rev_id: the id.
    :param path: the file.
    :param file: what was read from the file; from the module if not given.
    """

    #: What its file said when a run was planned that may do without loading it.
    planned: Planned | None = None

    def __init__(
        self,
        module: ModuleType | None,
        rev_id: str,
        path: str | Path,
        file: RevisionFile | None = None,
    ) -> None:
        if file is None:
            file = RevisionFile(
                path=str(path),
                revision=rev_id,
                down_revision=getattr(module, "down_revision", None),
                branch_labels=getattr(module, "branch_labels", None),
                depends_on=getattr(module, "depends_on", None),
                docstring=getattr(module, "__doc__", None) or "",
            )
        self.file = file
        self.path = str(path)
        if module is not None:
            self.__dict__["module"] = module
        super().__init__(
            rev_id,
            file.down_revision,
            dependencies=file.depends_on,
            branch_labels=file.branch_labels,
        )

    @classmethod
    def from_file(cls, file: RevisionFile) -> Self:
        """The script of a file that was read.

        :param file: what was read.
        """
        return cls(file.module, file.revision, file.path, file)

    @cached_property
    def module(self) -> ModuleType:
        """The module, loaded when first asked for.

        :raises HistoryError: the file is no Python.
        :raises Exception: whatever the file raises.
        """
        from pathlib import Path

        from limbeck.project.loading import load_module

        try:
            found = load_module(Path(self.path), keeps_compiled=True)
            self.planned = None  # it may have been edited since
            return found
        except SystemExit as error:
            raise HistoryError(
                f"revision file {self.path} ended the program (sys.exit) when it was loaded",
                hint="let the file do nothing outside of upgrade() and downgrade()",
            ) from error
        except SyntaxError as error:
            if error.filename != self.path:
                raise
            raise HistoryError(
                f"revision file {self.path}, line {error.lineno} is not Python: {error.msg}",
                hint="correct that line, or restore the file",
            ) from error

    @property
    def longdoc(self) -> str:
        """The whole docstring."""
        return self.file.docstring.strip()

    @property
    def doc(self) -> str:
        """The first paragraph of the docstring: the message."""
        text = self.file.docstring.strip()
        return text.partition("\n\n")[0].strip() if "\n" in text else text

    def places(self, *fields: str) -> tuple[str, ...]:
        """Where these identifiers are written, as ``path:line``."""
        lines = self.file.lines
        return tuple(f"{self.path}:{lines[one]}" if one in lines else self.path for one in fields)

    # Words ----------------------------------------------------------------------------

    @property
    def log_entry(self) -> str:
        """Everything about the revision, as ``history --verbose`` shows it."""
        entry = [f"Rev: {self.revision}{self._long_marks}"]
        entry.append(
            f"Merges: {self._parents_shown}"
            if self.is_merge_point
            else f"Parent: {self._parents_shown}"
        )
        if self.required:
            entry.append(f"Also depends on: {', '.join(self.required)}")
        if self.is_branch_point:
            entry.append(f"Branches into: {', '.join(sorted(self.nextrev))}")
        if self.branch_labels:
            entry.append(f"Branch names: {', '.join(sorted(self.branch_labels))}")
        entry.append(f"Path: {self.path}")
        body = "\n".join(f"    {line}" for line in self.longdoc.splitlines())
        return "\n".join(entry) + f"\n\n{body}\n"

    @property
    def _parents_shown(self) -> str:
        return ", ".join(self.parents) or "<base>"

    @property
    def _long_marks(self) -> str:
        # Only the short form tells apart a head that another revision depends on.
        return (" (head)" if self.is_head else "") + self._marks(_TREE_MARKS)

    def _marks(self, names: tuple[str, ...]) -> str:
        return "".join(f" ({name})" for name in names if self._has_mark(name))

    def _has_mark(self, name: str) -> bool:
        if name == "head":
            return self.is_head and self.is_effective_head
        if name == "effective head":
            return self.is_head and not self.is_effective_head
        if name == "branchpoint":
            return self.is_branch_point
        return self.is_merge_point

    def cmd_format(
        self,
        verbose: bool,
        include_branches: bool = False,
        include_doc: bool = False,
        include_parents: bool = False,
        tree_indicators: bool = True,
    ) -> str:
        """The revision in one line, or in many.

        :param verbose: everything, as :attr:`log_entry`.
        :param include_branches: with the labels of its branches.
        :param include_doc: with its message.
        :param include_parents: with what comes before it.
        :param tree_indicators: say whether it is a branch point or a merge point.
        """
        if verbose:
            return self.log_entry
        text = self.revision
        if include_parents:
            required = f" ({', '.join(self.required)})" if self.required else ""
            text = f"{self._parents_shown}{required} -> {text}"
        if include_branches and self.branch_labels:
            text += f" ({', '.join(sorted(self.branch_labels))})"
        if self.is_head:
            text += self._marks(_HEAD_MARKS)
        if tree_indicators:
            text += self._marks(_TREE_MARKS)
        if include_doc:
            text += f", {self.doc}"
        return text

    def __str__(self) -> str:
        return f"{self._parents_shown} -> {self.revision}{self._long_marks}, {self.doc}"


_HEAD_MARKS = ("head", "effective head")
_TREE_MARKS = ("branchpoint", "mergepoint")
