"""Commands that find nothing to do, answered without SQLAlchemy, the runtime and the models.

Each function answers only where the answer is certain: where every setting is one that makes no
difference, and the database and the files are as they are after every usual run. None means that
the usual road has to be taken, as if nobody had asked; see ADR 37.
"""

from __future__ import annotations

from limbeck.database.bare_reading import (
    BareVersion,
    Unsure,
    read_each,
    read_version,
    read_versions,
)
from limbeck.light_typing import TYPE_CHECKING, Any
from limbeck.revisions.ranges import overlap_words
from limbeck.workflow.bare_ground import models_are_harmless, tables_of
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from limbeck.config import Config
    from limbeck.database.bare_address import BareAddress
    from limbeck.database.bare_reading import BareTables
    from limbeck.script import Script, ScriptDirectory

__all__ = ["are_there_for_certain", "current_for_certain", "is_there_for_certain"]

_NOT_READ = dict.fromkeys(("started", "finished", "who", "host", "tool", "driver"), "")
"""What the history knows besides, for people."""


def is_there_for_certain(config: Config, destination: str) -> bool:
    """Whether an upgrade would certainly find nothing to do, and say nothing else.

    :param config: the settings.
    :param destination: ``head`` or ``heads``.
    """
    try:
        found = read_version(_address(config.database_url()), _tables_of_upgrade(config))
        return _Plans(script_directory(config), destination).are_done(found)
    except Exception:  # whatever it is, the usual road finds it too, and tells it
        return False


def are_there_for_certain(
    config: Config,
    destination: str,
    *,
    addresses: Sequence[str] = (),
    is_wanted: Callable[[str], bool] | None = None,
) -> list[tuple[str, ...]] | None:
    """What many databases hold, where an upgrade would certainly find nothing to do in any.

    :param config: the settings.
    :param destination: ``head`` or ``heads``.
    :param addresses: the databases.
    :param is_wanted: tells which schemas of the one database of the settings are meant instead.
    :returns: the ids in the version table of each, sorted; None where it is not certain.
    """
    try:
        tables = _tables_of_upgrade(config)
        plans = _Plans(script_directory(config), destination)
        found = []
        for each in _read(config, tables, addresses, is_wanted):
            if not plans.are_done(each):
                return None
            found.append(tuple(sorted(each.heads)))
    except Exception:  # as above
        return None
    return found


def _tables_of_upgrade(config: Config) -> BareTables:
    """Where an upgrade looks in each database.

    :raises Unsure: nobody can say, or the models may lead elsewhere.
    """
    if config.is_native and config.models and not models_are_harmless(config):
        raise Unsure("the models may lead elsewhere")
    return _tables(config, asks_history=True)


def _tables(config: Config, *, asks_history: bool) -> BareTables:
    if config.is_native:
        return tables_of(config, asks_history=asks_history)
    from limbeck.workflow.bare_env_py import tables_behind_env_py

    return tables_behind_env_py(config, asks_history=asks_history)


def _read(
    config: Config,
    tables: BareTables,
    addresses: Sequence[str],
    is_wanted: Callable[[str], bool] | None,
) -> Iterator[BareVersion]:
    if is_wanted is not None:
        if tables.schema is not None or not config.is_native:
            raise Unsure("the version table of a tenant is in its own schema")
        yield from read_versions(_address(config.database_url()), tables, is_wanted)
    bare = [_address(each) for each in addresses]
    if any(each in bare[:number] for number, each in enumerate(bare)):
        raise Unsure("a database is named twice")
    yield from read_each(bare, tables)


def current_for_certain(config: Config) -> list[Script] | None:
    """The newest applied revision of every branch, sorted, where they are all there is to tell.

    :param config: the settings.
    """
    try:
        tables = _tables(config, asks_history=False)
        heads = read_version(_address(config.database_url()), tables).heads
        script = script_directory(config)
        by_id = script.revision_map.graph.by_id
        if any(id_ not in by_id for id_ in heads):
            return None
        script.get_revisions("heads")
        return sorted(script.get_all_current(heads), key=lambda each: each.revision)
    except Exception:  # as above
        return None


class _Plans:
    """What is left to do from where databases are, found out once for those that are alike.

    :param script: the revisions.
    :param destination: ``head`` or ``heads``.
    """

    def __init__(self, script: ScriptDirectory, destination: str) -> None:
        self._script = script
        self._destination = destination
        self._known: dict[Any, bool] = {}

    def are_done(self, found: BareVersion) -> bool:
        """Whether nothing is left to do, and nothing is to be told.

        :param found: what a database says.
        """
        rows = [tuple(row.items()) for row in found.history or ()]
        said = (found.heads, None if found.history is None else tuple(rows))
        if said not in self._known:
            self._known[said] = self._look_at(found)
        return self._known[said]

    def _look_at(self, found: BareVersion) -> bool:
        graph = self._script.revision_map.graph
        heads = found.heads
        if not heads or any(id_ not in graph.by_id for id_ in heads):
            return False
        if overlap_words(graph.all_parents, heads):
            return False
        if found.history is not None and not _fits(self._script, found):
            return False
        return not self._script.revision_map.plan_upgrade(heads, self._destination)


def _address(said: str | None) -> BareAddress:
    """A database.

    :raises Unsure: only SQLAlchemy can say which one is meant.
    """
    from limbeck.database.bare_address import bare_address  # here: not for those left before

    address = bare_address(said or "")
    if address is None:
        raise Unsure("the address is not plain")
    return address


def _fits(script: ScriptDirectory, found: BareVersion) -> bool:
    """Whether the history says of every revision what the files say: the check of every upgrade."""
    from limbeck.revisions.history_row import row_of
    from limbeck.revisions.mismatches import fit_of
    from limbeck.revisions.recorded import recorded

    graph = script.revision_map.graph
    read = [row_of({**_NOT_READ, **each}) for each in found.history or ()]
    rows = recorded(read).at(found.heads, graph)

    def may_be_edited(row: Any) -> bool:
        known = getattr(graph.by_id[row.revision], "file", None)
        return row.file_checksum is not None and (
            known is None or known.checksum != row.file_checksum
        )

    fit = fit_of(rows, found.heads, graph, may_be_edited)
    return fit is not None and not fit.mismatches and not fit.unknown
