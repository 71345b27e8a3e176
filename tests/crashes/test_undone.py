"""Taking back what is in, where that is interrupted or fails as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import server_of
from tests.crashes.faults import Fault
from tests.crashes.servers import Databases
from tests.crashes.statements import statements_on
from tests.crashes.trials import Trial

STEPS = {
    "postgresql": """
op.add_column("account", sa.Column("one", sa.Integer))
op.create_procedure("nothing", "", "LANGUAGE sql AS 'SELECT 1'")
op.create_index("ix_one", "account", ["one"], postgresql_concurrently=True)
op.create_domain("short", "text")
op.create_index("ix_name", "account", ["name"], postgresql_concurrently=True)
op.create_index("ix_name", "account", ["name"])
""",
    "mariadb": """
op.add_column("account", sa.Column("one", sa.Integer, sa.ForeignKey("account.id", name="fk_one")))
op.create_table("two", sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("word", sa.String(9), index=True))
op.rename_table("old_name", "new_name")
op.replace_view("rich", "SELECT id FROM account")
op.create_index("ix_amount", "purchase", ["amount"])
""",
}
"""The last one fails, as there is an index of that name."""
PARTS = (0.1, 0.3, 0.5, 0.7, 0.9)


@pytest.fixture
def trial(
    database_name: str, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> Iterator[tuple[Databases, Trial]]:
    """Databases, and a project on one whose first revision is there."""
    kind = database_name.rstrip("158")
    databases = Databases(database_name, server_of(database_name, tmp_path_factory))
    with databases.fresh() as url:
        trial = Trial(tmp_path / "project", url, kind)
        assert trial.run("upgrade", "r1").code == 0
        yield databases, trial


@pytest.mark.databases("postgresql18", "mariadb")
def test_an_undo_that_is_killed_is_called_again(
    trial: tuple[Databases, Trial], database_name: str
) -> None:
    databases, first = trial
    first.write("r2", "r1", STEPS[database_name.rstrip("158")])
    before = first.state()
    with databases.copy_of(first.url) as url:
        clean = first.on(url)
        assert clean.run("upgrade", "head").code == 7
        undone = clean.run("repair", "--undo")
        assert undone.code == 0, undone.output
        assert clean.state().differs_from(before) == []
    for number, part in enumerate(PARTS):
        with databases.copy_of(first.url) as url:
            killed = first.on(url)
            assert killed.run("upgrade", "head").code == 7
            fault = Fault("kill", round(undone.moments * part))
            assert killed.run("repair", "--undo", fault=fault).code == -9
            if number % 2:  # the same command as before, in place of the undo
                assert killed.run("upgrade", "head").code == 7
            again = killed.run("repair", "--undo")
            # It may have been killed at the very end.
            is_well = again.code == 0 or "nothing was interrupted" in again.output
            assert is_well, again.output
            assert killed.state().differs_from(before) == []


@pytest.mark.databases("mariadb")
def test_nothing_is_done_to_the_original_of_a_copy(trial: tuple[Databases, Trial]) -> None:
    databases, first = trial
    first.write("r2", "r1", STEPS["mariadb"])
    assert first.run("upgrade", "head").code == 7
    before = first.state()
    with databases.copy_of(first.url) as url:
        copied = first.on(url)
        for words in (("repair", "--undo"), ("upgrade", "head")):
            refused = copied.run(*words)
            assert refused.code == 8, refused.output
            assert "of which this is a copy" in refused.output
        assert first.state().differs_from(before) == []
        assert copied.run("repair", "--mark-applied").code == 0
    assert first.run("repair", "--undo").code == 0


@pytest.mark.databases("mariadb")
def test_a_copy_whose_index_fails_is_finished(trial: tuple[Databases, Trial]) -> None:
    """The table that was copied is dropped already: there is no way but on."""
    _, copied = trial
    copied.write(
        "r2",
        "r1",
        'with op.batch_alter_table("account", recreate="always", '
        'partial_reordering=[("id", "fax", "name")]) as batch:\n'
        '    batch.add_column(sa.Column("more", sa.Integer))\n'
        '    batch.create_index("ix_fax", ["fax"], unique=True)',
    )
    statements_on(copied.url, "UPDATE account SET fax = 'the same'")
    failed = copied.run("upgrade", "head")
    assert failed.code == 7 and "half in" in failed.output, failed.output
    assert copied.run("upgrade", "head").code == 7
    statements_on(copied.url, "UPDATE account SET fax = id")
    again = copied.run("upgrade", "head")
    assert again.code == 0, again.output
    rows = statements_on(copied.url, "SELECT fax, more FROM account ORDER BY id")
    assert rows == [(str(number), None) for number in range(1, 5)]
    with pytest.raises(Exception, match="Duplicate"):
        statements_on(copied.url, "UPDATE account SET fax = 'the same'")
