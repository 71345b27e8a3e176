"""What is in a scratch database of PostgreSQL besides what is compared as facts.

The catalogues: https://www.postgresql.org/docs/current/catalogs.html
"""

from __future__ import annotations

__all__ = ["CONTENTS", "EXTENSIONS", "SCHEMAS", "SURROUNDINGS"]

_OWN = """
    n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e')
"""

# the number that the first object of a user's has, which those of the server itself are below,
# https://www.postgresql.org/docs/current/system-catalog-declarations.html
_FIRST_OWN = 16384

# what was granted where, and what is where nobody has said anything, which NULL stands for,
# https://www.postgresql.org/docs/current/ddl-priv.html
_GRANTED = f"""
    SELECT c.oid::regclass::text AS what, c.relacl AS acl,
           acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner) AS usual
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND {_OWN.format(oid="c.oid")}
    UNION ALL
    SELECT a.attrelid::regclass || '.' || quote_ident(a.attname), a.attacl, NULL::aclitem[]
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT a.attisdropped AND {_OWN.format(oid="c.oid")}
    UNION ALL
    SELECT 'function ' || p.oid::regprocedure, p.proacl, acldefault('f', p.proowner)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OWN.format(oid="p.oid")}
    UNION ALL
    SELECT 'schema ' || quote_ident(n.nspname), n.nspacl, acldefault('n', n.nspowner)
    FROM pg_namespace n WHERE {_OWN.format(oid="n.oid")}
    UNION ALL
    SELECT 'type ' || t.oid::regtype, t.typacl, acldefault('T', t.typowner)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd', 'r') AND {_OWN.format(oid="t.oid")}
"""
_EXPLODED = "SELECT grantee, privilege_type, is_grantable FROM aclexplode"


def _given(words: str, more: str, fewer: str) -> str:
    """What one list of grants has and another one has not."""
    return f"""
    SELECT '{words} on ' || g.what || ': ' || a.privilege_type || ' to '
           || CASE a.grantee WHEN 0 THEN 'public' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
           || CASE WHEN a.is_grantable THEN ' with grant option' ELSE '' END
    FROM ({_GRANTED}) g, LATERAL ({_EXPLODED}({more}) EXCEPT {_EXPLODED}({fewer})) a
    WHERE g.acl IS NOT NULL"""


SCHEMAS = f"SELECT nspname FROM pg_namespace n WHERE {_OWN.format(oid='n.oid')}"

EXTENSIONS = """
    SELECT quote_ident(extname) FROM pg_extension
    WHERE extowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)
    AND extname <> 'plpgsql'
"""
"""The extensions that this role has installed: others may not be its to install again."""

CONTENTS = f"""
    SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
             WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE'
             ELSE 'TABLE' END,
           quote_ident(n.nspname) || '.' || quote_ident(c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND {_OWN.format(oid="c.oid")}
    UNION ALL
    SELECT CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,
           quote_ident(n.nspname) || '.' || quote_ident(t.typname)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd', 'r') AND {_OWN.format(oid="t.oid")}
    UNION ALL
    SELECT 'ROUTINE', p.oid::regprocedure::text
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE {_OWN.format(oid="p.oid")}
    UNION ALL
    SELECT 'SCHEMA', quote_ident(n.nspname) FROM pg_namespace n
    WHERE n.nspname <> 'public' AND {_OWN.format(oid="n.oid")}
    ORDER BY 2
"""

SURROUNDINGS = f"""
    SELECT 'view ' || c.oid::regclass || ': ' || pg_get_viewdef(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND {_OWN.format(oid="c.oid")}
    UNION ALL
    SELECT 'trigger ' || t.tgname || ' on ' || t.tgrelid::regclass || ': '
           || pg_get_triggerdef(t.oid)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND {_OWN.format(oid="t.oid")}
    UNION ALL
    SELECT 'function ' || p.oid::regprocedure || ': ' || pg_get_functiondef(p.oid)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prokind IN ('f', 'p') AND {_OWN.format(oid="p.oid")}
    UNION ALL
    SELECT 'domain ' || t.oid::regtype || ': ' || format_type(t.typbasetype, t.typtypmod)
           || coalesce(' ' || (SELECT string_agg(pg_get_constraintdef(k.oid), ' ' ORDER BY conname)
                               FROM pg_constraint k WHERE k.contypid = t.oid), '')
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE t.typtype = 'd' AND {_OWN.format(oid="t.oid")}
    UNION ALL
    SELECT 'policy ' || p.polname || ' on ' || p.polrelid::regclass || ': '
           || coalesce(pg_get_expr(p.polqual, p.polrelid), '') || ' '
           || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '')
    FROM pg_policy p
    UNION ALL
    SELECT 'extension ' || extname FROM pg_extension
    UNION ALL
    SELECT 'schema ' || nspname FROM pg_namespace n WHERE {_OWN.format(oid="n.oid")}
    UNION ALL
    SELECT 'row security of ' || c.oid::regclass || ': '
           || CASE WHEN relforcerowsecurity THEN 'forced' ELSE 'enabled' END
    FROM pg_class c WHERE relrowsecurity
    UNION ALL
    {_given("grant", "g.acl", "g.usual")}
    UNION ALL
    {_given("no grant", "g.usual", "g.acl")}
    UNION ALL
    SELECT 'comment on ' || pg_describe_object(d.classoid, d.objoid, d.objsubid) || ': '
           || d.description
    FROM pg_description d
    WHERE d.objoid >= {_FIRST_OWN} AND NOT EXISTS (
        SELECT FROM pg_depend e WHERE e.objid = d.objoid AND e.deptype = 'e'
    )
"""
"""A text for each thing besides tables, types and sequences: what it is, a colon, the rest."""
