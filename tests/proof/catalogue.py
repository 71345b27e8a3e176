"""What is in a database by its own catalogue, without limbeck and without the order of columns."""

from __future__ import annotations

import re

import sqlalchemy as sa

_POSTGRESQL = """
    SELECT 'column ' || a.attrelid::regclass || '.' || a.attname || ' '
           || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' '
           || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || ' ' || a.attidentity::text || ' '
           || a.attgenerated::text || ' ' || coalesce(col.collname, '') || ' '
           || coalesce(col_description(a.attrelid, a.attnum), '')
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation col ON col.oid = a.attcollation
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
      AND {schemas}
    UNION ALL
    SELECT 'constraint ' || k.conrelid::regclass || '.' || k.conname || ' '
           || pg_get_constraintdef(k.oid) || ' ' || coalesce(obj_description(k.oid), '')
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE k.contype <> 'n' AND {schemas}
    UNION ALL
    SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {schemas}
    UNION ALL
    SELECT 'table ' || c.oid::regclass || ' ' || coalesce(obj_description(c.oid, 'pg_class'), '')
           || coalesce(array_to_string(c.reloptions, ','), '')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm') AND {schemas}
    UNION ALL
    SELECT 'sequence ' || c.oid::regclass || ' ' || s.seqstart || ' ' || s.seqincrement || ' '
           || s.seqmin || ' ' || s.seqmax || ' ' || s.seqcycle || ' ' || format_type(seqtypid, NULL)
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {schemas}
    UNION ALL
    SELECT 'enum ' || t.oid::regtype || ' ' ||
           (SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum e
            WHERE e.enumtypid = t.oid)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'e' AND {schemas}
    UNION ALL
    SELECT 'schema ' || nspname FROM pg_namespace n WHERE {schemas}
""".replace("{schemas}", "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'")


def catalogue(engine: sa.Engine, leave_out: str = "alembic_version") -> list[str]:
    """Everything in a database, a line for each part."""
    with engine.connect() as connection:
        match connection.dialect.name:
            case "sqlite":
                lines = _sqlite(connection)
            case "postgresql":
                lines = [str(row) for row in connection.exec_driver_sql(_POSTGRESQL).scalars()]
            case _:
                lines = _mysql(connection)
    return sorted(line for line in lines if leave_out not in line)


def _sqlite(connection: sa.Connection) -> list[str]:
    rows = connection.exec_driver_sql("SELECT type, tbl_name, name, sql FROM sqlite_master").all()
    lines: list[str] = []
    for kind, table, name, sql in rows:
        if kind != "table":
            lines.append(f"{kind} {table} {name} {' '.join((sql or '').split())}")
            continue
        start, end = sql.index("("), sql.rindex(")")
        parts = _parts(" ".join(sql[start + 1 : end].split()))
        keys = connection.exec_driver_sql(f'PRAGMA table_info("{name}")').all()
        keys = [column for column in keys if column.pk]
        if len(keys) == 1 and keys[0].type.upper() == "INTEGER":
            # It is the row's number, and NOT NULL says nothing of it: whoever inserts NULL gets the
            # next number either way, https://www.sqlite.org/lang_createtable.html#rowid
            parts = [_without_not_null(part, keys[0].name) for part in parts]
        lines += [f"table {name}: " + part.replace('"', "") for part in parts]
        lines.append(f"table {name} ends {sql[end + 1 :].strip()}")
    return lines


def _without_not_null(part: str, column: str) -> str:
    is_it = part.replace('"', "").startswith(f"{column} ")
    return part.replace(" NOT NULL", "") if is_it else part


def _parts(body: str) -> list[str]:
    """The columns and constraints between the brackets of CREATE TABLE."""
    parts, depth, quote, start = [], 0, "", 0
    for position, character in enumerate(body):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"`":
            quote = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == "," and not depth:
            parts.append(body[start:position].strip())
            start = position + 1
    return [*parts, body[start:].strip()]


def _mysql(connection: sa.Connection) -> list[str]:
    lines: list[str] = []
    for name in sorted(connection.exec_driver_sql("SHOW TABLES").scalars()):
        created = connection.exec_driver_sql(f"SHOW CREATE TABLE `{name}`".replace("%", "%%")).one()
        text = re.sub(r" AUTO_INCREMENT=\d+", "", created[1])
        lines += [f"{name}: {line.strip().rstrip(',')}" for line in text.splitlines()]
    return lines
