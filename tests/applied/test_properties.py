"""Whatever is done in whatever order, the rows alone say what is applied."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from limbeck import command
from limbeck.errors import CommandError
from limbeck.revisions.recorded import recorded
from limbeck.revisions.walk import reached
from limbeck.script import ScriptDirectory
from limbeck.workflow.fit import mismatches_of
from tests.applied.projects import Project

NAMES = ("r0", "r1", "r2", "r3", "r4", "r5")


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, Any, Any]]:
    """Revisions with what they follow and what they depend on."""
    found = []
    for number, name in enumerate(NAMES):
        before = NAMES[:number]
        down = draw(st.lists(st.sampled_from(before), max_size=2, unique=True)) if before else []
        rest = [each for each in before if each not in down]
        depends = draw(st.lists(st.sampled_from(rest), max_size=1)) if rest else []
        found.append((name, tuple(down) or None, tuple(depends) or None))
    return found


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["upgrade", "upgrade", "downgrade", "stamp"]),
        st.sampled_from([*NAMES, "heads", "base"]),
        st.sampled_from([True, True, True, False]),
    ),
    min_size=2,
    max_size=7,
)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(histories(), ACTIONS)
def test_the_rows_say_what_is_applied(
    revisions: list[tuple[str, Any, Any]], actions: list[tuple[str, str, bool]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder), f"sqlite:///{folder}/x.db")
        for name, down, depends in revisions:
            project.write(name, down, "pass", "pass", depends_on=depends)
        for verb, name, with_history in actions:
            # without one, it is as if another tool had done it
            project.settings["history"] = with_history
            try:
                getattr(command, verb)(project.config, name)
            except CommandError:
                continue
            project.settings["history"] = True
            expect_the_truth(project)


def expect_the_truth(project: Project) -> None:
    [found] = command.history_applied(project.config, verify=True)
    if not found.exists:
        return
    graph = ScriptDirectory.from_config(project.config).revision_map.graph
    applied = reached(graph.all_parents, found.heads)
    state = recorded(found.rows)
    assert state.at(found.heads, graph).keys() == applied
    if found.is_complete:
        assert state.rows.keys() == applied
    assert mismatches_of(project.config) == ()
