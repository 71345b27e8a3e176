"""Domains that columns are of: those that are missing, and those that nothing needs any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from limbeck.dialects.postgresql.scratch_types import domains_in
from limbeck.dialects.text import plain_dialect
from limbeck.diff.object_order import any_mentions
from limbeck.facts.rights import Domain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection, Dialect
    from sqlalchemy.dialects.postgresql import DOMAIN

    from limbeck.facts.objects import TableFact, TableKey
    from limbeck.facts.schema_objects import ObjectKey
    from limbeck.facts.scope import Scope


# The array of a domain is a type of its own. A default of a column is a part of it here.
# https://www.postgresql.org/docs/current/catalog-pg-depend.html
_USERS = text(
    """
    SELECT n.nspname, c.relname, a.attname
    FROM pg_type t
    JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
    LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
    LEFT JOIN pg_class c ON c.relkind IN ('r', 'p') AND c.oid =
        CASE d.classid WHEN 'pg_class'::regclass THEN d.objid ELSE f.adrelid END
    LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = COALESCE(f.adnum, d.objsubid)
    WHERE t.oid = to_regtype(:name) AND d.deptype NOT IN ('i', 'a', 'e')
    """
)


def freed_domains(
    connection: Connection,
    domains: Iterable[Domain],
    left: Mapping[tuple[TableKey, str], str],
    scope: Scope,
) -> tuple[Domain, ...]:
    """The domains that nothing uses but columns that go or get another type.

    :param domains: what the database has.
    :param left: those columns with the types that they had.
    """
    types = set(left.values())
    quote = plain_dialect(connection.dialect).identifier_preparer.quote
    found: list[Domain] = []
    for domain in domains:
        if not any_mentions(types, domain.name):
            continue
        name = f"{quote(scope.real_schema(domain.schema or ''))}.{quote(domain.name)}"
        rows = connection.execute(_USERS, {"name": name}).all()
        users = {(scope.key(schema, table), column) for schema, table, column in rows if column}
        if users and all(row[2] for row in rows) and users <= left.keys():
            found.append(domain)
    return tuple(found)


def needed_domains(
    connection: Connection, tables: Iterable[TableFact], scope: Scope
) -> tuple[Domain, ...]:
    """The missing domains, in the order of their keys.

    One with ``create_type=False`` is made by somebody else.

    :param tables: the models' tables.
    """
    dialect = connection.dialect
    found: dict[ObjectKey, tuple[DOMAIN, Domain]] = {}
    for table in tables:
        for column in table.columns:
            source: Any = column.source
            for type_ in domains_in(source.type, dialect) if source is not None else ():
                if getattr(type_, "create_type", True):
                    domain = _described(type_, plain_dialect(dialect), scope)
                    found.setdefault(domain.key, (type_, domain))
    return tuple(
        domain for _, (type_, domain) in sorted(found.items()) if not _is_there(connection, type_)
    )


def _is_there(connection: Connection, type_: DOMAIN) -> bool:
    preparer: Any = plain_dialect(connection.dialect).identifier_preparer
    name = preparer.format_type(type_)
    query = text("SELECT to_regtype(:name) IS NOT NULL")
    return bool(connection.execute(query, {"name": name}).scalar())


def _described(type_: DOMAIN, dialect: Dialect, scope: Scope) -> Domain:
    """What ``CREATE DOMAIN`` makes of a type of SQLAlchemy's."""
    compiler: Any = dialect.ddl_compiler(dialect, None)  # type: ignore[arg-type]  # it compiles nothing
    name = str(type_.name)
    words: str = dialect.type_compiler_instance.process(type_.data_type)
    if type_.collation is not None:
        preparer: Any = dialect.identifier_preparer
        words += f" COLLATE {preparer.format_collation(type_.collation)}"
    default = type_.default
    checks: dict[str, str] = {}
    if type_.check is not None:
        # a name stands before NOT NULL, if there is one, and means that
        own = type_.constraint_name if not type_.not_null else None
        condition = compiler.sql_compiler.process(
            type_.check, include_table=False, literal_binds=True
        )
        checks[str(own or f"{name}_check")] = condition
    return Domain(
        name,
        words,
        None if default is None else compiler.render_default_string(default),
        not type_.not_null,
        checks,
        schema=scope.key(type_.schema, name).schema or None,
    )
