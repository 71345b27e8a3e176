"""The queries of PostgreSQL's catalogue about what is no table: one for each kind, one for needs.

What an extension brought along belongs to it (pg_depend.deptype 'e') and is left out everywhere.
https://www.postgresql.org/docs/current/catalogs.html describes the tables and columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row, TextClause

    Rows = Sequence[Row[tuple[object, ...]]]

_THEIRS = """NOT EXISTS (
        SELECT 1 FROM pg_depend e
        WHERE e.classid = '{catalogue}'::regclass AND e.objid = {oid} AND e.deptype = 'e'
    )"""
_OURS_CLASS = _THEIRS.format(catalogue="pg_class", oid="c.oid")
_OURS_FUNCTION = _THEIRS.format(catalogue="pg_proc", oid="p.oid")
_OURS_TYPE = _THEIRS.format(catalogue="pg_type", oid="y.oid")

# Who migrates owns what is created; another owner has to be said.
_OWNER = """CASE WHEN {owner} <> (SELECT r.oid FROM pg_roles r WHERE r.rolname = current_user)
        THEN pg_get_userbyid({owner}) END AS owner"""

_VIEW_ROWS = f"""
    SELECT c.oid, n.nspname, c.relname, c.relkind::text AS relkind, c.relispopulated,
        pg_get_viewdef(c.oid) AS definition, c.reloptions,
        obj_description(c.oid, 'pg_class') AS comment, {_OWNER.format(owner="c.relowner")},
        ARRAY(
            SELECT quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
                || CASE WHEN a.attcollation <> y.typcollation
                    THEN ' COLLATE ' || coll.collname ELSE '' END
            FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
            LEFT JOIN pg_collation coll ON coll.oid = a.attcollation
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
        ) AS columns,
        ARRAY(
            SELECT format('COMMENT ON COLUMN %s.%I IS %L', c.oid::regclass, a.attname,
                e.description)
            FROM pg_attribute a JOIN pg_description e ON e.objoid = c.oid
                AND e.classoid = 'pg_class'::regclass AND e.objsubid = a.attnum
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
        ) || ARRAY(
            SELECT format('ALTER VIEW %s ALTER COLUMN %I SET DEFAULT %s',
                c.oid::regclass, a.attname, pg_get_expr(d.adbin, d.adrelid))
            FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
            WHERE d.adrelid = c.oid ORDER BY a.attnum
        ) || ARRAY(
            SELECT format('GRANT %s (%I) ON %s TO %s%s', g.privilege_type, a.attname,
                c.oid::regclass,
                CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
                CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
            FROM pg_attribute a, aclexplode(a.attacl) g
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum, g.grantee, g.privilege_type
        ) || ARRAY(
            SELECT rtrim(pg_get_ruledef(r.oid), ';') FROM pg_rewrite r
            WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN' ORDER BY r.rulename
        ) AS further
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND n.nspname IN :schemas AND {_OURS_CLASS}
"""

_INDEX_ROWS = """
    SELECT i.indrelid, ic.relname, i.indisunique, pg_get_indexdef(i.indexrelid) AS definition,
        quote_ident(n.nspname) AS quoted_schema, quote_ident(c.relname) AS quoted_name
    FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
    JOIN pg_class c ON c.oid = i.indrelid AND c.relkind IN {kinds}
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN :schemas
    ORDER BY i.indrelid, ic.relname
"""

# prokind: 'f' is a function, 'p' a procedure, 'a' an aggregate, 'w' a window function. Functions in
# C have no body that could be kept.
_ROUTINE_ROWS = f"""
    SELECT p.oid, n.nspname, p.proname, p.prokind::text AS prokind,
        pg_get_function_arguments(p.oid) AS arguments,
        oidvectortypes(p.proargtypes) AS signature,
        pg_get_functiondef(p.oid) AS definition,
        quote_ident(n.nspname) AS quoted_schema, quote_ident(p.proname) AS quoted_name,
        obj_description(p.oid, 'pg_proc') AS comment, {_OWNER.format(owner="p.proowner")},
        ARRAY(
            SELECT format('REVOKE ALL ON %s %s FROM PUBLIC',
                CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END, p.oid::regprocedure)
            WHERE p.proacl IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM aclexplode(p.proacl) a WHERE a.grantee = 0)
        ) AS further
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    JOIN pg_language l ON l.oid = p.prolang AND l.lanname NOT IN ('c', 'internal')
    WHERE p.prokind IN ('f', 'p') AND n.nspname IN :schemas AND {_OURS_FUNCTION}
