"""What differs between the models and a database.

Reflect, describe, diff as text; then the tables whose text differs are built on scratch and
compared again in the database's own words, so that the database is the judge of what is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from limbeck.database.filters import IncludeObject, kept_changes
from limbeck.database.objects import object_sides
from limbeck.database.rename_hints import hints_of
from limbeck.database.schemas import is_of_users
from limbeck.database.verdicts import CompareDefault, CompareType, verdicts_of
from limbeck.dialects.registry import backend_for
from limbeck.dialects.standard.recovery import JOURNAL
from limbeck.dialects.standard.scratch import ScratchImpossible
from limbeck.dialects.standard.scratch_database import MARKER
from limbeck.diff.changes import Added, Change, Changed, Removed
from limbeck.diff.compare import DiffOptions, compare
from limbeck.diff.object_order import any_mentions, table_texts
from limbeck.diff.objects import compare_objects
from limbeck.diff.rename_choices import NO_CHOICES, Choices, chosen, tables_meant
from limbeck.diff.rename_questions import RenameQuestion, open_questions
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
from limbeck.facts.rights import Domain
from limbeck.facts.routines import Function
from limbeck.facts.scope import IncludeName, Scope

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData

    from limbeck.dialects.backend import Backend
    from limbeck.diff.rename_options import Refused
    from limbeck.facts.schema_objects import ObjectKey, SchemaObject

_SPELLED = frozenset({"type", "default", "computed", "identity", "collation", "options"})
_SPELLED_KINDS = frozenset({"check", "exclude", "index"})


@dataclass(frozen=True)
class CompareOptions:
    """What is compared, and how; the names and meanings are those of ``context.configure``.

    :param include_schemas: look at every schema and not only at the default one.
    :param include_name: filter of names found in the database.
    :param include_object: filter of objects on both sides.
    :param compare_type: whether types are compared, or a function that decides.
    :param compare_server_default: whether server defaults are compared, or a function that decides.
    :param choices: what was said about renames.
    :param version_table: the table of the tool itself, which is never compared.
    :param version_table_schema: the schema it is in, None for the default one.
    :param own_tables: further tables of the tool in that schema, which are never compared either.
    :param compare_objects: kinds of objects beside tables (``view``, ``function``, …) of which the
        database's are compared although the models declare none.
    :param context: what the functions get as their first argument.
    """

    include_schemas: bool = False
    include_name: IncludeName | None = None
    include_object: IncludeObject | None = None
    compare_type: bool | CompareType = True
    compare_server_default: bool | CompareDefault = True
    choices: Choices = NO_CHOICES
    version_table: str = "alembic_version"
    version_table_schema: str | None = None
    own_tables: tuple[str, ...] = ()
    compare_objects: tuple[str, ...] = ()
    context: object = None


@dataclass(frozen=True)
class Comparison:
    """The result of a comparison.

    :param before: what the database has, in its own words, under its new names.
    :param after: what the models want; in the database's words where text alone did not decide.
    :param changes: what turns ``before`` into ``after``.
    :param notes: what a person should know about the comparison itself, a line each.
    :param bystanders: views and the like that are not compared, but may stand in the way.
    :param names: what is renamed, as hints and options say; no part of ``changes``.
    :param questions: what is dropped in ``changes`` and may have been renamed instead.
    :param refused: the options about renames that mean nothing here, and why.
    :param originals: views and the like as they are before any renaming, by their new keys.
    :param strangers: the bystanders that no revision has created, as far as somebody has looked.
    """

    before: SchemaFact
    after: SchemaFact
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    bystanders: tuple[SchemaObject, ...] = ()
    names: NewNames = NO_NEW_NAMES
    questions: tuple[RenameQuestion, ...] = ()
    refused: Mapping[str, Refused] = field(default_factory=lambda: MappingProxyType({}))
    originals: Mapping[ObjectKey, SchemaObject] = field(
        default_factory=lambda: MappingProxyType({})
    )
    strangers: frozenset[ObjectKey] = frozenset()


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
        scope, guests = _with_schemas(connection, scope, after, options)
        declared, after = after, replace(after, objects=())
        found = backend.reflect(connection, scope)
        hints = hints_of(after)
        meant = tables_meant(options.choices, hints, scope.default_schema)
        stored = _without_guests(found, after, guests, meant)
        sides = _Sides(backend, connection, scope, stored, after, declared, options, guests)
        comparison = sides.compared(NO_NEW_NAMES)
        choice = chosen(stored, comparison.after, options.choices, hints, scope.default_schema)
        if choice.names:
            comparison = sides.compared(choice.names)
    questions = open_questions(
        comparison.before, comparison.after, comparison.changes, choice.dropped, choice.names
    )
    return replace(comparison, questions=questions, refused=choice.refused)


@dataclass(frozen=True)
class _Sides:
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
        backend, connection, options, scope = (
            self.backend,
            self.connection,
            self.options,
            self.scope,
        )
        stored = self.stored
        if names:
            stored = backend.under_new_names(connection, stored, names, scope)
        after, notes = _in_database_words(backend, connection, stored, self.models, scope)
        before, after = backend.settle(stored, after)
        after = with_usual_names(self.stored, before, after, names, self._can_rename())
        if callable(options.compare_type) or callable(options.compare_server_default):
            before = self._with_sources(before, {t.key for t in after.tables}, names)
        diff_options = DiffOptions(
            types=bool(options.compare_type),
            defaults=bool(options.compare_server_default),
            verdicts=verdicts_of(
                before,
                after,
                options.context,
                options.compare_type,
                options.compare_server_default,
            ),
        )
        changes = compare(before, after, diff_options)
        needed = _tables_before(changes) | names.touched()
        if needed:
            before = self._with_sources(before, needed, names)
            changes = compare(before, after, diff_options)
        sides = object_sides(
            connection,
            backend,
            self.declared,
            scope,
            changes,
            options.compare_objects,
            names,
            self.guests,
        )
        others = compare_objects(sides.before, sides.after)
        leaning = _tables_leaning(before, others) - needed
        if leaning:
            before = self._with_sources(before, needed | leaning, names)
            changes = compare(before, after, diff_options)
        before = replace(before, objects=sides.before)
        after = replace(after, objects=sides.after)
        changes += others
        if options.include_object is not None:
            changes = kept_changes(changes, before, after, options.include_object)
        return Comparison(
            before,
            after,
            changes,
            notes + sides.notes,
            sides.bystanders,
            names,
            originals=sides.originals,
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


@contextmanager
def as_found(connection: Connection) -> Iterator[None]:
    """End the transaction that SQLAlchemy begins by itself, unless there was one already."""
    inside = connection.in_transaction()
    try:
        yield
    finally:
        if not inside and connection.in_transaction():
            connection.rollback()


def default_schema(connection: Connection) -> str:
    """What the server calls the default schema now, "" where it has no name.

    The dialect remembers the answer of its first connection, but ``search_path`` may have been
    set since, so its own question is asked again.
    """
    ask: Callable[[Any], str | None] | None = getattr(
        connection.dialect, "_get_default_schema_name", None
    )
    if ask is None:
        return connection.dialect.default_schema_name or ""
    try:
        return ask(connection) or ""
    except NotImplementedError:
        return connection.dialect.default_schema_name or ""


def first_scope(connection: Connection, options: CompareOptions) -> Scope:
    """The scope as far as it is known before the models are: of no schemas yet."""
    default = default_schema(connection)
    here = Scope(default_schema=default)
    names = (options.version_table, JOURNAL, *options.own_tables)
    own = [here.key(options.version_table_schema, name) for name in names]
    return Scope(
        schemas=(),
        default_schema=default,
        include_name=options.include_name,
        exclude_tables=frozenset({*own, here.key(None, MARKER)}),
    )


def _with_schemas(
    connection: Connection, scope: Scope, after: SchemaFact, options: CompareOptions
) -> tuple[Scope, frozenset[str]]:
    """The scope with its schemas, and those that are in it only for what the models have there."""
    keys: list[TableKey | ObjectKey] = [
        *(table.key for table in after.tables),
        *(enum.key for enum in after.enums),
        *(sequence.key for sequence in after.sequences),
        *(item.key for item in after.objects),
    ]
    named = {key.schema for key in keys} - {""}
    if not named and not options.include_schemas:
        schemas = [""] if takes_schema(options, None) else []
        return replace(scope, schemas=tuple(schemas)), frozenset()
    existing = set(inspect(connection).get_schema_names())
    others = {name for name in existing - {scope.default_schema} if is_of_users(name)}
    asked = {"", *(others if options.include_schemas else ())}
    owned = {schema for schema in asked if takes_schema(options, schema or None)}
    guests = frozenset((named & existing) - owned)
    return replace(scope, schemas=tuple(sorted(owned | guests))), guests


def takes_schema(options: CompareOptions, schema: str | None) -> bool:
    """Whether the user's filter of names lets a schema through, None for the default one."""
    if options.include_name is None:
        return True
    return bool(options.include_name(schema, "schema", {}))


