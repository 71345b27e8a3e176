"""What the texts of revisions say that they create is what is created when they run."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.dialects import sqlite

from limbeck.config import Config
from limbeck.script.drop_words import surely_created
from limbeck.script.history import creations_of, first_to_last
from limbeck.workflow.project import script_directory

CREATE = "op.create_table({!r}, sa.Column('id', sa.Integer()){})"
A, B = CREATE.format("a", ""), CREATE.format("b", "")
DOWN = "op.drop_table('a')"

SURE = {
    "one": ([A], {"a"}),
    "two of them": ([A, B], {"a", "b"}),
    "in one": ([f"{A}\n    {B}"], {"a", "b"}),
    "over lines": ([A.replace("(", "(\n        ", 1)], {"a"}),
    "another one is dropped": ([A, B, "op.drop_table('b')"], {"a"}),
    "a column is dropped": ([A, "op.drop_column('a', 'id')"], {"a"}),
    "behind a docstring": ([f'"""Create it."""\n    {A}'], {"a"}),
}
UNSURE = {
    "it is dropped": [A, "op.drop_table('a')"],
    "by SQL": [A, "op.execute('drop\\n table a')"],
    "with its schema": [A, "op.execute('DROP SCHEMA a CASCADE')"],
    "it is renamed": [A, "op.rename_table('a', 'b')"],
    "in a loop": [A, "for each in ['a']:\n        op.drop_table(each)"],
    "in another schema": [CREATE.format("a", ", schema='x'")],
    "in a comment": [f"pass\n    # {A}"],
    "where something holds": [f"if False:\n        {A}"],
    "in a text": [f'"""Not yet:\n\n    {A}\n    """'],
    "behind the end": [f"return\n    {A}"],
    "by another function": [f"pass\n\n\ndef unused():\n    {A}"],
    "taken back": [f"{A}\n    downgrade()"],
}


@pytest.mark.parametrize("name", [*SURE, *UNSURE])
def test_what_is_told_by_texts(name: str, tmp_path: Path) -> None:
    ups, wanted = SURE[name] if name in SURE else (UNSURE[name], set())
    script = script_directory(project(tmp_path, ups))
    found = surely_created(script.walk_revisions(), {"a", "b", "c"})
    assert found == wanted
    run = creations_of(first_to_last(script.walk_revisions()), sqlite.dialect())
    assert found <= {name for schema, name in run.tables if not schema}


def test_a_file_that_cannot_be_read_makes_nothing_certain(tmp_path: Path) -> None:
    script = script_directory(project(tmp_path, [A, B]))
    revisions = [*script.walk_revisions()]
    Path(revisions[0].path).unlink()
    assert surely_created(revisions, {"a", "b"}) == set()


def project(folder: Path, ups: list[str]) -> Config:
    """A project of revisions that do what is given, one after the other."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    (folder / "limbeck.toml").write_text('url = "sqlite://"\n', encoding="utf-8")
    for number, up in enumerate(ups):
        down = f"r{number - 1}" if number else None
        (versions / f"r{number}.py").write_text(
            f"import sqlalchemy as sa\nfrom limbeck import op\n\nrevision = 'r{number}'\n"
            f"down_revision = {down!r}\n\n\ndef upgrade():\n    {up}\n\n\n"
            f"def downgrade():\n    {DOWN}\n",
            encoding="utf-8",
        )
    return Config(toml_file=folder / "limbeck.toml")
