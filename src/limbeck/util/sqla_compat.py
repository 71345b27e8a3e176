"""What differs between the versions of SQLAlchemy, under the names that libraries know."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import Identity

from limbeck.autogenerate.compare.constraint_names import ConstraintNames

if TYPE_CHECKING:
    from sqlalchemy import Constraint, Dialect, Index
    from sqlalchemy.engine import Connection

_vers = tuple(int(part) for part in re.findall(r"\d+", sqlalchemy.__version__)[:3])
sqla_2_0 = _vers >= (2, 0)
sqla_2_0_25 = _vers >= (2, 0, 25)
sqla_2_1 = _vers >= (2, 1)

identity_has_dialect_kwargs = hasattr(Identity, "dialect_kwargs")


def _inherit_schema_deprecated() -> bool:
    return sqla_2_1


def _safe_commit_connection_transaction(connection: Connection) -> None:
    transaction = connection.get_transaction()
    if transaction is not None:
        transaction.commit()


def _safe_rollback_connection_transaction(connection: Connection) -> None:
    transaction = connection.get_transaction()
    if transaction is not None:
        transaction.rollback()


@contextlib.contextmanager
def _ensure_scope_for_ddl(connection: Connection | None) -> Iterator[None]:
    if connection is None or connection.in_transaction():
        yield
        return
    with connection.begin():
        yield


def _connectable_has_table(connection: Connection, name: str, schema: str | None) -> bool:
    return sqlalchemy.inspect(connection).has_table(name, schema)


def _is_type_bound(constraint: Any) -> bool:
    return bool(getattr(constraint, "_type_bound", False))


#: The name of a constraint that has none, and is to get none by a naming convention.
_NONE_NAME = sqlalchemy.sql.base._NONE_NAME


def _get_constraint_final_name(constraint: Constraint | Index, dialect: Dialect) -> str | None:
    return ConstraintNames(dialect).name(constraint)
