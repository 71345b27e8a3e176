"""What models say of the names that things had: ``info={"renamed_from": "old"}``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from limbeck.diff.rename_choices import Hints
from limbeck.errors import ConfigurationError

if TYPE_CHECKING:
    from limbeck.facts.objects import SchemaFact, TableKey

RENAMED_FROM = "renamed_from"
"""The key in ``Table.info`` and ``Column.info`` under which the old name stands."""

RENAMED_VALUES = "renamed_values"
"""The key in ``Column.info`` under which old values of its enumerated type have their new ones."""


def hints_of(models: SchemaFact) -> Hints:
    """Collect the hints of tables and columns.

    :param models: as described, with the models' own objects behind the facts.
    :raises ConfigurationError: a hint is not a name.
    """
    tables: list[tuple[TableKey, str]] = []
    columns: list[tuple[TableKey, str, str]] = []
    values: set[tuple[TableKey, str, str]] = set()
    enums = {enum.key: enum for enum in models.enums}
    for table in models.tables:
        was = _hint(table.source, RENAMED_FROM, str(table.key)) if _info(table.source) else None
        if was is not None:
            tables.append((table.key, was))
        for column in table.columns:
            if not _info(column.source):
                continue
            was = _hint(column.source, RENAMED_FROM, f"{table.key}.{column.name}")
            if was is not None:
                columns.append((table.key, column.name, was))
            for before, after in _renamed_values(column.source):
                for key, enum in enums.items():
                    if after in enum.values and str(key) == column.type.rstrip("[]"):
                        values.add((key, after, before))
    return Hints(tuple(tables), tuple(columns), tuple(sorted(values)))


def _info(source: object) -> Mapping[Any, Any]:
    # SQLAlchemy makes an empty dictionary for everything that is asked for its `info`.
    found: Mapping[Any, Any] = getattr(source, "__dict__", {}).get("info") or {}
    return found


def _hint(source: object, name: str, place: str) -> str | None:
    found = _info(source).get(name)
    if found is not None and not isinstance(found, str):
        raise ConfigurationError(
            f'info["{name}"] of {place} is not a name: {found!r}',
            hint=f'as in: info={{"{name}": "old_name"}}',
        )
    return found


def _renamed_values(source: object) -> Iterator[tuple[str, str]]:
    found = _info(source).get(RENAMED_VALUES)
    if isinstance(found, Mapping):
        yield from ((str(before), str(after)) for before, after in found.items())
