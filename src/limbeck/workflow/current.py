"""Where the database is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from limbeck.errors import DatabaseNotAtHead
from limbeck.workflow.entries import RevisionEntry
from limbeck.workflow.environment import run_environment
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config


@dataclass(frozen=True)
class CurrentRevisions:
    """The revisions of one database.

    :param address: the database, without its password.
    :param entries: the newest applied revision of every branch, sorted.
    :param is_at_heads: whether nothing is left to upgrade.
    """

    address: str
    entries: tuple[RevisionEntry, ...]
    is_at_heads: bool


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
        # a head that another revision depends on has no row of its own
        expected = {head.revision for head in script.get_revisions("heads") if head is not None}
        here = [each for each in script.get_all_current(rows) if each is not None]
        found.append(
            CurrentRevisions(
                address=context.connection.engine.url.render_as_string(hide_password=True),
                entries=tuple(
                    RevisionEntry(each) for each in sorted(here, key=lambda each: each.revision)
                ),
                is_at_heads=expected == set(rows),
            )
        )
        if check_heads and expected != set(rows):
            raise DatabaseNotAtHead(
                "Database is not on all head revisions", hint="`limbeck upgrade heads`"
            )
        return []

    run_environment(config, script, look, dont_mutate=True)
    return tuple(found)
