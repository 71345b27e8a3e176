"""The names of kinds, which are written down without their classes."""

from __future__ import annotations

from limbeck.facts.kind_words import KINDS
from limbeck.facts.object_kinds import OBJECT_KINDS


def test_the_names_are_those_of_the_classes_in_their_order() -> None:
    assert tuple(OBJECT_KINDS) == KINDS
