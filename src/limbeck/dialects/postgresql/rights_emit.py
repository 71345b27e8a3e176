"""Policies, row security, grants, extensions and domains of PostgreSQL as statements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from limbeck.dialects.standard.object_emit import ObjectWriter
from limbeck.operations import ops

if TYPE_CHECKING:
    from limbeck.facts.rights import Domain, Extension, Grant, Policy, RowSecurity
    from limbeck.facts.schema_objects import SchemaObject

Texts = Iterator[str]


class RightsWriter(ObjectWriter):
    """Writes who may do what, and what columns may hold."""

    database = "PostgreSQL"

    # Words

    def literal(self, words: str) -> str:
        """A string as SQL."""
        escaped = words.replace("'", "''")
        if "\\" not in escaped:
            return f"'{escaped}'"
        doubled = escaped.replace("\\", "\\\\")
        return f"E'{doubled}'"

    def dollar_quoted(self, body: str) -> str:
        """A string in quotes of a kind that it does not contain."""
        number = 0
        while f"$q{number}$" in body:
            number += 1
        return f"$q{number}${body}$q{number}$"

    def block(self, body: str) -> str:
        """Procedural code, run at once."""
        return f"DO {self.dollar_quoted(f'BEGIN {body} END')}"

    def surroundings(self, kind: str, address: str, item: SchemaObject) -> Texts:
        """The comment and the owner of an object, as far as they are to be said."""
        if item.comment is not None:
            comment = self.literal(item.comment) if item.comment else "NULL"
            yield f"COMMENT ON {kind} {address} IS {comment}"
        if item.owner is not None:
            yield f"ALTER {kind} {address} OWNER TO {self.quote(item.owner)}"

    def role(self, name: str) -> str:
        """A role; those that are words of the language stay as they are."""
        plain = name.lower() in ("public", "current_user", "current_role", "session_user")
        return name.upper() if plain else self.quote(name)

    # Policies

    def create_policy(self, policy: Policy, op: ops.CreateObjectOp) -> Texts:
        name, table = self.quote(policy.name), self.address(policy, policy.table)
        words = [
            f"CREATE POLICY {name} ON {table}",
            f"AS {'PERMISSIVE' if policy.permissive else 'RESTRICTIVE'}",
            f"FOR {policy.command}",
            f"TO {', '.join(map(self.role, policy.roles))}",
        ]
        if policy.using is not None:
            words.append(f"USING ({policy.using})")
        if policy.check is not None:
            words.append(f"WITH CHECK ({policy.check})")
        yield "\n".join(words)
        yield from self.surroundings("POLICY", f"{name} ON {table}", policy)

    def drop_policy(self, policy: Policy, op: ops.DropObjectOp) -> Texts:
        table = self.address(policy, policy.table)
        yield f"DROP POLICY {self.if_exists(op)}{self.quote(policy.name)} ON {table}"

    def create_row_security(self, rows: RowSecurity, op: ops.CreateObjectOp) -> Texts:
        yield f"ALTER TABLE {self.address(rows)} ENABLE ROW LEVEL SECURITY"
        forced = "FORCE" if rows.forced else "NO FORCE"
        yield f"ALTER TABLE {self.address(rows)} {forced} ROW LEVEL SECURITY"

    def replace_row_security(self, rows: RowSecurity, op: ops.ReplaceObjectOp) -> Texts:
        yield from self.create_row_security(rows, ops.CreateObjectOp(rows))

    def drop_row_security(self, rows: RowSecurity, op: ops.DropObjectOp) -> Texts:
        yield f"ALTER TABLE {self.address(rows)} NO FORCE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {self.address(rows)} DISABLE ROW LEVEL SECURITY"

    # Extensions

    def create_extension(self, extension: Extension, op: ops.CreateObjectOp) -> Texts:
        words = f"CREATE EXTENSION {self.if_not_exists(op)}{self.quote(extension.name)}"
        if extension.schema is not None:
            words += f" SCHEMA {self.quote(extension.schema)}"
        if extension.version is not None:
            words += f" VERSION {self.literal(extension.version)}"
        yield words
        yield from self.surroundings("EXTENSION", self.quote(extension.name), extension)

    def replace_extension(self, extension: Extension, op: ops.ReplaceObjectOp) -> Texts:
        name = self.quote(extension.name)
        if extension.version is not None:
            yield f"ALTER EXTENSION {name} UPDATE TO {self.literal(extension.version)}"
        if extension.schema is not None:
            yield f"ALTER EXTENSION {name} SET SCHEMA {self.quote(extension.schema)}"
        yield from self.surroundings("EXTENSION", name, extension)

    def drop_extension(self, extension: Extension, op: ops.DropObjectOp) -> Texts:
        yield f"DROP EXTENSION {self.if_exists(op)}{self.quote(extension.name)}"

    # Domains

    def create_domain(self, domain: Domain, op: ops.CreateObjectOp) -> Texts:
        words = [f"CREATE DOMAIN {self.address(domain)} AS {domain.type}"]
        if domain.default is not None:
            words.append(f"DEFAULT {domain.default}")
        if not domain.nullable:
            words.append("NOT NULL")
        words += [self._check(name, text) for name, text in dict(domain.checks).items()]
        yield "\n".join(words)
        yield from self.surroundings("DOMAIN", self.address(domain), domain)

    def _check(self, name: str, condition: str) -> str:
        return f"CONSTRAINT {self.quote(name)} CHECK ({condition})"

    def replace_domain(self, domain: Domain, op: ops.ReplaceObjectOp) -> Texts:
        alter = f"ALTER DOMAIN {self.address(domain)}"
        default = "DROP DEFAULT" if domain.default is None else f"SET DEFAULT {domain.default}"
        yield f"{alter} {default}"
        gone = [] if op.before is None else list(dict(getattr(op.before, "checks", ())))
        checks = dict(domain.checks)
        for name in sorted({*gone, *checks}):
            yield f"{alter} DROP CONSTRAINT IF EXISTS {self.quote(name)}"
        for name, condition in checks.items():
            yield f"{alter} ADD {self._check(name, condition)}"
        yield f"{alter} {'DROP' if domain.nullable else 'SET'} NOT NULL"
        yield from self.surroundings("DOMAIN", self.address(domain), domain)

    def drop_domain(self, domain: Domain, op: ops.DropObjectOp) -> Texts:
        yield f"DROP DOMAIN {self.if_exists(op)}{self.address(domain)}"

    # Grants

    def create_grant(self, grant: Grant, op: ops.CreateObjectOp) -> Texts:
        if grant.privileges:
            option = " WITH GRANT OPTION" if grant.grantable else ""
            privileges = ", ".join(grant.privileges)
            yield f"GRANT {privileges} ON {self._granted(grant)} TO {self.role(grant.to)}{option}"

    def drop_grant(self, grant: Grant, op: ops.DropObjectOp) -> Texts:
        if grant.privileges:
            privileges = ", ".join(grant.privileges)
            yield f"REVOKE {privileges} ON {self._granted(grant)} FROM {self.role(grant.to)}"

    def _granted(self, grant: Grant) -> str:
        if grant.on_kind == "schema":
            return f"SCHEMA {self.quote(grant.on)}"
        if grant.on_kind == "function":
            name, _, arguments = grant.on.partition("(")
            return f"ROUTINE {self.address(grant, name)}({arguments or ')'}"
        kind = "SEQUENCE " if grant.on_kind == "sequence" else ""
        return f"{kind}{self.address(grant, grant.on)}"
