"""What the journal says by its templates is what it says when it is made anew, to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.dialects.mysql.recovery import MysqlRecovery
from limbeck.project.upgrade_text import upgrade_text
from limbeck.runtime.foretold.foretelling import Foretelling
from limbeck.runtime.foretold.journal_templates import JournalTemplates
from tests.foretold.test_statements import context_on, file_of

_ON = pytest.mark.databases("mariadb")
_FORMS = (
    "op.create_table({0}, sa.Column({1}, sa.Integer(), primary_key=True))",
    "op.create_table({0}, sa.Column({1}, sa.String(9), server_default='it is {0}'),"
    " sa.Column({2}, sa.DateTime(), server_default=sa.func.now()))",
    "op.create_table({0}, sa.Column({1}, sa.Integer()), sa.Column({2}, sa.Integer()),"
    " sa.ForeignKeyConstraint([{1}, {2}], ['task.a', 'task.b'], name={3}))",
    "op.create_table({0}, sa.Column({1}, sa.Integer()), sa.UniqueConstraint({1}))",
    "op.add_column({0}, sa.Column({1}, sa.String(20), comment='percent: 5%'))",
    "op.add_column({0}, sa.Column({1}, sa.Integer(), sa.ForeignKey('task.id', name={3})))",
    "op.drop_column({0}, {1})",
    "op.create_index({3}, {0}, [{1}, {2}], unique=True)",
    "op.create_foreign_key({3}, {0}, {2}, [{1}], ['id'])",
    "op.drop_index({3}, {0})",
    "op.drop_table({0})",
    "op.rename_table({0}, {2})",
    "op.drop_constraint({3}, {0}, type_='unique')",
    "op.execute('ALTER TABLE task COMMENT = 5')",
)
_NAMES = (
    *("a", "b", "z", "_", "_z", "id", "id_", "note", "it", "is", "now", "nowhere"),
    *("task", "task_1"),
    *("view", "event", "truncate", "import", "tables", "sequence", "temporary", "exists"),
    *("order", "Upper", "t" * 60, "alembic_version", "mysql", "general", "utf8mb4_bin"),
)
_PLAIN = 14
"""So many of them are no words of SQL's."""


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each of the revisions was told of by templates; all are told of anew as well."""
    found: list[bool] = []
    usual = JournalTemplates.texts

    def texts(self: JournalTemplates, revision: str, done: Sequence[Any]) -> Any:
        told = usual(self, revision, done)
        assert told == self._journal.texts(revision, done), (revision, done)
        found.append(self._templates.get(self._key(revision, done) or ()) is not None)
        return told

    monkeypatch.setattr(JournalTemplates, "texts", texts)
    return found


@_ON
@pytest.mark.parametrize("convention", [False, True])
def test_templates_say_what_is_made_anew(
    database_url: str, compared: list[bool], convention: bool
) -> None:
    named = {"uq": "uq-%(table_name)s-%(column_0_name)s"} if convention else None
    lots, told = Random(5 + convention), 0
    with context_on(database_url, target_metadata=sa.MetaData(naming_convention=named)) as context:
        foretelling = Foretelling(context)
        for number in range(1500):
            forms = [lots.choice(_FORMS) for _ in range(lots.choice([1, 1, 1, 2]))]
            names: Sequence[str] = _NAMES
            if number % 2:  # most of a history says the same
                forms, names = [_FORMS[number // 2 % 5]], _NAMES[:_PLAIN]
            said = "\n    ".join(each.format(*map(repr, lots.sample(names, 4))) for each in forms)
            text = upgrade_text(file_of(said))
            revision = lots.choice([f"r{number}", f"{number:x}'%s", "ü", "a.b-c"])
            told += text is not None and foretelling.statements(revision, text) is not None
    assert told > 500
    assert compared.count(True) > 90


@_ON
@pytest.mark.parametrize(
    ("said", "names", "is_by_template"),
    [
        (
            "sa.Column({!r}, sa.Integer())",
            ("first", "last", "next", "truncate", "of_it", "import"),
            [False, True, True, False, True, False],
        ),
        (
            "sa.Column({!r}, sa.DateTime(), server_default=sa.func.now())",
            ("first", "last", "now", "next"),
            [False, True, False, True],
        ),
    ],
)
def test_a_name_that_is_a_word_of_the_statement_is_told_of_anew(
    database_url: str, compared: list[bool], said: str, names: Sequence[str], is_by_template: Any
) -> None:
    with context_on(database_url) as context:
        foretelling = Foretelling(context)
        for name in names:
            text = upgrade_text(file_of(f"op.add_column('a_table', {said.format(name)})"))
            assert text is not None
            foretelling.statements("r1", text)
    assert compared == is_by_template


def test_the_words_that_are_looked_for_are_no_mere_names() -> None:
    recovery = MysqlRecovery()
    for word in ("truncate", "drop", "tables", "if", "view", "references", "tablespace", "grant"):
        assert not recovery.is_mere_name(word)
    assert recovery.is_mere_name("created_at")
