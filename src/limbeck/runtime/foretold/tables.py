"""``CREATE TABLE``, put together of what its columns, keys and constraints are in it.

A new table is seldom like another one, but most of its columns are. What each column, key and
constraint is in a statement is learned from tables that have some that are new, which are tried.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from limbeck.operations.ops import CreateTableOp
from limbeck.operations.ops.base import described
from limbeck.runtime.foretold.table_parts import parts_of
from limbeck.runtime.foretold.templates import Template, template
from limbeck.runtime.foretold.trial import Tried

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from limbeck.runtime.foretold.forms import Formed, Pieces, StatementForm
    from limbeck.runtime.foretold.table_parts import TablePart
    from limbeck.runtime.foretold.trial import Trial

__all__ = ["Tables"]

_BEGIN, _BETWEEN, _END = "\nCREATE TABLE %s (\n\t", ", \n\t", "\n)\n\n"


class _Place(NamedTuple):
    """What matters for how a column is written, beside itself.

    :param key: it is ``alone`` in the primary key, ``first`` or ``later``; empty where it is not in
        it.
    :param refers: it is in the key, and in a foreign key.
    """

    key: str = ""
    refers: bool = False


class _Part(NamedTuple):
    """A part of a certain table.

    :param part: what all tables of its form have.
    :param pieces: its literals, whose names are counted anew.
    :param numbers: which names of the table these are.
    :param place: where it is, if it is a column.
    """

    part: TablePart
    pieces: Pieces
    numbers: tuple[int, ...]
    place: _Place = _Place()

    @property
    def own(self) -> tuple[int, ...]:
        """The columns of the table that it names."""
        found = (self.pieces[each] for each in self.part.own)
        return tuple(self.numbers[each[0]] for each in found if not isinstance(each, str))

    @property
    def known_by(self) -> tuple[Any, ...]:
        """What says how it is written."""
        return (self.part.maker, self.part.shape, self.pieces, self.place)

    @property
    def is_free(self) -> bool:
        """Whether it is written the same without the primary key."""
        return not self.place.key and not self.part.is_key and not self.part.says_key


class Tables:
    """What the parts of tables are in their statements.

    :param trial: tries statements.
    :param names: what the names of the files stand for.
    """

    def __init__(self, trial: Trial, names: Mapping[str, Any]) -> None:
        self._trial = trial
        self._names = names
        self._known: dict[tuple[Any, ...], Template | None] = {}
        self._shapes: dict[str, tuple[TablePart, ...] | None] = {}
        self._items: dict[str, TablePart | None] = {}
        self._words: dict[int, str] = {}
        self._are_as_known: dict[frozenset[tuple[Any, str]], bool] = {}

    def tried(self, form: StatementForm, said: Formed) -> Tried | None:
        """What creating a table does; None where its parts do not tell it.

        :param form: the form of the revision's statement.
        :param said: what the statement says.
        """
        if form.shape not in self._shapes:
            self._shapes[form.shape] = parts_of(form, self._names, self._items)
        known = self._shapes[form.shape]
        name = said.pieces[0] if said.pieces else ""
        if known is None or isinstance(name, str):
            return None
        parts = _placed([_part(each, said) for each in known])
        if not _is_clear(parts, name[0]):
            return None
        unknown = [each for each in parts if each.known_by not in self._known]
        if unknown:
            self._learn(form.module, _smallest(parts, unknown, name[0]), said.names, name[0])
        found = self._made(parts, name)
        kinds = frozenset((each.part.maker, each.place.key) for each in parts)
        if found is not None and not unknown and kinds not in self._are_as_known:
            whole = self._trial.tried(form.shape, said.pieces, said.names, self._names)
            self._are_as_known[kinds] = whole == found
        return found if self._are_as_known.get(kinds, True) else None

    def _made(self, parts: Sequence[_Part], name: tuple[int, ...]) -> Tried | None:
        """What a table of known parts does; None where one of them is not known."""
        words, places = [], list(name)
        for each in parts:
            part = self._known.get(each.known_by)
            if part is None:
                return None
            words.append(part.text)
            numbers = (*each.numbers, name[0])
            places += [numbers[number] for number in part.places]
        made = template(f"{_BEGIN}{_BETWEEN.join(words)}{_END}", tuple(places))
        count = sum(each.part.maker is sa.Column for each in parts)
        if count not in self._words:
            self._words[count] = described(CreateTableOp("%s", [sa.Column()] * count))
        told = Template(self._words[count], name)
        return Tried((made,), CreateTableOp.__name__, told, None)

    def _learn(self, module: str, parts: Sequence[_Part], names: Sequence[str], table: int) -> None:
        """Try a table of some parts, and note what each of them is in its statement."""
        new = [each.known_by not in self._known for each in parts]
        self._known.update(
            dict.fromkeys(each.known_by for each, is_new in zip(parts, new, strict=True) if is_new)
        )
        said = [each for each in parts if each.part.shape]
        pieces: list[str | tuple[int, ...]] = [(0,)]
        numbers: dict[int, int] = {}
        for each in said:
            pieces += [
                piece
                if isinstance(piece, str)
                else _counted(numbers, (each.numbers[one] for one in piece))
                for piece in each.pieces
            ]
        items = ", ".join(["\0", *(each.part.shape for each in said)])
        shape = f"{module}.create_table({items})"
        first = [names[table], *(names[each] for each in numbers)]
        tried = self._trial.tried(shape, pieces, first, self._names)
        found = None if tried is None or len(tried.sent) != 1 else tried.sent[0]
        if found is None or not (found.text.startswith(_BEGIN) and found.text.endswith(_END)):
            return
        words = found.text[len(_BEGIN) : -len(_END)].split(_BETWEEN)
        if len(words) != len(parts):
            return
        places = [1]
        for text in words:
            places.append(places[-1] + text.count("%s"))
        spans = zip(parts, words, pairwise(places), new, strict=True)
        for part, text, (start, end), is_new in spans:
            own = {numbers.get(each, 0): number for number, each in enumerate(part.numbers)}
            own[0] = len(part.numbers)  # the table
            if is_new and own.keys() >= set(found.places[start:end]):
                named = tuple(own[each] for each in found.places[start:end])
                self._known[part.known_by] = Template(text, named)


def _smallest(parts: Sequence[_Part], unknown: Sequence[_Part], table: int) -> Sequence[_Part]:
    """The parts of a table of which a smaller one is made that tells what is not known yet."""
    columns = [each for each in parts if each.part.maker is sa.Column]
    is_whole = any(each.part.says_key for each in columns) or not all(
        each.is_free and table not in each.numbers for each in unknown
    )
    if is_whole:
        return parts
    wanted = {number for each in unknown for number in each.own} or set(columns[0].own)
    known_by = {each.known_by for each in unknown}
    return [
        each
        for each in parts
        if (wanted.issuperset(each.own) if each in columns else each.known_by in known_by)
    ]


def _counted(numbers: dict[int, int], names: Iterable[int]) -> tuple[int, ...]:
    """Names counted anew, from 1: the first one is the table's."""
    return tuple([numbers.setdefault(each, len(numbers) + 1) for each in names])


