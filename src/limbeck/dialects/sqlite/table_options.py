"""Options of a whole table on SQLite: STRICT, WITHOUT ROWID and AUTOINCREMENT.

https://www.sqlite.org/stricttables.html, https://www.sqlite.org/withoutrowid.html,
https://www.sqlite.org/autoinc.html. Each has one meaning where it is not said, so all are compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer

from limbeck.dialects.standard.item_words import has_keywords

if TYPE_CHECKING:
    from sqlalchemy import Table

    from limbeck.dialects.sqlite.schema_text import TableText
    from limbeck.facts.objects import Options

AUTOINCREMENT = "sqlite_autoincrement"
STRICT = "sqlite_strict"
WITH_ROWID = "sqlite_with_rowid"

_USUAL = {AUTOINCREMENT: False, STRICT: False, WITH_ROWID: True}
_OF_THE_KEY = frozenset({AUTOINCREMENT, WITH_ROWID})
"""What a table cannot have without its primary key."""


def model_options(table: Table) -> Options:
    """The options of a table of the models."""
    if not has_keywords(table):
        return ()
    given = {name: bool(table.kwargs.get(name, usual)) for name, usual in _USUAL.items()}
    return _unusual({**given, AUTOINCREMENT: given[AUTOINCREMENT] and _counts(table)})


def stored_options(table: TableText) -> Options:
    """The options of a table in the database."""
    return _unusual(
        {
            AUTOINCREMENT: table.autoincrement,
            STRICT: table.strict,
            WITH_ROWID: not table.without_rowid,
        }
    )


def copies(
    before: Options, after: Options, is_key_changed: bool
) -> tuple[dict[str, bool], dict[str, bool]]:
    """The keyword arguments of the copies of a table before and after all else of it changes.

    What restricts a table goes before columns and keys change, and comes after that.

    :param is_key_changed: whether the primary key, or a column of it, changes.
    """
    old, new = ({name for name, _ in options} for options in (before, after))
    kept = (old & new) - (_OF_THE_KEY if is_key_changed else set())
    return (
        {name: _USUAL[name] for name in sorted(old - kept)},
        {name: not _USUAL[name] for name in sorted(new - kept)},
    )


def _unusual(options: dict[str, bool]) -> Options:
    return tuple(
        (name, str(value).lower())
        for name, value in sorted(options.items())
        if value != _USUAL[name]
    )


def _counts(table: Table) -> bool:
    """Whether SQLAlchemy writes AUTOINCREMENT: to a key of one integer that refers to nothing."""
    key: list[Any] = list(table.primary_key.columns)
    if len(key) != 1 or key[0].foreign_keys:
        return False
    return issubclass(key[0].type._type_affinity, Integer)
