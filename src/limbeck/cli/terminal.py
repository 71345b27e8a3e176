"""Where words go: results to stdout, talk to stderr, colour only where a person looks."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress

from limbeck.light_typing import Any, NamedTuple, TextIO
from limbeck.visible import visible, visible_json

_STYLES = {"red": "31", "cyan": "36", "dim": "2"}
_OUR_COLOURS = r"(\x1b\[(?:31|36|2|0)m)"


class Terminal(NamedTuple):
    """The two streams of a process and how to write on them.

    :param color: ``auto``, ``always`` or ``never``.
    :param quiet: True keeps everything but errors back.
    :param verbose: True lets more through.
    """

    stdout: TextIO
    stderr: TextIO
    color: str = "auto"
    quiet: bool = False
    verbose: bool = False

    def result(self, line: str) -> None:
        """Print a line of what was asked for."""
        if not self.quiet:
            print(self._shown(line, self.stdout), file=self.stdout)

    def json(self, value: Any) -> None:
        """Print one JSON object, whatever else is kept back."""
        import json

        document = json.dumps(value, ensure_ascii=False, indent=2)
        print(visible_json(document), file=self.stdout)

    def say(self, line: str, style: str = "") -> None:
        """Print a line of talk."""
        if not self.quiet:
            self._talk(self.paint(self._shown(line, self.stderr), style, self.stderr))

    def complain(self, line: str) -> None:
        """Print a line that nothing keeps back."""
        self._talk(self._shown(line, self.stderr))

    def _talk(self, line: str) -> None:
        """Write on stderr; what nobody can hear changes nothing of what is done."""
        try:
            print(line, file=self.stderr, flush=True)
        except (OSError, ValueError):
            forget(self.stderr)

    def paint(self, text: str, style: str, stream: TextIO) -> str:
        """Colour a text if its stream is for eyes.

        :param text: the text.
        :param style: red, cyan or dim; empty for none.
        :param stream: where it will be printed.
        :returns: the text, with or without escape sequences.
        """
        if not style or not self._colours(stream):
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"

    def _shown(self, line: str, stream: TextIO) -> str:
        """The line without anything that acts on a terminal, but for our own colours."""
        if "\x1b" not in line or not self._colours(stream):
            return visible(line)
        import re

        pieces = re.split(_OUR_COLOURS, line)  # every second one is a colour
        return "".join(
            piece if number % 2 else visible(piece) for number, piece in enumerate(pieces)
        )

    def _colours(self, stream: TextIO) -> bool:
        if self.color != "auto":
            return self.color == "always"
        # https://no-color.org: any value that is not empty switches colours off
        if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
            return False
        return stream.isatty()

    def can_ask(self) -> bool:
        """Whether a person is there who could answer a question."""
        return sys.stdin is not None and sys.stdin.isatty() and self.stderr.isatty()


def use_utf8() -> None:
    """Write UTF-8 whatever the locale says.

    Talk never fails on a character. A result does: a script with another character in it is none.
    A stream that was closed before is one to which nothing can be written.
    """
    sys.stdout = sys.stdout or _Closed()
    sys.stderr = sys.stderr or _Closed()
    for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors=errors)


def forget(stream: TextIO) -> None:
    """Let the end of the process not fail once more on what could not be written.

    :param stream: stdout or stderr, which nobody reads any more, or whose disk is full.
    """
    with suppress(OSError, ValueError):
        descriptor = stream.fileno()
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, descriptor)
        os.close(devnull)


class _Closed(io.TextIOBase):
    """A stream that whoever has started the process has closed."""

    def write(self, text: str) -> int:
        raise OSError(errno.EBADF, "it is closed")

    def isatty(self) -> bool:
        return False
