"""Named tuples without ``typing`` are as those that it makes."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

from limbeck import light_typing


class Light(light_typing.NamedTuple):
    """Some words."""

    name: str
    parents: tuple[str, ...] = ()

    @property
    def is_base(self) -> bool:
        """Whether it follows nothing."""
        return not self.parents


class Usual(typing.NamedTuple):
    """Some words."""

    name: str
    parents: tuple[str, ...] = ()


def test_a_tuple_with_names() -> None:
    one = Light("a", parents=("b",))
    assert one == ("a", ("b",)) == Usual("a", ("b",))
    assert repr(one).replace("Light", "Usual") == repr(Usual(*one))
    assert Light._fields == Usual._fields
    assert Light._field_defaults == Usual._field_defaults
    assert typing.get_type_hints(Light) == typing.get_type_hints(Usual)
    assert not one.is_base
    assert Light("a").is_base
    assert (Light.__doc__, Light.__module__, Light.__qualname__) == (
        "Some words.",
        __name__,
        "Light",
    )


def test_it_can_be_sent_and_changed() -> None:
    one = Light("a", ("b",))
    assert type(pickle.loads(pickle.dumps(one))) is Light
    assert copy.deepcopy(one) == one
    assert one._replace(name="c") == Light("c", ("b",))
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        Light()  # type: ignore[call-arg]  # that is the mistake
    with pytest.raises(AttributeError):
        one.name = "other"  # type: ignore[misc]  # so is that
