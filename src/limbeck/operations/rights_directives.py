"""Directives for row security, grants, extensions and domains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from limbeck.operations import ops
from limbeck.operations.directives import Directives

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OnKind = Literal["table", "sequence", "schema", "function"]


class RightsDirectives(Directives):
    """Say who may do what, and what columns may hold."""

    def create_policy(
        self,
        name: str,
        table: str,
        *,
        command: str = "ALL",
        using: str | None = None,
        check: str | None = None,
        roles: Sequence[str] = ("public",),
        permissive: bool = True,
        schema: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Create a policy of row security.

        :param name: its name.
        :param table: the table.
        :param command: ``ALL``, ``SELECT``, ``INSERT``, ``UPDATE`` or ``DELETE``.
        :param using: which rows may be seen.
        :param check: which rows may be written.
        :param roles: for whom it holds.
        :param permissive: False for one that has to hold beside the permissive ones.
        :param schema: the table's schema, None for the default one.
        :param comment: its comment.
        """

        from limbeck.facts.rights import Policy

        policy = Policy(
            name,
            table,
            command,
            using,
            check,
            tuple(roles),
            permissive,
            schema=schema,
            comment=comment,
        )
        self.invoke(ops.CreateObjectOp(policy))

    def drop_policy(
        self,
        name: str,
        table: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        """Drop a policy.

        :param name: its name.
        :param table: the table.
        :param schema: the table's schema, None for the default one.
        :param if_exists: do nothing where there is none.
        """

        from limbeck.facts.rights import Policy

        policy = Policy(name, table, schema=schema)
        self.invoke(ops.DropObjectOp(policy, if_exists=if_exists, is_whole=False))

    def enable_row_security(
        self, table: str, *, forced: bool = False, schema: str | None = None
    ) -> None:
        """Put a table's policies into force.

        :param table: the table.
        :param forced: whether they bind the table's owner too.
        :param schema: its schema, None for the default one.
        """

        from limbeck.facts.rights import RowSecurity

        self.invoke(ops.CreateObjectOp(RowSecurity(table, forced, schema=schema)))

    def disable_row_security(self, table: str, *, schema: str | None = None) -> None:
        """Put a table's policies out of force.

        :param table: the table.
        :param schema: its schema, None for the default one.
        """

        from limbeck.facts.rights import RowSecurity

        self.invoke(ops.DropObjectOp(RowSecurity(table, schema=schema), is_whole=False))

    def create_extension(
        self,
        name: str,
        *,
        version: str | None = None,
        schema: str | None = None,
        comment: str | None = None,
        if_not_exists: bool | None = None,
    ) -> None:
        """Install an extension.

        :param name: its name.
        :param version: the version, None for the newest one.
        :param schema: where its objects go, None for the default schema.
        :param comment: another comment than its own.
        :param if_not_exists: do nothing where it is installed.
        """

        from limbeck.facts.rights import Extension

        extension = Extension(name, version, schema=schema, comment=comment)
        self.invoke(ops.CreateObjectOp(extension, if_not_exists=if_not_exists))

    def replace_extension(
        self,
        name: str,
        *,
        version: str | None = None,
        schema: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Bring an extension to another version or into another schema.

        :param name: its name.
        :param version: the version, None to leave it.
        :param schema: where its objects go, None to leave them.
        :param comment: another comment, None to leave it.
        """

        from limbeck.facts.rights import Extension

        extension = Extension(name, version, schema=schema, comment=comment)
        self.invoke(ops.ReplaceObjectOp(extension))

    def drop_extension(self, name: str, *, if_exists: bool | None = None) -> None:
        """Remove an extension.

        :param name: its name.
        :param if_exists: do nothing where it is not installed.
        """

        from limbeck.facts.rights import Extension

        self.invoke(ops.DropObjectOp(Extension(name), if_exists=if_exists, is_whole=False))

    def create_domain(
        self,
        name: str,
        type_: str,
        *,
        default: str | None = None,
        nullable: bool = True,
        checks: Mapping[str, str] | None = None,
        schema: str | None = None,
        comment: str | None = None,
        owner: str | None = None,
    ) -> None:
        """Create a domain.

        :param name: its name.
        :param type_: the type underneath.
        :param default: the default of columns that have none.
        :param nullable: False for ``NOT NULL``.
        :param checks: conditions by the name of their constraint.
        :param schema: its schema, None for the default one.
        :param comment: its comment.
        :param owner: the role that gets it, None for the one that migrates.
        """

        from limbeck.facts.rights import Domain

        domain = Domain(
            name,
            type_,
            default,
            nullable,
            checks or {},
            schema=schema,
            comment=comment,
            owner=owner,
        )
        self.invoke(ops.CreateObjectOp(domain))

    def replace_domain(
        self,
        name: str,
        type_: str,
        *,
        default: str | None = None,
        nullable: bool = True,
        checks: Mapping[str, str] | None = None,
        drop_checks: Sequence[str] = (),
        schema: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Alter a domain; columns of it stay, and their values must fit.

        :param name: its name.
        :param type_: the type underneath, which stays.
        :param default: the default as it shall be.
        :param nullable: False for ``NOT NULL``.
        :param checks: all conditions as they shall be.
        :param drop_checks: the names of those that go.
        :param schema: its schema, None for the default one.
        :param comment: another comment, "" for none; None leaves it as it is.
        """

        from limbeck.facts.rights import Domain

        domain = Domain(
            name, type_, default, nullable, checks or {}, schema=schema, comment=comment
        )
        gone = dict.fromkeys(drop_checks, "")
        before = Domain(name, type_, checks=gone, schema=schema) if gone else None
        self.invoke(ops.ReplaceObjectOp(domain, before))

    def drop_domain(
        self, name: str, *, schema: str | None = None, if_exists: bool | None = None
    ) -> None:
        """Drop a domain.

        :param name: its name.
        :param schema: its schema, None for the default one.
        :param if_exists: do nothing where there is none.
        """

        from limbeck.facts.rights import Domain

        domain = Domain(name, "", schema=schema)
        self.invoke(ops.DropObjectOp(domain, if_exists=if_exists, is_whole=False))

    def grant(
        self,
        privileges: Sequence[str],
        on: str,
        to: str,
        *,
        on_kind: OnKind = "table",
        grantable: bool = False,
        schema: str | None = None,
    ) -> None:
        """Let a role do something with an object.

        :param privileges: ``SELECT``, ``INSERT``, …
        :param on: the object's name.
        :param to: the role, ``public`` for everybody.
        :param on_kind: what kind of object it is; ``table`` for views too.
        :param grantable: whether the role may pass them on.
        :param schema: the object's schema, None for the default one.
        """

        from limbeck.facts.rights import Grant

        grant = Grant(tuple(privileges), on, to, on_kind, grantable, schema=schema)
        self.invoke(ops.CreateObjectOp(grant))

    def revoke(
        self,
        privileges: Sequence[str],
        on: str,
        from_: str,
        *,
        on_kind: OnKind = "table",
        schema: str | None = None,
    ) -> None:
        """Take privileges from a role.

        :param privileges: ``SELECT``, ``INSERT``, …
        :param on: the object's name.
        :param from_: the role, ``public`` for everybody.
        :param on_kind: what kind of object it is; ``table`` for views too.
        :param schema: the object's schema, None for the default one.
        """

        from limbeck.facts.rights import Grant

        grant = Grant(tuple(privileges), on, from_, on_kind, schema=schema)
        self.invoke(ops.DropObjectOp(grant))
