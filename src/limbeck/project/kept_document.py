"""Documents kept beside revision files, where Python keeps what it has compiled of them.

They may be deleted, damaged or kept from being written at any time: then they are not there.
Who can write them can write the compiled files beside them, which are believed as well.
"""

from __future__ import annotations

import json
import os
import sys
import time
from binascii import crc32

from limbeck import __version__
from limbeck.light_typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["kept_place", "read_kept", "replace_kept"]

_FORMAT = f"limbeck {__version__} 2"


def kept_place(folder: str, name: str) -> str:
    """Where a document of a folder is, as Python has its compiled files.

    :param folder: the folder, as it was named.
    :param name: what the document holds.
    """
    file = f"limbeck-{name}.{sys.implementation.cache_tag}.json"
    if sys.pycache_prefix is None:
        return os.path.join(folder, "__pycache__", file)
    return os.path.join(sys.pycache_prefix, os.path.abspath(folder).lstrip(os.sep), file)


def read_kept(path: str) -> dict[str, Any]:
    """The entries of a document that is there, is whole and is ours; otherwise none.

    :param path: the document.
    """
    try:
        with open(path, "rb") as stream:
            number, _, document = stream.read().partition(b"\n")
        if number != b"%08x" % crc32(document):
            return {}
        content = json.loads(document)
        return dict(content["files"]) if content["of"] == _FORMAT else {}
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return {}


def replace_kept(path: str, entries: Callable[[int], dict[str, Any] | None]) -> None:
    """Put a document in the place of the one that is there; without a word where that cannot be.

    It is replaced as a whole, so that two processes do not mix.

    :param path: the document.
    :param entries: makes what it shall say, by the names of files; None leaves it as it is. It is
        given the time in nanoseconds by the clock of the file system, which may be another
        machine's.
    """
    temporary = f"{path}.{os.getpid()}.{time.monotonic_ns()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with open(file, "wb") as stream:
            found = entries(os.stat(temporary).st_mtime_ns)
            if found is not None:
                document = json.dumps({"of": _FORMAT, "files": found}).encode()
                stream.write(b"%08x\n" % crc32(document) + document)
        if found is None:
            _remove(temporary)
        else:
            os.replace(temporary, path)
    except OSError:
        _remove(temporary)


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:  # it could not be made either
        return
