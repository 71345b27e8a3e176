"""Text in which a colon is a colon."""

from __future__ import annotations

import re

from sqlalchemy import TextClause, text

# What SQLAlchemy would take for a bound parameter in text().
_PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w+(?!:))")


def literal_text(words: str) -> TextClause:
    """Text in which a colon is a colon: there is no way to give a plain string parameters."""
    return text(_PARAMETER.sub(r"\\:", words))
