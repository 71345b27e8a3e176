"""Files kept beside revision files, where Python keeps what it has compiled of them.

They may be deleted, damaged or kept from being written at any time: then they are not there.
Who can write them can write the compiled files beside them, which are believed as well.
"""

from __future__ import annotations

import os
import sys
import time
from binascii import crc32

from limbeck.light_typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["kept_place", "read_kept_file", "replace_kept_file"]


def kept_place(folder: str, name: str, ending: str = "json") -> str:
    """Where what is kept of a folder is, as Python has its compiled files.

    :param folder: the folder, as it was named.
    :param name: what the file holds.
    :param ending: in which form.
    """
    file = f"limbeck-{name}.{sys.implementation.cache_tag}.{ending}"
    if sys.pycache_prefix is None:
        return os.path.join(folder, "__pycache__", file)
    return os.path.join(sys.pycache_prefix, os.path.abspath(folder).lstrip(os.sep), file)


def read_kept_file(path: str) -> bytes | None:
    """What a file holds that is there, and is whole; otherwise None.

    :param path: the file.
    """
    try:
        with open(path, "rb") as stream:
            number, _, content = stream.read().partition(b"\n")
    except OSError:
        return None
    return content if number == b"%08x" % crc32(content) else None


def replace_kept_file(path: str, make: Callable[[int], bytes | None]) -> None:
    """Put a file in the place of the one that is there; without a word where that cannot be.

    It is replaced as a whole, so that two processes do not mix.

    :param path: the file.
    :param make: makes what it shall hold; None leaves it as it is. It is given the time in
        nanoseconds by the clock of the file system, which may be another machine's.
    """
    temporary = f"{path}.{os.getpid()}.{time.monotonic_ns()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with open(file, "wb") as stream:
            content = make(os.stat(temporary).st_mtime_ns)
            if content is not None:
                stream.writelines((b"%08x\n" % crc32(content), content))
        if content is None:
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
