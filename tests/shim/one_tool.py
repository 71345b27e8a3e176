"""Runs commands with whichever ``alembic`` is importable, in the current folder.

Called with a JSON list of commands on stdin, each a list of words for ``alembic``. Prints a JSON
list of what each has printed on stdout and the exit code of the process that it would have been.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import warnings

written = io.StringIO()
real, sys.stdout = sys.stdout, written  # before the import, which may keep it

from alembic.config import CommandLine  # noqa: E402  # as the line above says


def run(words: list[str]) -> dict[str, object]:
    """One command."""
    written.seek(0)
    written.truncate()
    code: object = 0
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            CommandLine("alembic").main(words)
    except SystemExit as end:
        code = (end.code or 0) & 0xFF if isinstance(end.code, int | None) else 1
    except Exception as error:  # what would end the process with a traceback
        code = f"1, {type(error).__name__}"
    return {"code": code, "stdout": written.getvalue()}


def main() -> None:
    """All of them."""
    warnings.simplefilter("ignore")
    json.dump([run(words) for words in json.load(sys.stdin)], real)


if __name__ == "__main__":
    main()
