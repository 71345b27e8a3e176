"""The line in a revision file: what it is taken over, and what becomes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from limbeck.project.files import parse_source
from limbeck.project.proof_stamp import (
    Stamp,
    digest_of,
    is_valid,
    stamp_file,
    stamped,
    stamps_of,
)

SOURCE = '''\
"""add users

Revision ID: b
"""

from collections.abc import Sequence

import sqlalchemy as sa
from limbeck import op

revision: str = "b"
down_revision: str | None = "a"
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Go up."""
    op.add_column("users", sa.Column("x", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("users", "x")
'''

ENGINE = "postgresql 15"

SAME = {
    "a comment": SOURCE.replace("    op.drop", "    # undo\n    op.drop"),
    "blanks": SOURCE.replace('"users", sa.', '\n        "users",\n        sa.'),
    "quotes": SOURCE.replace('"users"', "'users'"),
    "a docstring": SOURCE.replace("add users", "add many users").replace("Go up.", "Climb."),
    "annotations": SOURCE.replace(": str | None", "")
    .replace(": str ", " ")
    .replace(" -> None", ""),
    "the order of imports": SOURCE.replace(
        "import sqlalchemy as sa\nfrom limbeck import op",
        "from limbeck import op\nimport sqlalchemy as sa",
    ),
    "an import that is not used": SOURCE.replace(
        "import sqlalchemy", "import os\nimport sqlalchemy"
    ),
    "its own id": SOURCE.replace('revision: str = "b"', 'revision: str = "c"'),
}

DIFFERENT = {
    "an operation": SOURCE.replace('op.drop_column("users", "x")', "pass"),
    "a type": SOURCE.replace("Integer", "BigInteger"),
    "a keyword": SOURCE.replace("nullable=True", "nullable=False"),
    "a name": SOURCE.replace('"x"', '"y"', 1),
    "a default of None": SOURCE.replace("nullable=True", "server_default=None"),
    "what it follows": SOURCE.replace('"a"', '"z"'),
    "what it depends on": SOURCE.replace("| None = None", '| None = "q"'),
    "a value of the module": SOURCE.replace("\n\ndef upgrade", '\nNAME = "x"\n\n\ndef upgrade'),
    "another op": SOURCE.replace("from limbeck import op", "from elsewhere import op"),
    "the other way": SOURCE.replace("upgrade()", "x()").replace("downgrade()", "upgrade()"),
}


def stamp_of(source: str) -> Stamp:
    return Stamp(digest_of(source, ENGINE), ENGINE)


@pytest.mark.parametrize("what", SAME)
def test_what_makes_no_difference(what: str) -> None:
    assert SAME[what] != SOURCE
    assert is_valid(stamp_of(SOURCE), SAME[what])


@pytest.mark.parametrize("what", DIFFERENT)
def test_what_makes_a_difference(what: str) -> None:
    assert DIFFERENT[what] != SOURCE
    assert not is_valid(stamp_of(SOURCE), DIFFERENT[what])


def test_a_stamp_is_of_one_database() -> None:
    stamp = stamp_of(SOURCE)
    assert not is_valid(Stamp(stamp.digest, "mariadb 10.11"), SOURCE)


def test_the_number_does_not_change() -> None:
    """Files in the wild carry it: another way of counting would make all of them look edited."""
    assert digest_of(SOURCE, ENGINE) == "b75ef88015e41f645e3e2a8efba69fe1"


def test_a_stamp_stands_below_the_docstring_and_is_read_back() -> None:
    stamp = stamp_of(SOURCE)
    text = stamped(SOURCE, "postgresql", stamp)
    lines = text.splitlines()
    assert lines[4:8] == ["", str(stamp), "", "from collections.abc import Sequence"]
    assert stamps_of(text) == (stamp,)
    assert is_valid(stamp, text)
    assert stamped(text, "postgresql", stamp) == text
    assert stamped(text, "postgresql", None) == SOURCE
    read = parse_source(Path("b.py"), text)
    assert read is not None and read.revision == "b"


def test_stamps_of_other_databases_stay_as_long_as_they_are_valid() -> None:
    other = Stamp(digest_of(SOURCE, "sqlite 3.40"), "sqlite 3.40", "upgrade only")
    text = stamped(stamped(SOURCE, "sqlite", other), "postgresql", stamp_of(SOURCE))
    assert set(stamps_of(text)) == {other, stamp_of(SOURCE)}
    edited = text.replace("Integer", "BigInteger")
    again = stamped(edited, "postgresql", stamp_of(edited))
    assert stamps_of(again) == (stamp_of(edited),)
    newer = Stamp(digest_of(SOURCE, "postgresql 18"), "postgresql 18")
    assert set(stamps_of(stamped(text, "postgresql", newer))) == {other, newer}


@pytest.mark.parametrize(
    "head", ["", "#!/usr/bin/env python\n# -*- coding: latin-1 -*-\n", "# A licence.\n\n"]
)
def test_a_file_without_a_docstring(head: str) -> None:
    source = head + 'revision = "b"\ndown_revision = "a"\n'
    text = stamped(source, "postgresql", stamp_of(source))
    assert text.startswith(head.rstrip("\n"))
    assert stamps_of(text) == (stamp_of(source),)
    assert stamped(text, "postgresql", None).split() == source.split()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_file_keeps_its_encoding_and_its_line_ends(tmp_path: Path, newline: str) -> None:
    path = tmp_path / "b.py"
    text = f'# coding: latin-1\n"""größer"""\n{SOURCE.partition(chr(10))[2]}'
    source = text.replace('Revision ID: b\n"""\n', "").replace("\n", newline)
    path.write_bytes(source.encode("latin-1"))
    before = path.read_bytes()
    assert stamp_file(path, "postgresql", stamp_of(source))
    after = path.read_bytes()
    assert b"gr\xf6\xdfer" in after and after.count(b"\r\n") in (0, after.count(b"\n"))
    assert not stamp_file(path, "postgresql", stamp_of(source))
    assert stamp_file(path, "postgresql", None)
    assert path.read_bytes() == before


def test_a_broken_file_is_not_valid() -> None:
    assert not is_valid(stamp_of(SOURCE), "def upgrade(:\n")
