"""Opens the database through an asynchronous driver and runs the migrations in it."""

import asyncio
from logging.config import fileConfig

from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import async_engine_from_config

from limbeck import context

# The settings: what stands in the ini file, and what the caller has set.
config = context.config

# Set logging up as the ini file says.
if config.config_file_name is not None:
    fileConfig(config.config_file_name, disable_existing_loggers=False)

# Put the MetaData of your models here, and autogenerate compares it with the database:
#     from shop.models import Base
#     target_metadata = Base.metadata
target_metadata = None

# Any other setting of yours can be had as well:
#     config.get_main_option("my_setting")


def run_migrations_offline() -> None:
    """Write the SQL instead of running it; no driver and no database are needed."""
    context.configure(
        url=config.get_main_option("sqlalchemy.url"),
        target_metadata=target_metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )

    with context.begin_transaction():
        context.run_migrations()


def run_migrations_in(connection: Connection) -> None:
    """Run the migrations in a database that is connected."""
    context.configure(connection=connection, target_metadata=target_metadata)

    with context.begin_transaction():
        context.run_migrations()


async def run_migrations_async() -> None:
    """Connect to the database and run the migrations."""
    engine = async_engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )

    async with engine.connect() as connection:
        await connection.run_sync(run_migrations_in)

    await engine.dispose()


def run_migrations_online() -> None:
    """Connect to the database and run the migrations, on an event loop of their own."""
    asyncio.run(run_migrations_async())


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
