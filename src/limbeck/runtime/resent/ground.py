"""What must be the same for a revision to send the same: the ground on which it runs."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Connection, MetaData

from limbeck import __version__
from limbeck.database.transaction import commits_by_itself
from limbeck.dialects.standard.own_statements import is_heard_by_others
from limbeck.operations.schema_objects import throwaway_metadata
from limbeck.runtime.journal.presence import keeps_journal
from limbeck.runtime.resent.purity import is_as_it_came

if TYPE_CHECKING:
    from limbeck.runtime.migration import MigrationContext

__all__ = ["DRIVERS", "ground_of", "has_own_transactions", "is_repeatable"]

DRIVERS = frozenset({("sqlite", "pysqlite"), ("postgresql", "psycopg")})
"""The databases, and their drivers, to which statements are sent again."""

JOURNALLED = frozenset({("mysql", "pymysql"), ("mariadb", "pymysql")})
"""Those of them that commit each statement of DDL."""

_OPTIONS = ("batch", "existing", "refusals", "render_as_batch", "dialect_opts")
"""Options of a context that change what an operation sends."""


def has_own_transactions(context: MigrationContext) -> bool:
    """Whether revisions run in transactions of limbeck's own, and nobody changes what is sent.

    :param context: the database.
    """
    dialect = context.dialect
    is_known = (dialect.name, dialect.driver) in DRIVERS
    return is_known and context.impl.transactional_ddl and _is_usual(context)


def _is_journalled(context: MigrationContext) -> bool:
    """Whether each revision has a journal of limbeck's own, which can be written in between."""
    dialect = context.dialect
    is_known = (dialect.name, dialect.driver) in JOURNALLED
    return (
        is_known
        and context.backend.features_of(dialect).compound_statements
        and keeps_journal(context)
        and _is_usual(context)
    )


def _is_usual(context: MigrationContext) -> bool:
    transactions = context.transactions
    return (
        not context.as_sql
        and not context.purge
        and isinstance(context.connection, Connection)
        and context.deployment.options.kind == "auto"
        and not transactions.external
        and _is_of_limbeck(context.impl)
        and is_as_it_came(context.connection.engine)
    )


def ground_of(context: MigrationContext) -> str | None:
    """The ground of a run, as a number; None where nothing is to be kept or sent again.

    :param context: the database.
    """
    is_possible = has_own_transactions(context) or _is_journalled(context)
    is_each = context.transactions.per_migration
    if not (is_possible and is_each) or context.opts.get("on_version_apply"):
        return None
    connection: Connection = context.connection
    if is_heard_by_others(connection) or _are_transactions_heard(connection):
        return None
    if commits_by_itself(connection):
        return None
    if connection.get_execution_options().get("schema_translate_map"):
        return None
    convention = _naming_convention(context)
    if convention is None:
        return None
    # tenants differ in it; what names one of them is not kept, see limbeck.runtime.resent.heard
    is_tenants = context.config is not None and context.config.tenant is not None
    dialect = context.dialect
    # the journal's table is named in what is kept of its rows
    own = (
        []
        if context.impl.transactional_ddl
        else [context.version_table, context.version_table_schema]
    )
    said = (
        f"limbeck {__version__}, SQLAlchemy {sa.__version__}",
        f"{type(dialect).__module__}.{type(dialect).__qualname__}",
        [getattr(dialect.dbapi, name, "") for name in ("__version__", "sqlite_version")],
        sorted(
            (name, value)
            for name, value in vars(dialect).items()
            if _is_plain(value) and not (is_tenants and name == "default_schema_name")
        ),
        [(name, context.opts.get(name)) for name in _OPTIONS],
        convention,
        *own,
    )
    return sha256(repr(said).encode()).hexdigest()


def _are_transactions_heard(connection: Connection) -> bool:
    return any(
        not str(getattr(listener, "__module__", "")).startswith("limbeck.")
        for name in ("begin", "commit", "rollback")
        for listener in getattr(connection.dispatch, name)
    )


def is_repeatable(context: MigrationContext) -> bool:
    """Whether what a revision sends can be sent once more in this process, to the same database.

    Nobody else can be there, and nothing is kept, so that this asks for less than a ground.

    :param context: the database, in no transaction.
    """
    dialect, connection = context.dialect, context.connection
    return (
        not context.as_sql
        and isinstance(connection, Connection)
        and (dialect.name, dialect.driver) in DRIVERS | JOURNALLED
        and _is_of_limbeck(context.impl)
        and not context.transactions.external
        and not context.opts.get("on_version_apply")
        and is_as_it_came(connection.engine, but_for_ours=True)
        and not is_heard_by_others(connection)
        and not _are_transactions_heard(connection)
        and not commits_by_itself(connection)
        and not connection.get_execution_options().get("schema_translate_map")
    )


def _naming_convention(context: MigrationContext) -> list[tuple[str, str]] | None:
    """The naming convention of the models; None where it is more than texts."""
    given = dict(throwaway_metadata(context).naming_convention)
    if given == dict(MetaData().naming_convention):
        return []
    if not all(isinstance(each, str) for pair in given.items() for each in pair):
        return None
    return sorted((str(name), str(value)) for name, value in given.items())


def _is_plain(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(_is_plain(each) for each in value)
    return value is None or isinstance(value, bool | int | float | str)


def _is_of_limbeck(value: object) -> bool:
    return type(value).__module__.startswith("limbeck.")
