"""``CREATE TABLE``, put together of what its columns, keys and constraints are in it.

A new table is seldom like another one, but most of its columns are. So each column, key and
constraint is tried in a table of its own, which has around it what matters for it. How SQLAlchemy
writes a table of such parts is seen of a whole one at first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from limbeck.operations.ops import CreateTableOp
from limbeck.operations.ops.base import described
from limbeck.runtime.foretold.table_parts import IMPLICIT_KEY, KNOWN, parts_of
from limbeck.runtime.foretold.templates import Template, template
from limbeck.runtime.foretold.trial import Tried

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from limbeck.runtime.foretold.forms import Formed, Pieces, StatementForm
    from limbeck.runtime.foretold.table_parts import TablePart
    from limbeck.runtime.foretold.trial import Trial

__all__ = ["Tables"]

_BEGIN, _BETWEEN, _END = "\nCREATE TABLE %s (\n\t", ", \n\t", "\n)\n\n"
_OTHER = "%s INTEGER"


class _Place(NamedTuple):
    """What matters for how a column is written, beside itself.

    :param key: it is ``alone`` in the primary key, ``first``, ``later``, or ``beside`` others that
        say so themselves; empty where it is not in it.
    :param refers: it is in the key, and in a foreign key.
    """

    key: str = ""
    refers: bool = False


class _Part(NamedTuple):
    """A part of a certain table.

    :param part: what all tables of its form have.
    :param pieces: its literals, whose names are counted anew.
    :param numbers: which names of the table these are.
    """

    part: TablePart
    pieces: Pieces
    numbers: tuple[int, ...]

    @property
    def own(self) -> tuple[int, ...]:
        """The columns of the table that it names."""
        found = (self.pieces[each] for each in self.part.own)
        return tuple(self.numbers[each[0]] for each in found if not isinstance(each, str))


class Tables:
    """What the parts of tables are in their statements.

    :param trial: tries statements.
    :param names: what the names of the files stand for.
    """

    def __init__(self, trial: Trial, names: Mapping[str, Any]) -> None:
        self._trial = trial
        self._names = {**names, **KNOWN}
        self._parts: dict[Any, Template | None] = {}
        self._shapes: dict[str, tuple[TablePart, ...] | None] = {}
        self._is_as_known: bool | None = None

    def tried(self, form: StatementForm, said: Formed) -> Tried | None:
        """What creating a table does; None where its parts do not tell it.

        :param form: the form of the revision's statement.
        :param said: what the statement says.
        """
        if form.shape not in self._shapes:
            self._shapes[form.shape] = parts_of(form, self._names)
        known = self._shapes[form.shape]
        name = said.pieces[0] if said.pieces else ""
        if known is None or isinstance(name, str) or self._is_as_known is False:
            return None
        parts = [_part(each, said) for each in known]
        found = list(self._found(form.module, parts)) if _is_clear(parts, name[0]) else [None]
        places = list(name)
        for each, part in zip(parts, found, strict=False):
            if part is None:
                return None
            numbers = (*each.numbers, name[0])
            places += [numbers[number] for number in part.places]
        words = _BETWEEN.join([each.text for each in found if each is not None])
        made = template(f"{_BEGIN}{words}{_END}", tuple(places))
        columns = [each for each in known if each.maker is sa.Column]
        words = described(CreateTableOp("%s", [sa.Column()] * len(columns)))
        tried = Tried((made,), CreateTableOp.__name__, Template(words, name), None)
        if self._is_as_known is None:
            whole = self._trial.tried(form.shape, said.pieces, len(said.names), self._names)
            self._is_as_known = whole == tried
        return tried if self._is_as_known else None

    def _found(self, module: str, parts: Sequence[_Part]) -> Iterator[Template | None]:
        """What each part of a table is in its statement."""
        key = next((each.own for each in parts if each.part.is_key), ())
        is_implicit = any(each.part.shape.startswith(IMPLICIT_KEY) for each in parts)
        referring = {
            number
            for each in parts
            if each.part.maker is sa.ForeignKeyConstraint
            for number in each.own
        }
        for each in parts:
            place = None
            if each.part.maker is sa.Column:
                (number,) = each.own
                is_in = number in key
                place = _Place(
                    _place_in(key, number, is_implicit) if is_in else "",
                    is_in and number in referring,
                )
            known = (module, each.part.shape, each.pieces, place)
            if known not in self._parts:
                self._parts[known] = (
                    self._constraint(module, each)
                    if place is None
                    else self._column(module, each, place)
                )
            yield self._parts[known]

    def _column(self, module: str, part: _Part, place: _Place) -> Template | None:
        """A column, tried in a table beside another one."""
        count = len(part.numbers)
        table, other, referred, target = range(count, count + 4)
        is_key = ", primary_key=True" if place.key == "beside" else ""
        items = [part.part.shape, f"limbeck_column(\0, limbeck_integer(){is_key})"]
        pieces: list[str | tuple[int, ...]] = [(table,), *part.pieces, (other,)]
        keys = {"alone": (0,), "first": (0, other), "later": (other, 0)}.get(place.key, ())
        if keys and not part.part.says_key:
            items.append(f"{IMPLICIT_KEY}{', '.join(_PLACES[: len(keys)])})")
            pieces += [(each,) for each in keys]
        if place.refers:
            items.append("limbeck_foreign_key([\0], [\0])")
            pieces += [(0,), (referred, target)]
        found = self._tried(module, items, pieces, count + 4)
        behind = f"{_BETWEEN}{_OTHER}"
        if found is None or not found.text.startswith(_BEGIN) or found.text.count(behind) != 1:
            return None
        return _cut(found, found.text[len(_BEGIN) : found.text.index(behind)], 1, count)

    def _constraint(self, module: str, part: _Part) -> Template | None:
        """A constraint, tried in a table of its columns and another one."""
        count = len(part.numbers)
        table, other = count, count + 1
        columns = [*(part.numbers.index(each) for each in part.own), other]
        items = ["limbeck_column(\0, limbeck_integer())"] * len(columns) + [part.part.shape]
        pieces = [(table,), *((each,) for each in columns), *part.pieces]
        found = self._tried(module, items, pieces, count + 2)
        before = f"{_OTHER}{_BETWEEN}"
        if found is None or not found.text.endswith(_END) or before not in found.text:
            return None
        words = found.text[found.text.rindex(before) + len(before) : -len(_END)]
        return _cut(found, words, 1 + len(columns), count)

    def _tried(
        self,
        module: str,
        items: Sequence[str],
        pieces: Sequence[str | tuple[int, ...]],
        count: int,
    ) -> Template | None:
        shape = f"{module}.create_table(\0, {', '.join(items)})"
        found = self._trial.tried(shape, pieces, count, self._names)
        return found.sent[0] if found is not None and len(found.sent) == 1 else None


_PLACES = ("\0", "\0")


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


def _place_in(key: Sequence[int], column: int, is_implicit: bool) -> str:
    if len(key) == 1:
        return "alone"
    if is_implicit:
        return "beside"
    return "first" if key[0] == column else "later"


def _cut(found: Template, words: str, before: int, count: int) -> Template | None:
    """What a part is in a statement, if no names but its own and its table's are in it.

    :param words: what is cut out.
    :param before: how many names stand before it.
    :param count: how many names it has; the next one is its table.
    """
    places = found.places[before : before + words.count("%s")]
    return Template(words, places) if all(each <= count for each in places) else None


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
