"""The queries of PostgreSQL's catalogue: six, however many tables there are.

The tables and columns of the catalogue are described at
https://www.postgresql.org/docs/current/catalogs.html. What a version does not have yet is asked
for as a constant, so that each query has the same columns everywhere. What is said of tables
comes as one text for each table: see :mod:`limbeck.dialects.postgresql.catalogue_rows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, text

from limbeck.dialects.postgresql.catalogue_rows import (
    ConstraintRow,
    IndexElementRow,
    TableRow,
    rows_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection, Row, TextClause

    from limbeck.dialects.postgresql.catalogue_rows import RowType

# Partitions belong to their parent, and what an extension brought along belongs to it
# (pg_depend.deptype 'e'); neither is anybody's to create or drop on its own.
_TABLES = """
    SELECT c.oid, n.nspname, c.relname
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN :schemas
    AND NOT EXISTS (
        SELECT 1 FROM pg_depend e
        WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
    )
"""

_TABLE_ROWS = f"""
    SELECT t.oid, json_build_array(json_build_array(
        t.nspname, t.relname, obj_description(t.oid, 'pg_class'),
        c.relpersistence = 'u', array_to_string(c.reloptions, ', '),
        pg_get_partkeydef(t.oid), am.amname, space.spcname,
        ARRAY(
            SELECT ARRAY[pn.nspname::text, p.relname::text] FROM pg_inherits i
            JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace
            WHERE i.inhrelid = t.oid ORDER BY i.inhseqno
        )
    ))::text
    FROM ({_TABLES}) t
    JOIN pg_class c ON c.oid = t.oid
    LEFT JOIN pg_am am ON am.oid = c.relam
    LEFT JOIN pg_tablespace space ON space.oid = c.reltablespace
"""

# A sequence depends on the column that owns it: 'a' is SERIAL's, 'i' an identity's
# (pg_depend.deptype). An attribute's collation is said only if it is not that of the type.
_COLUMN_ROWS = f"""
    SELECT a.attrelid, string_agg(json_build_array(
        a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
        pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text, a.attidentity::text,
        coll.collname, NOT a.attislocal, col_description(a.attrelid, a.attnum),
        own.deptype::text,
        CASE WHEN own.deptype = 'a' THEN own.objid::regclass::text END,
        s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, s.seqcache,
        format_type(s.seqtypid, NULL)
    )::text, chr(10) ORDER BY a.attnum)
    FROM ({_TABLES}) t
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type y ON y.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation coll ON coll.oid = a.attcollation AND coll.oid <> y.typcollation
    LEFT JOIN pg_depend own ON own.refclassid = 'pg_class'::regclass
        AND own.refobjid = a.attrelid AND own.refobjsubid = a.attnum
        AND own.classid = 'pg_class'::regclass AND own.deptype IN ('a', 'i')
        AND EXISTS (SELECT 1 FROM pg_sequence q WHERE q.seqrelid = own.objid)
    LEFT JOIN pg_sequence s ON s.seqrelid = own.objid
    GROUP BY a.attrelid
"""

# Left out: what a partition or an inheriting table has from its parent (conparentid, conislocal),
# and the NOT NULL constraints that have a row of their own from 18 on (contype 'n').
_CONSTRAINT_ROWS = f"""
    SELECT con.conrelid, json_agg(json_build_array(
        con.conname, con.contype::text, con.condeferrable, con.condeferred,
        ARRAY(
            SELECT a.attname::text FROM unnest(con.conkey) WITH ORDINALITY AS k(num, position)
            JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.num
            ORDER BY k.position
        ),
        fn.nspname, fc.relname,
        ARRAY(
            SELECT a.attname::text FROM unnest(con.confkey) WITH ORDINALITY AS k(num, position)
            JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.num
            ORDER BY k.position
        ),
        con.confupdtype::text, con.confdeltype::text, con.confmatchtype::text,
        ARRAY(
            SELECT quote_ident(a.attname)
            FROM unnest({{delete_columns}}) WITH ORDINALITY AS k(num, position)
            JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.num
            ORDER BY k.position
        ),
        pg_get_expr(con.conbin, con.conrelid), con.connoinherit, con.convalidated,
        {{enforced}}, {{period}},
        CASE WHEN con.contype = 'x' THEN pg_get_constraintdef(con.oid) END,
        {{nulls_not_distinct}},
        ARRAY(
            SELECT a.attname::text
            FROM generate_series(i.indnkeyatts, i.indnatts - 1) AS k(position)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.position]
            ORDER BY k.position
        )
    ) ORDER BY con.conname)::text
    FROM ({_TABLES}) t
    JOIN pg_constraint con ON con.conrelid = t.oid
        AND con.contype IN ('p', 'u', 'f', 'c', 'x') AND con.conparentid = 0
        AND (con.contype <> 'c' OR con.conislocal)
    LEFT JOIN pg_class fc ON fc.oid = con.confrelid
    LEFT JOIN pg_namespace fn ON fn.oid = fc.relnamespace
    LEFT JOIN pg_index i ON i.indexrelid = con.conindid AND con.contype IN ('p', 'u', 'x')
    GROUP BY con.conrelid
