"""The graph and its steps under Alembic's names: one program, run with both, prints the same."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shim.test_alembic_name import python

GRAPH = """
from alembic.script.revision import Revision, RevisionError, RevisionMap

def history():
    return [
        Revision("aaaa1", None),
        Revision("bbbb2", "aaaa1", branch_labels="shop"),
        Revision("cccc2", "aaaa1"),
        Revision("dddd3", ("bbbb2", "cccc2")),
        Revision("xxxx1", None, dependencies="bbbb2", branch_labels="net"),
        Revision("yyyy2", "xxxx1", dependencies="bbbb2"),
    ]

map_ = RevisionMap(history)

def ids(found):
    return [getattr(one, "revision", one) for one in found]
"""

VIEWS = f"""{GRAPH}
for one in ids(map_.iterate_revisions("heads", "base")):
    each = map_.get_revision(one)
    print(
        one, each._all_down_revisions, each._normalized_down_revisions,
        each._versioned_down_revisions, each._resolved_dependencies, sorted(each._all_nextrev),
        each._is_real_head, each._is_real_base, each._is_real_branch_point, each.is_head,
        each.is_base,
    )
print(map_._real_heads, map_._real_bases, sorted(map_._revision_map, key=str))
for word in ("base", "net@base", "shop@head", "dddd3", "yyyy2"):
    print(word, map_._get_base_revisions(word))
both = map_.get_revisions(["dddd3", "xxxx1"])
print(sorted(ids(map_._get_ancestor_nodes(both))))
print(sorted(ids(map_._get_ancestor_nodes(both, include_dependencies=False))))
print(sorted(ids(map_._get_descendant_nodes(map_.get_revisions("bbbb2")))))
print(map_._topological_sort(list(both), list(both)))
try:
    print(ids(map_._get_ancestor_nodes(map_.get_revisions(["aaaa1", "dddd3"]), check=True)))
except RevisionError as error:
    print(error)
"""

STEPS = f"""{GRAPH}
from io import StringIO
from types import SimpleNamespace
from sqlalchemy import create_engine
from alembic.migration import (
    HeadMaintainer, MigrationContext, MigrationStep, RevisionStep, StampStep
)

def upgrade(): pass
def downgrade(): pass

def shown(step, heads):
    heads = set(heads)
    words = [
        str(step), step.name, step.short_log, step.is_upgrade, step.is_downgrade,
        step.from_revisions, step.to_revisions,
        step.from_revisions_no_deps, step.to_revisions_no_deps, step.migration_fn.__name__,
        sorted(step.info.source_revision_ids), sorted(step.info.destination_revision_ids),
    ]
    for name in ("create_branch", "delete_branch", "merge_branches", "unmerge_branches"):
        if getattr(step, "should_" + name)(heads):
            words.append(name)
    if step.should_create_branch(heads):
        words.append(step.insert_version_num)
    elif step.should_delete_branch(heads):
        words.append(step.delete_version_num)
    elif step.should_merge_branches(heads):
        words.append(step.merge_branch_idents(heads))
    elif step.should_unmerge_branches(heads):
        left, kept, new = step.unmerge_branch_idents(heads)
        words.append([left, sorted([kept, *new])])  # which of them is kept is left to hashing
    else:
        words.append(step.update_version_num(heads))
    return words

engine = create_engine("sqlite://")
with engine.connect() as connection:
    context = MigrationContext.configure(connection)
    context._ensure_version_table()

    class Telling(HeadMaintainer):
        def _insert_version(self, version):
            print("insert")
            super()._insert_version(version)

        def _update_version(self, from_, to_):
            print("update", from_)
            super()._update_version(from_, to_)

        def _delete_version(self, version):
            print("delete")
            super()._delete_version(version)

    def walk(heads, *steps):
        maintainer = Telling(context, heads)
        for step in steps:
            print(*shown(step, maintainer.heads), sep=" | ")
            maintainer.update_to_step(step)
            rows = context.get_current_heads()
            print(sorted(maintainer.heads), sorted(rows))

    def up(id_):
        return MigrationStep.upgrade_from_script(map_, map_.get_revision(id_))

    def down(id_):
        return MigrationStep.downgrade_from_script(map_, map_.get_revision(id_))

    for one in map_.get_revisions([one.revision for one in history()]):
        one.module = SimpleNamespace(upgrade=upgrade, downgrade=downgrade)
        one.doc = "" if one.revision == "aaaa1" else "about " + one.revision
    walk((), up("aaaa1"), up("bbbb2"), up("cccc2"), up("xxxx1"), up("dddd3"), up("yyyy2"))
    walk(("dddd3", "yyyy2"), down("yyyy2"), down("xxxx1"), down("dddd3"), down("cccc2"))
    walk(("bbbb2",), StampStep("bbbb2", "dddd3", True, False, map_))
    walk(("dddd3",), StampStep((), "xxxx1", True, True, map_))
    walk(("dddd3", "xxxx1"), StampStep(("dddd3",), (), False, True, map_))
    walk(("xxxx1",), StampStep("xxxx1", ("bbbb2", "cccc2"), False, False, map_))
    walk(("bbbb2", "cccc2"), StampStep(("bbbb2", "cccc2"), "dddd3", True, False, map_))

