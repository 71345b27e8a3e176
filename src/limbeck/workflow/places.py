"""What a scratch database holds at the steps of a proof, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.database.comparison import Comparison
    from limbeck.facts.objects import SchemaFact
    from limbeck.workflow.replay import Replay

__all__ = ["Finding", "Place", "deviations", "deviations_between", "place", "tight_keys"]


class Finding(Value):
    """Why a revision is refuted.

    :param stage: after what, and compared with what.
    :param words: what differs, or what failed, a line each.
    :param values: the same as plain values: ``change``, ``kind``, ``before``, ``after``…
    """

    stage: str
    words: tuple[str, ...]
    values: tuple[dict[str, Any], ...] = ()

    def facts(self) -> dict[str, Any]:
        """The finding as plain values."""
        return {"stage": self.stage, "words": list(self.words), "values": list(self.values)}


class Place(Value):
    """What a scratch database holds, apart from rows."""

    schema: SchemaFact
    surroundings: tuple[str, ...] = field(repr=False)


def place(replay: Replay) -> Place:
    """What the scratch database holds now."""
    return Place(replay.facts(), replay.surroundings())


def tight_keys(comparisons: Iterable[Comparison]) -> Iterator[str]:
    """What surroundings would say if a column of a key could be NULL that the models want filled.

    No comparison takes it for a difference, as old tables of SQLite are often like that.
    """
    from limbeck.dialects.standard.scratch_database import loose_key

    for comparison in comparisons:
        for table in comparison.after.tables:
            source: Any = table.source
            columns = source.primary_key.columns if source is not None else ()
            yield from (
                loose_key(table.key.name, each.name) for each in columns if not each.nullable
            )


def deviations(when: str, whose: str, wanted: Place, replay: Replay) -> Iterator[Finding]:
    """What is not as it was at another time.

    :param when: after what it is looked at.
    :param whose: what it should be, in words.
    :param wanted: what there was then.
    :param replay: what there is now.
    """
    found = place(replay)
    if found == wanted:
        return
    from limbeck.diff.compare import compare
    from limbeck.render.json import difference_values
    from limbeck.render.words import deviation_words

    words = deviations_between(wanted, found)
    changes = compare(wanted.schema, found.schema)
    values = difference_values(changes)
    for value, line in zip(values, deviation_words(changes), strict=True):
        value["words"] = line
    yield Finding(f"{when}, the schema is not {whose}", tuple(words), tuple(values))


def deviations_between(wanted: Place, found: Place) -> list[str]:
    """What is not as it was at another time, a line each.

    :param wanted: what there was then.
    :param found: what there is.
    """
    from limbeck.diff.compare import compare
    from limbeck.render.words import deviation_words

    if found == wanted:
        return []
    words = deviation_words(compare(wanted.schema, found.schema))
    words = words or _unnamed(wanted.schema, found.schema)
    return [*words, *_surrounding_words(wanted.surroundings, found.surroundings)]


def _unnamed(wanted: SchemaFact, found: SchemaFact) -> list[str]:
    """What differs although no operation would change it, in the words of facts."""
    pairs: list[tuple[Sequence[Any], Sequence[Any]]] = [
        (wanted.tables, found.tables),
        (wanted.enums, found.enums),
        (wanted.sequences, found.sequences),
    ]
    lines = []
    for one, other in pairs:
        lines += [f"{each.key}: {each} is missing" for each in one if each not in other]
        lines += [f"{each.key}: {each} should not be there" for each in other if each not in one]
    return lines


def _surrounding_words(wanted: Sequence[str], found: Sequence[str]) -> Iterator[str]:
    """What differs besides tables, types and sequences."""
    missing = [_title(text) for text in wanted if text not in found]
    added = [_title(text) for text in found if text not in wanted]
    yield from (f"{title} is another one" for title in missing if title in added)
    yield from (f"{title} is missing" for title in missing if title not in added)
    yield from (f"{title} is there, and should not be" for title in added if title not in missing)


def _title(text: str) -> str:
    """What a person has to know of it: of a grant all, of a view its name."""
    return text if text.startswith(("grant ", "no grant ")) else text.partition(":")[0]