"""

# Each element of each index that no constraint owns. indkey and its like count from 0; indoption
# has bit 0 for DESC and bit 1 for NULLS FIRST; 100 is the oid of the default collation.
_INDEX_ROWS = f"""
    SELECT i.indrelid, json_agg(json_build_array(
        ic.relname, am.amname, i.indisunique, {{nulls_not_distinct}},
        pg_get_expr(i.indpred, i.indrelid), array_to_string(ic.reloptions, ', '),
        k.position > i.indnkeyatts,
        a.attname, CASE WHEN a.attname IS NULL
            THEN pg_get_indexdef(i.indexrelid, k.position, true) END,
        i.indoption[k.position - 1]::integer,
        CASE WHEN NOT op.opcdefault THEN op.opcname END,
        CASE WHEN coll.oid <> coalesce(a.attcollation, 100) THEN coll.collname END
    ) ORDER BY ic.relname, k.position)::text
    FROM ({_TABLES}) t
    JOIN pg_index i ON i.indrelid = t.oid
    JOIN pg_class ic ON ic.oid = i.indexrelid
    JOIN pg_am am ON am.oid = ic.relam
    CROSS JOIN LATERAL generate_series(1, i.indnatts) AS k(position)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum > 0
        AND a.attnum = i.indkey[k.position - 1]
    LEFT JOIN pg_opclass op ON k.position <= i.indnkeyatts
        AND op.oid = i.indclass[k.position - 1]
    LEFT JOIN pg_collation coll ON k.position <= i.indnkeyatts
        AND coll.oid = i.indcollation[k.position - 1]
    WHERE NOT EXISTS (
        SELECT 1 FROM pg_constraint con
        WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x')
    )
    GROUP BY i.indrelid
"""

# What depends on an enum: columns of tables that are looked at become its users. Defaults, CHECKs,
# indexes and rules of tables go with their columns; everything else holds the type in its place.
_ENUM_ROWS = f"""
    SELECT y.oid, n.nspname, y.typname,
        ARRAY(SELECT e.enumlabel::text FROM pg_enum e
            WHERE e.enumtypid = y.oid ORDER BY e.enumsortorder) AS labels,
        t.nspname AS user_schema, t.relname AS user_table, a.attname AS user_column,
        dep.objid IS NOT NULL AND t.oid IS NULL AS held
    FROM pg_type y
    JOIN pg_namespace n ON n.oid = y.typnamespace AND n.nspname IN :schemas
    LEFT JOIN pg_depend dep ON dep.refclassid = 'pg_type'::regclass
        AND dep.refobjid IN (y.oid, y.typarray) AND dep.deptype = 'n'
        AND dep.classid NOT IN ('pg_attrdef'::regclass, 'pg_constraint'::regclass)
        AND NOT (dep.classid = 'pg_class'::regclass AND dep.objsubid = 0)
    LEFT JOIN ({_TABLES}) t ON dep.classid = 'pg_class'::regclass AND t.oid = dep.objid
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = dep.objsubid
    WHERE y.typtype = 'e'
    AND NOT EXISTS (
        SELECT 1 FROM pg_depend e
        WHERE e.classid = 'pg_type'::regclass AND e.objid = y.oid AND e.deptype = 'e'
    )
    ORDER BY n.nspname, y.typname, user_schema, user_table, user_column