"""

_TRIGGER_ROWS = f"""
    SELECT t.oid, n.nspname, c.relname, t.tgname, t.tgconstraint <> 0 AS is_constraint,
        pg_get_triggerdef(t.oid) AS definition, quote_ident(t.tgname) AS quoted,
        quote_ident(n.nspname) AS quoted_schema, quote_ident(c.relname) AS quoted_name,
        obj_description(t.oid, 'pg_trigger') AS comment,
        ARRAY(
            SELECT format('ALTER TABLE %s %s TRIGGER %I', c.oid::regclass,
                CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                    ELSE 'ENABLE ALWAYS' END, t.tgname)
            WHERE t.tgenabled <> 'O'
        ) AS further
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN :schemas
    WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND {_OURS_CLASS}
    AND {_THEIRS.format(catalogue="pg_trigger", oid="t.oid")}
"""

_POLICY_ROWS = f"""
    SELECT p.oid, n.nspname, c.relname, p.polname, p.polcmd::text AS command, p.polpermissive,
        pg_get_expr(p.polqual, p.polrelid) AS qualification,
        pg_get_expr(p.polwithcheck, p.polrelid) AS with_check,
        ARRAY(SELECT CASE WHEN r = 0 THEN 'public' ELSE pg_get_userbyid(r) END::text
            FROM unnest(p.polroles) r) AS roles,
        obj_description(p.oid, 'pg_policy') AS comment
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN :schemas
    WHERE {_OURS_CLASS}
"""

_ROW_SECURITY_ROWS = f"""
    SELECT c.oid, n.nspname, c.relname, c.relforcerowsecurity AS forced
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN :schemas
    WHERE c.relrowsecurity AND c.relkind IN ('r', 'p') AND {_OURS_CLASS}
"""

# The comment of an extension is its own until somebody gives it another one.
_EXTENSION_ROWS = """
    SELECT e.oid, e.extname, e.extversion, n.nspname,
        nullif(obj_description(e.oid, 'pg_extension'), a.comment) AS comment
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
    LEFT JOIN pg_available_extensions a ON a.name = e.extname
    WHERE n.nspname <> 'pg_catalog'
"""

# contype 'n' is NOT NULL, which has a row of its own from 17 on.
_DOMAIN_ROWS = f"""
    SELECT y.oid, n.nspname, y.typname, format_type(y.typbasetype, y.typtypmod) AS type,
        pg_get_expr(y.typdefaultbin, 0) AS default_text, y.typnotnull,
        CASE WHEN y.typcollation <> b.typcollation THEN quote_ident(coll.collname) END AS collation,
        ARRAY(SELECT con.conname::text FROM pg_constraint con
            WHERE con.contypid = y.oid AND con.contype = 'c' ORDER BY con.conname) AS names,
        ARRAY(SELECT pg_get_expr(con.conbin, 0) FROM pg_constraint con
            WHERE con.contypid = y.oid AND con.contype = 'c' ORDER BY con.conname) AS conditions,
        obj_description(y.oid, 'pg_type') AS comment, {_OWNER.format(owner="y.typowner")}
    FROM pg_type y JOIN pg_namespace n ON n.oid = y.typnamespace AND n.nspname IN :schemas
    JOIN pg_type b ON b.oid = y.typbasetype
    LEFT JOIN pg_collation coll ON coll.oid = y.typcollation
    WHERE y.typtype = 'd' AND {_OURS_TYPE}
"""

# The owner's own privileges are left out: every owner has them all.
_GRANT_ROWS = f"""
    SELECT g.kind, n.nspname, g.name, g.grantable, g.privilege,
        CASE WHEN g.grantee = 0 THEN 'public' ELSE pg_get_userbyid(g.grantee) END AS role
    FROM (
        SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, c.relnamespace,
            c.relname::text AS name, c.relowner AS owner, a.grantee, a.privilege_type AS privilege,
            a.is_grantable AS grantable
        FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND {_OURS_CLASS}
        UNION ALL
        SELECT 'schema', s.oid, s.nspname::text, s.nspowner, a.grantee, a.privilege_type,
            a.is_grantable
        FROM pg_namespace s, aclexplode(s.nspacl) a
        UNION ALL
        SELECT 'function', p.pronamespace,
            p.proname || '(' || oidvectortypes(p.proargtypes) || ')', p.proowner, a.grantee,
            a.privilege_type, a.is_grantable
        FROM pg_proc p, aclexplode(p.proacl) a WHERE {_OURS_FUNCTION}
    ) g
    JOIN pg_namespace n ON n.oid = g.relnamespace AND n.nspname IN :schemas
    WHERE g.grantee <> g.owner
    ORDER BY 1, 2, 3, role, g.privilege
