"""What a database holds, as its own catalogue says it.

Nothing of limbeck's is asked: what its facts do not know would be the same on both sides of every
comparison of facts, and a revision that loses it would pass. A picture is a set of lines, so that
two of them are compared by their difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sqlalchemy as sa

Picture = frozenset[str]

_OURS = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'"
_NOT_AN_EXTENSIONS = """NOT EXISTS (SELECT 1 FROM pg_depend e
    WHERE e.classid = '{catalogue}'::regclass AND e.objid = {oid} AND e.deptype = 'e')"""

_SCHEMAS = f"SELECT 'schema', n.nspname FROM pg_namespace n WHERE {_OURS}"
_TABLES = f"""
    SELECT 'table', n.nspname, c.relname, c.relkind::text, c.relpersistence::text,
        (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(c.reloptions) o),
        pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), am.amname, s.spcname,
        ARRAY(SELECT i.inhparent::regclass::text FROM pg_inherits i
            WHERE i.inhrelid = c.oid ORDER BY i.inhseqno),
        c.relrowsecurity, obj_description(c.oid, 'pg_class')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_am am ON am.oid = c.relam LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
    WHERE {_OURS} AND c.relkind IN ('r', 'p')
"""
_COLUMNS = f"""
    SELECT 'column', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
        a.attnotnull, pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text, a.attidentity::text,
        cn.nspname, co.collname, a.attislocal, a.attstorage::text, a.attcompression::text,
        col_description(c.oid, a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation co ON co.oid = a.attcollation AND co.oid <> t.typcollation
    LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
    WHERE {_OURS} AND c.relkind IN ('r', 'p')
"""
_CONSTRAINTS = f"""
    SELECT 'constraint', n.nspname, c.relname, con.conname, pg_get_constraintdef(con.oid),
        con.conislocal, con.convalidated, obj_description(con.oid, 'pg_constraint')
    FROM pg_constraint con JOIN pg_class c ON c.oid = con.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_OURS} AND c.relkind IN ('r', 'p') AND con.contype <> 't'
"""
_INDEXES = f"""
    SELECT 'index', n.nspname, c.relname, pg_get_indexdef(i.indexrelid), i.indisvalid,
        i.indisprimary, i.indisexclusion, obj_description(i.indexrelid, 'pg_class')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_OURS} AND c.relkind IN ('r', 'p')
