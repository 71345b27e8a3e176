"""Documents of JSON kept beside revision files, with an entry for each file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from limbeck import __version__
from limbeck.project.kept_file import read_kept_file, replace_kept_file

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["read_kept", "replace_kept"]

_FORMAT = f"limbeck {__version__} 3"


def read_kept(path: str) -> dict[str, Any]:
    """The entries of a document that is there, is whole and is ours; otherwise none.

    :param path: the document.
    """
    try:
        content = json.loads(read_kept_file(path) or "")
        return dict(content["files"]) if content["of"] == _FORMAT else {}
    except (ValueError, LookupError, TypeError, RecursionError):
        return {}


def replace_kept(path: str, entries: Callable[[], dict[str, Any] | None]) -> None:
    """Put a document in the place of the one that is there; without a word where that cannot be.

    :param path: the document.
    :param entries: makes what it shall say, by the names of files; None leaves it as it is.
    """

    def made(_: int) -> bytes | None:
        found = entries()
        return None if found is None else json.dumps({"of": _FORMAT, "files": found}).encode()

    replace_kept_file(path, made)
