"""Revision files on disk, and the identifiers that their authors wrote into them.

A file is read, not run: its identifiers are literals in nearly every project. Only a file
that computes one of them is executed to find out.
"""

from __future__ import annotations

import ast
import io
import os
import re
import stat
import tokenize
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.errors import HistoryError
from limbeck.project.loading import load_module
from limbeck.project.user_frames import in_one_line
from limbeck.visible import is_visible, visible_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import ModuleType

    from limbeck.revisions.revision import OneOrMany

__all__ = ["RevisionFile", "list_files", "parse_source", "read_file", "read_text"]

FIELDS = ("revision", "down_revision", "branch_labels", "depends_on")

_PYTHON = re.compile(r"(?!\.\#|__init__)(.*\.py)$")
_COMPILED = re.compile(r"(?!\.\#|__init__)(.*\.(?:py|pyc|pyo))$")
_LEGACY_NAME = re.compile(r"([a-f0-9]+)\.py$")
_FIRST_FUNCTION = re.compile(r"^(?:async\s+def|def|class|@)", re.MULTILINE)
_ASSIGNMENT = re.compile(r"(?:revision|branch_labels|depends_on)\b[^\n=]*=")


@dataclass(frozen=True, slots=True)
class RevisionFile:
    """What one revision file says about itself.

    :param path: the file.
    :param revision: its id.
    :param down_revision: the ids right before.
    :param branch_labels: its labels.
    :param depends_on: ids or labels that it depends on.
    :param docstring: the docstring, as written.
    :param lines: the line, counted from 1, on which each identifier is written.
    :param module: the module, where the file had to be run to be read.
    """

    path: Path
    revision: str
    down_revision: OneOrMany
    branch_labels: OneOrMany = None
    depends_on: OneOrMany = None
    docstring: str = ""
    lines: Mapping[str, int] = field(default_factory=dict)
    module: ModuleType | None = None


def list_files(
    folders: Sequence[Path], *, recursive: bool = False, sourceless: bool = False
) -> Iterator[Path]:
    """The files in which revisions may be, folder by folder, sorted by name.

    ``__init__.py``, lock files of editors (``.#…``) and folders that are called like
    revisions are passed over. A file reached twice is given once.

    :param folders: where to look; a folder that does not exist holds no file.
    :param recursive: look into folders within these too; a circle of links is cut.
    :param sourceless: compiled files count where their source is missing.
    :raises HistoryError: a folder cannot be read, or what is called like a revision is a link to
        nothing, a pipe or a device.
    """
    seen: set[Path] = set()
    for folder in folders:
        for path in _walk(folder, recursive, sourceless):
            real = Path(os.path.realpath(path))
            if real in seen:
                warnings.warn(
                    f"File {path} loaded twice! ignoring. "
                    "Please ensure version_locations is unique.",
                    UserWarning,
                    stacklevel=2,
                )
                continue
            seen.add(real)
            yield path


def _walk(folder: Path, recursive: bool, sourceless: bool) -> Iterator[Path]:
    pattern = _COMPILED if sourceless else _PYTHON
    visited: set[str] = set()
    for root, folders, names in os.walk(folder, onerror=_refuse_unreadable, followlinks=True):
        real = os.path.realpath(root)
        if real in visited:
            folders.clear()
            continue
        visited.add(real)
        folders[:] = sorted(one for one in folders if one != "__pycache__") if recursive else []
        here = Path(root)
        chosen = [here / name for name in names if pattern.fullmatch(name)]
        if sourceless:
            chosen += _compiled_only(here, {path.stem for path in chosen})
        yield from sorted(path for path in chosen if _is_file(path))


