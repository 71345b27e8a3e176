"""What users' own ``compare_type`` and ``compare_server_default`` functions decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limbeck.facts.objects import ColumnFact, SchemaFact, TableKey

CompareType = Callable[[Any, Any, Any, Any, Any], "bool | None"]
"""``fn(context, inspected_column, metadata_column, inspected_type, metadata_type)``"""

CompareDefault = Callable[[Any, Any, Any, Any, Any, Any], "bool | None"]
"""``fn(context, inspected_column, metadata_column, inspected_default, metadata_default,
rendered_metadata_default)``"""


def verdicts_of(
    before: SchemaFact,
    after: SchemaFact,
    context: object,
    compare_type: bool | CompareType,
    compare_default: bool | CompareDefault,
) -> Mapping[tuple[TableKey, str, str], bool]:
    """Ask about every column that both sides have.

    :param before: the database, with sources.
    :param after: the models.
    :param context: the first argument of the functions.
    :return: for (table, column, field), True for different and False for equal; nothing where the
        functions answered None, which leaves it to limbeck.
    """
    verdicts: dict[tuple[TableKey, str, str], bool] = {}
    if not callable(compare_type) and not callable(compare_default):
        return verdicts
    for table, old, new in _columns(before, after):
        answers: dict[str, bool | None] = {}
        inspected: Any = old.source
        model: Any = new.source
        if callable(compare_type):
            answers["type"] = compare_type(context, inspected, model, inspected.type, model.type)
        if callable(compare_default) and (old.default or new.default):
            answers["default"] = compare_default(
                context, inspected, model, old.default, model.server_default, new.default
            )
        for part, answer in answers.items():
            if answer is not None:
                verdicts[table, new.name, part] = bool(answer)
    return verdicts


def _columns(
    before: SchemaFact, after: SchemaFact
) -> Iterator[tuple[TableKey, ColumnFact, ColumnFact]]:
    known = {table.key: table for table in before.tables}
    for table in after.tables:
        if table.key not in known:
            continue
        old = {column.name: column for column in known[table.key].columns}
        for column in table.columns:
            if column.name in old:
                yield table.key, old[column.name], column
