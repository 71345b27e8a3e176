"""Schemas that are migrated each as if it were a database of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import URL, Connection


class TenantSchemas:
    """A database that has no schemas, or of which nothing is known of how to stay in one."""

    def place(self, url: URL, schema: str) -> tuple[URL, str | None]:
        """Where a schema is.

        :param url: the database in which it is.
        :param schema: its name.
        :returns: an address, and the schema within; None where the address says it all.
        :raises ConfigurationError: there is no such thing here.
        """
        raise ConfigurationError(
            f"limbeck cannot keep to one schema of {url.get_backend_name()}",
            hint="give each tenant a database of its own, and their addresses: --databases FILE",
        )

    def enter(self, schema: str, shared: Sequence[str]) -> str:
        """The statement by which a session keeps to a schema, for a driver, without values beside.

        :param schema: the schema in which everything is made.
        :param shared: schemas that are searched after it.
        """
        raise NotImplementedError

    def refuse_elsewhere(self, connection: Connection, schema: str, *, is_kept: bool) -> None:
        """Make sure that the session is in the schema, and stays there.

        :param connection: the connection; the question may begin a transaction on it.
        :param schema: the schema.
        :param is_kept: whether the settings say that a pooler leaves each client its session.
        :raises CommandError: it is not there, or the session may change.
        """

    def refuse_version_elsewhere(
        self, connection: Connection, schema: str, table: str, table_schema: str | None
    ) -> None:
        """Make sure that what an ``env.py`` has configured is in the schema, and nowhere else.

        :param connection: the connection; a transaction that this begins is ended again.
        :param schema: the schema.
        :param table: the version table.
        :param table_schema: its schema, as the ``env.py`` says it.
        :raises ConfigurationError: it is not.
        """