def _is_file(path: Path) -> bool:
    """Whether a path is a file.

    :raises HistoryError: it is a link to nothing, a pipe or a device: a revision would be missing
        without a word, or reading would never end.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise HistoryError(
            f"revision file {path} cannot be read: {_why_unread(path, error)}",
            hint="restore the file, or remove the link",
        ) from error
    if stat.S_ISDIR(mode):
        return False
    if not stat.S_ISREG(mode):
        raise HistoryError(
            f"revision file {path} is no regular file",
            hint="replace it by a file, or move it out of the folder of revisions",
        )
    return True


def _why_unread(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and path.is_symlink():
        return f"it is a link to {path.readlink()}, which does not exist"
    return str(error.strerror)


def _refuse_unreadable(error: OSError) -> None:
    """A folder that is not there holds no revision; one that cannot be read may well do."""
    if not isinstance(error, FileNotFoundError):
        raise HistoryError(
            f"the folder of revisions {error.filename} cannot be read: {error.strerror}",
            hint="make it a folder that is readable for the user who runs limbeck",
        ) from error


def _compiled_only(folder: Path, known: set[str]) -> Iterator[Path]:
    cache = folder / "__pycache__"
    if not cache.is_dir():
        return
    for path in sorted(cache.iterdir()):
        stem = path.name.split(".")[0]
        if path.suffix in (".pyc", ".pyo") and stem != "__init__" and stem not in known:
            known.add(stem)
            yield path


def read_file(path: Path) -> RevisionFile:
    """The identifiers of one revision file.

    :param path: the file.
    :return: what it says about itself.
    :raises HistoryError: the file cannot be read, is no Python, or lacks an identifier.
    """
    if path.suffix in (".pyc", ".pyo"):
        return _from_module(path)
    source = read_text(path)
    facts = parse_source(path, source)
    return facts if facts is not None else _from_module(path)


def read_text(path: Path) -> str:
    """The text of a Python file, in the encoding that it declares; UTF-8 if none.

    :raises HistoryError: it cannot be read, or is not text in that encoding.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise HistoryError(
            f"revision file {path} cannot be read: {error.strerror}",
            hint="make the file readable for the user who runs limbeck",
        ) from error
    if b"\0" in data:
        raise HistoryError(
            f"revision file {path} has NUL bytes in it, line {data[: data.index(0)].count(10) + 1}",
            hint="it may have been damaged, or saved as UTF-16: restore it, or save it as UTF-8",
        )
    encoding = "utf-8"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        # Either the first lines are no UTF-8, which decoding them says too, or:
        if _is_utf8(data):
            raise HistoryError(
                f"revision file {path} says that it is in an encoding which does not exist",
                hint="save the file as UTF-8, and remove the line with coding:",
            ) from error
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name = "UTF-8" if encoding.startswith("utf-8") else encoding
        line = data.count(b"\n", 0, error.start) + 1
        raise HistoryError(
            f"revision file {path} is not {name} text, line {line}",
            hint="save the file as UTF-8",
        ) from error


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def parse_source(path: Path, source: str) -> RevisionFile | None:
    """The identifiers in the source of a revision file.

    :param path: the file, for messages.
    :param source: its text.
    :return: what it says, or None where an identifier is computed.
    :raises HistoryError: it is no Python, or lacks an identifier.
    """
    if not source.strip():
        raise HistoryError(
            f"revision file {path} is empty",
            hint="delete the file, or restore its contents",
        )
    found = _head(source) or _Literals(_parsed(path, source))
    if found.is_computed:
        return None
    return _checked(path, found.values, found.docstring, found.lines, None)


def _head(source: str) -> _Literals | None:
    """Most files have everything before their first function, and parsing only that much
    is several times faster. None where that cannot be trusted."""
    first = _FIRST_FUNCTION.search(source)
    if first is None or _ASSIGNMENT.search(source, first.start()):
        return None
    try:
        found = _Literals(ast.parse(source[: first.start()]))
    except SyntaxError:
        return None  # as in a docstring with "class" at the beginning of a line
    return found if found.is_complete else None


def _parsed(path: Path, source: str) -> ast.Module:
    try:
        return ast.parse(source, filename=str(path))
    except SyntaxError as error:
        raise HistoryError(
            f"revision file {path}, line {error.lineno} is not Python: {error.msg}",
            hint="correct that line, or restore the file",
        ) from error


class _Literals:
    """The identifiers that are plain literals at the top of a module."""

    def __init__(self, tree: ast.Module) -> None:
        self.values: dict[str, Any] = {}
        self.lines: dict[str, int] = {}
        self.docstring = ast.get_docstring(tree, clean=False) or ""
        computed: set[str] = set()
        has_star = False
        for statement in tree.body:
            target, value = _plain_assignment(statement)
            if target is not None and value is not None:
                self.lines[target] = statement.lineno
                computed.discard(target)
                try:
                    self.values[target] = ast.literal_eval(value)
                except ValueError:
                    computed.add(target)
                continue
            bound = _names_bound(statement)
            computed |= bound & set(FIELDS)
            has_star = has_star or "*" in bound
        missing = {"revision", "down_revision"} - self.values.keys()
        self.is_computed = bool(computed) or (has_star and bool(missing))
        self.is_complete = not self.is_computed and not missing


