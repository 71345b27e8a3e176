"""Revisions that are not as they were applied: named by ``check``, refused by ``upgrade``."""

from __future__ import annotations

import pytest

from limbeck.errors import ConfigurationError, HistoryError
from limbeck.workflow.fit import mismatches_of
from tests.applied.projects import Project


def kinds(project: Project) -> list[tuple[str, str]]:
    return [(each.kind, each.revision) for each in mismatches_of(project.config)]


def refused(project: Project, words: str, **options: object) -> None:
    before = project.told(), project.tables()
    with pytest.raises(HistoryError, match=words) as raised:
        project.upgrade(**options)
    assert raised.value.exit_code == 8
    assert "--accept" in (raised.value.hint or "")
    assert (project.told(), project.tables()) == before


@pytest.fixture
def line(small: Project) -> Project:
    """Three revisions, applied."""
    small.line("a1", "b2", "c3")
    small.upgrade()
    assert kinds(small) == []
    return small


def test_comments_and_formatting_do_not_count(line: Project) -> None:
    line.replace("b2", "    op.drop", "    # undo\n    (op).drop")
    line.replace("b2", '"""message of b2"""', '"""other words"""')
    line.replace("b2", "import sqlalchemy as sa\n", "import os\nimport sqlalchemy as sa\n")
    text = line.path("b2").read_bytes()
    line.path("b2").write_bytes(text.replace(b"\n", b"\r\n"))
    assert kinds(line) == []
    line.upgrade()


@pytest.mark.parametrize(
    "change", [("op.create_table", "op.created_table"), ("sa.Integer", "sa.Text")]
)
def test_edited(line: Project, change: tuple[str, str]) -> None:
    line.replace("b2", *change)
    assert kinds(line) == [("edited", "b2")]
    refused(line, "revision b2 was edited after it was applied .2026-0. *")
    line.upgrade(accept=["b2"])
    assert kinds(line) == []
    assert line.told()[-1] == ("b2", "accept", "accepted")
    line.upgrade()


def test_no_longer_python(line: Project) -> None:
    line.replace("b2", "def upgrade", "def up grade")
    assert kinds(line) == [("edited", "b2")]


def test_accepting_what_fits_is_harmless(line: Project) -> None:
    line.upgrade(accept=["b2"])
    assert len(line.told()) == 3
    assert line.said == ["nothing to accept: revision b2 is as it was applied"]
    with pytest.raises(HistoryError):
        line.upgrade(accept=["nonsense"])


def test_put_in_below_the_head(line: Project) -> None:
    line.write("x9", "b2")
    line.replace("c3", "down_revision = 'b2'", "down_revision = 'x9'")
    assert kinds(line) == [("missing", "x9")]
    refused(line, "revision x9 was never applied, and comes before c3, which is")
    line.upgrade(allow_out_of_order=True)
    assert "t_x9" in line.tables()
    assert kinds(line) == []
    line.upgrade()
    line.downgrade("b2")
    assert "t_x9" not in line.tables()
    line.upgrade()
    assert "t_x9" in line.tables()


def test_put_in_and_taken_as_applied(line: Project) -> None:
    line.write("x9", "b2")
    line.replace("c3", "down_revision = 'b2'", "down_revision = 'x9'")
    line.upgrade(accept=["x9"])
    assert kinds(line) == []
    assert "t_x9" not in line.tables()


def test_two_put_in_one_fails(line: Project) -> None:
    """What has run out of order counts, whatever becomes of the next one."""
    line.write("x8", "a1")
    line.write("x9", "x8", 'op.execute("nonsense")')
    line.replace("b2", "down_revision = 'a1'", "down_revision = 'x9'")
    with pytest.raises(Exception, match="x9 failed"):
        line.upgrade(allow_out_of_order=True)
    assert kinds(line) == [("missing", "x9")]
    line.write("x9", "x8")
    line.write("d4", "c3")
    line.upgrade(allow_out_of_order=True)
    assert {"t_x8", "t_x9", "t_d4"} < line.tables()
    assert kinds(line) == []


@pytest.mark.parametrize("policy", ["run", "ignore"])
def test_the_setting_decides(line: Project, policy: str) -> None:
    line.write("x9", "b2")
    line.replace("c3", "down_revision = 'b2'", "down_revision = 'x9'")
    line.settings["out_of_order"] = policy
    assert kinds(line) == []
    line.upgrade()
    assert ("t_x9" in line.tables()) == (policy == "run")
    line.downgrade("a1")  # what was never run is not undone
    assert line.tables() & {"t_b2", "t_x9", "t_c3"} == set()
    line.upgrade()
    assert {"t_b2", "t_x9", "t_c3"} < line.tables()


