"""A value that is made sooner is the same value."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from limbeck.facts.objects import ColumnFact
from limbeck.facts.quick_values import quickly_made


@dataclass(frozen=True, slots=True)
class Plain:
    one: int
    two: str = "two"
    three: object = field(default=None, compare=False, repr=False)


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick:
    one: int
    two: str = "two"
    three: object = field(default=None, compare=False, repr=False)


def test_it_is_made_of_the_same_words() -> None:
    for args, words in (((1,), {}), ((1, "b"), {"three": 3}), ((), {"one": 1, "two": "x"})):
        plain, quick = Plain(*args, **words), Quick(*args, **words)
        assert repr(quick) == repr(plain).replace("Plain", "Quick")
        assert (quick.three, hash(quick)) == (plain.three, hash(plain))
        assert replace(quick, two="c") == Quick(quick.one, "c")
        assert pickle.loads(pickle.dumps(quick)) == quick


def test_it_is_as_strict() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'one'"):
        Quick()  # type: ignore[call-arg]  # that is the point
    with pytest.raises(FrozenInstanceError):
        Quick(1).one = 2  # type: ignore[misc]  # that is the point


def test_a_column_of_another_source_is_the_same() -> None:
    column = ColumnFact("a", "INTEGER", nullable=True, sequence="s", inherited=True, source=1)
    other = column.of(2)
    assert other == column
    assert (other.sequence, other.inherited, other.source) == ("s", True, 2)
