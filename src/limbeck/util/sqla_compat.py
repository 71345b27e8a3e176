"""What differs between the versions of SQLAlchemy, under the names that libraries know."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy
from sqlalchemy import CheckConstraint, Computed, Identity, UnaryExpression
from sqlalchemy.sql.expression import ColumnClause

from limbeck.autogenerate.compare.constraint_names import ConstraintNames
from limbeck.operations.referred import referred_table

if TYPE_CHECKING:
    from sqlalchemy import (
        Column,
        Constraint,
        Dialect,
        ForeignKeyConstraint,
        Index,
        Inspector,
        RootTransaction,
        Table,
    )
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


def _safe_begin_connection_transaction(connection: Connection) -> RootTransaction:
    transaction = connection.get_transaction()
    return connection.begin() if transaction is None else transaction


def _get_connection_in_transaction(connection: Connection | None) -> bool:
    return bool(connection is not None and connection.in_transaction())


def _exec_on_inspector(inspector: Inspector, statement: Any, **params: Any) -> Any:
    with inspector._operation_context() as connection:  # the one that it reads with
        return connection.execute(statement, params)


def _copy(schema_item: Any, **kw: Any) -> Any:
    return schema_item._copy(**kw)


def _get_table_key(name: str, schema: str | None) -> str:
    return name if schema is None else f"{schema}.{name}"


def _columns_for_constraint(constraint: Any) -> list[Column[Any]]:
    return list(constraint.columns)


def _table_for_constraint(constraint: Any) -> Table:
    table: Table = constraint.table
    return table


def _fk_is_self_referential(constraint: ForeignKeyConstraint) -> bool:
    schema, table, _ = referred_table(constraint.elements[0])
    return (schema, table) == (constraint.table.schema, constraint.table.name)


def constraint_name_or_none(name: Any) -> str | None:
    """A name, None where it is a mark of none."""
    return name if constraint_name_string(name) else None


def constraint_name_string(name: Any) -> bool:
    """Whether a name is one, and no mark of none."""
    return isinstance(name, str)


def constraint_name_defined(name: Any) -> bool:
    """Whether a name was said, be it that there is none."""
    return name is _NONE_NAME or isinstance(name, str)


def _constraint_is_named(constraint: Any, dialect: Any) -> bool:
    if isinstance(constraint.name, str):
        return True
    return _get_constraint_final_name(constraint, dialect) is not None


def is_expression(expr: Any) -> bool:
    """Whether an element of an index is more than a column."""
    while isinstance(expr, UnaryExpression):
        expr = expr.element
    return not isinstance(expr, ColumnClause) or expr.is_literal


def is_expression_index(index: Index) -> bool:
    """Whether an index is over more than columns."""
    return any(is_expression(expression) for expression in index.expressions)


def _idx_table_bound_expressions(idx: Index) -> Any:
    return idx.expressions


def _server_default_is_computed(*server_default: Any) -> bool:
    return any(isinstance(default, Computed) for default in server_default)


def _server_default_is_identity(*server_default: Any) -> bool:
    return any(isinstance(default, Identity) for default in server_default)


def _get_identity_options_dict(identity: Any, dialect_kwargs: bool = False) -> dict[str, Any]:
    names = ("start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle")
    found = {name: getattr(identity, name, None) for name in (*names, "cache", "order")}
    if isinstance(identity, Identity):
        found["always"] = identity.always
    if dialect_kwargs:
        found |= getattr(identity, "dialect_kwargs", {})
    return {name: value for name, value in found.items() if value is not None}


def all_table_check_constraints(table: Table) -> set[CheckConstraint]:
    """The CHECKs of a table and of its columns."""
    of_columns = {each for column in table.columns for each in column.constraints}
    both = table.constraints | of_columns
    return {each for each in both if isinstance(each, CheckConstraint)}
