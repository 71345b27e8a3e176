"""What commands say, and how wide the terminal is."""

from __future__ import annotations

import logging
import shutil
import sys
import textwrap
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn, TextIO

from sqlalchemy.engine import make_url

from limbeck.config import printable
from limbeck.project.revision_text import joined_by_commas

log = logging.getLogger(__name__)

#: How many columns there are to write on; None where nobody looks.
TERMWIDTH: int | None = shutil.get_terminal_size().columns if sys.stdout.isatty() else None

_INDENT = "  "


def write_outstream(stream: TextIO, *text: str | bytes, quiet: bool = False) -> None:
    """Write texts, with a question mark for each character that the stream cannot take."""
    if quiet:
        return
    for each in text:
        words = each.decode(stream.encoding or "ascii") if isinstance(each, bytes) else each
        stream.write(printable(words, stream))


def msg(msg: str, newline: bool = True, flush: bool = False, quiet: bool = False) -> None:
    """Say something, wrapped and indented where somebody looks at a terminal."""
    if quiet:
        return
    if TERMWIDTH is None:
        write_outstream(sys.stdout, msg)
    else:
        lines = textwrap.wrap(msg, TERMWIDTH - len(_INDENT))
        write_outstream(sys.stdout, "\n".join(f"{_INDENT}{line}" for line in lines))
    if newline:
        write_outstream(sys.stdout, "\n")
    if flush:
        sys.stdout.flush()


def err(message: str, quiet: bool = False) -> NoReturn:
    """Say what went wrong, in the log and on stdout, and end the process."""
    log.error(message)
    msg(f"FAILED: {message}", quiet=quiet)
    sys.exit(-1)


@contextmanager
def status(status_msg: str, newline: bool = False, quiet: bool = False) -> Iterator[None]:
    """Say what is being done, and how it ended."""
    msg(f"{status_msg} ...", newline, flush=True, quiet=quiet)
    try:
        yield
    except BaseException:
        write_outstream(sys.stdout, f"{_INDENT}FAILED\n", quiet=quiet)
        raise
    write_outstream(sys.stdout, f"{_INDENT}done\n", quiet=quiet)


def warn(msg: str, stacklevel: int = 2) -> None:
    """Warn the caller's caller."""
    warnings.warn(msg, UserWarning, stacklevel=stacklevel + 1)


def warn_deprecated(msg: str, stacklevel: int = 2) -> None:
    """Warn the caller's caller of what will go."""
    warnings.warn(msg, DeprecationWarning, stacklevel=stacklevel + 1)


def obfuscate_url_pw(input_url: str) -> str:
    """An address without its password."""
    return make_url(input_url).render_as_string(hide_password=True)


def format_as_comma(value: str | Iterable[str] | None) -> str:
    """One, several or no ids, with commas between them."""
    return joined_by_commas(value)
