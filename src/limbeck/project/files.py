"""Reads revision files: the identifiers that their authors wrote into them.

A file is read, not run: its identifiers are literals in nearly every project. Only a file
that computes one of them is executed to find out.
"""

from __future__ import annotations

import os

from limbeck.errors import HistoryError
from limbeck.light_typing import TYPE_CHECKING
from limbeck.project.revision_file import FIELDS, RevisionFile, checked, text_checksum

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["parse_source", "read_file", "read_text", "read_with_text"]


def read_file(path: str | Path) -> RevisionFile:
    """The identifiers of one revision file.

    :param path: the file.
    :return: what it says about itself.
    :raises HistoryError: the file cannot be read, is no Python, or lacks an identifier.
    """
    return read_with_text(path)[0]


def read_with_text(path: str | Path) -> tuple[RevisionFile, str]:
    """The identifiers of one revision file, and its text; see :func:`read_file`.

    :param path: the file.
    :return: what it says about itself; the text is empty where the file is a compiled one.
    """
    path = os.fspath(path)
    if path.endswith((".pyc", ".pyo")):
        return _from_module(path), ""
    source = read_text(path)
    found = parse_source(path, source)
    if found is None:
        found = _from_module(path)._replace(checksum=text_checksum(source))
    return found, source


def read_text(path: str | Path) -> str:
    """The text of a Python file, in the encoding that it declares; UTF-8 if none.

    :raises HistoryError: it cannot be read, or is not text in that encoding.
    """
    try:
        with open(path, "rb", buffering=0) as file:  # all of it is read at once
            data = file.read()
    except OSError as error:
        raise HistoryError(
            f"revision file {path} cannot be read: {error.strerror}",
            hint="make the file readable for the user who runs limbeck",
        ) from error
    if b"\0" in data:
        raise HistoryError(
            f"revision file {path} has NUL bytes in it, line {data[: data.index(0)].count(10) + 1}",
            hint="it may have been damaged, or saved as UTF-16: restore it, or save it as UTF-8",
        )
    encoding = _encoding(path, data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-8" if encoding.startswith("utf-8") else encoding
        line = data.count(b"\n", 0, error.start) + 1
        raise HistoryError(
            f"revision file {path} is not {name} text, line {line}",
            hint="save the file as UTF-8",
        ) from error


def _encoding(path: str | Path, data: bytes) -> str:
    """The encoding of a file; only one that says so has another one than UTF-8.

    It says so on one of the first two lines, or by the mark with which it begins.
    """
    second = data.find(b"\n", data.find(b"\n") + 1)
    if not data.startswith(b"\xef\xbb\xbf") and data.find(b"coding", 0, second) < 0:
        return "utf-8"
    import io
    import tokenize

    try:
        return tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:
        # Either the first lines are no UTF-8, which decoding them says too, or:
        if _is_utf8(data):
            raise HistoryError(
                f"revision file {path} says that it is in an encoding which does not exist",
                hint="save the file as UTF-8, and remove the line with coding:",
            ) from error
    return "utf-8"


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def parse_source(path: str | Path, source: str) -> RevisionFile | None:
    """The identifiers in the source of a revision file.

    :param path: the file, for messages.
    :param source: its text.
    :return: what it says, or None where an identifier is computed.
    :raises HistoryError: it is no Python, or lacks an identifier.
    """
    from limbeck.project.revision_head import read_head

    path = os.fspath(path)
    if not source.strip():
        raise HistoryError(
            f"revision file {path} is empty",
            hint="delete the file, or restore its contents",
        )
    head = read_head(source)
    checksum = text_checksum(source)
    if head is not None:
        return checked(path, head.values, head.docstring, head.lines, None, checksum)
    from limbeck.project.identifiers import literals_in

    found = literals_in(path, source)
    if found.is_computed:
        return None
    return checked(path, found.values, found.docstring, found.lines, None, checksum)


def _from_module(path: str) -> RevisionFile:
    from pathlib import Path

    from limbeck.project.loading import load_module
    from limbeck.project.user_frames import in_one_line

    try:
        module = load_module(Path(path))
    except (Exception, SystemExit) as error:  # the author's own code may raise anything
        line = _line_in(path, error)
        raise HistoryError(
            f"revision file {path}{line} fails to load: {in_one_line(error)}",
            hint="correct the file; its identifiers are computed, so it must run to be read",
        ) from error
    values = {name: getattr(module, name) for name in FIELDS if hasattr(module, name)}
    return checked(path, values, module.__doc__ or "", {}, module)


def _line_in(path: str, error: BaseException) -> str:
    traceback = error.__traceback__
    line = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == path:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return "" if line is None else f", line {line}"