"""

_SEQUENCE_ROWS = """
    SELECT n.nspname, c.relname, format_type(s.seqtypid, NULL) AS type,
        s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, s.seqcache,
        EXISTS (SELECT 1 FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass
            AND d.refobjid = c.oid AND d.deptype = 'n'
            AND d.classid <> 'pg_attrdef'::regclass) AS held,
        ARRAY(
            SELECT ARRAY[un.nspname::text, u.relname::text, a.attname::text]
            FROM pg_depend d
            JOIN pg_attrdef def ON d.classid = 'pg_attrdef'::regclass AND def.oid = d.objid
            JOIN pg_class u ON u.oid = def.adrelid JOIN pg_namespace un ON un.oid = u.relnamespace
            JOIN pg_attribute a ON a.attrelid = def.adrelid AND a.attnum = def.adnum
            WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid AND d.deptype = 'n'
            ORDER BY 1
        ) AS users
    FROM pg_sequence s
    JOIN pg_class c ON c.oid = s.seqrelid AND c.relpersistence <> 't'
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN :schemas
    WHERE NOT EXISTS (
        SELECT 1 FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i', 'e')
    )
    ORDER BY n.nspname, c.relname
"""


class Catalogue:
    """Asks the catalogue about some schemas.

    :param connection: any connection to PostgreSQL 12 or newer.
    :param schemas: the names of the schemas as the server knows them.
    """

    def __init__(self, connection: Connection, schemas: Sequence[str]) -> None:
        self._connection = connection
        self._schemas = list(schemas)
        self._version = getattr(connection.dialect, "server_version_info", None) or (18,)

    def tables(self) -> Iterator[tuple[int, TableRow]]:
        """Each table with its oid."""
        for oid, rows in self._rows_of_tables(TableRow, _TABLE_ROWS):
            yield oid, next(rows)

    def columns(self) -> Iterator[tuple[int, list[str]]]:
        """The columns of each table in their order, as :func:`column_row` reads them."""
        for oid, lines in self._texts(_COLUMN_ROWS):
            yield oid, lines.split("\n")  # JSON has none inside of what it quotes

    def constraints(self) -> Iterator[tuple[int, Iterator[ConstraintRow]]]:
        """The primary key, unique, foreign-key, CHECK and EXCLUDE constraints of each table."""
        return self._rows_of_tables(
            ConstraintRow,
            _CONSTRAINT_ROWS.format(
                delete_columns=self._since(15, "con.confdelsetcols", "'{}'::smallint[]"),
                enforced=self._since(18, "con.conenforced", "true"),
                period=self._since(18, "con.conperiod", "false"),
                nulls_not_distinct=self._since(15, "i.indnullsnotdistinct", "false"),
            ),
        )

    def indexes(self) -> Iterator[tuple[int, Iterator[IndexElementRow]]]:
        """The elements of the indexes of each table, one index after the other."""
        sql = _INDEX_ROWS.format(
            nulls_not_distinct=self._since(15, "i.indnullsnotdistinct", "false")
        )
        return self._rows_of_tables(IndexElementRow, sql)

    def enums(self) -> Sequence[Row[tuple[object, ...]]]:
        """A row for each enum and each of its users."""
        return self._rows(_ENUM_ROWS)

    def sequences(self) -> Sequence[Row[tuple[object, ...]]]:
        """A row for each sequence that no column owns."""
        return self._rows(_SEQUENCE_ROWS)

    def _since(self, version: int, expression: str, otherwise: str) -> str:
        return expression if self._version >= (version,) else otherwise

    def _rows_of_tables(
        self, kind: type[RowType], sql: str
    ) -> Iterator[tuple[int, Iterator[RowType]]]:
        for oid, array in self._texts(sql):
            yield oid, rows_of(kind, array)

    def _texts(self, sql: str) -> Sequence[Any]:
        """The oid of each table, and what is said of it."""
        return self._rows(sql)

    def _rows(self, sql: str) -> Sequence[Row[tuple[object, ...]]]:
        if not self._schemas:
            return []
        statement: TextClause = text(sql).bindparams(bindparam("schemas", expanding=True))
        return self._connection.execute(statement, {"schemas": self._schemas}).all()
