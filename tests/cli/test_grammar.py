"""The words of the command line are Alembic's, and a little kinder."""

from __future__ import annotations

import pytest

from limbeck.cli.grammar import COMMANDS
from limbeck.cli.main import CommandLine
from limbeck.cli.parser import build_parser, parse
from limbeck.config import Config
from limbeck.errors import UsageError

# command, options and positional arguments of Alembic 1.20, which its users type
ALEMBICS = {
    "branches": ["-v", "--verbose"],
    "check": [],
    "current": ["-c", "--check-heads", "-v", "--verbose"],
    "downgrade": ["revision", "--sql", "--tag"],
    "edit": ["rev"],
    "ensure_version": ["--sql"],
    "heads": ["-v", "--verbose", "--resolve-dependencies"],
    "history": ["-r", "--rev-range", "-v", "--verbose", "-i", "--indicate-current"],
    "init": ["directory", "-t", "--template", "--package"],
    "list_templates": [],
    "merge": ["revisions", "-m", "--message", "--branch-label", "--rev-id", "--splice"],
    "revision": [
        *("-m", "--message", "--autogenerate", "--sql", "--head", "--splice"),
        *("--branch-label", "--version-path", "--rev-id", "--depends-on"),
    ],
    "show": ["rev"],
    "stamp": ["revisions", "--sql", "--tag", "--purge"],
    "upgrade": ["revision", "--sql", "--tag"],
}


@pytest.mark.parametrize("name", ALEMBICS)
def test_every_word_of_alembic_is_known(name: str) -> None:
    command = next(command for command in COMMANDS if command.name == name)
    known = {flag for argument in command.arguments for flag in argument.flags}
    assert set(ALEMBICS[name]) <= known


def test_no_command_is_missing() -> None:
    assert {command.name for command in COMMANDS} >= set(ALEMBICS)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("upgrade head", {"revision": "head", "sql": False, "tag": None}),
        ("downgrade -1", {"revision": "-1"}),
        ("history -r -3:current", {"rev_range": "-3:current"}),
        ("history -r-3:current", {"rev_range": "-3:current"}),
        ("history --rev-range -3:", {"rev_range": "-3:"}),
        ("stamp a b --purge", {"revisions": ["a", "b"], "purge": True}),
        ("-x a=1 upgrade head -x b=2", {"x": ["a=1", "b=2"]}),
        ("-c x.ini current -c", {"config": ["x.ini"], "check_heads": True}),
        ("current --config x.ini", {"config": ["x.ini"], "check_heads": False}),
        ("-v history", {"verbose": True}),
        ("history -v", {"verbose": True}),
        ("-q current", {"quiet": True}),
        ("current -q", {"quiet": True}),
        ("upgrade head --json", {"json": True}),
        ("revision --autogenerate", {"autogenerate": True, "message": None, "head": "head"}),
        ("revision --depends-on a --depends-on b", {"depends_on": ["a", "b"]}),
        ("init", {"directory": None, "template": "generic"}),
        ("", {"command_name": None}),
    ],
)
def test_means(words: str, expected: dict[str, object]) -> None:
    parser, _ = build_parser("limbeck")
    options = vars(parse(parser, words.split()))
    assert {name: options[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("upgrad head", "did you mean `upgrade`?"),
        ("upgrade --tga x head", "did you mean `--tag`?"),
        ("upgrade", "as in: limbeck upgrade head"),
        ("--colour always current", "did you mean `--color`?"),
        ("zzz", "see `limbeck --help`"),
    ],
)
def test_suggests(words: str, hint: str) -> None:
    parser, _ = build_parser("limbeck")
    with pytest.raises(UsageError) as raised:
        parse(parser, words.split())
    assert raised.value.hint == hint


def test_a_command_of_ones_own() -> None:
    called: list[object] = []

    def deploy(
        config: Config, revision: str, sql: bool = False, rounds: str = "1", gently: bool = False
    ) -> None:
        """Try a revision out.

        On a copy.
        """
        called.append((revision, sql, rounds, gently))

    line = CommandLine("limbeck")
    line.register_command(deploy)
    assert "Try a revision out" in line.parser.format_help()
    assert line.main(["deploy", "head", "--sql", "--rounds", "3"]) == 0
    assert line.main(["deploy", "base", "--gently"]) == 0
    assert called == [("head", True, "3", False), ("base", False, "1", True)]
