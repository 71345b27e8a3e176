"""What differs between the models and a database.

Reflect, describe, diff as text; then the tables whose text differs are built on scratch and
compared again in the database's own words, so that the database is the judge of what is equal.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.database.compare_scope import as_found, first_scope, with_schemas, without_guests
from limbeck.database.comparison import CompareOptions, Comparison
from limbeck.database.objects import object_sides
from limbeck.database.rename_hints import hints_of
from limbeck.database.verdicts import verdicts_of
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.diff.changes import Added, Change, Changed
from limbeck.diff.chosen_names import chosen, tables_meant
from limbeck.diff.compare import DiffOptions, compare
from limbeck.diff.object_order import any_mentions, table_texts
from limbeck.diff.objects import compare_objects
from limbeck.diff.spelling import undecided
from limbeck.diff.usual_names import RenamesName, with_usual_names
from limbeck.facts.new_names import NO_NEW_NAMES, NewNames
from limbeck.facts.objects import (
    EnumFact,
    IndexFact,
    SchemaFact,
    TableFact,
    TableKey,
    UniqueFact,
)
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from sqlalchemy import Connection, MetaData

    from limbeck.dialects.backend import Backend
    from limbeck.facts.scope import Scope


def compare_database(
    connection: Connection,
    metadatas: Sequence[MetaData],
    options: CompareOptions | None = None,
) -> Comparison:
    """Compare models with the database behind ``connection``.

    The connection is left as it was found, inside of a transaction or not.

    :param connection: a connection to the database.
    :param metadatas: the models; no table may be in two of them.
    :param options: what is compared, and how.
    :raises ConfigurationError: the models contradict themselves.
    """
    options = options or CompareOptions()
    with as_found(connection):
        backend = backend_for(connection.dialect)
        scope = first_scope(connection, options)
        after = backend.describe(metadatas, connection.dialect, scope)
        scope, guests = with_schemas(connection, scope, after, options)
        declared, after = after, replace(after, objects=())
        found = backend.reflect(connection, scope)
        hints = hints_of(after)
        meant = tables_meant(options.choices, hints, scope.default_schema)
        stored = without_guests(found, after, guests, meant)
        sides = _Sides(backend, connection, scope, stored, after, declared, options, guests)
        comparison = sides.compared(NO_NEW_NAMES)
        choice = chosen(stored, comparison.after, options.choices, hints, scope.default_schema)
        if choice.names:
            comparison = sides.compared(choice.names)
    comparison = replace(comparison, refused=choice.refused)
    if not comparison.changes:
        return comparison  # and so there is nothing to ask
    from limbeck.diff.rename_questions import open_questions

    questions = open_questions(
        comparison.before, comparison.after, comparison.changes, choice.dropped, choice.names
    )
    return replace(comparison, questions=questions)


class _Sides(Value):
    """A database and the models that it is compared with.

    :param models: the models without their objects beside tables.
    :param declared: the models with them.
    :param guests: schemas that are looked at only for what the models have there.
    """

    backend: Backend
    connection: Connection
    scope: Scope
    stored: SchemaFact
    models: SchemaFact
    declared: SchemaFact
    options: CompareOptions
    guests: frozenset[str] = frozenset()

    def compared(self, names: NewNames) -> Comparison:
        """What differs when the database has new names already."""
        stored, after, notes, is_equal = self._in_like_words(names)
        diff_options = self._diff_options(stored, after)

        def changes_from(before: SchemaFact) -> tuple[Change, ...]:
            return compare(before, after, diff_options)

        # What is equal when all is compared is equal when less is, unless somebody objects.
        is_known = is_equal and not diff_options.verdicts
        before, changes = stored, () if is_known else changes_from(stored)
        needed = _tables_before(changes) | names.touched()
        if needed:
            before = self._with_sources(stored, needed, names)
            changes = changes_from(before)
        objects = object_sides(
            self.connection,
            self.backend,
            self.declared,
            self.scope,
            changes,
            self.options.compare_objects,
            names,
            self.guests,
        )
        others = compare_objects(objects.before, objects.after)
        leaning = _tables_leaning(before, others) - needed
        if leaning:
            before = self._with_sources(before, needed | leaning, names)
            changes = changes_from(before)
        before = replace(before, objects=objects.before)
        after = replace(after, objects=objects.after)
        changes += others
        if self.options.include_object is not None:
            from limbeck.database.filters import kept_changes
            from limbeck.diff.freed_domains import without_held_domains

            changes = kept_changes(changes, before, after, self.options.include_object)
            changes = without_held_domains(changes, before)
        return Comparison(
            before,
            after,
            changes,
            notes + objects.notes,
            objects.bystanders,
            names,
            originals=objects.originals,
        )

    def _in_like_words(
        self, names: NewNames
    ) -> tuple[SchemaFact, SchemaFact, tuple[str, ...], bool]:
        """Both sides as they can be compared, what a person should know of it, and whether they
        are known to be equal.
        """
        backend, connection, stored = self.backend, self.connection, self.stored
        if names:
            stored = backend.under_new_names(connection, stored, names, self.scope)
        words = _in_database_words(backend, connection, stored, self.models, self.scope)
        before, after = words.before, words.after
        after = with_usual_names(self.stored, before, after, names, self._can_rename())
        options = self.options
        if callable(options.compare_type) or callable(options.compare_server_default):
            before = self._with_sources(before, {t.key for t in after.tables}, names)
        return before, after, words.notes, words.is_equal and not names

    def _diff_options(self, before: SchemaFact, after: SchemaFact) -> DiffOptions:
        types, defaults = self.options.compare_type, self.options.compare_server_default
        return DiffOptions(
            types=bool(types),
            defaults=bool(defaults),
            verdicts=verdicts_of(before, after, self.options.context, types, defaults),
        )

    def _with_sources(self, before: SchemaFact, keys: Set[TableKey], names: NewNames) -> SchemaFact:
        return self.backend.with_sources(self.connection, before, keys, self.scope, names)

    def _can_rename(self) -> RenamesName:
        features = self.backend.features_of(self.connection.dialect)
        return lambda fact: bool(
            features.rename_index
            if isinstance(fact, IndexFact)
            or (features.unique_is_index and isinstance(fact, UniqueFact))
            else features.rename_constraint
        )


class _LikeWords(Value):
    """A database and its models, settled, with like words for like things.

    :param notes: what a person should know of it.
    :param is_equal: whether nothing differs.
    """

    before: SchemaFact
    after: SchemaFact
    notes: tuple[str, ...] = ()
    is_equal: bool = False


def _in_database_words(
    backend: Backend,
    connection: Connection,
    before: SchemaFact,
    after: SchemaFact,
    scope: Scope,
) -> _LikeWords:
    """Both sides, the models with the tables whose spelling differs in the database's words."""
    after = backend.with_stored_conditions(connection, before, after, scope)
    settled = backend.settle(before, after)
    changes = compare(*settled)
    spelled = undecided(changes)
    if not spelled:
        return _LikeWords(*settled, is_equal=not changes)
    tables: list[Any] = [t.source for t in after.tables if t.key in spelled]
    try:
        read = {t.key: t for t in backend.on_scratch(connection, tables, scope)}
    except ScratchImpossible as reason:
        return _LikeWords(*settled, (f"compared as text only, which can be wrong: {reason}",))
    notes = tuple(
        f"{key} could not be built on scratch and was compared as text, which can be wrong"
        for key in sorted(spelled - read.keys())
    )
    decided: tuple[TableFact, ...] = tuple(read.get(t.key, t) for t in after.tables)
    return _LikeWords(*backend.settle(before, replace(after, tables=decided)), notes)


def _tables_before(changes: Sequence[Change]) -> set[TableKey]:
    """The tables of which something that was there before is changed or removed.

    The columns of an enumerated type that changes are among it.
    """
    found = {c.table for c in changes if c.table is not None and c.kind != "enum"}
    for change in changes:
        if isinstance(change, Changed) and isinstance(change.before, EnumFact):
            found.update(table for table, _ in change.before.users)
    return found


def _tables_leaning(before: SchemaFact, changes: Sequence[Change]) -> set[TableKey]:
    """The tables of which a part may have to step aside for a function or domain that changes."""
    if not changes:
        return set()
    from limbeck.facts.rights import Domain
    from limbeck.facts.routines import Function

    names = {
        change.before.key.name
        for change in changes
        if not isinstance(change, Added) and isinstance(change.before, Function | Domain)
    }
    return {
        table.key
        for table in before.tables
        if names and any(any_mentions(table_texts(table), name) for name in names)
    }
