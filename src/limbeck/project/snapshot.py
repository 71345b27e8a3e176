"""A file that says what the history makes of an empty database.

::

    migrations/snapshots/ae1027a6.postgresql.json

It is for reading and comparing, not for editing: it holds the schema as facts, the SQL that makes
it, the revisions that it is of, and a number over all that the history does up to there, so that a
file which no longer fits its history is known to be one. The same history gives the same bytes on
the same server.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck import __version__
from limbeck.errors import ConfigurationError
from limbeck.facts.json import from_json, to_json
from limbeck.project.proof_stamp import digest_of
from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.objects import SchemaFact

FORMAT = 1
"""The version of the file's form; it grows when a reader of the old one would go wrong."""

_FOLDER = "snapshots"
_HINT = "write it anew by `limbeck snapshot`"


class Snapshot(Value):
    """What one file says.

    :param dialect: the kind of database, as in ``postgresql``.
    :param server: the version of the server that it was read from, as in ``15.8``.
    :param revisions: the heads of the history, sorted.
    :param history: the number over what the history does, see :func:`history_digest`.
    :param schema: the schema, without sources.
    :param limbeck: the version of limbeck that has written it.
    :param statements: the SQL that makes the schema; none where none is known to make the same.
    """

    dialect: str
    server: str
    revisions: tuple[str, ...]
    history: str
    schema: SchemaFact
    limbeck: str = __version__
    statements: tuple[str, ...] = ()


def history_digest(revisions: Iterable[tuple[str, str]]) -> str:
    """The number over what a history does; comments, formatting and messages do not count.

    :param revisions: the id of each revision and the text of its file.
    :raises ConfigurationError: a file is no Python.
    """
    lines = []
    for revision, source in sorted(revisions):
        try:
            lines.append(f"{revision} {digest_of(source, '')}")
        except SyntaxError as error:
            raise ConfigurationError(f"the file of revision {revision} is no Python") from error
    return "sha256:" + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def snapshot_path(folder: Path, revisions: Iterable[str], dialect: str) -> Path:
    """Where a snapshot is.

    :param folder: the folder of the history, which has the one of the snapshots in it.
    :param revisions: the heads; many of them are shortened to a number.
    :param dialect: the kind of database.
    """
    name = "+".join(sorted(revisions)) or "base"
    if len(name) > 100 or re.search(r"[^\w+.-]", name):
        name = hashlib.sha256(name.encode()).hexdigest()[:32]
    return folder / _FOLDER / f"{name}.{dialect}.json"


def snapshot_text(snapshot: Snapshot) -> str:
    """A snapshot as it stands in its file.

    :param snapshot: the snapshot.
    """
    said = {
        "format": FORMAT,
        "limbeck": snapshot.limbeck,
        "dialect": snapshot.dialect,
        "server": snapshot.server,
        "revisions": list(snapshot.revisions),
        "history": snapshot.history,
        "schema": to_json(snapshot.schema),
        "statements": list(snapshot.statements),
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def read_snapshot(path: Path) -> Snapshot:
    """Read a file.

    :param path: the file.
    :raises ConfigurationError: it cannot be read, is cut off, or has a form that is not known.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is cut off, or no JSON", hint=_HINT) from error
    if not isinstance(data, dict) or "format" not in data:
        raise ConfigurationError(f"{path} is no snapshot", hint=_HINT)
    if data["format"] != FORMAT:
        raise ConfigurationError(
            f"{path} has the form {data['format']!r}, and this limbeck knows {FORMAT}",
            hint=f"{_HINT}, or use a newer limbeck",
        )
    try:
        return _snapshot(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigurationError(f"{path} is damaged: {error}", hint=_HINT) from error


def _snapshot(data: dict[str, Any]) -> Snapshot:
    words = {name: data[name] for name in ("dialect", "server", "history", "limbeck")}
    wrong = [name for name, value in words.items() if not isinstance(value, str)]
    if wrong:
        raise ValueError(f"{wrong[0]} is no text")
    return Snapshot(
        dialect=words["dialect"],
        server=words["server"],
        revisions=tuple(str(each) for each in data["revisions"]),
        history=words["history"],
        schema=from_json(data["schema"]),
        limbeck=words["limbeck"],
        statements=tuple(str(each) for each in data.get("statements", ())),
    )


def write_snapshot(path: Path, snapshot: Snapshot) -> bool:
    """Write a file, unless it says the same already.

    :param path: the file.
    :param snapshot: the snapshot.
    :returns: whether it was written.
    :raises ConfigurationError: it cannot be.
    """
    text = snapshot_text(snapshot)
    try:
        if path.is_file() and path.read_bytes() == text.encode():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".json.new")
        beside.write_bytes(text.encode())
        beside.replace(path)  # at once, so that nobody ever reads the half of it
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error
    return True