"""
_SEQUENCES = f"""
    SELECT 'sequence', n.nspname, c.relname, format_type(s.seqtypid, NULL), s.seqstart,
        s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, s.seqcache,
        (SELECT d.deptype::text || ' ' || d.refobjid::regclass::text || ' ' || a.attname
            FROM pg_depend d JOIN pg_attribute a
            ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
            AND d.deptype IN ('a', 'i'))
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}
"""
_TYPES = f"""
    SELECT 'type', n.nspname, t.typname, t.typtype::text, format_type(t.typbasetype, t.typtypmod),
        ARRAY(SELECT e.enumlabel::text FROM pg_enum e
            WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
        obj_description(t.oid, 'pg_type')
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE {_OURS} AND t.typtype IN ('e', 'd', 'r')
    AND {_NOT_AN_EXTENSIONS.format(catalogue="pg_type", oid="t.oid")}
"""


def picture(connection: sa.Connection, *, names: bool = True) -> Picture:
    """Everything in the database.

    :param names: whether the names of constraints, and of what serves them, are a part of it.
    """
    kind = connection.dialect.name
    if kind == "postgresql":
        return frozenset(_postgresql(connection, names))
    if kind == "sqlite":
        return frozenset(_sqlite(connection, names))
    return frozenset(_mysql(connection, names))


def _postgresql(connection: sa.Connection, names: bool) -> Iterator[str]:
    queries = (_SCHEMAS, _TABLES, _COLUMNS, _CONSTRAINTS, _INDEXES, _SEQUENCES, _TYPES)
    for query in queries:
        for row in connection.exec_driver_sql(query.replace("%", "%%")):
            values = list(row)
            if values[0] == "constraint" and not names:
                values[3] = values[6] = None
                values[4] = values[4].removesuffix(" NOT VALID")
            if values[0] == "index" and not names and "_key " in values[3]:
                continue
            line = " | ".join("" if value is None else str(value) for value in values)
            line = _QUOTED_NUMBER.sub(r"\1", line)
            yield _CAST_ARRAY.sub(r"\1", _CAST_ITEM.sub(r"\1", line))


_QUOTED_NUMBER = re.compile(r"'(-?\d+(?:\.\d+)?)'::(?:numeric|integer|bigint|smallint)\b")
"""``DEFAULT '0'`` and ``DEFAULT 0`` are the same number to a column of numbers."""
_CAST_ITEM = re.compile(r"\(('(?:[^']|'')*'::character varying)\)::text")
_CAST_ARRAY = re.compile(r"\((ARRAY\[[^\]]*\])\)::text\[\]")
"""``IN ('a')`` is stored with a cast of the array, and that text with a cast of each item."""
_COUNTER = re.compile(r" AUTO_INCREMENT=\d+")
_NO_ACTION = re.compile(r" ON (?:DELETE|UPDATE) (?:NO ACTION|RESTRICT)(?= ON |$)")
_CONSTRAINT_NAME = re.compile(r"CONSTRAINT `(?:[^`]|``)*` ")


def _mysql(connection: sa.Connection, names: bool) -> Iterator[str]:
    tables = connection.exec_driver_sql(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_schema = DATABASE() AND table_type <> 'VIEW'"
    ).scalars()
    for table in list(tables):
        quoted = "`" + table.replace("`", "``") + "`"
        # As bytes: a default may be a binary string that is no text.
        text = connection.exec_driver_sql(
            f"SET STATEMENT character_set_results = binary FOR SHOW CREATE TABLE {quoted}",
            None,
            {"no_parameters": True},
        ).one()[1]
        text = text.decode(errors="backslashreplace")
        for line in _COUNTER.sub("", text).split("\n"):
            line = _NO_ACTION.sub("", line.strip().rstrip(","))
            if not names:
                line = _CONSTRAINT_NAME.sub("", line)
                if line.startswith(("KEY", "UNIQUE KEY")):
                    continue
                line, check, condition = line.partition(" CHECK (")
                if check:
                    yield f"{table} |{check}{condition}"
            yield f"{table} | {line}"


_NUMBER = re.compile(r"'(-?\d+)'")


def _sqlite(connection: sa.Connection, names: bool) -> Iterator[str]:
    for row in _pragma(connection, "table_list"):
        _schema, table, kind, _columns, without_rowid, strict = row
        if table.startswith("sqlite_") or kind != "table":
            continue
        yield f"table | {table} | {without_rowid} | {strict}"
        for _, *column in _pragma(connection, "table_xinfo", table):
            column[1] = column[1].replace(", ", ",")
            if column[1].upper() in ("INT", "INTEGER") and column[4]:
                column[2] = 0  # the key of the rows takes no NULL, whether it says so or not
            if column[3] is not None:
                column[3] = _NUMBER.sub(r"\1", column[3])
            yield f"column | {table} | {column}"
        for _, _, *key in _pragma(connection, "foreign_key_list", table):
            yield f"foreign key | {table} | {key}"
        for _, name, unique, origin, partial in _pragma(connection, "index_list", table):
            elements = [tuple(e)[1:] for e in _pragma(connection, "index_xinfo", name)]
            elements = [(None, *e[1:]) if e[0] >= 0 and e[1] else e for e in elements]
            shown = name if origin == "c" else ""
            yield f"index | {table} | {shown} | {unique} | {origin} | {partial} | {elements}"


def _pragma(connection: sa.Connection, name: str, *arguments: str) -> list[sa.Row[tuple[object]]]:
    given = ", ".join("'" + argument.replace("'", "''") + "'" for argument in arguments)
    return list(
        connection.exec_driver_sql(
            f"PRAGMA {name}({given})" if given else f"PRAGMA {name}", None, {"no_parameters": True}
        )
    )
