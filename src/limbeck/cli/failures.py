"""What a person sees when a command fails: at most twelve lines, and never a password."""

from __future__ import annotations

import errno
import re
import traceback
from typing import TYPE_CHECKING, Any

from limbeck.database.interruption import Terminated
from limbeck.database.secrets import hide_values, without_passwords
from limbeck.errors import CommandError
from limbeck.project.user_frames import in_one_line, raised_by_user, user_frames

if TYPE_CHECKING:
    from limbeck.cli.terminal import Terminal

INTERRUPTED = 130
TERMINATED = 143
INTERNAL = 70
NOT_WRITTEN = 74  # EX_IOERR of sysexits.h
_OF_OUTPUT = frozenset({errno.ENOSPC, errno.EBADF, errno.EIO, errno.EFBIG, errno.EDQUOT})
_MOST_LINES = 12
_WORD_STARTS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def as_command_error(error: Exception) -> CommandError:
    """Make an error that can be told to a person out of any exception.

    :param error: what a command raised.
    :returns: itself if it is meant for people, else one that names the user's own lines.
    """
    if isinstance(error, CommandError):
        return error
    if is_of_output(error):
        return NotWritten(
            f"what was to be written could not be: {in_one_line(error)}",
            hint="what was written before is incomplete; write it anew to where there is room",
        )
    if raised_by_user(error):
        return _OwnCodeFailed(in_one_line(error), details=user_frames(error))
    return InternalError(
        f"limbeck itself failed: {in_one_line(error)}",
        hint="run it again with --debug, and report what it prints",
        details=_innermost(error),
    )


class _OwnCodeFailed(CommandError):
    """Code of the user's raised an exception outside of a revision."""


def is_of_output(error: BaseException) -> bool:
    """Whether writing on stdout has failed; errors of files name the file."""
    if isinstance(error, OSError):
        found = error.filename is None and error.errno in _OF_OUTPUT
    else:
        found = isinstance(error, UnicodeEncodeError)
    return found and not raised_by_user(error)


class NotWritten(CommandError):
    """A result could not be written."""

    exit_code = NOT_WRITTEN


class OwnCodeEnded(CommandError):
    """Code of the user's would have ended the program without a word.

    :param error: what it raised.
    """

    def __init__(self, error: BaseException) -> None:
        frames = user_frames(error)
        place = frames[-1].partition(": ")[0] if frames else "code of the project"
        if isinstance(error, SystemExit):
            code = "" if error.code is None else f"({error.code})"
            message = f"{place} ended the program: sys.exit{code or '()'}"
        else:
            message = f"{place} raised {in_one_line(error)}"
        super().__init__(
            message, hint="let it raise an error, or do nothing and go on", details=frames
        )


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
        hide_values(error)
        terminal.complain(without_passwords("".join(traceback.format_exception(error)).rstrip()))
    if as_json:
        terminal.json(as_json_object(told))
    else:
        for line in lines_of(told, terminal):
            terminal.complain(line)
    return told.exit_code


class Interrupted(CommandError):
    """SIGINT has ended the command."""

    exit_code = INTERRUPTED


class Ended(CommandError):
    """SIGTERM has ended the command."""

    exit_code = TERMINATED


def report_interruption(error: KeyboardInterrupt, terminal: Terminal, *, as_json: bool) -> int:
    """Tell a person, or a program, that a signal has ended the command, and what did happen.

    :param error: what was raised; its notes say what is in the database.
    :param terminal: where to tell it.
    :param as_json: answer with a JSON object on stdout instead of words on stderr.
    :returns: the exit code.
    """
    notes = getattr(error, "__notes__", ())
    is_terminated = isinstance(error, Terminated)
    told = (
        Ended("terminated", details=notes)
        if is_terminated
        else Interrupted("interrupted", details=notes)
    )
    return report(told, terminal, as_json=as_json, debug=False)


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
