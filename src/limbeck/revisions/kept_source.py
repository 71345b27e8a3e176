"""The text of a revision file as it is kept in a column of any database.

A short text of plain characters stays readable; anything else is compressed, so that it needs
nothing of the database's encoding either.
"""

from __future__ import annotations

import base64
import zlib

__all__ = ["kept", "restored"]

_MARK = "zlib:"
_LONGEST_PLAIN = 1000


def kept(source: str) -> str:
    """A text as it is kept.

    :param source: the text.
    """
    if source.isascii() and len(source) <= _LONGEST_PLAIN and not source.startswith(_MARK):
        return source
    return _MARK + base64.b64encode(zlib.compress(source.encode("utf-8", "surrogatepass"))).decode()


def restored(text: str) -> str:
    """The text that was kept.

    :param text: from :func:`kept`.
    :raises ValueError: it was damaged.
    """
    if not text.startswith(_MARK):
        return text
    try:
        packed = base64.b64decode(text.removeprefix(_MARK), validate=True)
        return zlib.decompress(packed).decode("utf-8", "surrogatepass")
    except zlib.error as error:
        raise ValueError(str(error)) from error