def test_the_setting_says_nonsense(line: Project) -> None:
    line.settings["out_of_order"] = "maybe"
    with pytest.raises(ConfigurationError, match="out_of_order is 'maybe'"):
        line.upgrade()


def test_a_branch_that_was_never_applied_is_no_mismatch(line: Project) -> None:
    line.write("x9", "a1")
    line.write("m5", ("x9", "c3"))
    assert kinds(line) == []
    line.upgrade()
    assert {"t_x9", "t_m5"} < line.tables()


def test_a_dependency_that_was_put_in(line: Project) -> None:
    line.write("x9", "a1")
    line.replace("c3", "down_revision = 'b2'", "down_revision = 'b2'\ndepends_on = 'x9'")
    assert kinds(line) == [("missing", "x9")]
    line.upgrade("heads", allow_out_of_order=True)
    assert kinds(line) == []


def test_deleted(line: Project) -> None:
    line.path("b2").unlink()
    line.replace("c3", "down_revision = 'b2'", "down_revision = 'a1'")
    assert kinds(line) == [("deleted", "b2")]
    refused(line, "revision b2 is applied .*, and its file is gone")
    with pytest.raises(HistoryError, match="b2"):
        line.downgrade("a1")  # b2 would stay behind
    line.upgrade(accept=["b2"])
    assert kinds(line) == []
    assert line.told()[-2:] == [("b2", "forget", "accepted"), ("c3", "accept", "accepted")]
    line.downgrade("base")
    assert "t_b2" in line.tables()


def test_two_deleted_one_after_the_other(small: Project) -> None:
    small.line("a1", "b2", "c3", "d4")
    small.upgrade()
    for name in ("b2", "c3"):
        small.path(name).unlink()
    small.replace("d4", "down_revision = 'c3'", "down_revision = 'a1'")
    assert kinds(small) == [("deleted", "b2"), ("deleted", "c3")]
    with pytest.raises(HistoryError, match="c3"):
        small.upgrade(accept=["b2"])
    small.upgrade(accept=["c3"])
    assert kinds(small) == []


def test_moved(small: Project) -> None:
    small.write("a1")
    small.write("b2", "a1")
    small.write("c3", "a1")
    small.write("d4", "c3")
    small.upgrade("heads")
    small.replace("d4", "down_revision = 'c3'", "down_revision = 'b2'")
    assert kinds(small) == [("moved", "d4")]
    with pytest.raises(HistoryError, match="d4 followed c3 when it was applied"):
        small.upgrade("heads")
    small.write("e5", "d4")
    small.upgrade("heads", accept=["d4"])
    assert kinds(small) == []
    assert small.rows()[-1].heads == ("c3", "e5")
    small.downgrade("base")
    assert small.tables() == {"alembic_version", "limbeck_history"}


def test_several_are_all_named(line: Project) -> None:
    line.replace("a1", "sa.Integer", "sa.Text")
    line.replace("c3", "sa.Integer", "sa.Text")
    with pytest.raises(HistoryError, match="2 revisions are not as they were applied") as raised:
        line.upgrade()
    assert [each[:11] for each in raised.value.details] == ["revision a1", "revision c3"]
    line.upgrade(accept=["a1", "c3"])


def test_what_was_adopted_counts_as_applied(small: Project) -> None:
    small.line("a1", "b2")
    small.settings["history"] = False
    small.upgrade()
    small.settings.clear()
    small.write("c3", "b2")
    small.upgrade()
    assert kinds(small) == []
    small.replace("a1", "sa.Integer", "sa.Text")
    assert kinds(small) == [("edited", "a1")]


def test_what_another_tool_has_applied_fits(line: Project) -> None:
    line.write("d4", "c3")
    line.settings["history"] = False
    line.upgrade()
    line.settings.clear()
    assert kinds(line) == []
    line.upgrade()


def test_an_edit_before_it_is_applied_again(line: Project) -> None:
    line.downgrade("a1")
    line.replace("b2", "sa.Integer", "sa.Text")
    assert kinds(line) == []
    line.upgrade()
    assert kinds(line) == []
