"""The built-in environment of a project that needs no ``env.py``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from limbeck.database.interruption import cancellable
from limbeck.database.password_letters import take_any_password
from limbeck.errors import ConfigurationError
from limbeck.project.event_loop import beside_a_running_loop
from limbeck.project.model_loading import load_models
from limbeck.workflow.tenant_place import keep_to_schema, refuse_elsewhere

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, MetaData

    from limbeck.config import Config
    from limbeck.project.tenant import Tenant
    from limbeck.runtime.environment import EnvironmentContext
    from limbeck.script import ScriptDirectory

_PASSED_ON = (
    "compare_objects",
    "include_schemas",
    "render_as_batch",
    "version_table",
    "version_table_schema",
)


def run_native_environment(
    config: Config, environment: EnvironmentContext, *, with_models: bool
) -> None:
    """Open the database that the settings name and run the migrations there.

    A connection in ``config.attributes["connection"]`` is used as it is.

    :param config: limbeck's own settings.
    :param environment: the running environment, which knows what to run.
    :param with_models: whether what runs may look at the models.
    :raises ConfigurationError: the address or the models make no sense.
    """
    options = _options(config)
    if with_models:
        options["target_metadata"] = list(models_beside(config, environment.script))
    if environment.is_offline_mode():
        url = database_url(config)
        environment.configure(
            url=url, literal_binds=True, dialect_opts={"paramstyle": "named"}, **options
        )
        with environment.begin_transaction():
            environment.run_migrations()
        return

    tenant = config.tenant

    def migrate(connection: Connection) -> None:
        with cancellable(connection) if tenant is not None else nullcontext():
            if tenant is not None:
                refuse_elsewhere(config, connection, tenant)
            environment.configure(connection=connection, **options)
            with environment.begin_transaction():
                environment.run_migrations()

    given = config.attributes.get("connection")
    if given is not None:
        migrate(given)
    else:
        with_connection(database_url(config), migrate, tenant)


def with_connection(
    url: URL, action: Callable[[Connection], None], tenant: Tenant | None = None
) -> None:
    """Connect, run something, and disconnect; async drivers run on a loop of their own.

    :param url: the database.
    :param action: called with the connection.
    :param tenant: the tenant whose schema the session keeps to.
    """
    if url.get_dialect().is_async:
        _on_a_loop(url, action, tenant)
        return
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    take_any_password(engine)
    keep_to_schema(engine, tenant)
    try:
        with engine.connect() as connection:
            action(connection)
    finally:
        engine.dispose()


def database_url(config: Config) -> URL:
    """The address that the settings name.

    :param config: limbeck's own settings.
    :raises ConfigurationError: it cannot be understood.
    """
    return understood(config.database_url() or "")


def understood(address: str, *, where: str = "") -> URL:
    """An address as SQLAlchemy knows it.

    :param address: the address.
    :param where: where it is written, for messages.
    :raises ConfigurationError: it cannot be understood; it is not shown.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    place = f" in {where}" if where else ""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        # the words of these errors may repeat the address, and with it the password
        raise ConfigurationError(
            f"the address of the database{place} cannot be understood",
            hint="as in: postgresql+psycopg://user:password@host/name or sqlite:///file.db",
        ) from error
    if url.get_backend_name() != "sqlite" and "@" in f"{url.host}{url.database}":
        # the end of a password, which a driver would repeat as the name of a host it cannot find
        raise ConfigurationError(
            f"the password in the address of the database{place} holds an @ or a / as it is",
            hint="write @ as %40, / as %2F, : as %3A and % as %25",
        )
    return url


def models_beside(config: Config, script: ScriptDirectory) -> tuple[MetaData, ...]:
    """Import the models that the settings name; where there are tenants, once for all of them.

    :param config: limbeck's own settings.
    :param script: the revisions, which the tenants share, and where no models are looked for.
    :returns: their MetaData.
    :raises ConfigurationError: there are none, or they cannot be imported.
    """
    if config.tenant is None:
        return native_models(config, script.version_folders)
    return models_of_tenants(config, script)


def models_of_tenants(config: Config, script: ScriptDirectory) -> tuple[MetaData, ...]:
    """Import the models for all tenants, unless they are imported.

    :param config: limbeck's own settings.
    :param script: the revisions, which the tenants share.
    :returns: their MetaData.
    :raises ConfigurationError: there are none, or they cannot be imported.
    """
    found = _of_tenants.get(script)
    if found is None:
        found = _of_tenants[script] = native_models(config, script.version_folders)
    return found


_of_tenants: WeakKeyDictionary[ScriptDirectory, tuple[MetaData, ...]] = WeakKeyDictionary()


def native_models(config: Config, revisions: Collection[Path] = ()) -> tuple[MetaData, ...]:
    """Import the models that the settings name.

    :param config: limbeck's own settings.
    :param revisions: folders of revision files, where no models are looked for.
    :returns: their MetaData.
    :raises ConfigurationError: there are none, or they cannot be imported.
    """
    if not config.models:
        raise ConfigurationError(
            "the settings do not say where the models are",
            hint='add models = "shop.models:Base.metadata"',
        )
    here = Path(config.toml_file_name or ".").resolve().parent
    return load_models(config.models, here, revisions)


def _options(config: Config) -> dict[str, Any]:
    options = {
        name: value for name in _PASSED_ON if (value := config.get_alembic_option(name)) is not None
    }
    if config.tenant is not None and config.tenant.schema is not None:
        options["version_table_schema"] = config.tenant.schema
    per_migration = config.get_alembic_option("transaction_per_migration")
    if per_migration is not None:
        options["transaction_per_migration"] = per_migration
    return options


def _on_a_loop(url: URL, action: Callable[[Connection], None], tenant: Tenant | None) -> None:
    async def run() -> None:
        from sqlalchemy.ext.asyncio import create_async_engine
        from sqlalchemy.pool import NullPool

        engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)
        take_any_password(engine.sync_engine)
        keep_to_schema(engine.sync_engine, tenant)
        try:
            async with engine.connect() as connection:
                await connection.run_sync(action)
        finally:
            await engine.dispose()

    beside_a_running_loop(lambda: asyncio.run(run()))
