"""A value is the frozen dataclass that it is written as, and is made when it is used."""

from __future__ import annotations

import copy
import inspect
import os
import pickle
import pprint
import subprocess
import sys
import threading
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

import pytest

import limbeck.value as value_module
from limbeck.facts.objects import ColumnFact
from limbeck.schema import Function, View
from limbeck.value import Value, _Later, compared_names, field_names


@dataclass(frozen=True, order=True)
class Usual:
    word: ClassVar[str] = "usual"
    one: int
    two: str = "two"
    three: object = field(default=None, compare=False, repr=False)
    four: list[int] = field(default_factory=list)
    five: int = field(default=5, kw_only=True)
    six: int = field(init=False, repr=False)
    seven: int = field(default=7, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "six", self.one * 6)


class Late(Value, order=True):
    word: ClassVar[str] = "usual"
    one: int
    two: str = "two"
    three: object = field(default=None, compare=False, repr=False)
    four: list[int] = field(default_factory=list)
    five: int = field(default=5, kw_only=True)
    six: int = field(init=False, repr=False)
    seven: int = field(default=7, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "six", self.one * 6)


@dataclass(frozen=True, slots=True, order=True)
class UsualSlots:
    one: int
    two: str = "two"
    three: object = field(default=None, compare=False, repr=False)


class LateSlots(Value, slots=True, order=True):
    one: int
    two: str = "two"
    three: object = field(default=None, compare=False, repr=False)


PAIRS: list[tuple[type[Any], type[Any]]] = [(Usual, Late), (UsualSlots, LateSlots)]
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((1, "b"), {"three": 3}),
    ((), {"one": 1, "two": "x"}),
    ((0, "two", object()), {}),
]


def is_complete(kind: type) -> bool:
    return not isinstance(kind.__dict__["__dataclass_fields__"], _Later)


@pytest.mark.parametrize(("usual", "late"), PAIRS)
def test_it_is_the_dataclass_of_the_same_words(usual: type[Any], late: type[Any]) -> None:
    assert inspect.signature(late).parameters.keys() == inspect.signature(usual).parameters.keys()
    assert late.__match_args__ == usual.__match_args__
    assert is_dataclass(late)
    for one, other in zip(fields(usual), fields(late), strict=True):
        for said in ("name", "type", "default", "init", "repr", "compare", "hash", "kw_only"):
            assert getattr(one, said) == getattr(other, said), said
    for args, words in CALLS:
        before, after = usual(*args, **words), late(*args, **words)
        assert repr(after) == repr(before).replace("Usual", "Late")
        for each in fields(usual):
            assert getattr(after, each.name) == getattr(before, each.name)
        assert replace(after, two="c") == late(after.one, "c")
        assert after != before


@pytest.mark.parametrize(("usual", "late"), PAIRS)
def test_they_compare_alike(usual: type[Any], late: type[Any]) -> None:
    for args, words in CALLS:
        for other_args, other_words in CALLS:
            one, other = usual(*args, **words), usual(*other_args, **other_words)
            first, second = late(*args, **words), late(*other_args, **other_words)
            assert (first == second) is (one == other)
            assert (first < second) is (one < other)
            assert (first <= second) is (one <= other)
            assert (first > second) is (one > other)
            assert (first >= second) is (one >= other)
    with pytest.raises(TypeError, match="not supported between"):
        assert late(1) < usual(1)


def test_the_hash_is_that_of_what_is_compared() -> None:
    assert hash(LateSlots(1, "b", 3)) == hash(UsualSlots(1, "b", 4)) == hash((1, "b"))
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        hash(Late(1))


def test_a_default_of_its_own_for_each() -> None:
    assert Late(1).four is not Late(1).four


