"""What is compared with a database, and what came of it."""

from __future__ import annotations

from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING

from limbeck.diff.rename_choices import NO_CHOICES, Choices
from limbeck.facts.new_names import NO_NEW_NAMES, NewNames
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limbeck.database.filters import IncludeObject
    from limbeck.database.verdicts import CompareDefault, CompareType
    from limbeck.diff.changes import Change
    from limbeck.diff.rename_options import Refused
    from limbeck.diff.rename_questions import RenameQuestion
    from limbeck.facts.objects import SchemaFact
    from limbeck.facts.schema_objects import ObjectKey, SchemaObject
    from limbeck.facts.scope import IncludeName


class CompareOptions(Value):
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


class Comparison(Value):
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
