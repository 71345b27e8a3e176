"""The text of a new revision file, made from a template of Mako's.

What the author says about it (the message) never becomes code, whatever is in it; a text that is no
Python is not written.
"""

from __future__ import annotations

import ast
import re
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError, ConfigurationError
from limbeck.project.repetitive_code import is_surely_python
from limbeck.syntax_trees import syntax_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BUILT_IN_TEMPLATE", "joined_by_commas", "render_revision"]

BUILT_IN_TEMPLATE = Path(__file__).parent / "templates" / "script.py.mako"

#: Three quotes or more would end the docstring; so would one at its beginning or end.
_THREE_QUOTES = re.compile(r"\"{3,}|'{3,}|^[\"']+|[\"']+$", re.ASCII)

_PLAIN_MESSAGE = re.compile(r"[\w ,.;:!?()/=+*&#<>\[\]'-]*")
_BODIES = ("upgrades", "downgrades")


def render_revision(
    template: Path | None, variables: Mapping[str, Any], message: str | None
) -> str:
    """The text of a new revision file.

    :param template: the project's ``script.py.mako``; limbeck's own if not given.
    :param variables: what the template may use, besides ``message``.
    :param message: the message; it ends up within a string, whatever is in it.
    :return: Python source.
    :raises CommandError: the template fails, or makes code out of the message.
    """
    source = template if template is not None else BUILT_IN_TEMPLATE
    if source.is_dir():
        raise CommandError(f"{source} is a folder and no template", hint="restore the file")
    shown = _within_docstring(message.strip()) if message and message.strip() else "empty message"
    text = _rendered(source, {**variables, "message": shown})
    if message is None or (template is None and _PLAIN_MESSAGE.fullmatch(message)):
        _refuse_no_python(source, text)
        return text
    # What a message does to a template it does around any body, and a large one takes long to read.
    small = {**variables, **{name: "pass" for name in _BODIES if variables.get(name)}}
    harmless = _rendered(source, {**small, "message": "message"})
    if _code_of(_rendered(source, {**small, "message": shown})) != _code_of(harmless):
        raise CommandError(
            f"the message cannot be written with {source}: it would become code",
            hint='use ${message} in the docstring """…""" only, or choose a plainer message',
        )
    _refuse_no_python(source, text)
    return text


def _refuse_no_python(template: Path, text: str) -> None:
    try:
        _refuse_no_code(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        where = f", line {line} of what it gives" if line else ""
        raise CommandError(
            f"the template {template} gives what is not Python{where}: {error}",
            hint="correct the template; what follows a ## is not in its text",
        ) from error


def _refuse_no_code(text: str) -> None:
    """Raise what the parser raises.

    A tree of a large file costs more than all of its code, and is needed only to tell whether what
    cannot be compiled can still be parsed: such a file is its author's.
    """
    if is_surely_python(text):
        return
    try:
        compile(text, "<unknown>", "exec", dont_inherit=True)
    except SyntaxError:
        syntax_tree(text)


def _within_docstring(message: str) -> str:
    """The message as it must be written between three quotes."""
    lines = []
    for line in re.split(r"\r\n|\r|\n", message):
        escaped = "".join(
            one
            if one.isprintable() and one != "\\"
            else one.encode("unicode_escape").decode()
            if one != "\t"
            else " "
            for one in line.rstrip()
        )
        lines.append(escaped)
    text = "\n".join(lines)
    return _THREE_QUOTES.sub(lambda found: "".join(f"\\{one}" for one in found[0]), text)


def _code_of(text: str) -> str | None:
    """The code in a text, its first strings aside; None if it is none."""
    try:
        tree = syntax_tree(text)
    except (SyntaxError, ValueError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@lru_cache(maxsize=4)
def _compiled(source: str, name: str) -> Any:
    """A template of Mako's: one file is written from it, and two texts to try its message."""
    from mako.template import Template  # type: ignore[import-untyped]  # Mako ships no types

    return Template(text=source, uri=name, strict_undefined=False)


def _rendered(template: Path, variables: Mapping[str, Any]) -> str:
    from mako import exceptions  # type: ignore[import-untyped]  # Mako ships no types

    try:
        compiled = _compiled(template.read_text(encoding="utf-8"), template.name)
        text = compiled.render_unicode(**variables, comma=joined_by_commas)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"the template {template} cannot be read: {error}",
            hint="'limbeck list_templates' lists templates that come with a script.py.mako",
        ) from error
    except Exception as error:  # the user's template may raise anything
        line = exceptions.RichTraceback().lineno
        raise CommandError(
            f"Template rendering failed; see {_written_traceback()} "
            "for a template-oriented traceback.",
            hint="correct the template; it is Mako (https://docs.makotemplates.org)",
            details=[f"{template}, line {line}: {type(error).__name__}: {error}"],
        ) from error
    return str(text)


def _written_traceback() -> str:
    """A new file with the traceback of the error at hand, in the lines of the template."""
    from mako import exceptions

    with tempfile.NamedTemporaryFile(
        "w", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write(exceptions.text_error_template().render_unicode())
    return file.name


def joined_by_commas(value: object) -> str:
    """The Mako filter that joins several ids with commas."""
    if not value:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, (tuple, list, set, frozenset)):
        return ", ".join(str(one) for one in value)
    return str(value)