out = StringIO()
paper = MigrationContext.configure(
    dialect_name="postgresql", opts={{"as_sql": True, "output_buffer": out}}
)
maintainer = HeadMaintainer(paper, ())
for step in (up("aaaa1"), up("bbbb2"), up("cccc2"), down("cccc2")):
    maintainer.update_to_step(step)
print(out.getvalue())
print(up("aaaa1") == up("aaaa1"), up("aaaa1") == down("aaaa1"), up("aaaa1") == up("bbbb2"))
print(isinstance(up("aaaa1"), RevisionStep), issubclass(StampStep, MigrationStep))
"""

PLANS = """
from pathlib import Path
from alembic.script import ScriptDirectory

Path("versions").mkdir()
script = ScriptDirectory(".", messaging_opts={"quiet": True})
Path("script.py.mako").write_text(
    "revision = ${repr(up_revision)}\\ndown_revision = ${repr(down_revision)}\\n"
    "branch_labels = ${repr(branch_labels)}\\ndepends_on = ${repr(depends_on)}\\n"
    "def upgrade(): pass\\ndef downgrade(): pass\\n"
)
script.generate_revision("aaaa1", "a", head="base")
script.generate_revision("bbbb2", "b", head="aaaa1", branch_labels="shop")
script.generate_revision("cccc2", "c", head="aaaa1", splice=True)
script.generate_revision("dddd3", "d", head=("bbbb2", "cccc2"))
script.generate_revision("xxxx1", "x", head="base", depends_on="bbbb2", branch_labels="net")
script.generate_revision("yyyy2", "y", head="xxxx1")
for plan in (
    script._upgrade_revs("heads", ()),
    script._upgrade_revs("net@head", ("aaaa1",)),
    script._downgrade_revs("aaaa1", ("dddd3", "yyyy2")),
    script._downgrade_revs("net@base", ("dddd3", "yyyy2")),
    script._stamp_revs("heads", ()),
    script._stamp_revs("base", ("dddd3",)),
    script._stamp_revs("net@base", ("dddd3", "yyyy2")),
    script._stamp_revs("dddd3", ("aaaa1",)),
    script._stamp_revs("aaaa1", ("bbbb2", "cccc2")),
    script._stamp_revs("bbbb2", ("dddd3",)),
    script._stamp_revs("dddd3", ("bbbb2", "cccc2")),
):
    print([(str(step), type(step).__name__, step.is_upgrade) for step in plan])
print(sorted(one.revision for one in script.get_all_current(("yyyy2",))))
both = script.get_all_current(("yyyy2",)) & set(script.get_revisions("bbbb2"))
print([one.revision for one in both])
"""


BY_HAND = f"""{PLANS}
from sqlalchemy import create_engine
from alembic.runtime.migration import MigrationContext, MigrationStep, StampStep

def up(id_):
    return MigrationStep.upgrade_from_script(script.revision_map, script.get_revision(id_))

def down(id_):
    return MigrationStep.downgrade_from_script(script.revision_map, script.get_revision(id_))

told = []

def tell(*, ctx, step, heads, run_args):
    told.append(
        (step.is_upgrade, step.is_stamp, step.up_revision_id, sorted(step.down_revision_ids),
         sorted(step.source_revision_ids), sorted(step.destination_revision_ids), sorted(heads))
    )

with create_engine("sqlite://").connect() as connection:
    context = MigrationContext.configure(
        connection, opts={{"on_version_apply": [tell], "script": script}}
    )
    print(context._has_version_table())
    for steps in (
        [up("aaaa1"), up("bbbb2"), up("xxxx1"), up("cccc2"), up("dddd3")],
        [down("xxxx1"), down("dddd3")],
        [StampStep(("bbbb2", "cccc2"), "dddd3", True, False, script.revision_map)],
        script._stamp_revs("heads", ("dddd3",)),
        script._stamp_revs("net@base", ("dddd3", "yyyy2")),
        script._stamp_revs("base", ("dddd3",)),
        script._stamp_revs("dddd3", ()),
        script._downgrade_revs("base", ("dddd3",)),
    ):
        context._migrations_fn = lambda heads, context: steps
        with context.begin_transaction():
            context.run_migrations()
        print(context._has_version_table(), sorted(context.get_current_heads()), told)
        told.clear()
    with context.begin_transaction():
        for word in ("heads", "aaaa1", "shop@head", "base"):
            context.stamp(script, word)
            print(word, sorted(context.get_current_heads()))
"""

PROGRAMS = {"views": VIEWS, "steps": STEPS, "plans": PLANS, "by hand": BY_HAND}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_both_print_the_same(tmp_path: Path, program: str) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "theirs").mkdir()
    ours = python(tmp_path / "ours", "-c", program)
    assert ours.returncode == 0, ours.stderr
    theirs = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path / "theirs",
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert ours.stdout == theirs.stdout.replace("/theirs/", "/ours/")
