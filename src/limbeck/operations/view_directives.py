"""Directives for views and materialised views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.operations import ops
from limbeck.operations.directives import Directives

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.sql import Executable

    from limbeck.facts.schema_objects import ViewIndex


class ViewDirectives(Directives):
    """Create, replace and drop views."""

    def create_view(
        self,
        name: str,
        definition: str | Executable,
        *,
        schema: str | None = None,
        options: Mapping[str, object] | None = None,
        comment: str | None = None,
        owner: str | None = None,
        if_not_exists: bool | None = None,
    ) -> None:
        """Create a view.

        :param name: its name.
        :param definition: the query. A string is sent as it stands, colons and all.
        :param schema: its schema, None for the default one.
        :param options: see :class:`limbeck.schema.View`.
        :param comment: its comment.
        :param owner: the role that gets it, None for the one that migrates.
        :param if_not_exists: do nothing where it exists.
        """

        from limbeck.facts.schema_objects import View

        view = View(name, definition, options or {}, schema=schema, comment=comment, owner=owner)
        self.invoke(ops.CreateObjectOp(view, if_not_exists=if_not_exists))

    def replace_view(
        self,
        name: str,
        definition: str | Executable,
        *,
        schema: str | None = None,
        options: Mapping[str, object] | None = None,
        comment: str | None = None,
    ) -> None:
        """Give a view another query; what leans on it stays.

        :param name: its name.
        :param definition: the new query.
        :param schema: its schema, None for the default one.
        :param options: all of its options, as they shall be.
        :param comment: another comment, "" for none; None leaves it as it is.
        """

        from limbeck.facts.schema_objects import View

        view = View(name, definition, options or {}, schema=schema, comment=comment)
        self.invoke(ops.ReplaceObjectOp(view))

    def drop_view(
        self, name: str, *, schema: str | None = None, if_exists: bool | None = None
    ) -> None:
        """Drop a view.

        :param name: its name.
        :param schema: its schema, None for the default one.
        :param if_exists: do nothing where there is none.
        """

        from limbeck.facts.schema_objects import View

        view = View(name, "", schema=schema)
        self.invoke(ops.DropObjectOp(view, if_exists=if_exists, is_whole=False))

    def create_materialized_view(
        self,
        name: str,
        definition: str | Executable,
        *,
        indexes: Sequence[ViewIndex] = (),
        schema: str | None = None,
        options: Mapping[str, object] | None = None,
        comment: str | None = None,
        owner: str | None = None,
        with_data: bool = True,
        if_not_exists: bool | None = None,
    ) -> None:
        """Create a materialised view and its indexes.

        :param name: its name.
        :param definition: the query.
        :param indexes: each a :class:`limbeck.schema.ViewIndex`.
        :param schema: its schema, None for the default one.
        :param options: storage parameters.
        :param comment: its comment.
        :param owner: the role that gets it, None for the one that migrates.
        :param with_data: False to leave it empty until it is refreshed.
        :param if_not_exists: do nothing where it exists.
        """

        from limbeck.facts.schema_objects import MaterializedView

        view = MaterializedView(
            name,
            definition,
            tuple(indexes),
            options or {},
            schema=schema,
            comment=comment,
            owner=owner,
            with_data=with_data,
        )
        self.invoke(ops.CreateObjectOp(view, if_not_exists=if_not_exists))

    def drop_materialized_view(
        self, name: str, *, schema: str | None = None, if_exists: bool | None = None
    ) -> None:
        """Drop a materialised view with its indexes.

        :param name: its name.
        :param schema: its schema, None for the default one.
        :param if_exists: do nothing where there is none.
        """

        from limbeck.facts.schema_objects import MaterializedView

        view = MaterializedView(name, "", schema=schema)
        self.invoke(ops.DropObjectOp(view, if_exists=if_exists, is_whole=False))
