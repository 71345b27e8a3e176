"""Compiled revision files, each believed only for the very source that it was made from.

They are kept where Python keeps them, in its own form with a number over the source, so that
Alembic reads them as well
(https://docs.python.org/3/reference/import.html#cached-bytecode-invalidation). The usual form tells
by time and size alone, and would take an old file for one of the same size that was edited within
the same second.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from importlib.machinery import SourceFileLoader
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from types import CodeType

__all__ = ["CompiledLoader", "keep_compiled"]

_CHECKED = (0b11).to_bytes(4, "little")
"""The number over the source follows, and it counts: https://peps.python.org/pep-0552/"""


class CompiledLoader(SourceFileLoader):
    """Runs a source file, and keeps what was compiled of it where that can be written."""

    _loaded = b""

    def has_loaded(self, text: str) -> bool:
        """Whether this is the text that was loaded, in UTF-8.

        :param text: the text.
        """
        return source_hash(text.encode("utf-8", "surrogatepass")) == self._loaded

    def get_code(self, fullname: str) -> CodeType:
        """The compiled source.

        :param fullname: the name of the module.
        :raises SyntaxError: it is no Python.
        """
        path = self.get_filename(fullname)
        source = self.get_data(path)
        self._loaded = source_hash(source)
        head = MAGIC_NUMBER + _CHECKED + self._loaded
        place = cache_from_source(path)
        code = self._kept(place, head)
        if code is None or code.co_filename != path:  # the folder may have been moved
            code = compile(source, path, "exec", dont_inherit=True)
            if not sys.dont_write_bytecode:
                # It may be read by whom the source may be read by; where it cannot be written,
                # nothing happens.
                mode = os.stat(path).st_mode & 0o666 | 0o200
                self.set_data(place, head + marshal.dumps(code), _mode=mode)
        return code

    def _kept(self, place: str, head: bytes) -> CodeType | None:
        """What was compiled of a source before; None where it was another one, or is damaged."""
        try:
            data = self.get_data(place)
            if not data.startswith(head):
                return None
            found = marshal.loads(memoryview(data)[len(head) :])
        except (OSError, EOFError, ValueError, TypeError):
            return None
        return found if isinstance(found, CodeType) else None


def keep_compiled(path: str) -> None:
    """Compile a file before it is needed, where what is compiled is kept.

    That takes a hundred times the memory of its text, for a moment. Whoever is about to load much
    else finds that memory free again.

    :param path: the source file; what is wrong with it is told by whoever loads it.
    """
    if not sys.dont_write_bytecode:
        with suppress(OSError, SyntaxError, ValueError):
            CompiledLoader("", path).get_code("")
