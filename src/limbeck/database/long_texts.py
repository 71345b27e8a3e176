"""Texts longer than the 64 KB at which TEXT of MySQL and MariaDB ends.

Said by name, and not as variants of the types of ``sqlalchemy.dialects.mysql``: importing those
costs a good part of ``upgrade head`` with nothing to do, on any other database.
https://mariadb.com/kb/en/text/
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text, UnicodeText
from sqlalchemy.ext.compiler import compiles

__all__ = ["LongText", "MediumUnicodeText"]


class MediumUnicodeText(UnicodeText):
    """A text of any letters, up to 16 MB."""


class LongText(Text):
    """A text of any length."""


@compiles(MediumUnicodeText, "mysql", "mariadb")
def _medium(*_: Any, **__: Any) -> str:
    return "MEDIUMTEXT"


@compiles(LongText, "mysql", "mariadb")
def _long(*_: Any, **__: Any) -> str:
    return "LONGTEXT"
