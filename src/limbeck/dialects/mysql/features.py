"""Facts about MySQL and MariaDB, which SQLAlchemy tells apart by ``dialect.is_mariadb``."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from limbeck.dialects.features import Features, Version, features_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Dialect

_RENAME_INDEX = "ALTER TABLE {table} RENAME INDEX {before} TO {after}"

# "the default value is the implicit default for the column data type":
# https://dev.mysql.com/doc/refman/8.4/en/alter-table.html
FEATURES = Features(
    fills_new_columns=True,
    replaces=frozenset(("view",)),
    rename_index=_RENAME_INDEX,
    unique_is_index=True,
)

# https://dev.mysql.com/doc/relnotes/mysql/8.0/en/news-8-0-3.html
# https://dev.mysql.com/doc/relnotes/mysql/5.7/en/news-5-7-1.html
SINCE: Mapping[str, Version] = MappingProxyType(
    {"renames_columns": (8, 0, 3), "rename_index": (5, 7, 1)}
)

# https://mariadb.com/kb/en/alter-table/
MARIADB = Features(
    existence_clauses=True,
    fills_new_columns=True,
    replaces=frozenset(("view", "function", "procedure")),
    rename_index=_RENAME_INDEX,
    unique_is_index=True,
    compound_statements=True,
)

# https://mariadb.com/kb/en/mariadb-1052-release-notes/
# https://mariadb.com/kb/en/using-compound-statements-outside-of-stored-programs/
MARIADB_SINCE: Mapping[str, Version] = MappingProxyType(
    {"renames_columns": (10, 5, 2), "rename_index": (10, 5, 2), "compound_statements": (10, 1, 1)}
)


def is_mariadb(dialect: Dialect) -> bool:
    """True for MariaDB, under whichever of its two names it is addressed."""
    return dialect.name == "mariadb" or bool(getattr(dialect, "is_mariadb", False))


def features_of(dialect: Dialect) -> Features:
    """The facts of the server that ``dialect`` speaks to."""
    version = getattr(dialect, "server_version_info", None)
    if is_mariadb(dialect):
        return features_at(MARIADB, MARIADB_SINCE, version)
    return features_at(FEATURES, SINCE, version)


def lists_column_checks(dialect: Dialect) -> bool:
    """True where the catalogue tells a column's own CHECK from the table's.

    https://mariadb.com/kb/en/information-schema-check_constraints-table/
    """
    version = getattr(dialect, "server_version_info", None)
    return is_mariadb(dialect) and (version is None or tuple(version) >= (10, 5, 10))


def lists_checks(dialect: Dialect) -> bool:
    """True where CHECKs are enforced and listed, and not read and forgotten.

    MySQL 8.0.16: https://dev.mysql.com/doc/relnotes/mysql/8.0/en/news-8-0-16.html, MariaDB 10.2.1:
    https://mariadb.com/kb/en/constraint/.
    """
    version = getattr(dialect, "server_version_info", None)
    since = (10, 2, 22) if is_mariadb(dialect) else (8, 0, 16)
    return version is None or tuple(version) >= since


def indexes_expressions(dialect: Dialect) -> bool:
    """True where an index may be one of expressions.

    https://dev.mysql.com/doc/relnotes/mysql/8.0/en/news-8-0-13.html
    """
    version = getattr(dialect, "server_version_info", None)
    return not is_mariadb(dialect) and (version is None or tuple(version) >= (8, 0, 13))
