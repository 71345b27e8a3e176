"""Whether the rows of a journal are sent together, which only MariaDB does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.runtime.migration import MigrationContext

__all__ = ["SentAlone", "can_join"]

_DRIVERS = frozenset({("mysql", "pymysql"), ("mariadb", "pymysql")})


class SentAlone(Exception):
    """A message cannot be sent, or nothing of it has happened: its parts are sent one by one."""


def can_join(context: MigrationContext) -> bool:
    """Whether a run on a database may send several statements as one.

    :param context: the database.
    """
    dialect = context.dialect
    return (
        (dialect.name, dialect.driver) in _DRIVERS
        and not context.impl.transactional_ddl
        and context.backend.features_of(dialect).compound_statements
        and context.deployment.is_undisputed
    )
