"""What every directive says on every database, as text.

``expected.sql`` holds it case by case. ``python -m tests.emit.test_text`` writes it again; read
what changed before you keep it.
"""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest

from limbeck.operations.operations import Operations
from limbeck.operations.recorder import Recorder
from tests.emit.directives import CALLS, PAIRS, metadata_for
from tests.emit.emitting import dialect_named, offline, text_of

EXPECTED = Path(__file__).with_name("expected.sql")


def said(name: str, dialect: str) -> str:
    """What limbeck says, or why it refuses."""
    metadata = metadata_for(name)
    recorder = Recorder(dialect_named(dialect), {"target_metadata": metadata})
    target = offline(dialect, metadata)
    statements: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            CALLS[name](Operations(recorder))
            for operation in recorder.operations:
                statements += text_of(operation, target)
    except Exception as error:
        statements.append(f"!! {type(error).__name__}: {str(error).splitlines()[0]}")
    return "\n".join(f"{words};" if words[:2] != "!!" else words for words in statements)


def expected() -> dict[tuple[str, str], str]:
    """The table, read from its file."""
    parts = re.split(r"^-- (.+) \[([a-z, ]+)\]$", EXPECTED.read_text(), flags=re.MULTILINE)
    triples = zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    return {
        (name, dialect): words.strip()
        for name, dialects, words in triples
        for dialect in dialects.split(", ")
    }


TABLE = expected() if EXPECTED.exists() else {}


@pytest.mark.parametrize(("name", "dialect"), PAIRS)
def test_text(name: str, dialect: str) -> None:
    assert said(name, dialect) == TABLE[name, dialect]


def test_the_table_names_nothing_else() -> None:
    assert set(TABLE) == set(PAIRS)


def write() -> None:
    """Write the table; dialects that say the same share an entry."""
    blocks = []
    for name in CALLS:
        by_words: dict[str, list[str]] = {}
        for dialect in [dialect for each, dialect in PAIRS if each == name]:
            by_words.setdefault(said(name, dialect), []).append(dialect)
        blocks += [f"-- {name} [{', '.join(who)}]\n{words}\n" for words, who in by_words.items()]
    EXPECTED.write_text("\n".join(blocks))


if __name__ == "__main__":
    write()
