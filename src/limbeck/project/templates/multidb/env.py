"""Opens each of several databases and runs the migrations in it."""

import logging
from logging.config import fileConfig
from pathlib import Path

from sqlalchemy import Engine, TwoPhaseTransaction, engine_from_config, pool

from limbeck import context

USE_TWO_PHASE = False

# The settings: what stands in the ini file, and what the caller has set.
config = context.config

# Set logging up as the ini file says.
if config.config_file_name is not None:
    fileConfig(config.config_file_name, disable_existing_loggers=False)
logger = logging.getLogger("limbeck.env")

# The names of the databases; each has a section of this name in the ini file.
names = config.get_main_option("databases", "").replace(",", " ").split()

# Put the MetaData of your models here, one for each database:
#     from shop import models
#     target_metadata = {"engine1": models.first, "engine2": models.second}
target_metadata = {}

# Any other setting of yours can be had as well:
#     config.get_main_option("my_setting")


def run_migrations_offline() -> None:
    """Write the SQL instead of running it, into a file for each database."""
    for name in names:
        logger.info("Migrating database %s", name)
        path = Path(f"{name}.sql")
        logger.info("Writing SQL to %s", path)
        with path.open("w", encoding="utf-8") as buffer:
            context.configure(
                url=context.config.get_section_option(name, "sqlalchemy.url"),
                output_buffer=buffer,
                target_metadata=target_metadata.get(name),
                literal_binds=True,
                dialect_opts={"paramstyle": "named"},
            )
            with context.begin_transaction():
                context.run_migrations(engine_name=name)


def run_migrations_online() -> None:
    """Connect to every database, run the migrations, and commit only if all went well."""
    engines: dict[str, Engine] = {
        name: engine_from_config(
            context.config.get_section(name, {}),
            prefix="sqlalchemy.",
            poolclass=pool.NullPool,
        )
        for name in names
    }
    connections = {name: engine.connect() for name, engine in engines.items()}
    transactions = {
        name: connection.begin_twophase() if USE_TWO_PHASE else connection.begin()
        for name, connection in connections.items()
    }

    try:
        for name, connection in connections.items():
            logger.info("Migrating database %s", name)
            context.configure(
                connection=connection,
                upgrade_token=f"{name}_upgrades",
                downgrade_token=f"{name}_downgrades",
                target_metadata=target_metadata.get(name),
            )
            context.run_migrations(engine_name=name)

        for transaction in transactions.values():
            if isinstance(transaction, TwoPhaseTransaction):
                transaction.prepare()
        for transaction in transactions.values():
            transaction.commit()
    except BaseException:
        for transaction in transactions.values():
            transaction.rollback()
        raise
    finally:
        for connection in connections.values():
            connection.close()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
