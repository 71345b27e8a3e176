"""Plain words mean what they mean to argparse."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from limbeck.cli.grammar import COMMANDS, GLOBAL_OPTIONS
from limbeck.cli.parser import build_parser, parse
from limbeck.cli.plain_words import parse_plain

_BY_NAME = {one.name: one for one in COMMANDS}
_PARSER, _ = build_parser("limbeck")
_GLOBAL_FLAGS = [flag for one in GLOBAL_OPTIONS for flag in one.flags]
_VALUES = ["head", "ae10", "", "always", "0", "a b", "a=b", "heads", "-1", "--", "+2", "x:y"]


@st.composite
def calls(draw: st.DrawFn) -> list[str]:
    """Words that are a call, or nearly one."""
    values = st.sampled_from(_VALUES)
    before = draw(st.lists(st.sampled_from(_GLOBAL_FLAGS) | values, max_size=2))
    command = draw(st.sampled_from(COMMANDS))
    flags = [flag for one in command.arguments for flag in one.flags if flag.startswith("-")]
    words = st.sampled_from(flags + _GLOBAL_FLAGS) | values
    return [*before, command.name, *draw(st.lists(words, max_size=5))]


@given(calls())
@example(["prove", "--all", "head"])
@example(["merge", "a", "-m", "x", "b"])
@example(["-v", "history", "-v"])
@example(["-c", "a.ini", "upgrade", "head", "-c", "b.ini", "-x", "a=b"])
@settings(deadline=None)
def test_the_same_as_argparse(words: list[str]) -> None:
    found = parse_plain(words, _BY_NAME)
    if found is not None:
        assert vars(found) == vars(parse(_PARSER, words))


@pytest.mark.parametrize(
    "words",
    [
        "",
        "heads",
        "history -v",
        "history -r a:b",
        "-c alembic.ini current",
        "upgrade head",
        "upgrade head --sql",
        "stamp a b",
        "revision --autogenerate -m message",
        "show head",
        "check",
    ],
)
def test_usual_calls_are_plain(words: str) -> None:
    found = parse_plain(words.split(), _BY_NAME)
    assert found is not None
    assert vars(found) == vars(parse(_PARSER, words.split()))
