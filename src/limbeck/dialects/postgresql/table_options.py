"""Options of a whole table on PostgreSQL, and the statements that change them.

https://www.postgresql.org/docs/current/sql-createtable.html, and sql-altertable.html for changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from limbeck.dialects.standard.item_words import options_of

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import IdentifierPreparer

    from limbeck.facts.objects import Options, TableKey

UNLOGGED = "postgresql_unlogged"
STORAGE = "postgresql_with"
PARTITION = "postgresql_partition_by"
INHERITS = "postgresql_inherits"
METHOD = "postgresql_using"
TABLESPACE = "postgresql_tablespace"

_USUAL_METHOD = "heap"

SILENT = frozenset({STORAGE, INHERITS, METHOD, TABLESPACE})
"""What is compared only where the models speak of it: administrators tune it, and the server has
defaults of its own."""


def table_options(
    *,
    unlogged: bool,
    storage: str | None,
    partition_by: str | None,
    inherits: Iterable[TableKey],
    using: str | None,
    tablespace: str | None,
) -> Options:
    """The options of a table in one spelling, from the models or from the catalogue.

    :param storage: the storage parameters, as ``fillfactor=70, autovacuum_enabled=false``.
    :param inherits: the parents in their order.
    """
    parameters = sorted(filter(None, (storage or "").split(", ")))
    return options_of(
        postgresql_unlogged=unlogged,
        postgresql_with=", ".join(parameters) or None,
        postgresql_partition_by=_partition_words(partition_by) if partition_by else None,
        postgresql_inherits=", ".join(map(str, inherits)) or None,
        postgresql_using=None if using == _USUAL_METHOD else using,
        postgresql_tablespace=tablespace,
    )


def _partition_words(text: str) -> str:
    method, _, rest = re.sub(r"\s+", " ", text.strip()).partition("(")
    return f"{method.strip().upper()} ({rest.strip()}"


def settled(before: Options, after: Options) -> Options:
    """The stored options without what the models do not speak of."""
    wanted = dict(after)
    kept = {name: value for name, value in before if name in wanted or name not in SILENT}
    if STORAGE in kept:
        named = set(_parameters(wanted[STORAGE]))
        parts = [f"{n}={v}" for n, v in _parameters(kept[STORAGE]).items() if n in named]
        kept[STORAGE] = ", ".join(parts)
    return tuple(sorted((name, value) for name, value in kept.items() if value))


def _parameters(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in filter(None, text.split(", ")))
    return {name: value for name, _, value in pairs}


def option_statements(
    table: str, before: Options, after: Options, preparer: IdentifierPreparer
) -> Iterator[str]:
    """The statements that give a table other options.

    :param table: the table as SQL spells it.
    """
    old, new = dict(before), dict(after)
    alter = f"ALTER TABLE {table}"
    if old.get(UNLOGGED) != new.get(UNLOGGED):
        yield f"{alter} SET {'UNLOGGED' if UNLOGGED in new else 'LOGGED'}"
    yield from _storage_statements(alter, old.get(STORAGE, ""), new.get(STORAGE, ""))
    if new.get(METHOD, old.get(METHOD)) != old.get(METHOD):
        yield f"{alter} SET ACCESS METHOD {preparer.quote(new[METHOD])}"
    if old.get(TABLESPACE) != new.get(TABLESPACE):
        yield f"{alter} SET TABLESPACE {preparer.quote(new.get(TABLESPACE, 'pg_default'))}"
    was, becomes = (_parents(side.get(INHERITS, ""), preparer) for side in (old, new))
    yield from (f"{alter} NO INHERIT {parent}" for parent in was if parent not in becomes)
    yield from (f"{alter} INHERIT {parent}" for parent in becomes if parent not in was)
    if old.get(PARTITION) != new.get(PARTITION):
        yield _refusal(table, old, new)


def _storage_statements(alter: str, before: str, after: str) -> Iterator[str]:
    old, new = _parameters(before), _parameters(after)
    changed = [f"{name}={value}" for name, value in new.items() if old.get(name) != value]
    gone = [name for name in old if name not in new]
    if changed:
        yield f"{alter} SET ({', '.join(changed)})"
    if gone:
        yield f"{alter} RESET ({', '.join(gone)})"


def _parents(text: str, preparer: IdentifierPreparer) -> list[str]:
    return [
        ".".join(preparer.quote(part) for part in parent.split("."))
        for parent in filter(None, text.split(", "))
    ]


def _refusal(table: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """A statement that stops the upgrade: a table is partitioned when it is created or never."""
    was, becomes = (side.get(PARTITION, "no partitions") for side in (old, new))
    words = f"{table} goes from {was} to {becomes}: create a new table and copy the rows"
    literal = words.replace("'", "''").replace("%", "%%")
    return f"DO $$BEGIN RAISE EXCEPTION '{literal}'; END$$"


def storage_options(options: dict[str, Any]) -> str:
    """Storage parameters as ``pg_class.reloptions`` spells them."""
    spelled = {
        name: str(value).lower() if isinstance(value, bool) else str(value)
        for name, value in options.items()
    }
    return ", ".join(f"{name}={value}" for name, value in sorted(spelled.items()))
