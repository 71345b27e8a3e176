"""Where the database is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.database.secrets import shown_address
from limbeck.errors import DatabaseNotAtHead
from limbeck.value import Value
from limbeck.workflow.environment import run_environment
from limbeck.workflow.interrupted import Interrupted, state_in
from limbeck.workflow.place import place_of
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.workflow.entries import RevisionEntry
    from limbeck.workflow.place import UnknownRevision


class CurrentRevisions(Value):
    """The revisions of one database.

    :param address: the database, without its password.
    :param entries: the newest applied revision of every branch, sorted.
    :param is_at_heads: whether nothing is left to upgrade.
    :param unknown: what is applied and in no file, as the database's history has it.
    :param interrupted: a revision that is half done.
    """

    address: str
    entries: tuple[RevisionEntry, ...]
    is_at_heads: bool
    unknown: tuple[UnknownRevision, ...] = ()
    interrupted: Interrupted | None = None


def current(config: Config, *, check_heads: bool = False) -> tuple[CurrentRevisions, ...]:
    """Ask every database of the project for its revisions. Nothing is written.

    :param config: the settings.
    :param check_heads: refuse a database that is not at every head.
    :returns: one answer for each database, in the environment's order.
    :raises DatabaseNotAtHead: a database is behind, and ``check_heads`` was asked for.
    """
    script = script_directory(config)
    found: list[CurrentRevisions] = []

    def look(rows: Any, context: Any) -> list[Any]:
        place = place_of(script, rows, context)
        found.append(
            CurrentRevisions(
                address=shown_address(context.connection.engine.url),
                entries=place.entries,
                is_at_heads=place.is_at_heads,
                unknown=place.unknown,
                interrupted=state_in(context),
            )
        )
        if check_heads and not place.is_at_heads:
            raise DatabaseNotAtHead(
                "Database is not on all head revisions", hint="`limbeck upgrade heads`"
            )
        return []

    run_environment(config, script, look, dont_mutate=True)
    return tuple(found)
