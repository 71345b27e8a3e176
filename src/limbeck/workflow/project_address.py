"""Where a project's own database is, and the settings that name another one in its place."""

from __future__ import annotations

import re
from copy import copy, deepcopy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.errors import CommandError, ScratchUnavailable
from limbeck.workflow.environment import run_environment, uses_env_py

if TYPE_CHECKING:
    from sqlalchemy import URL

    from limbeck.config import Config
    from limbeck.dialects.standard.scratch_database import IsMade
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import ScriptDirectory

__all__ = ["is_given", "made_by", "parsed_address", "pointed_at", "project_address"]

_MAKES = {
    "schema": re.compile(r"create\s+schema|createschema", re.IGNORECASE),
    "extension": re.compile(r"create(?:\s+|_)extension", re.IGNORECASE),
}


def project_address(config: Config, script: ScriptDirectory) -> URL:
    """The address of the project's database, with its password; an ``env.py`` is asked for it.

    :param config: the settings.
    :param script: the project's revisions.
    :raises ScratchUnavailable: there are several databases, or none that is known.
    """
    from limbeck.workflow.native_environment import database_url

    if not uses_env_py(config, script):
        given = config.attributes.get("connection")
        return database_url(config) if given is None else given.engine.url
    found: list[URL] = []

    def look(rows: Any, context: MigrationContext) -> list[Any]:
        found.append(context.connection.engine.url)
        return []

    try:
        run_environment(config, script, look, dont_mutate=True)
    except CommandError as error:
        written = parsed_address(config.get_main_option("sqlalchemy.url"))
        if written is None:
            raise ScratchUnavailable(
                f"env.py does not tell which database it is: {error.message}"
            ) from error
        return written
    if len({each.render_as_string(hide_password=False) for each in found}) > 1:
        raise ScratchUnavailable("env.py migrates several databases at once")
    return found[0]


def pointed_at(config: Config, url: URL) -> Config:
    """The settings with another database, of which nothing reaches the ones that were given.

    :param config: the settings.
    :param url: the address of the other one.
    """
    pointed = copy(config)
    pointed.__dict__["attributes"] = dict(config.attributes)
    address = url.render_as_string(hide_password=False).replace("%", "%%")
    is_plain = config.config_file_name is None and "file_config" not in config.__dict__
    if is_plain and address.isprintable():  # no ini file, so nobody has to load configparser
        pointed.take_ini(f"[{config.config_ini_section}]\nsqlalchemy.url = {address}\n")
        return pointed
    pointed.__dict__["file_config"] = deepcopy(config.file_config)
    pointed.set_main_option("sqlalchemy.url", address)
    return pointed


def is_given(config: Config) -> bool:
    """Whether a connection was handed over with the settings."""
    return hasattr(config.attributes.get("connection"), "dialect")


def parsed_address(address: str | None) -> URL | None:
    """An address as SQLAlchemy knows it, None for none.

    :raises ScratchUnavailable: it is not one.
    """
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    if not address:
        return None
    try:
        return make_url(address)
    except (ArgumentError, ValueError) as error:
        # the error's own words may repeat a password
        raise ScratchUnavailable(
            "the address of the scratch database cannot be understood",
            hint="as in: postgresql+psycopg://user:password@host/name or sqlite:///file.db",
        ) from error


def made_by(script: ScriptDirectory) -> IsMade:
    """A function that tells whether a history says that it creates a schema or an extension.

    :param script: the project's revisions.
    """

    @cache  # some databases have neither, and nobody asks
    def texts() -> list[str]:
        return [
            Path(each.path).read_text(encoding="utf-8", errors="replace")
            for each in script.walk_revisions()
        ]

    def is_made(kind: str, name: str) -> bool:
        return any(name in text and _MAKES[kind].search(text) for text in texts())

    return is_made
