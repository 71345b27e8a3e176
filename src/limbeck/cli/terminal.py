"""Where words go: results to stdout, talk to stderr, colour only where a person looks."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import Any, TextIO

_STYLES = {"red": "31", "cyan": "36", "dim": "2"}


@dataclass(frozen=True)
class Terminal:
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
            print(line, file=self.stdout)

    def json(self, value: Any) -> None:
        """Print one JSON object, whatever else is kept back."""
        print(json.dumps(value, ensure_ascii=False, indent=2), file=self.stdout)

    def say(self, line: str, style: str = "") -> None:
        """Print a line of talk."""
        if not self.quiet:
            print(self.paint(line, style, self.stderr), file=self.stderr, flush=True)

    def complain(self, line: str) -> None:
        """Print a line that nothing keeps back."""
        print(line, file=self.stderr, flush=True)

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
    """Write UTF-8 whatever the locale says, and never fail on a character."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
