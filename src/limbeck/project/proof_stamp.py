"""The line in a revision file that says on which database it was proved.

::

    # Proved: sha256:0a1b… on postgresql 15

The number is taken over what the file does (see :mod:`limbeck.project.revision_code`), the
ids that it follows, and the database. So a formatter leaves it valid, and an edit by hand does not.
There is a line for each kind of database.
"""

from __future__ import annotations

import ast
import hashlib
import io
import re
import tokenize
from pathlib import Path

from limbeck.project.files import read_text
from limbeck.project.revision_code import code_lines, is_docstring
from limbeck.syntax_trees import syntax_tree
from limbeck.value import Value
from limbeck.visible import visible_line

__all__ = ["Stamp", "digest_of", "is_valid", "stamp_file", "stamped", "stamps_of"]

_LINE = re.compile(
    r"# Proved: sha256:(?P<digest>[0-9a-f]{32}) on (?P<engine>\S+ [\d.]+)(?: \((?P<remark>.*)\))?"
)
_LEFT_OUT = frozenset({"revision", "branch_labels"})
_LENGTH = 32  # hexadecimal digits: 128 bits, in a line of less than 88 characters


class Stamp(Value, slots=True):
    """What one line says.

    :param digest: the number over what the file does.
    :param engine: the database, as in ``postgresql 15``.
    :param remark: what was not proved, in a few words; empty for nothing.
    """

    digest: str
    engine: str
    remark: str = ""

    def __str__(self) -> str:
        remark = f" ({self.remark})" if self.remark else ""
        return visible_line(f"# Proved: sha256:{self.digest} on {self.engine}{remark}")


def digest_of(source: str, engine: str) -> str:
    """The number over what a revision file does.

    :param source: its text.
    :param engine: the database.
    :raises SyntaxError: it is no Python.
    """
    lines = [*code_lines(source, _LEFT_OUT), engine]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_LENGTH]


def stamps_of(source: str) -> tuple[Stamp, ...]:
    """The stamps of a file, whether they are still valid or not.

    :param source: its text.
    """
    found = (_LINE.fullmatch(line) for line in source.splitlines() if line.startswith("# Proved"))
    return tuple(Stamp(one["digest"], one["engine"], one["remark"] or "") for one in found if one)


def is_valid(stamp: Stamp, source: str) -> bool:
    """Whether the file still does what it did when it was stamped.

    :param stamp: the stamp.
    :param source: the file's text.
    """
    try:
        return digest_of(source, stamp.engine) == stamp.digest
    except SyntaxError:
        return False


def stamped(source: str, kind: str, stamp: Stamp | None) -> str:
    """The text of a file with a stamp in the place of the one of the same kind of database.

    :param source: the text.
    :param kind: the kind of database, as in ``postgresql``.
    :param stamp: the stamp, None to have none of this kind.
    :return: the text; stamps of other kinds that are no longer valid are left out.
    """
    newline = "\r\n" if "\r\n" in source else "\n"
    lines = source.split(newline)
    kept = [
        str(one)
        for one in stamps_of(source)
        if one.engine.partition(" ")[0] != kind and is_valid(one, source)
    ]
    lines = _without_stamps(lines)
    wanted = sorted([*kept, *([str(stamp)] if stamp is not None else [])])
    if wanted:
        at = _place(newline.join(lines))
        before = [] if at == 0 or not lines[at - 1].strip() else [""]
        after = [] if at < len(lines) and not lines[at].strip() else [""]
        lines[at:at] = [*before, *wanted, *after]
    return newline.join(lines)


def stamp_file(path: Path, kind: str, stamp: Stamp | None) -> bool:
    """Write a stamp into a file, or take it out.

    :param path: the file.
    :param kind: the kind of database.
    :param stamp: the stamp, None to have none of this kind.
    :return: whether the file has changed.
    :raises OSError: it cannot be written.
    """
    source = read_text(path)
    text = stamped(source, kind, stamp)
    if text == source:
        return False
    encoding, _ = tokenize.detect_encoding(io.BytesIO(path.read_bytes()).readline)
    path.write_bytes(text.encode(encoding))
    return True


def _without_stamps(lines: list[str]) -> list[str]:
    """The lines without stamps, and without the empty line that stood before them."""
    found: list[str] = []
    for number, line in enumerate(lines):
        if _LINE.fullmatch(line):
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if found and not found[-1].strip() and not following.strip():
                found.pop()
            continue
        found.append(line)
    return found


def _place(source: str) -> int:
    """The number of the line, from 0, before which stamps stand: after the docstring."""
    body = _beginning(source)
    if body and is_docstring(body[0]):
        return body[0].end_lineno or 0
    lines = source.splitlines()
    at = 0
    while at < len(lines) and lines[at].startswith("#"):  # the line of an encoding, a licence
        at += 1
    return at


_SECOND = re.compile(r"^(?:import|from|def|class|\w+(?: *:.*)? *=) ", re.MULTILINE)
"""Where a statement may begin that is no docstring."""


def _beginning(source: str) -> list[ast.stmt]:
    """The first statements of a file, or all of them."""
    found = _SECOND.search(source)
    try:  # what ends in a text or in a bracket is no Python
        return syntax_tree(source[: found.start()] if found else source).body
    except SyntaxError:
        return syntax_tree(source).body