@pytest.mark.parametrize("late", [Late, LateSlots])
def test_it_is_as_strict(late: type[Any]) -> None:
    with pytest.raises(TypeError, match=rf"{late.__name__}\.__init__\(\) missing 1 .*: 'one'"):
        late()
    with pytest.raises(TypeError, match="unexpected keyword argument 'eight'"):
        late(1, eight=8)
    made = late(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'one'"):
        made.one = 2
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'one'"):
        del made.one
    with pytest.raises(FrozenInstanceError):
        made.eight = 8


def test_only_slots_have_no_dict() -> None:
    assert not hasattr(LateSlots(1), "__dict__")
    assert Late(1).__dict__["six"] == 6


def test_fields_are_named_without_it() -> None:
    class Named(Value):
        one: int
        two: int = field(default=2, compare=False)

    class Derived(Named):
        three: int = 3
        kind: ClassVar[str] = "derived"

    assert field_names(Derived) == ("one", "two", "three")
    assert compared_names(Derived) == ("one", "three")
    assert not is_complete(Named)
    assert not is_complete(Derived)


def test_a_class_is_complete_when_it_is_used() -> None:
    class First(Value):
        one: int

    class Second(First):
        two: int = 2

    class Third(Second, kw_only=True):
        three: int

        def __repr__(self) -> str:
            return f"third of {super().__repr__()}"

        def __hash__(self) -> int:
            return 3

    assert not is_complete(First)
    assert First(1).one == 1
    assert is_complete(First)
    assert not is_complete(Second)  # though the class above has an __init__ by now
    assert Second(1) == Second(1, 2) != Second(2)
    assert Second(1) != First(1)
    third = Third(1, 2, three=3)
    assert (third.one, third.two, third.three, hash(third)) == (1, 2, 3, 3)
    assert repr(third).startswith("third of ")
    assert "one=1, two=2, three=3" in repr(third)
    assert third == Third(1, three=3)


def test_a_class_may_have_an_init_of_its_own() -> None:
    class Made(Value):
        one: int
        two: int = 2

    class Own(Made):
        def __init__(self, one: int) -> None:
            super().__init__(one, two=one * 2)

    assert is_dataclass(Own)
    assert (Own(3).one, Own(3).two) == (3, 6)
    assert Own(3) == Own(3) != Own(4)
    assert Own(3) != Made(3, 6)
    assert hash(Own(3)) == hash((3, 6))
    assert copy.copy(Own(3)) == Own(3)


def test_what_is_asked_of_a_class_completes_it() -> None:
    class Asked(Value):
        one: int

    assert [each.name for each in fields(Asked)] == ["one"]
    assert is_complete(Asked)


def test_no_and_one_compared_field() -> None:
    class Nothing(Value):
        pass

    class Unequal:
        def __eq__(self, other: object) -> Any:
            return []  # as an expression of SQLAlchemy is no truth value

        __hash__ = None  # type: ignore[assignment]  # what Python makes of it

    class One(Value):
        one: object

    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(())
    assert hash(One(1)) == hash((1,))
    assert (One(Unequal()) == One(Unequal())) is False


def test_what_is_computed_once_is_kept() -> None:
    T = TypeVar("T")

    class Computed(Value, Generic[T]):
        one: T

        @cached_property
        def twice(self) -> tuple[T, T]:
            return (self.one, self.one)

    made: Computed[int] = Computed(1)
    assert made.twice is made.twice


def test_a_pattern_looks_at_its_fields() -> None:
    match Late(1, "b"):
        case Late(1, two):
            assert two == "b"
        case _:
            pytest.fail("no match")


@pytest.mark.parametrize("value", [Late(1, "b", four=[4], five=6), LateSlots(1, "b", 3)])
def test_it_is_copied_and_pickled(value: Any) -> None:
    for again in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert again == value
        assert again is not value
        assert [getattr(again, each.name) for each in fields(again)] == [
            getattr(value, each.name) for each in fields(value)
        ]


def test_it_is_unpickled_where_nobody_has_made_one() -> None:
    said = pickle.dumps([View("v", "SELECT 1"), ColumnFact("a", "INTEGER", nullable=True)])
    text = "import pickle, sys; print(pickle.loads(sys.stdin.buffer.read()))"
    told = subprocess.run([sys.executable, "-c", text], input=said, capture_output=True, check=True)
    assert told.stdout.decode().strip() == repr(pickle.loads(said))


def test_threads_find_a_complete_class() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(60):
            _raced()
    finally:
        sys.setswitchinterval(interval)


def _raced() -> None:
    class Base(Value):
        one: int

    Base(0)

    class Raced(Base, order=True):
        two: int = 2

    failed: list[BaseException] = []
    begin = threading.Barrier(4)

    def use() -> None:
        begin.wait()
        try:
            first, second = Raced(1), Raced(1, 3)
            assert first < second
            assert hash(first) == hash((1, 2))
            assert first == Raced(1, 2)
        except BaseException as problem:  # whatever it is, the test tells it
            failed.append(problem)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failed


def test_declared_objects_are_values() -> None:
    assert replace(View("v", "SELECT 1"), definition="SELECT 2") == View("v", "SELECT 2")
    assert View.kind == "view"
    assert Function.kind == "function"


def test_a_column_of_another_source_is_the_same() -> None:
    column = ColumnFact("a", "INTEGER", nullable=True, sequence="s", inherited=True, source=1)
    other = column.of(2)
    assert other == column
    assert (other.sequence, other.inherited, other.source) == ("s", True, 2)


@dataclass(frozen=True)
class Noted(View):
    """A program's own kind of view, as a dataclass."""

    note: str = "none"


class Short(View):
    """A program's own kind of view, which is no dataclass of its own."""

    origin: ClassVar[str] = "here"
    seen: int = 0  # no field, as nobody decorates it

    def __init_subclass__(cls, origin: str = "there") -> None:
        cls.origin = origin


class Shorter(Short, origin="elsewhere"):
    def __init__(self, name: str) -> None:
        super().__init__(name, "SELECT 1")


def test_a_program_derives_from_it_as_from_any_dataclass() -> None:
    made = Noted("v", "SELECT 1", note="n", comment="c")
    assert (made.note, made.comment, Noted.note) == ("n", "c", "none")
    assert [each.name for each in fields(Noted)][-1] == "note"
    assert Noted("v", "SELECT 1") == replace(made, note="none", comment=None) != made
    assert "note='n'" in repr(made)
    with pytest.raises(FrozenInstanceError):
        made.note = "other"  # type: ignore[misc]  # which mypy refuses as well
    said: dict[str, Any] = {"__annotations__": {"note": int}, "note": 1}  # not as texts
    unnamed: Any = type("Unnamed", (View,), said)
    assert (unnamed("v", "SELECT 1").note, unnamed.note) == (1, 1)


def test_a_program_may_derive_without_a_field() -> None:
    assert Short("v", "SELECT 1", comment="c").comment == "c"
    assert [each.name for each in fields(Short)] == [each.name for each in fields(View)]
    assert (Short.seen, Short.origin, Shorter.origin) == (0, "here", "elsewhere")
    assert Shorter("v") == Shorter("v") != Shorter("w")
    assert Shorter("v") != Short("v", "SELECT 1")
    assert hash(Shorter("v")) == hash(Short("v", "SELECT 1"))


@pytest.mark.parametrize("value", [Noted("v", "q", note="n"), Short("v", "q"), Shorter("v")])
def test_what_a_program_derives_is_copied_and_pickled(value: Any) -> None:
    for again in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert type(again) is type(value)
        assert again == value


def test_it_tells_how_it_is_decorated() -> None:
    for usual, late in PAIRS:
        for said in ("init", "repr", "eq", "order", "unsafe_hash", "frozen"):
            assert getattr(late.__dataclass_params__, said) is getattr(
                usual.__dataclass_params__, said
            )
    assert not hasattr(Value, "__dataclass_params__")
    wide = View("v" * 60, "SELECT " + "1" * 60)
    assert eval(pprint.pformat(wide)) == wide


def test_who_is_interrupted_leaves_a_class_that_can_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Used(Value, order=True):
        one: int

    def interrupted(*_: object) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(value_module, "_init", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Used(1)
    assert Used(1) < Used(2)
    assert is_complete(Used)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system does not fork")
def test_a_forked_process_waits_for_no_thread_of_the_one_before() -> None:
    text = """
import os, signal, threading
from limbeck.schema import View
from limbeck import value

held, end = threading.Event(), threading.Event()

def hold():
    with value._LOCK:
        held.set()
        end.wait()

threading.Thread(target=hold, daemon=True).start()
held.wait()
child = os.fork()
if not child:
    signal.alarm(5)
    print(View("v", "SELECT 1").name, flush=True)
    os._exit(0)
os.waitpid(child, 0)
end.set()
"""
    told = subprocess.run([sys.executable, "-c", text], capture_output=True, check=True)
    assert told.stdout == b"v\n"
