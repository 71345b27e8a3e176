"""Options that mean something in one of several databases, or in none."""

from __future__ import annotations

from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from limbeck.database.comparison import Comparison
from limbeck.diff.rename_choices import Choices
from limbeck.diff.rename_options import Refused
from limbeck.errors import UsageError
from limbeck.facts.objects import SchemaFact
from limbeck.workflow.renames import with_renames_decided

TYPED, FROM_ENV = "--rename t.a:b", "--rename t.x:y"
WHY = Refused("t has no a", "it has c")


def refusing(*options: str) -> Comparison:
    """A database in which options mean nothing."""
    refused = MappingProxyType(dict.fromkeys(options, WHY))
    return Comparison(SchemaFact(), SchemaFact(), (), refused=refused)


def decided(*comparisons: Comparison) -> Any:
    """What comes of comparisons where one option was typed."""
    found: Any = SimpleNamespace(comparisons=comparisons, was_edited=False, generated_revisions=[])
    return with_renames_decided(lambda choices: found, Choices(renames=("t.a:b",)), None)


def test_one_database_is_enough() -> None:
    decided(refusing(TYPED), refusing())
    decided(refusing(), refusing(TYPED))


def test_none_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="t has no a"):
        decided(refusing(TYPED), refusing(TYPED))


def test_what_env_py_says_may_be_done_already() -> None:
    decided(refusing(FROM_ENV))
