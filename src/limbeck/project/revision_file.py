"""What a revision file says about itself, and what may be said."""

from __future__ import annotations

import os

from limbeck.errors import HistoryError
from limbeck.light_typing import TYPE_CHECKING, Any, NamedTuple
from limbeck.visible import is_visible, visible_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from limbeck.revisions.revision import OneOrMany

__all__ = ["FIELDS", "RevisionFile", "check_label", "checked", "text_checksum"]

FIELDS = ("revision", "down_revision", "branch_labels", "depends_on")


class RevisionFile(NamedTuple):
    """What one revision file says about itself.

    :param path: the file.
    :param revision: its id.
    :param down_revision: the ids right before.
    :param branch_labels: its labels.
    :param depends_on: ids or labels that it depends on.
    :param docstring: the docstring, as written.
    :param lines: the line, counted from 1, on which each identifier is written.
    :param module: the module, where the file had to be run to be read.
    :param checksum: the number over its text, None where there is none.
    """

    path: str
    revision: str
    down_revision: OneOrMany
    branch_labels: OneOrMany = None
    depends_on: OneOrMany = None
    docstring: str = ""
    lines: Mapping[str, int] = {}
    module: ModuleType | None = None
    checksum: str | None = None


def text_checksum(text: str) -> str:
    """The number over the text of a file, whatever its line ends.

    :param text: the text.
    """
    from hashlib import sha256

    return sha256(text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")).hexdigest()


def checked(
    path: str,
    values: Mapping[str, Any],
    docstring: str = "",
    lines: Mapping[str, int] | None = None,
    module: ModuleType | None = None,
    checksum: str | None = None,
) -> RevisionFile:
    """A revision file of which the identifiers are what they may be.

    :param path: the file.
    :param values: the identifiers.
    :param docstring: the docstring.
    :param lines: on which line each is written.
    :param module: the module, where the file had to be run.
    :param checksum: the number over its text.
    :raises HistoryError: one is missing, or is no identifier.
    """
    lines = lines or {}
    if "revision" not in values and "down_revision" in values:
        values = {**values, **_from_name(os.path.basename(path))}
    if "revision" not in values:
        raise HistoryError(
            f"Could not determine revision id from filename {os.path.basename(path)}. "
            "Be sure the 'revision' variable is declared inside the script.",
            hint="add the line revision = … , or move the file out of the folder of revisions",
            details=[path],
        )
    if "down_revision" not in values:
        raise HistoryError(
            f"revision file {path} lacks its identifier 'down_revision'",
            hint="add the line down_revision = … ; a first revision has None there",
        )
    id_ = values["revision"]
    if not isinstance(id_, str) or not id_:
        raise _wrong_value(path, lines, "revision", id_, "a string that is not empty")
    if id_ in ("head", "heads", "base"):
        place = _place(path, lines, "revision")
        raise HistoryError(
            f"'revision' is {id_!r} in {place}, which stands for other revisions",
            hint="choose another id",
        )
    _refuse_odd_name(path, lines, "revision", id_)
    others = [values.get(name) for name in FIELDS[1:]]
    for name, value in zip(FIELDS[1:], others, strict=True):
        if value is None:
            continue
        if not (isinstance(value, str) or _is_several(value)):
            raise _wrong_value(path, lines, name, value, "a string, several strings or None")
        for one in (value,) if isinstance(value, str) else value:
            _refuse_odd_name(path, lines, name, one)
    down, labels, requires = others
    return RevisionFile(path, id_, down, labels, requires, docstring, lines, module, checksum)


def _place(path: str, lines: Mapping[str, int], name: str) -> str:
    return f"{path}:{lines[name]}" if name in lines else path


def _from_name(name: str) -> dict[str, str]:
    """The id in the name of a file, as very old projects have it."""
    stem, ending = os.path.splitext(name)
    is_id = ending == ".py" and stem and set(stem) <= set("0123456789abcdef")
    return {"revision": stem} if is_id else {}


def _refuse_odd_name(path: str, lines: Mapping[str, int], field: str, name: str) -> None:
    """Refuse names that would end a comment of SQL, or act on the terminal that shows them."""
    if not name.isprintable() and not is_visible(name):  # most are, which costs less to see
        raise HistoryError(
            f"'{field}' is '{visible_line(name)}' in {_place(path, lines, field)}, which has "
            "characters in it that nobody can see",
            hint="use letters, digits, '_' and '.' only",
        )
    if field == "branch_labels":
        check_label(name, _place(path, lines, field))


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


def _is_several(value: object) -> bool:
    return isinstance(value, (tuple, list, set, frozenset)) and all(
        isinstance(one, str) for one in value
    )


def _wrong_value(
    path: str, lines: Mapping[str, int], name: str, value: object, wanted: str
) -> HistoryError:
    return HistoryError(
        f"'{name}' is {value!r} in {_place(path, lines, name)}; it must be {wanted}",
        hint=f'write {name} = "…" with quotes around the id',
    )
