"""``env.py`` and what it is told."""

from __future__ import annotations

import logging
from argparse import Namespace
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck import command, context, op
from limbeck.config import Config
from limbeck.errors import CommandError, ConfigurationError, HistoryError
from limbeck.runtime.environment import EnvironmentContext
from limbeck.runtime.events import Event, RevisionFinished, RevisionStarted
from limbeck.runtime.migration import MigrationContext
from limbeck.script import ScriptDirectory
from limbeck.workflow.environment import run_environment
from tests.runtime.projects import Project, create


def environment(project: Project, **options: Any) -> EnvironmentContext:
    config = project.config
    return EnvironmentContext(config, ScriptDirectory.from_config(config), **options)


def test_what_the_command_line_said(small: Project) -> None:
    small.revision("a1")
    small.revision("b1")
    inside = environment(small, tag="t", destination_rev="head", starting_rev="a1", as_sql=True)
    inside.config.cmd_opts = Namespace(x=["a=1", "b", "c=d=e"])
    assert inside.get_x_argument() == ["a=1", "b", "c=d=e"]
    assert inside.get_x_argument(as_dictionary=True) == {"a": "1", "b": "", "c": "d=e"}
    assert inside.get_tag_argument() == "t"
    assert inside.get_revision_argument() == "b1"
    assert inside.get_starting_revision_argument() == "a1"
    assert (inside.get_head_revision(), inside.get_head_revisions()) == ("b1", ("b1",))
    assert inside.is_offline_mode()
    assert not inside.requires_connection()


def test_what_was_not_said(small: Project) -> None:
    inside = environment(small)
    assert inside.get_x_argument() == []
    with pytest.raises(ConfigurationError, match="No starting revision argument"):
        inside.get_starting_revision_argument()
    with pytest.raises(ConfigurationError, match="No context has been configured yet"):
        inside.get_context()


def test_an_engine_is_no_connection(small: Project) -> None:
    engine = sa.create_engine("sqlite://")
    with pytest.raises(CommandError, match="is expected to be a sqlalchemy"):
        environment(small).configure(connection=engine)  # type: ignore[arg-type]  # the mistake
    engine.dispose()


def test_nothing_says_which_database(small: Project) -> None:
    with pytest.raises(ConfigurationError, match="url, or dialect_name is required"):
        environment(small).configure()


def test_literal_binds_are_for_paper(small: Project) -> None:
    with pytest.raises(CommandError, match="Can't use literal_binds setting without as_sql"):
        environment(small).configure(dialect_name="sqlite", literal_binds=True)


def test_options_of_ones_own_are_found_again(small: Project) -> None:
    inside = environment(small, fn=None)
    inside.configure(dialect_name="sqlite", as_you_like=3, tag="own", compare_type=False)
    options = inside.get_context().opts
    assert (options["as_you_like"], options["tag"], options["compare_type"]) == (3, "own", False)
    assert options["script"] is inside.script
    assert inside.get_context().config is inside.config
    assert inside.get_impl().dialect.name == "sqlite"


def test_env_py_reaches_what_a_class_of_ones_own_does(small: Project) -> None:
    class Mine(EnvironmentContext):
        def get_tag_argument(self) -> str | None:
            return f"mine: {super().get_tag_argument()}"

        def of_ones_own(self) -> int:
            return 7

    config = small.config
    with Mine(config, ScriptDirectory.from_config(config), tag="t"):
        assert context.get_tag_argument() == "mine: t"
        assert context.environment.of_ones_own() == 7
        assert context.config is config
    with pytest.raises(NameError, match="Can't invoke function 'get_tag_argument'"):
        context.get_tag_argument()


def test_the_tag_is_that_of_configure(small: Project) -> None:
    inside = environment(small, tag="of the command line")
    assert inside.get_tag_argument() == "of the command line"
    inside.configure(dialect_name="sqlite", tag="of env.py")
    assert inside.get_tag_argument() == "of env.py"


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("head", "b1"),
        ("heads", ("b1",)),
        ("base", None),
        (None, None),
        ("a", "a"),
        ("b1-1", "b1-1"),
        ("+1", "+1"),
        ((), None),
        (("head",), "b1"),
        (("a1", "head"), ("a1", "b1")),
    ],
)
def test_revisions_as_they_were_asked_for(small: Project, word: Any, expected: object) -> None:
    small.revision("a1")
    small.revision("b1")
    inside = environment(small, destination_rev=word, starting_rev=word)
    assert inside.get_revision_argument() == expected
    assert inside.get_starting_revision_argument() == expected


def test_a_stamp_of_nothing_forgets_everything(small: Project) -> None:
    small.revision("a1")
    small.upgrade()
    command.stamp(small.config, ())
    assert small.versions() == []


