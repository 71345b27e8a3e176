"""What undoes a statement on MySQL and MariaDB, from definitions before and after it.

``SHOW CREATE TABLE`` has one definition a line, so what one table has to get back from another
are lines: https://mariadb.com/kb/en/show-create-table/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from limbeck.dialects.standard.recovery import CannotUndo, Objects, in_short

_RENAMED = re.compile(
    r"\b(?:RENAME\s+COLUMN|CHANGE(?:\s+COLUMN)?)\s+(?:IF\s+EXISTS\s+)?"
    r"(?P<before>`(?:[^`]|``)+`|\w+)\s+(?:TO\s+)?(?P<after>`(?:[^`]|``)+`|\w+)",
    re.IGNORECASE,
)
_NAME = re.compile(r"`(?:[^`]|``)+`")
_GENERATED = re.compile(r"\bGENERATED ALWAYS AS\b")
_ORDER = ("view", "trigger", "event", "function", "procedure", "table", "sequence", "database")


def undo_statements(sql: str, before: Objects, after: Objects) -> Iterator[str]:
    """The statements that lead from ``after`` back to ``before``.

    :param sql: what has led there.
    :raises CannotUndo: rows are gone, or nobody can tell.
    """
    old = {key: one for key, one in before.definitions.items() if not key.startswith("time of")}
    new = {key: one for key, one in after.definitions.items() if not key.startswith("time of")}
    if re.match(r"\s*TRUNCATE\b", sql, re.IGNORECASE) and before.filled:
        raise CannotUndo(f"`{in_short(sql)}` has deleted rows")
    gone, came = old.keys() - new.keys(), new.keys() - old.keys()
    for was, now in _renames(sql, old, new, gone, came):
        gone, came = gone - {was}, came - {now}
        yield f"RENAME TABLE {_place(now)} TO {_place(was)}"
        if _body(old[was]) != _body(new[now]):
            yield from _altered(sql, _place(was), old[was], new[now], was in before.filled)
    for key in sorted(came, key=_rank):
        yield f"DROP {_kind(key).upper()} {_place(key)}"
    for key in sorted(old.keys() & new.keys()):
        if old[key] != new[key]:
            yield from _replaced(sql, key, old[key], new[key], key in before.filled)
    for key in sorted(gone, key=_rank, reverse=True):
        if key in before.filled:
            raise CannotUndo(f"`{in_short(sql)}` has dropped {_place(key)} with its rows")
        yield _created(key, old[key])


def _rank(key: str) -> tuple[int, str]:
    return _ORDER.index(_kind(key)), key


def _kind(key: str) -> str:
    return key.partition(" ")[0]


def _place(key: str) -> str:
    return key.partition(" ")[2]


def _renames(
    sql: str, old: Mapping[str, str], new: Mapping[str, str], gone: set[str], came: set[str]
) -> list[tuple[str, str]]:
    """Tables that are there under another name; a rename is the only thing that does that."""
    if not re.search(r"\bRENAME\b", sql, re.IGNORECASE):
        return []
    tables = [sorted(k for k in keys if _kind(k) in ("table", "view")) for keys in (gone, came)]
    found = []
    for was in tables[0]:
        alike = [now for now in tables[1] if _body(old[was]) == _body(new[now])]
        if not alike and len(tables[0]) == len(tables[1]) == 1:
            alike = tables[1]
        if alike:
            found.append((was, alike[0]))
            tables[1].remove(alike[0])
    return found


def _body(definition: str) -> str:
    return definition.partition("(")[2]


def _created(key: str, definition: str) -> str:
    """The statement that creates an object again, in the schema where it was."""
    if _kind(key) in ("table", "sequence"):
        return _NAME.sub(lambda _: _place(key), definition, count=1)
    return definition


def _replaced(sql: str, key: str, old: str, new: str, is_filled: bool) -> Iterator[str]:
    kind, place = _kind(key), _place(key)
    if kind == "table":
        yield from _altered(sql, place, old, new, is_filled)
    elif kind == "view":
        yield re.sub(r"^CREATE\b", "CREATE OR REPLACE", old, count=1)
    elif kind in ("sequence", "database"):
        raise CannotUndo(f"nobody knows what undoes `{in_short(sql)}`")
    else:
        yield f"DROP {kind.upper()} {place}"
        yield old


# Tables -------------------------------------------------------------------------------


@dataclass
class _Lines:
    """A table as the lines of its definition, by what they define."""

    columns: dict[str, str] = field(default_factory=dict)
    others: dict[str, str] = field(default_factory=dict)
    options: str = ""


def _lines(definition: str) -> _Lines:
    found = _Lines()
    _, *rest = definition.split("\n")
    for number, raw in enumerate(rest):
        if raw.startswith(")"):
            found.options = "\n".join(rest[number:])[1:].strip()
            break
        line = raw.strip().rstrip(",")
        name = _NAME.search(line)
        if line.startswith("`") and name is not None:
            found.columns[name.group()] = line[name.end() :].strip()
        else:
            kind = line.partition(" ")[0]
            key = (
                "PRIMARY KEY" if kind == "PRIMARY" else f"{_dropping(line)} {name and name.group()}"
            )
            found.others[key] = line
    return found


def _dropping(line: str) -> str:
    """What follows DROP for the thing that a line defines."""
    if line.startswith("CONSTRAINT"):
        return "FOREIGN KEY" if " FOREIGN KEY " in line else "CONSTRAINT"
    return "PERIOD FOR" if line.startswith("PERIOD") else "KEY"


def _altered(sql: str, place: str, old: str, new: str, is_filled: bool) -> Iterator[str]:
    """The ALTER TABLE that gives a table its old definition back."""
    was, now = _lines(old), _lines(new)
    if "PARTITION BY" in was.options + now.options and was.options != now.options:
        raise CannotUndo(f"`{in_short(sql)}` has changed partitions")
    parts = [*_dropped_parts(was, now), *_column_parts(sql, was, now, is_filled)]
    parts += [f"ADD {line}" for key, line in was.others.items() if now.others.get(key) != line]
    if was.options != now.options:
        parts.append(_options(was.options, now.options))
    if parts:
        keys = [part for part in parts if part.startswith("DROP FOREIGN KEY")]
        rest = [part for part in parts if part not in keys]
        # A foreign key of the same name cannot be dropped and added by one statement.
        for some in (keys, rest):
            if some:
                yield f"ALTER TABLE {place} " + ", ".join(some)


def _dropped_parts(was: _Lines, now: _Lines) -> Iterator[str]:
    for key, line in now.others.items():
        if was.others.get(key) != line:
            yield f"DROP {key}"


def _column_parts(sql: str, was: _Lines, now: _Lines, is_filled: bool) -> Iterator[str]:
    gone = [name for name in was.columns if name not in now.columns]
    came = [name for name in now.columns if name not in was.columns]
    renamed = {
        _quoted(found["before"]): _quoted(found["after"]) for found in _RENAMED.finditer(sql)
    }
    pairs = {before: after for before, after in renamed.items() if before in gone and after in came}
    previous = "FIRST"
    order = [name for name in now.columns if name not in came or name in pairs.values()]
    kept = [pairs.get(name, name) for name in was.columns if name not in gone or name in pairs]
    moved = order != kept
    for name, words in was.columns.items():
        current = pairs.get(name, name)
        where = f" {previous}"
        if name in gone and name not in pairs:
            if is_filled and not _GENERATED.search(words):
                raise CannotUndo(f"`{in_short(sql)}` has dropped {name} with its values")
            yield f"ADD COLUMN {name} {words}{where}"
        elif current != name:
            yield f"CHANGE COLUMN {current} {name} {words}" + (where if moved else "")
        elif now.columns[name] != words or moved:
            yield f"MODIFY COLUMN {name} {words}" + (where if moved else "")
        previous = f"AFTER {name}"
    for name in came:
        if name not in pairs.values():
            yield f"DROP COLUMN {name}"


def _quoted(name: str) -> str:
    return name if name.startswith("`") else f"`{name}`"


def _options(was: str, now: str) -> str:
    """The options of a table, and an empty comment where it had none."""
    comment = "" if "COMMENT=" in was or "COMMENT=" not in now else " COMMENT=''"
    return was + comment
