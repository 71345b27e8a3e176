"""Where the project and its databases are, what is pending, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.database.secrets import shown_address
from limbeck.errors import CommandError, HistoryError
from limbeck.script import Script
from limbeck.value import Value
from limbeck.workflow.entries import RevisionEntry
from limbeck.workflow.environment import run_environment
from limbeck.workflow.interrupted import Interrupted, state_in
from limbeck.workflow.place import UnknownRevision, place_of
from limbeck.workflow.project import script_directory
from limbeck.workflow.stale_stamps import MOST_STAMPS, StaleStamp, stale_stamps

if TYPE_CHECKING:
    from limbeck.config import Config


class DatabaseStatus(Value):
    """One database.

    :param address: the database, without its password.
    :param current: the newest applied revision of every branch.
    :param pending: what an upgrade would run, in that order.
    :param unknown: what is applied and in no file.
    :param interrupted: a revision that is half done.
    """

    address: str
    current: tuple[RevisionEntry, ...]
    pending: tuple[RevisionEntry, ...]
    unknown: tuple[UnknownRevision, ...] = ()
    interrupted: Interrupted | None = None


class Status(Value):
    """The project.

    :param settings_file: where the settings are.
    :param revisions: how many revisions there are.
    :param heads: the newest revision of every branch.
    :param databases: one for each database; empty where none could be asked.
    :param stale: of the heads, and of what is applied last and pending, the revisions that were
        edited after they were proved.
    :param problem: why no database could be asked, or None.
    """

    settings_file: str
    revisions: int
    heads: tuple[RevisionEntry, ...]
    databases: tuple[DatabaseStatus, ...]
    stale: tuple[StaleStamp, ...]
    problem: CommandError | None

    @property
    def next_command(self) -> str:
        """What to type next."""
        if not self.revisions:
            return 'limbeck revision --autogenerate -m "…"'
        if len(self.heads) > 1:
            return "limbeck merge heads"
        if any(one.interrupted and not one.interrupted.is_running for one in self.databases):
            return "limbeck repair"
        if any(database.pending for database in self.databases):
            return "limbeck upgrade head"
        return "limbeck check"

    def facts(self) -> dict[str, Any]:
        """The status as plain values."""
        return {
            "settings_file": self.settings_file,
            "revisions": self.revisions,
            "heads": [entry.facts() for entry in self.heads],
            "databases": [
                {
                    "address": database.address,
                    "current": [entry.facts() for entry in database.current],
                    "pending": [entry.facts() for entry in database.pending],
                    "unknown": [each.facts() for each in database.unknown],
                    "interrupted": database.interrupted and database.interrupted.facts(),
                }
                for database in self.databases
            ],
            "edited_since_proved": [each.revision for each in self.stale],
            "problem": self.problem.message if self.problem else None,
            "next": self.next_command,
        }


def status(config: Config) -> Status:
    """Look at the project and ask its databases. Nothing is written.

    :param config: the settings.
    :raises CommandError: there is no project, or its files cannot be read.
    """
    script = script_directory(config)
    heads = [each for each in script.get_revisions("heads") if each is not None]
    databases: list[DatabaseStatus] = []

    def look(rows: Any, context: Any) -> list[Any]:
        place = place_of(script, rows, context)
        databases.append(
            DatabaseStatus(
                address=shown_address(context.connection.engine.url),
                current=tuple(RevisionEntry(each.script, True) for each in place.entries),
                pending=tuple(
                    RevisionEntry(step.revision, False)
                    for step in script.revision_map.plan_upgrade(place.heads, "heads")
                    if isinstance(step.revision, Script)
                ),
                unknown=place.unknown,
                interrupted=state_in(context),
            )
        )
        return []

    problem: CommandError | None = None
    try:
        run_environment(config, script, look, dont_mutate=True)
    except HistoryError:
        raise
    except CommandError as error:
        problem = error
    return Status(
        settings_file=str(config.config_file_name or config.toml_file_name or ""),
        revisions=len(script.revision_map),
        heads=tuple(RevisionEntry(each) for each in sorted(heads, key=lambda each: each.revision)),
        databases=tuple(databases),
        stale=_stale(heads, databases),
        problem=problem,
    )


def _stale(heads: list[Script], databases: list[DatabaseStatus]) -> tuple[StaleStamp, ...]:
    entries = (
        entry for each in databases for entry in (*each.current, *each.pending[-MOST_STAMPS:])
    )
    scripts = {script.revision: script for script in heads}
    scripts |= {entry.script.revision: entry.script for entry in entries}
    return stale_stamps(scripts[id_] for id_ in sorted(scripts))