def _placed(parts: Sequence[_Part]) -> list[_Part]:
    """The parts of a table, with what matters for its columns."""
    key = next((each.own for each in parts if each.part.is_key), ())
    referring = {
        number
        for each in parts
        if each.part.maker is sa.ForeignKeyConstraint
        for number in each.own
    }
    found = []
    for each in parts:
        if each.part.maker is sa.Column and key and each.own and each.own[0] in key:
            kind = "alone" if len(key) == 1 else "first" if key[0] == each.own[0] else "later"
            each = each._replace(place=_Place(kind, each.own[0] in referring))
        found.append(each)
    return found


def _part(part: TablePart, said: Formed) -> _Part:
    """A part of a table, whose names are counted anew."""
    numbers: dict[int, int] = {}
    pieces = [
        piece
        if isinstance(piece, str)
        else tuple([numbers.setdefault(each, len(numbers)) for each in piece])
        for piece in [said.pieces[each] for each in part.literals]
    ]
    return _Part(part, tuple(pieces), tuple(numbers))


def _is_clear(parts: Sequence[_Part], table: int) -> bool:
    """Whether the parts of a table fit together, so that SQLAlchemy takes them as they are."""
    columns = [each.own for each in parts if each.part.maker is sa.Column]
    known = {number for own in columns for number in own}
    return len(known) == len(columns) and all(
        _fits(each, table, known) for each in parts if each.part.maker is not sa.Column
    )


def _fits(part: _Part, table: int, columns: set[int]) -> bool:
    """Whether a constraint names columns of its table only, and each once."""
    own = part.own
    if len(own) != len(part.part.own) or len(set(own)) != len(own) or not columns.issuperset(own):
        return False
    addresses = [part.pieces[each] for each in part.part.others]
    return all(
        len(each) == 2
        and not isinstance(each, str)
        and (part.numbers[each[0]] != table or part.numbers[each[1]] in columns)
        for each in addresses
    )