"""

# A view leans on things by its rule. The row type of a table or view stands for it.
_NEED_ROWS = """
    SELECT DISTINCT CASE WHEN r.oid IS NOT NULL THEN r.ev_class ELSE d.objid END AS oid,
        n.nspname, CASE
            WHEN rc.oid IS NOT NULL THEN CASE rc.relkind
                WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view' WHEN 'S' THEN 'sequence'
                ELSE 'table' END
            WHEN p.oid IS NOT NULL THEN CASE p.prokind
                WHEN 'p' THEN 'procedure' ELSE 'function' END
            WHEN y.typtype = 'd' THEN 'domain' ELSE 'type' END AS kind,
        coalesce(rc.relname, p.proname, y.typname) AS name,
        oidvectortypes(p.proargtypes) AS signature, coalesce(a.attname, '') AS attname
    FROM pg_depend d
    LEFT JOIN pg_rewrite r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid
    LEFT JOIN pg_type y ON d.refclassid = 'pg_type'::regclass AND y.oid = d.refobjid
    LEFT JOIN pg_type element ON element.typarray = y.oid
    LEFT JOIN pg_class rc ON rc.oid = CASE WHEN d.refclassid = 'pg_class'::regclass
        THEN d.refobjid ELSE nullif(coalesce(element.typrelid, y.typrelid), 0) END
    LEFT JOIN pg_attribute a ON d.refclassid = 'pg_class'::regclass AND a.attrelid = d.refobjid
        AND a.attnum = d.refobjsubid AND d.refobjsubid > 0
    LEFT JOIN pg_proc p ON d.refclassid = 'pg_proc'::regclass AND p.oid = d.refobjid
    JOIN pg_namespace n
        ON n.oid = coalesce(rc.relnamespace, p.pronamespace, y.typnamespace)
        AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    WHERE d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_trigger'::regclass,
            'pg_policy'::regclass, 'pg_type'::regclass)
        AND d.deptype IN ('n', 'a')
        AND NOT (r.oid IS NOT NULL AND d.refclassid = 'pg_class'::regclass
            AND r.ev_class = d.refobjid)
"""


class ObjectCatalogue:
    """Asks the catalogue about the objects of some schemas.

    :param connection: any connection to PostgreSQL 13 or newer.
    :param schemas: the names of the schemas as the server knows them.
    """

    def __init__(self, connection: Connection, schemas: Sequence[str]) -> None:
        self._connection = connection
        self._schemas = list(schemas)

    def views(self) -> Rows:
        """A row for each view and materialised view."""
        return self._rows(_VIEW_ROWS)

    def indexes(self, *kinds: str) -> Rows:
        """A row for each index of a relation of some kinds, ``m`` for materialised views."""
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        return self._rows(_INDEX_ROWS.format(kinds=f"({listed})"))

    def routines(self) -> Rows:
        """A row for each function and procedure that has a body."""
        return self._rows(_ROUTINE_ROWS)

    def triggers(self) -> Rows:
        """A row for each trigger."""
        return self._rows(_TRIGGER_ROWS)

    def policies(self) -> Rows:
        """A row for each policy."""
        return self._rows(_POLICY_ROWS)

    def row_security(self) -> Rows:
        """A row for each table whose policies are in force."""
        return self._rows(_ROW_SECURITY_ROWS)

    def extensions(self) -> Rows:
        """A row for each extension, but for those that every database has."""
        return self._connection.execute(text(_EXTENSION_ROWS)).all()

    def domains(self) -> Rows:
        """A row for each domain."""
        return self._rows(_DOMAIN_ROWS)

    def grants(self) -> Rows:
        """A row for each privilege of each role on each object."""
        return self._rows(_GRANT_ROWS)

    def needs(self) -> Rows:
        """A row for each thing that an object of any schema leans on."""
        return self._connection.execute(text(_NEED_ROWS)).all()

    def _rows(self, sql: str) -> Rows:
        if not self._schemas:
            return []
        statement: TextClause = text(sql).bindparams(bindparam("schemas", expanding=True))
        return self._connection.execute(statement, {"schemas": self._schemas}).all()
