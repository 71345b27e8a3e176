"""What commands say, and how wide the terminal is."""

from __future__ import annotations

import shutil
import sys
import textwrap
import warnings

from sqlalchemy.engine import make_url

TERMWIDTH: int | None = shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def warn(text: str, stacklevel: int = 2) -> None:
    """Warn the caller's caller."""
    warnings.warn(text, UserWarning, stacklevel=stacklevel + 1)


def msg(text: str, newline: bool = True, flush: bool = False, quiet: bool = False) -> None:
    """Say a line, wrapped at the terminal's width and indented by two spaces."""
    if quiet:
        return
    lines = textwrap.wrap(text, TERMWIDTH) if TERMWIDTH is not None else [text]
    sys.stdout.write("\n".join(f"  {line}" for line in lines) + "\n" * newline)
    if flush:
        sys.stdout.flush()


def obfuscate_url_pw(input_url: str) -> str:
    """An address without its password."""
    return make_url(input_url).render_as_string(hide_password=True)
