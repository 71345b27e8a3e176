"""What differs between the models and a schema that was written down, without any database.

Equal text is equal. Where texts differ, nobody is there to ask whether they mean the same: such a
difference is neither told as one nor left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.dialects.registry import backend_for
from limbeck.diff.changes import Change, Changed
from limbeck.diff.compare import DiffOptions, compare
from limbeck.diff.objects import compare_objects
from limbeck.diff.spelling import is_spelling, undecided
from limbeck.facts.objects import SchemaFact
from limbeck.facts.schema_objects import SchemaObject
from limbeck.facts.scope import Scope
from limbeck.value import Value

if TYPE_CHECKING:
    from sqlalchemy import Dialect, MetaData

    from limbeck.database.comparison import CompareOptions

__all__ = ["TextComparison", "can_compare_text", "compare_text"]


class TextComparison(Value):
    """What came of it.

    :param changes: what differs for sure.
    :param unsure: what has another text on the two sides, and may be the same.
    """

    changes: tuple[Change, ...]
    unsure: tuple[Change, ...]


def can_compare_text(options: CompareOptions) -> bool:
    """Whether text is all that is needed: functions of the project's want objects of SQLAlchemy.

    :param options: what is compared, and how.
    """
    functions = (options.include_name, options.include_object)
    compared = (options.compare_type, options.compare_server_default)
    return not any(functions) and not any(map(callable, compared))


def compare_text(
    stored: SchemaFact,
    metadatas: Sequence[MetaData],
    dialect: Dialect,
    options: CompareOptions,
    default_schema: str = "",
) -> TextComparison:
    """Compare models with a schema that was written down.

    :param stored: the schema.
    :param metadatas: the models.
    :param dialect: that of the database, which knows the server's version.
    :param options: what is compared; :func:`can_compare_text` has to be true of them.
    :param default_schema: what the server calls the default schema, "" where it has no name.
    """
    backend = backend_for(dialect)
    scope = Scope((), default_schema)
    own = scope.key(options.version_table_schema, options.version_table)
    models = backend.describe(metadatas, dialect, replace(scope, exclude_tables=frozenset({own})))
    before = _within(stored, models, include_schemas=options.include_schemas)
    settled = backend.settle(replace(before, objects=()), replace(models, objects=()))
    wanted = DiffOptions(
        types=bool(options.compare_type), defaults=bool(options.compare_server_default)
    )
    changes = compare(*settled, wanted)
    kinds = {item.kind for item in models.objects} | set(options.compare_objects)
    objects = tuple(item for item in before.objects if item.kind in kinds)
    spelled = undecided(changes)
    unsure = [each for each in changes if each.table in spelled and is_spelling(each)]
    sure = [each for each in changes if each not in unsure]
    for each in compare_objects(objects, models.objects):
        is_text = isinstance(each, Changed) and isinstance(each.after, SchemaObject)
        (unsure if is_text else sure).append(each)
    return TextComparison(tuple(sure), tuple(unsure))


def _within(stored: SchemaFact, models: SchemaFact, *, include_schemas: bool) -> SchemaFact:
    """What is looked at: all of the default schema; of others all, or what the models name."""
    if include_schemas:
        return stored
    tables = {table.key for table in models.tables}
    enums = {enum.key for enum in models.enums}
    sequences = {sequence.key for sequence in models.sequences}
    objects = {item.key for item in models.objects}
    return SchemaFact(
        tuple(t for t in stored.tables if not t.key.schema or t.key in tables),
        tuple(e for e in stored.enums if not e.key.schema or e.key in enums),
        tuple(s for s in stored.sequences if not s.key.schema or s.key in sequences),
        tuple(o for o in stored.objects if not o.schema or o.key in objects),
    )
