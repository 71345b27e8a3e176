"""Facts about a database, so that code asks the fact and never the name or the version.

Each folder has a ``features.py`` with one ``FEATURES`` value and one ``SINCE`` table: the version
from which a fact holds. :func:`features_at` joins the two for the server at hand. Without a server
(offline), the newest version is assumed, as the text is usually written for the newest one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

Version = tuple[int, ...]


class Features(Value, slots=True):
    """What a database can do. The defaults describe a standard SQL database."""

    transactional_ddl: bool = False
    """DDL can be rolled back."""
    alters_constraints: bool = True
    """Constraints can be added to and dropped from an existing table."""
    merges_equal_constraints: bool = False
    """``CREATE TABLE`` leaves out a constraint that has the same index as one before it."""
    drops_columns: bool = True
    """``ALTER TABLE … DROP COLUMN`` exists."""
    renames_columns: bool = True
    """A column can be renamed in place."""
    native_enums: bool = False
    """Enumerations are types with a name and a life of their own."""
    existence_clauses: bool = False
    """``IF EXISTS`` and ``IF NOT EXISTS`` may be said of columns, indexes and constraints."""
    sets_expressions: bool = False
    """The expression of a generated column can be changed in place."""
    fills_new_columns: bool = False
    """Rows get an empty value of the type's in a new column that is NOT NULL without a default."""
    drop_default_option: str = ""
    """The option of ``drop_column()`` by which a column's default goes first, where it has to."""
    replaces: frozenset[str] = frozenset()
    """Kinds of objects beside tables that can be given another definition in place."""
    rename_index: str = ""
    """What gives an index another name, with ``{table}``, ``{index}`` (with its schema),
    ``{before}`` and ``{after}`` in it; empty where it has to be made anew."""
    rename_constraint: str = ""
    """What gives a constraint another name, likewise."""
    unique_is_index: bool = False
    """A unique constraint is renamed as an index is."""
    names_not_null: bool = False
    """The NOT NULL of a column is a constraint, with a name made of the table's and its own."""
    compound_statements: bool = False
    """Several statements, DDL among them, can be sent as one, in which the server itself checks."""
    begin: str = "BEGIN"
    """What begins a transaction in a script of SQL."""
    commit: str = "COMMIT"
    """What ends a transaction in a script of SQL."""
    terminator: str = ";"
    """What ends a statement in a script of SQL."""
    batch_separator: str = ""
    """A line of its own after each statement in a script of SQL (``GO``, ``/``)."""


def features_at(
    features: Features, since: Mapping[str, Version], version: Version | None
) -> Features:
    """The facts as they hold at one version of the server.

    :param features: the facts of the newest version.
    :param since: for each fact that was not always true, the version from which it is.
    :param version: the server's version, None where no server is asked.
    """
    if not version:  # SQLAlchemy says () for a SQL Server that it has not asked
        return features
    missing: dict[str, Any] = {
        name: False for name, first in since.items() if tuple(version) < first
    }
    return replace(features, **missing) if missing else features
