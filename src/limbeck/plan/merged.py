"""Constraints that a database would take for one when it creates their table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.facts.objects import ExcludeFact, UniqueFact

if TYPE_CHECKING:
    from limbeck.facts.objects import ConstraintFact, TableFact


def merged_constraints(table: TableFact) -> list[ConstraintFact]:
    """The constraints of a new table whose index another one has as well, but for the first.

    Created together, only the first of them would come to be, whatever the names of the others.
    """
    found: list[ConstraintFact] = []
    key = table.primary_key
    seen: list[ConstraintFact] = [] if key is None else [UniqueFact(None, key.columns, key.options)]
    for fact in table.constraints:
        if isinstance(fact, UniqueFact | ExcludeFact):
            bare = replace(fact, name=None)
            found += [fact] if bare in seen else []
            seen.append(bare)
    return found
