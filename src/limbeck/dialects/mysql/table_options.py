"""Options of a whole table on MySQL and MariaDB, and the statements that change them.

https://mariadb.com/kb/en/create-table/#table-options. They are compared where the models speak of
them: what is left open is the server's to choose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from limbeck.dialects.mysql.sql_tokens import canonical

if TYPE_CHECKING:
    from limbeck.facts.objects import Options

_SAME_NAME = {
    "default_charset": "charset",
    "character_set": "charset",
    "default_character_set": "charset",
    "default_collate": "collate",
    "collation": "collate",
}
_NOT_COMPARED = frozenset({"auto_increment", "comment"})
"""A counter goes on by itself, and SQLAlchemy has a place of its own for a comment."""

_UTF8 = re.compile(r"^utf8(?=_|$)")


def model_options(dialect: str, arguments: Mapping[str, Any]) -> Options:
    """The options of a table of the models.

    :param dialect: ``mysql`` or ``mariadb``; SQLAlchemy ignores those of the sibling.
    :param arguments: the keyword arguments of the ``Table``.
    """
    found: dict[str, str] = {}
    for keyword, value in arguments.items():
        owner, _, option = keyword.partition("_")
        option = _SAME_NAME.get(option, option)
        if owner == dialect and option not in _NOT_COMPARED and value is not None:
            found[option] = _spelled(option, str(value))
    if "collate" in found:
        found.setdefault("charset", charset_of(found["collate"]))
    return named(dialect, found)


def named(dialect: str, options: Mapping[str, str]) -> Options:
    """Options under the names that SQLAlchemy's ``Table`` takes."""
    return tuple(sorted((f"{dialect}_{name}", value) for name, value in options.items()))


def charset_of(collation: str) -> str:
    """The character set that a collation is of."""
    return collation.partition("_")[0]


def _spelled(option: str, value: str) -> str:
    if option in ("charset", "collate"):
        return _UTF8.sub("utf8mb3", value.lower())  # "utf8" stands for it
    return value.upper() if option == "row_format" else value


def settled_options(stored: Options, wanted: Options) -> tuple[Options, Options]:
    """The options of both sides as they are to be compared.

    :param stored: all that a stored table has, the server's defaults among it.
    :param wanted: what the models say.
    """
    if not wanted:
        return (), ()
    old, new = dict(stored), dict(wanted)
    dialect = next(iter(new), "").partition("_")[0]
    charset, collate = f"{dialect}_charset", f"{dialect}_collate"
    if charset in new and collate not in new and old.get(charset) == new[charset]:
        new[collate] = old[collate]  # any collation of the character set will do
    names = new.keys() | ({collate} if charset in new else set())
    by = f"{dialect}_partition_by"
    if by in new and by in old and not _alike(by, old[by], new[by]):
        names.add(f"{dialect}_partitions")
    kept = {name: value for name, value in old.items() if name in names}
    for name, value in kept.items():
        if name in new and _alike(name, value, new[name]):
            kept[name] = new[name]
    return tuple(sorted(kept.items())), tuple(sorted(new.items()))


def _alike(name: str, stored: str, wanted: str) -> bool:
    if name.endswith("_partition_by"):
        return _partition_key(stored) == _partition_key(wanted)
    return stored.lower() == wanted.lower()


def _partition_key(text: str) -> str:
    """``range (id)`` of a text with or without the partitions themselves."""
    found = re.match(r"[^()]*\((?:[^()]|\([^()]*\))*\)", text)
    return canonical(found.group() if found else text)


def option_statements(table: str, before: Options, after: Options) -> Iterator[str]:
    """The statements that give a table other options.

    :param table: the table as SQL spells it.
    """
    old, new = _bare(before), _bare(after)
    changed = {name: value for name, value in new.items() if old.get(name) != value}
    if converts(before, after):
        words = f"CONVERT TO CHARACTER SET {new['charset']}"
        words += f" COLLATE {new['collate']}" if "collate" in new else ""
        yield f"ALTER TABLE {table} {words}"
    if {"partition_by", "partitions"} & changed.keys() and "partition_by" in new:
        count = f" PARTITIONS {new['partitions']}" if "partitions" in new else ""
        yield f"ALTER TABLE {table} PARTITION BY {new['partition_by']}{count}"
    elif "partition_by" in old and "partition_by" not in new:
        yield f"ALTER TABLE {table} REMOVE PARTITIONING"
    for name in sorted(changed.keys() - _BY_THEMSELVES):
        yield f"ALTER TABLE {table} {name.upper()}={changed[name]}"
    if "row_format" in old and "row_format" not in new:
        yield f"ALTER TABLE {table} ROW_FORMAT=DEFAULT"


_BY_THEMSELVES = frozenset({"charset", "collate", "partition_by", "partitions"})


def converts(before: Options, after: Options) -> bool:
    """Whether a table, and all of its columns, get another character set or collation."""
    old, new = _bare(before), _bare(after)
    return "charset" in new and any(old.get(n) != new.get(n) for n in ("charset", "collate"))


def _bare(options: Options) -> dict[str, str]:
    return {name.partition("_")[2]: value for name, value in options}
