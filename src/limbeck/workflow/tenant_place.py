"""Where a tenant is: sessions that stay with it, and an ``env.py`` that has opened it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.database.transaction import roll_back
from limbeck.dialects.registry import backend_for
from limbeck.errors import ConfigurationError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from limbeck.config import Config
    from limbeck.project.tenant import Tenant
    from limbeck.runtime.migration import MigrationContext

__all__ = ["keep_to_schema", "refuse_another_place", "refuse_elsewhere"]


def keep_to_schema(engine: Engine, tenant: Tenant | None) -> None:
    """Let every session of an engine begin in a tenant's schema.

    :param engine: the engine; it has not connected yet.
    :param tenant: the tenant; nothing is done for one that has a whole database.
    """
    if tenant is None or tenant.schema is None:
        return
    from sqlalchemy import event

    schemas = backend_for(engine.dialect).tenant_schemas
    statement = schemas.enter(tenant.schema, tenant.shared_schemas)

    def begin(driver: Any, record: Any) -> None:
        cursor = driver.cursor()
        try:
            cursor.execute(statement)
        finally:
            cursor.close()
        driver.commit()  # a rollback would take the setting back

    # before SQLAlchemy asks which schema is the default one
    event.listen(engine, "connect", begin, insert=True)


def refuse_elsewhere(config: Config, connection: Connection, tenant: Tenant) -> None:
    """Make sure that a session is in the tenant's schema, and stays there.

    :param config: the settings.
    :param connection: the connection, which is in no transaction.
    :param tenant: the tenant.
    :raises CommandError: it is not.
    """
    if tenant.schema is None:
        return
    schemas = backend_for(connection.dialect).tenant_schemas
    is_kept = config.deploy_setting("deploy_lock") == "session"
    try:
        schemas.refuse_elsewhere(connection, tenant.schema, is_kept=is_kept)
    finally:
        roll_back(connection)


def refuse_another_place(context: MigrationContext, tenant: Tenant) -> None:
    """Make sure, before anything runs, that an ``env.py`` has opened the tenant's database.

    One that takes the address from somewhere else would migrate the same database for each tenant.

    :param context: what ``env.py`` has configured.
    :param tenant: the tenant.
    :raises ConfigurationError: it has opened something else.
    """
    from sqlalchemy import make_url

    wanted, found = make_url(tenant.address), context.connection.engine.url
    places = [(url.get_backend_name(), url.host, url.port, url.database) for url in (wanted, found)]
    if places[0] != places[1]:
        raise ConfigurationError(
            f"env.py has opened another database than that of {tenant.name}",
            hint='let it connect to config.get_main_option("sqlalchemy.url")',
        )
    if tenant.schema is None:
        return
    backend_for(context.dialect).tenant_schemas.refuse_version_elsewhere(
        context.connection, tenant.schema, context.version_table, context.version_table_schema
    )
