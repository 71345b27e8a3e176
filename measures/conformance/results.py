"""What came of a run: counted by class, and held against the list of known differences."""

from __future__ import annotations

import json
import re
import tomllib
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: Which test calls what: P documented names only, T also thin undocumented ones, W internals.
CLASSES = HERE / "classes.json"
#: The tests of the classes P and T that do not pass, and why.
DIFFERENCES = HERE / "differences.toml"
_BACKEND = re.compile(r"_(sqlite|postgresql|mysql|mariadb)\+.*$")


@dataclass(frozen=True)
class Result:
    """One test.

    :param letter: its class, ``?`` where the list does not know it.
    :param name: ``file::class::test``.
    :param outcome: ``passed``, ``failed`` or ``skipped``.
    """

    letter: str
    name: str
    outcome: str


@dataclass(frozen=True)
class Difference:
    """Tests that do not pass, and why.

    :param reason: for people, in Markdown.
    :param tests: their names.
    :param settings: where they do not pass; empty for everywhere.
    """

    reason: str
    tests: tuple[str, ...]
    settings: tuple[str, ...]


def read_report(report: Path) -> Iterator[Result]:
    """Read the results of a run.

    :param report: as JUnit writes it.
    """
    classes = json.loads(CLASSES.read_text())
    for case in ElementTree.parse(report).iter("testcase"):
        file, *names = (case.get("classname") or "").removeprefix("tests.").split(".")
        class_name, test = _BACKEND.sub("", ".".join(names)), case.get("name") or ""
        known = classes.get(file, {}).get(class_name, "?")
        letter = known if isinstance(known, str) else known.get(test, "?")
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "passed"
        outcome = "skipped" if "skipped" in kinds else outcome
        yield Result(letter, f"{file}::{class_name}::{test}", outcome)


def counts(results: list[Result]) -> dict[str, tuple[int, int]]:
    """How many passed of those that ran, for each class."""
    found = Counter((one.letter, one.outcome) for one in results)
    return {
        letter: (found[letter, "passed"], found[letter, "passed"] + found[letter, "failed"])
        for letter in "PTW"
    }


def unlisted(results: list[Result], setting: str) -> list[str]:
    """The tests of the classes P and T that fail without being listed as a difference."""
    listed = {
        test
        for difference in differences()
        if not difference.settings or setting in difference.settings
        for test in difference.tests
    }
    failed = {one.name for one in results if one.outcome == "failed" and one.letter != "W"}
    return sorted(failed - listed)


def differences() -> list[Difference]:
    """The list of known differences."""
    return [
        Difference(one["reason"], tuple(one["tests"]), tuple(one.get("settings", ())))
        for one in tomllib.loads(DIFFERENCES.read_text())["difference"]
    ]
