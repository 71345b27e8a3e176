"""The tenants of a fleet, from where they are written down. No address is ever shown."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.database.schemas import is_of_users
from limbeck.database.secrets import shown_address
from limbeck.database.transaction import own_transaction
from limbeck.dialects.registry import backend_for
from limbeck.errors import ConfigurationError
from limbeck.fleet.lines import Words, words_of_lines, words_of_row
from limbeck.fleet.patterns import is_wanted
from limbeck.project.tenant import Tenant
from limbeck.workflow.native_environment import database_url, understood, with_connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import URL, Connection

    from limbeck.config import Config
    from limbeck.project.fleet_settings import Source

__all__ = ["tenants_of"]


def tenants_of(config: Config, source: Source, shared: Sequence[str] = ()) -> tuple[Tenant, ...]:
    """The tenants that a source names, each once, in its order; schemas by their names.

    :param config: the settings, whose database is asked for schemas, or a query.
    :param source: where they are written down.
    :param shared: schemas that are searched after a tenant's own.
    :raises ConfigurationError: it names none, or one that makes no sense.
    """
    if source.kind == "schemas":
        address = database_url(config)
        schemas = [each for each in _schemas(config) if is_wanted(each, source.values)]
        words = [
            Words(f"schema {each}", each, address.render_as_string(hide_password=False), each)
            for each in schemas
        ]
    elif source.kind == "databases":
        words = words_of_lines(_text_of(source.values[0]), source.values[0], expand=True)
    elif source.kind == "command":
        words = words_of_lines(_printed(source.values[0]), "the command's answer")
    else:
        words = [
            words_of_row(tuple(row), number)
            for number, row in enumerate(_rows(config, source.values[0]), 1)
        ]
    if not words:
        what = f"schema matches {' or '.join(source.values)}"
        if source.kind != "schemas":
            what = "database is named there"
        raise ConfigurationError(
            f"there is nothing to migrate: no {what}",
            hint="% and * stand for any characters, ? for one"
            if source.kind == "schemas"
            else "a line holds an address, as in: postgresql+psycopg://user:password@host/name",
        )
    return _named([_tenant(each, shared) for each in words])


# Schemas ------------------------------------------------------------------------------


def _schemas(config: Config) -> list[str]:
    url = database_url(config)
    backend_for(url.get_dialect()()).tenant_schemas.place(url, "any")
    found: list[str] = []

    def look(connection: Connection) -> None:
        from sqlalchemy import inspect

        found.extend(inspect(connection).get_schema_names())

    _ask(config, look)
    return sorted(name for name in found if is_of_users(name))


# Addresses ----------------------------------------------------------------------------


def _text_of(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ConfigurationError(
            f"{name} cannot be read: {reason}", hint="it holds an address on each line"
        ) from error


def _printed(command: str) -> str:
    """What a command prints; what it says on stderr, everybody may read."""
    done = subprocess.run(
        command, shell=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise ConfigurationError(
            f"the command that names the databases ended with {done.returncode}",
            hint="type it alone to see why; nothing was migrated",
        )
    try:
        return done.stdout.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            "the command that names the databases printed what is not UTF-8 text",
            hint="it has to print an address on each line",
        ) from error


def _rows(config: Config, query: str) -> list[Any]:
    found: list[Any] = []

    def look(connection: Connection) -> None:
        transaction = own_transaction(connection)
        transaction.begin()
        try:
            result = connection.exec_driver_sql(query)
            if result.returns_rows:
                found.extend(result.all())
        finally:
            transaction.rollback()  # what it may have done besides is undone
        if not result.returns_rows:
            raise ConfigurationError(
                "the query that names the databases returns no rows",
                hint="as in: SELECT name, address FROM tenants ORDER BY name",
            )

    _ask(config, look)
    return found


def _ask(config: Config, look: Any) -> None:
    """Ask the database that the settings name, and change nothing there."""
    from limbeck.database.connection_errors import translated

    url = database_url(config)
    try:
        with_connection(url, look)
    except Exception as error:
        meant = translated(error, shown_address(url))
        if meant is None:
            raise
        raise meant from error


# Names --------------------------------------------------------------------------------


def _tenant(words: Words, shared: Sequence[str]) -> Tenant:
    url = understood(words.address, where=words.place)
    schema = words.schema
    if schema is not None:
        url, schema = backend_for(url.get_dialect()()).tenant_schemas.place(url, schema)
    if url.get_backend_name() == "sqlite":
        url = _absolute(url)
    return Tenant(
        words.name or "",
        url.render_as_string(hide_password=False),
        schema,
        tuple(shared) if schema is not None else (),
    )


def _absolute(url: URL) -> URL:
    """A file by its whole path: the work may be done in another folder."""
    database = url.database or ""
    if not database or database == ":memory:" or database.startswith("file:"):
        return url
    return url.set(database=str(Path(database).absolute()))


def _named(tenants: Iterable[Tenant]) -> tuple[Tenant, ...]:
    """Each tenant once, and by a name that no other one has."""
    from sqlalchemy import make_url

    unique: dict[tuple[str, str | None], Tenant] = {}
    for each in tenants:
        unique.setdefault((each.address, each.schema), each)
    each_once = list(unique.values())
    short = []
    for tenant in each_once:
        database = make_url(tenant.address).database or ""
        said = tenant.name or database.rpartition("/")[2]
        short.append(said + (f".{tenant.schema}" if tenant.schema and not tenant.name else ""))
    counts = Counter(short)
    named = [
        replace(
            tenant,
            name=name
            if name and counts[name] == 1
            else " ".join(
                filter(None, (tenant.name, shown_address(make_url(tenant.address)), tenant.schema))
            ),
        )
        for tenant, name in zip(each_once, short, strict=True)
    ]
    return tuple(named)
