"""Texts as Python literals, and how wide they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["block_quoted", "quoted", "width_of"]


def quoted(text: str, escape: Callable[[str], str] = repr) -> str:
    """Return a string literal with the quotes a formatter would choose.

    Double quotes, unless single ones need fewer backslashes. Control characters are
    escaped, so a literal never spans lines.
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    if '"' not in text and "\\" not in text and text.isprintable() and escape is repr:
        return f'"{text}"'
    # A piece holds at most the other kind of quote, which repr then leaves alone.
    pieces = (escape(str(piece))[1:-1] for piece in text.split(quote))
    return quote + f"\\{quote}".join(pieces) + quote


def block_quoted(text: str) -> str:
    """Return a string literal of several lines, whose lines are those of the text.

    Blanks around the text are not a part of it, so that it may begin and end on lines of its own.
    """
    if '"""' not in text and all(c.isprintable() or c in "\n\t" for c in text):
        return ("r" if "\\" in text else "") + f'"""\n{text}\n"""'
    # Only what has to be escaped is: a carriage return would be read as the end of a line.
    escaped = "".join(
        c if (c.isprintable() and c != "\\") or c in "\n\t" else repr(c)[1:-1] for c in text
    )
    quotes = '\\"' * 3
    return f'"""\n{escaped.replace(chr(34) * 3, quotes)}\n"""'


def width_of(text: str) -> int:
    """Count columns as formatters do: wide East Asian characters take two."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    import unicodedata  # a large library, for letters that few texts have

    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