def test_variables_for_the_template(small: Project) -> None:
    variables = {"config": 1}
    inside = environment(small, template_args=variables)
    inside.configure(dialect_name="sqlite")
    assert inside.get_context().opts["template_args"] is variables
    inside.configure(dialect_name="sqlite", template_args={"mine": 2})
    assert variables == {"config": 1, "mine": 2}


def test_arguments_for_upgrade(small: Project) -> None:
    small.env(run="with context.begin_transaction(): context.run_migrations(name='t7')")
    small.revision("a1", create("x").replace('"x"', 'kw["name"]'))
    small.upgrade()
    assert "t7" in small.tables()


def test_callbacks_and_events(small: Project) -> None:
    small.revision("a1")
    small.revision("b1")
    small.env(options="context.config.attributes['options']")
    seen: list[Any] = []
    events: list[Event] = []
    config = small.config

    def callback(*, ctx: Any, step: Any, heads: Any, run_args: Any, **kw: Any) -> None:
        assert isinstance(ctx, MigrationContext)
        seen.append((step.is_upgrade, step.up_revision_id, step.source_revision_ids, heads))
        assert step.up_revision.revision == step.up_revision_id
        assert step.is_migration
        assert not step.is_stamp
        assert run_args == {}

    config.attributes["options"] = {"on_version_apply": [callback], "report": events.append}
    script = ScriptDirectory.from_config(config)
    run_environment(config, script, lambda heads, ctx: script._upgrade_revs("head", heads))
    assert seen == [(True, "a1", (), {"a1"}), (True, "b1", ("a1",), {"b1"})]
    started = [event for event in events if isinstance(event, RevisionStarted)]
    assert started == [
        RevisionStarted("upgrade", "a1", "make a1", 1, 2),
        RevisionStarted("upgrade", "b1", "make b1", 2, 2),
    ]
    finished = [event for event in events if isinstance(event, RevisionFinished)]
    assert [event.started for event in finished] == started
    assert all(event.seconds >= 0 for event in finished)


def test_the_log(small: Project, caplog: pytest.LogCaptureFixture) -> None:
    small.revision("a1")
    small.revision("b1", down="a1")
    small.revision("b2", down="a1")
    small.revision("m1", down=("b1", "b2"))
    with caplog.at_level(logging.DEBUG, "limbeck.runtime.migration"):
        small.upgrade()
        small.downgrade("base")
    said = [record.getMessage() for record in caplog.records]
    assert said[:4] == [
        "Context impl SQLiteImpl.",
        "Will assume transactional DDL.",
        "Running upgrade  -> a1, make a1",
        "new branch insert a1",
    ]
    assert "Running upgrade b1, b2 -> m1, make m1" in said
    assert "merge, delete ['b1'], update b2 to m1" in said
    assert "unmerge, insert ['b1'], update m1 to b2" in said
    assert said[-2:] == ["Running downgrade a1 -> , make a1", "branch delete a1"]


@pytest.mark.parametrize(("name", "go"), [("upgrade", "head"), ("downgrade", "base")])
def test_a_revision_without_its_function(small: Project, name: str, go: str) -> None:
    small.revision("a1", create("t"))
    path = small.revision("b1")
    if name == "downgrade":
        small.upgrade()
    path.write_text(path.read_text().replace(f"def {name}", f"def {name}_no"))
    before = small.versions()
    with pytest.raises(HistoryError, match=rf"revision b1 has no {name}\(\)") as refused:
        getattr(small, name)(go)
    assert str(path) in refused.value.details
    assert small.versions() == before


def test_alembics_names_within_a_function(small: Project) -> None:
    small.revision("a1", "from alembic import op as theirs\nassert theirs is op")
    small.upgrade()
    assert small.versions() == ["a1"]


def test_whether_a_file_is_run_or_imported(small: Project) -> None:
    small.revision(
        "a1", "from alembic import context as theirs\nassert theirs._proxy and op._proxy"
    )
    small.upgrade()
    assert small.versions() == ["a1"]
    assert context._proxy is None
    assert op._proxy is None


@pytest.mark.parametrize("package", ["limbeck", "alembic"])
def test_env_says_where_the_revisions_are(small: Project, package: str) -> None:
    small.revision("a1", create("t"))
    elsewhere = small.folder / "elsewhere"
    (small.folder / "versions").rename(elsewhere)
    small.env(
        before=f"context.script.version_locations = [sa and {str(elsewhere)!r}]", package=package
    )
    small.upgrade("a1")
    assert small.versions() == ["a1"]
    small.downgrade("base")
    assert small.versions() == []


def test_a_config_without_a_command_line() -> None:
    assert Config().cmd_opts is None
