"""A database that is ahead of the files: an old checkout after a release was taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from limbeck.errors import HistoryError, RevisionFailed
from limbeck.workflow.current import current
from limbeck.workflow.status import status
from tests.applied.projects import Project


def make_ahead(project: Project) -> Project:
    """Four revisions are applied; of the files only two are left."""
    project.line("a1", "b2", "c3", "d4")
    project.upgrade()
    for name in ("c3", "d4"):
        project.path(name).unlink()
    return project


@pytest.fixture
def ahead(small: Project) -> Project:
    return make_ahead(small)


def test_an_upgrade_has_nothing_to_do(ahead: Project) -> None:
    ahead.upgrade()
    assert ahead.said[0] == "the database is ahead: it has 2 revisions that these files do not know"
    assert ahead.said[-1].startswith("  d4, applied 2026-0")
    assert ahead.said[-1].endswith("UTC by jane on build7")
    with pytest.raises(HistoryError, match="ahead") as raised:
        ahead.upgrade(strict=True)
    assert raised.value.exit_code == 8


def test_files_with_more_are_refused(ahead: Project) -> None:
    ahead.write("x9", "b2")
    with pytest.raises(HistoryError, match="do not know, and lacks x9"):
        ahead.upgrade()
    assert "t_x9" not in ahead.tables()


def test_what_is_gone_for_good_is_forgotten(ahead: Project) -> None:
    """The head was deleted, and another one written in its place."""
    ahead.write("x9", "b2")
    ahead.upgrade(accept=["c3", "d4"])
    assert [words[:20] for words in ahead.said] == ["accepted: revision c", "accepted: revision d"]
    assert ahead.rows()[-1].heads == ("x9",)
    assert {"t_x9", "t_d4"} < ahead.tables()
    ahead.upgrade()
    assert ahead.said == []
    ahead.downgrade("base")


def test_a_part_of_it_is_forgotten(ahead: Project) -> None:
    ahead.upgrade(accept=["c3"])
    assert ahead.rows()[-1].heads == ("d4",)
    ahead.downgrade("b2")
    assert ahead.tables() & {"t_c3", "t_d4"} == {"t_c3"}
    ahead.upgrade()


def test_current_names_it(ahead: Project) -> None:
    [found] = current(ahead.config, check_heads=True)
    assert found.entries == ()
    [unknown] = found.unknown
    assert unknown.line().startswith("d4 (not in these files), message of d4; applied 2026-")
    [database] = status(ahead.config).databases
    assert (database.pending, [each.row.revision for each in database.unknown]) == ((), ["d4"])


def test_without_a_history_it_is_unknown(ahead: Project) -> None:
    ahead.settings["history"] = False
    for attempt in (ahead.upgrade, lambda: current(ahead.config), lambda: ahead.downgrade("a1")):
        with pytest.raises(HistoryError, match="Can't locate revision identified by 'd4'"):
            attempt()


def test_an_unknown_one_below_is_no_database_ahead(ahead: Project) -> None:
    ahead.run("UPDATE alembic_version SET version_num = 'stranger'")
    with pytest.raises(HistoryError, match="Can't locate revision identified by 'stranger'"):
        ahead.upgrade()


def test_the_way_back(project: Project) -> None:
    """What the files do not know is undone by what the history has kept of it."""
    make_ahead(project)
    project.downgrade("b2")
    assert project.said == ["d4, c3 are undone by what the history has kept of the file"]
    assert project.tables() >= {"t_a1", "t_b2"}
    assert project.tables() & {"t_c3", "t_d4"} == set()
    assert project.told()[-2:] == [("d4", "downgrade", "done"), ("c3", "downgrade", "done")]
    project.upgrade()
    project.downgrade("base")


def test_steps_back_count_from_where_it_is(ahead: Project) -> None:
    ahead.downgrade("-1")
    assert ahead.rows()[-1].heads == ("c3",)
    ahead.downgrade("-2")
    assert ahead.rows()[-1].heads == ("a1",)


def test_a_branch_ahead(small: Project) -> None:
    small.write("a1")
    small.write("b2", "a1")
    small.write("c3", "a1")
    small.write("m4", ("b2", "c3"))
    small.upgrade()
    for name in ("m4", "c3"):
        small.path(name).unlink()
    small.upgrade()
    assert "ahead" in small.said[0]
    small.downgrade("a1")
    assert small.tables() & {"t_b2", "t_c3", "t_m4"} == set()


@pytest.mark.parametrize("row", [1, 4])
def test_a_changed_row_runs_nothing(ahead: Project, row: int) -> None:
    ahead.run(f"UPDATE limbeck_history SET source = 'raise SystemExit(3)' WHERE number = {row}")
    with pytest.raises(HistoryError, match=f"row {row} of limbeck_history cannot be trusted"):
        ahead.downgrade("a1")
    assert "t_d4" in ahead.tables()


def test_nothing_runs_that_the_settings_forbid(ahead: Project) -> None:
    ahead.settings["downgrade_from_history"] = False
    with pytest.raises(HistoryError, match="ahead of these files by c3, d4"):
        ahead.downgrade("a1")


def test_only_a_downgrade_runs_what_is_kept(small: Project, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    small.line("a1")
    small.write("b2", "a1")
    small.replace("b2", "revision = 'b2'", f"open({str(mark)!r}, 'w').close()\nrevision = 'b2'")
    small.upgrade()
    small.path("b2").unlink()
    mark.unlink()
    small.upgrade()
    current(small.config)
    status(small.config)
    assert not mark.exists()
    small.downgrade("a1")
    assert mark.exists()


def test_a_way_back_that_fails(small: Project) -> None:
    small.line("a1")
    small.write("b2", "a1", back='op.execute("nonsense")')
    small.upgrade()
    small.path("b2").unlink()
    with pytest.raises(RevisionFailed, match="the downgrade of revision b2 failed"):
        small.downgrade("a1")
    assert small.told()[-1] == ("b2", "downgrade", "failed")
