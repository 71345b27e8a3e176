"""Directives for functions, procedures and triggers."""

from __future__ import annotations

from limbeck.operations import ops
from limbeck.operations.directives import Directives


class RoutineDirectives(Directives):
    """Create, replace and drop code inside of the database. Its text is sent as it stands."""

    def create_function(
        self,
        name: str,
        arguments: str,
        definition: str,
        *,
        schema: str | None = None,
        comment: str | None = None,
        owner: str | None = None,
    ) -> None:
        """Create a function.

        :param name: its name.
        :param arguments: what stands in the parentheses behind the name, "" for nothing.
        :param definition: everything behind them, from ``RETURNS`` to the end of the body.
        :param schema: its schema, None for the default one.
        :param comment: its comment.
        :param owner: the role that gets it, None for the one that migrates.
        """

        from limbeck.facts.routines import Function

        self.invoke(
            ops.CreateObjectOp(
                Function(name, arguments, definition, schema=schema, comment=comment, owner=owner)
            )
        )

    def replace_function(
        self,
        name: str,
        arguments: str,
        definition: str,
        *,
        schema: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Give a function another definition; what leans on it stays.

        :param name: its name.
        :param arguments: its arguments, whose types stay.
        :param definition: everything behind them.
        :param schema: its schema, None for the default one.
        :param comment: another comment, "" for none; None leaves it as it is.
        """

        from limbeck.facts.routines import Function

        self.invoke(
            ops.ReplaceObjectOp(
                Function(name, arguments, definition, schema=schema, comment=comment)
            )
        )

    def drop_function(
        self,
        name: str,
        arguments: str = "",
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        """Drop a function.

        :param name: its name.
        :param arguments: the types of its arguments, where functions may share a name.
        :param schema: its schema, None for the default one.
        :param if_exists: do nothing where there is none.
        """

        from limbeck.facts.routines import Function

        function = Function(name, arguments, "", arguments, schema=schema)
        self.invoke(ops.DropObjectOp(function, if_exists=if_exists, is_whole=False))

    def create_procedure(
        self,
        name: str,
        arguments: str,
        definition: str,
        *,
        schema: str | None = None,
        comment: str | None = None,
        owner: str | None = None,
    ) -> None:
        """Create a procedure.

        :param name: its name.
        :param arguments: what stands in the parentheses behind the name, "" for nothing.
        :param definition: everything behind them.
        :param schema: its schema, None for the default one.
        :param comment: its comment.
        :param owner: the role that gets it, None for the one that migrates.
        """

        from limbeck.facts.routines import Procedure

        self.invoke(
            ops.CreateObjectOp(
                Procedure(name, arguments, definition, schema=schema, comment=comment, owner=owner)
            )
        )

    def replace_procedure(
        self,
        name: str,
        arguments: str,
        definition: str,
        *,
        schema: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Give a procedure another definition.

        :param name: its name.
        :param arguments: its arguments, whose types stay.
        :param definition: everything behind them.
        :param schema: its schema, None for the default one.
        :param comment: another comment, "" for none; None leaves it as it is.
        """

        from limbeck.facts.routines import Procedure

        self.invoke(
            ops.ReplaceObjectOp(
                Procedure(name, arguments, definition, schema=schema, comment=comment)
            )
        )

    def drop_procedure(
        self,
        name: str,
        arguments: str = "",
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        """Drop a procedure.

        :param name: its name.
        :param arguments: the types of its arguments, where procedures may share a name.
        :param schema: its schema, None for the default one.
        :param if_exists: do nothing where there is none.
        """

        from limbeck.facts.routines import Procedure

        procedure = Procedure(name, arguments, "", arguments, schema=schema)
        self.invoke(ops.DropObjectOp(procedure, if_exists=if_exists, is_whole=False))

    def create_trigger(
        self,
        name: str,
        table: str,
        when: str,
        action: str,
        *,
        constraint: bool = False,
        schema: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Create a trigger.

        :param name: its name.
        :param table: the table or view that it belongs to.
        :param when: what stands between the name and ``ON``, such as ``BEFORE INSERT OR UPDATE``.
        :param action: everything behind the table.
        :param constraint: create a ``CONSTRAINT TRIGGER`` (PostgreSQL).
        :param schema: the table's schema, None for the default one.
        :param comment: its comment.
        """

        from limbeck.facts.routines import Trigger

        trigger = Trigger(name, table, when, action, constraint, schema=schema, comment=comment)
        self.invoke(ops.CreateObjectOp(trigger))

    def drop_trigger(
        self,
        name: str,
        table: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        """Drop a trigger.

        :param name: its name.
        :param table: the table or view that it belongs to.
        :param schema: the table's schema, None for the default one.
        :param if_exists: do nothing where there is none.
        """

        from limbeck.facts.routines import Trigger

        trigger = Trigger(name, table, "", "", schema=schema)
        self.invoke(ops.DropObjectOp(trigger, if_exists=if_exists, is_whole=False))