def _without_guests(
    before: SchemaFact,
    after: SchemaFact,
    guests: frozenset[str],
    renamed: Iterable[tuple[TableKey, TableKey]],
) -> SchemaFact:
    """``before`` without what the models do not name in schemas that are not theirs.

    :param renamed: the old and the new keys of tables that are said to be renamed.
    """
    if not guests:
        return before
    there = {table.key for table in before.tables}
    tables = {table.key for table in after.tables}
    tables |= {old for old, new in renamed if new not in there}
    enums = {enum.key for enum in after.enums}
    sequences = {sequence.key for sequence in after.sequences}
    return SchemaFact(
        tuple(t for t in before.tables if t.key.schema not in guests or t.key in tables),
        tuple(e for e in before.enums if e.key.schema not in guests or e.key in enums),
        tuple(s for s in before.sequences if s.key.schema not in guests or s.key in sequences),
    )


def _in_database_words(
    backend: Backend,
    connection: Connection,
    before: SchemaFact,
    after: SchemaFact,
    scope: Scope,
) -> tuple[SchemaFact, tuple[str, ...]]:
    """The models with the tables whose spelling differs in the database's words, and notes."""
    spelled = undecided(compare(*backend.settle(before, after)))
    if not spelled:
        return after, ()
    tables: list[Any] = [t.source for t in after.tables if t.key in spelled]
    try:
        read = {t.key: t for t in backend.on_scratch(connection, tables, scope)}
    except ScratchImpossible as reason:
        return after, (f"compared as text only, which can be wrong: {reason}",)
    notes = tuple(
        f"{key} could not be built on scratch and was compared as text, which can be wrong"
        for key in sorted(spelled - read.keys())
    )
    decided: tuple[TableFact, ...] = tuple(read.get(t.key, t) for t in after.tables)
    return replace(after, tables=decided), notes


def is_spelling(change: Change) -> bool:
    """Whether a difference within a table may be one of spelling only."""
    if isinstance(change, Changed) and change.kind in ("column", "table"):
        return not _SPELLED.isdisjoint(change.fields)
    return change.kind in _SPELLED_KINDS


def undecided(changes: Sequence[Change]) -> set[TableKey]:
    """The tables with a difference that may be one of spelling only.

    :param changes: what differs.
    """
    found: set[TableKey] = set()
    gone: dict[tuple[TableKey, str], bool] = {}
    for change in changes:
        if change.table is None:
            continue
        if isinstance(change, Changed):
            if change.kind in _SPELLED_KINDS or (
                change.kind in ("column", "table") and not _SPELLED.isdisjoint(change.fields)
            ):
                found.add(change.table)
        elif isinstance(change, Removed) and change.kind in _SPELLED_KINDS:
            gone[change.table, change.kind] = True
        elif isinstance(change, Added) and (change.table, change.kind) in gone:
            found.add(change.table)  # what is removed here and added there may be the same
    return found


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
