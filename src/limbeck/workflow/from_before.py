"""What the project's own database had before the migrations: no revision creates it.

The models have it too, so that nothing differs there. What the history makes of an empty database
is without it, and that is no mistake of a revision's.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.autogenerate.owned import owner_of
from limbeck.database.compare_databases import stored_facts
from limbeck.database.comparison import CompareOptions
from limbeck.diff.changes import Added
from limbeck.diff.ownership import changes_but_from_before
from limbeck.errors import CommandError
from limbeck.facts.new_names import NO_NEW_NAMES
from limbeck.facts.objects import SchemaFact
from limbeck.project.files import read_text
from limbeck.workflow.environment import run_environment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Dialect

    from limbeck.autogenerate.context import AutogenContext
    from limbeck.config import Config
    from limbeck.database.comparison import Comparison
    from limbeck.diff.changes import Change
    from limbeck.diff.ownership import Owner
    from limbeck.facts.new_names import NewNames
    from limbeck.operations.creations import Creations
    from limbeck.runtime.migration import MigrationContext
    from limbeck.script import Script, ScriptDirectory


@dataclass
class FromBefore:
    """Tells what a database has that its history does not create; it is asked when that matters.

    :param config: the settings, with the project's own database.
    :param script: the project's revisions.
    :param dialect: that of the database.
    """

    config: Config
    script: ScriptDirectory
    dialect: Dialect
    _known: dict[frozenset[str], SchemaFact] = field(default_factory=dict, repr=False)
    _rows: tuple[str, ...] | None = field(default=None, repr=False)
    """The ids in the version table of the database; None where it cannot be asked."""

    def narrowed(self, context: AutogenContext, comparison: Comparison) -> Comparison:
        """A comparison with the models, without what the database has from before.

        :func:`among` has to be asked first: while scratch is looked at, all ways lead there.

        :param context: the run.
        :param comparison: what differs between what the history makes and the models.
        """
        return replace(comparison, changes=self._divided(comparison)[0])

    def among(self, comparisons: Iterable[Comparison]) -> tuple[str, ...]:
        """What the database has from before of all that the history lacks, for people.

        :param comparisons: what differs between what the history makes and the models.
        """
        return tuple(each for found in comparisons for each in self._divided(found)[1])

    def named_in(self, script: Script) -> tuple[str, ...]:
        """The tables from before that the text of a revision names.

        :param script: the revision.
        """
        words = set(re.findall(r"\w+", read_text(Path(script.path))))
        owner = self._owner()
        keys = [each.key for each in self._stored(frozenset()).tables]
        return tuple(key.name for key in keys if key.name in words and not owner.table(key))

    def stored_before(self, script: Script, schemas: Iterable[str]) -> SchemaFact | None:
        """What the database has that a revision will find there.

        :param script: the revision.
        :param schemas: those to look into besides the default one.
        :return: None where nobody knows: it cannot be asked, or it has the revision already.
        """
        found = self._stored(frozenset(schemas))
        if self._rows is None or self._has(script, self._rows):
            return None
        return found

    def _has(self, script: Script, rows: tuple[str, ...]) -> bool:
        from limbeck.revisions.walk import reached

        try:
            current = [each.revision for each in self.script.get_revisions(rows) if each]
        except CommandError:  # rows of another history
            return True
        graph = self.script.revision_map.graph
        return script.revision in reached(graph.all_parents, current)

    def _divided(self, comparison: Comparison) -> tuple[tuple[Change, ...], tuple[str, ...]]:
        if not any(isinstance(each, Added) for each in comparison.changes):
            return comparison.changes, ()  # nothing is missing, so nobody has to know why
        after = comparison.after
        schemas = {
            *(each.key.schema for each in after.tables),
            *(each.key.schema for each in after.enums),
            *(each.key.schema for each in after.sequences),
            *(each.schema or "" for each in after.objects),
        }
        return changes_but_from_before(
            comparison.changes,
            self._owner(comparison.names),
            lambda: self._stored(frozenset(schemas)),
        )

    def _owner(self, names: NewNames = NO_NEW_NAMES) -> Owner:
        return owner_of(self._creations, self.dialect.default_schema_name or "", names)

    @cached_property
    def _creations(self) -> Creations:
        from limbeck.script.history import creations_of, first_to_last  # seldom anything is missing

        return creations_of(first_to_last(self.script.walk_revisions()), self.dialect)

    def _stored(self, schemas: frozenset[str]) -> SchemaFact:
        """What the project's own database has; one that is not there has nothing from before."""
        if schemas in self._known:
            return self._known[schemas]
        found = [SchemaFact((), (), ())]

        def look(rows: Any, context: MigrationContext) -> list[Any]:
            assert context.connection is not None
            self._rows = tuple(rows)
            options = CompareOptions(
                version_table=context.version_table,
                version_table_schema=context.version_table_schema,
                own_tables=context.own_tables,
            )
            wanted = tuple(sorted(schemas | {""}))
            found.append(stored_facts(context.connection, wanted, options))
            return []

        with suppress(CommandError):
            run_environment(self.config, self.script, look, dont_mutate=True)
        self._known[schemas] = found[-1]
        return found[-1]
