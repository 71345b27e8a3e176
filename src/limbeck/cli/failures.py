"""What a person sees when a command fails: at most twelve lines, and never a password."""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING, Any

from limbeck.database.secrets import without_passwords
from limbeck.errors import CommandError
from limbeck.project.user_frames import in_one_line, raised_by_user, user_frames

if TYPE_CHECKING:
    from limbeck.cli.terminal import Terminal

INTERRUPTED = 130
TERMINATED = 143
PIPE_CLOSED = 141
INTERNAL = 70
_MOST_LINES = 12
_WORD_STARTS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Terminated(BaseException):
    """SIGTERM arrived. Like KeyboardInterrupt it is no Exception, so that nothing eats it."""


def as_command_error(error: Exception) -> CommandError:
    """Make an error that can be told to a person out of any exception.

    :param error: what a command raised.
    :returns: itself if it is meant for people, else one that names the user's own lines.
    """
    if isinstance(error, CommandError):
        return error
    if raised_by_user(error):
        return _OwnCodeFailed(in_one_line(error), details=user_frames(error))
    return InternalError(
        f"limbeck itself failed: {in_one_line(error)}",
        hint="run it again with --debug, and report what it prints",
        details=_innermost(error),
    )


class _OwnCodeFailed(CommandError):
    """Code of the user's raised an exception outside of a revision."""


class InternalError(CommandError):
    """A defect of limbeck."""

    exit_code = INTERNAL


def report(error: Exception, terminal: Terminal, *, as_json: bool, debug: bool) -> int:
    """Tell a person, or a program, what went wrong.

    :param error: what a command raised.
    :param terminal: where to tell it.
    :param as_json: answer with a JSON object on stdout instead of words on stderr.
    :param debug: print the traceback too.
    :returns: the exit code.
    """
    told = as_command_error(error)
    if debug:
        terminal.complain(without_passwords("".join(traceback.format_exception(error)).rstrip()))
    if as_json:
        terminal.json(as_json_object(told))
    else:
        for line in lines_of(told, terminal):
            terminal.complain(line)
    return told.exit_code


def as_json_object(error: CommandError) -> dict[str, Any]:
    """The error for programs.

    :param error: what went wrong.
    """
    return {
        "error": {
            "code": _WORD_STARTS.sub("-", type(error).__name__.lstrip("_")).lower(),
            "exit_code": error.exit_code,
            "message": without_passwords(error.message),
            "hint": without_passwords(error.hint) if error.hint else None,
            "details": [without_passwords(line) for line in error.details],
        }
    }


def lines_of(error: CommandError, terminal: Terminal) -> list[str]:
    """The error for people.

    :param error: what went wrong.
    :param terminal: decides about colours.
    :returns: at most twelve lines.
    """
    message = without_passwords(error.message or type(error).__name__).splitlines()
    mark = terminal.paint("error:", "red", terminal.stderr)
    head = [f"{mark} {message[0]}", *(f"  {line}" for line in message[1:])]
    details = [f"  {line}" for text in error.details for line in _detail_lines(text)]
    tail = []
    if error.hint:
        mark = terminal.paint("hint:", "cyan", terminal.stderr)
        tail = [f"{mark} {' '.join(without_passwords(error.hint).split())}"]
    room = _MOST_LINES - len(tail)
    middle = [*head, *details]
    if len(middle) > room:
        left_out = len(middle) - room + 1
        middle = [*middle[: room - 1], f"  … {left_out} more lines"]
    return [*middle, *tail]


def _detail_lines(text: str) -> list[str]:
    return without_passwords(text).splitlines()


def _innermost(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frames[-1].filename}:{frames[-1].lineno}: {frames[-1].line}"] if frames else []