def _plain_assignment(statement: ast.stmt) -> tuple[str | None, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target: ast.expr = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    else:
        return None, None
    if isinstance(target, ast.Name) and target.id in FIELDS:
        return target.id, statement.value
    return None, None


def _names_bound(statement: ast.stmt) -> set[str]:
    """Names that a statement binds in some other way; functions are not looked into."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}
    names: set[str] = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name)
    return names


def _from_module(path: Path) -> RevisionFile:
    try:
        module = load_module(path)
    except (Exception, SystemExit) as error:  # the author's own code may raise anything
        line = _line_in(path, error)
        raise HistoryError(
            f"revision file {path}{line} fails to load: {in_one_line(error)}",
            hint="correct the file; its identifiers are computed, so it must run to be read",
        ) from error
    values = {name: getattr(module, name) for name in FIELDS if hasattr(module, name)}
    return _checked(path, values, module.__doc__ or "", {}, module)


def _line_in(path: Path, error: BaseException) -> str:
    traceback = error.__traceback__
    line = None
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == str(path):
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return "" if line is None else f", line {line}"


def _checked(
    path: Path,
    values: Mapping[str, Any],
    docstring: str,
    lines: Mapping[str, int],
    module: ModuleType | None,
) -> RevisionFile:
    values = dict(values)
    legacy = _LEGACY_NAME.fullmatch(path.name)
    if "revision" not in values and "down_revision" in values and legacy:
        values["revision"] = legacy[1]
    if "revision" not in values:
        raise HistoryError(
            f"Could not determine revision id from filename {path.name}. "
            "Be sure the 'revision' variable is declared inside the script.",
            hint="add the line revision = … , or move the file out of the folder of revisions",
            details=[str(path)],
        )
    if "down_revision" not in values:
        raise HistoryError(
            f"revision file {path} lacks its identifier 'down_revision'",
            hint="add the line down_revision = … ; a first revision has None there",
        )
    where = {name: f"{path}:{lines[name]}" if name in lines else str(path) for name in FIELDS}
    if not isinstance(values["revision"], str) or not values["revision"]:
        raise _wrong_value(where, "revision", values["revision"], "a string that is not empty")
    for word in ("head", "heads", "base"):
        if values["revision"] == word:
            raise HistoryError(
                f"'revision' is {word!r} in {where['revision']}, which stands for other revisions",
                hint="choose another id",
            )
    for name in FIELDS[1:]:
        if not _is_one_or_many(values.get(name)):
            raise _wrong_value(where, name, values[name], "a string, several strings or None")
    for name in FIELDS:
        _refuse_invisible(where[name], name, values.get(name))
    return RevisionFile(
        path=path,
        revision=values["revision"],
        down_revision=values["down_revision"],
        branch_labels=values.get("branch_labels"),
        depends_on=values.get("depends_on"),
        docstring=docstring,
        lines=lines,
        module=module,
    )


def _refuse_invisible(where: str, name: str, value: OneOrMany) -> None:
    """Refuse names that would end a comment of SQL, or act on the terminal that shows them."""
    for one in (value,) if isinstance(value, str) else value or ():
        if not is_visible(one):
            raise HistoryError(
                f"'{name}' is '{visible_line(one)}' in {where}, which has characters in it that "
                "nobody can see",
                hint="use letters, digits, '_' and '.' only",
            )
        if name == "branch_labels":
            check_label(one, where)


def check_label(label: str, where: str = "") -> None:
    """Refuse what cannot be the label of a branch.

    :param label: the label.
    :param where: the file and the line that has it, if one has.
    :raises HistoryError: it has characters with a meaning of their own, or such as nobody sees.
    """
    if set("@:") & set(label) or not is_visible(label):
        raise HistoryError(
            f"the branch label '{visible_line(label)}'{f' in {where}' if where else ''} has "
            "characters that may not be in it",
            hint="use letters, digits, '_' and '.' only",
        )


def _is_one_or_many(value: object) -> bool:
    if value is None or isinstance(value, str):
        return True
    return isinstance(value, (tuple, list, set, frozenset)) and all(
        isinstance(one, str) for one in value
    )


def _wrong_value(where: Mapping[str, str], name: str, value: object, wanted: str) -> HistoryError:
    return HistoryError(
        f"'{name}' is {value!r} in {where[name]}; it must be {wanted}",
        hint=f'write {name} = "…" with quotes around the id',
    )
