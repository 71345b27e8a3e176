"""What is generated is proved; what has a mistake in it is refuted.

For each change of the loop's cases a revision is generated and proved as it is. Then mistakes are
put into it, one at a time, and each must be refused. A mistake that makes no difference is one that
leads to the same catalogue, up and down: the database's own, not limbeck's reading of it.

A part of the cases is proved, another one on each database, and mistakes are put into a part of
these; ``LIMBECK_TESTS=all`` takes every case and puts mistakes into all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from limbeck.config import Config
from limbeck.errors import CommandError
from limbeck.script import ScriptDirectory
from limbeck.workflow.project import script_directory
from limbeck.workflow.proof import Proof, prove_revision
from limbeck.workflow.replay import Replay, replaying
from tests.loop import cases_columns, cases_odd, cases_tables
from tests.loop.case import Build, Case
from tests.loop.loop import Loop
from tests.proof.catalogue import catalogue
from tests.proof.mutants import Mutant, mutants_of
from tests.proof.sample import is_mutated

CASES = (*cases_columns.CASES, *cases_tables.CASES, *cases_odd.CASES)
MODELS = """\
from tests.proof.test_mutation import CASES, models_of

case = next(case for case in CASES if case.name == {name!r})
metadata = models_of(case, case.after)
"""

HEADER = """

revision = "{id}"
down_revision = {down!r}
"""

score: dict[str, Counter[str]] = {}


def models_of(case: Case, build: Build) -> sa.MetaData:
    """One side's models, with a table that stays where the other one has all tables of the case.

    Nothing is compared with models without any table: they may have failed to import.
    """
    models = case.models(build)
    if not (case.models(case.before).tables and case.models(case.after).tables):
        sa.Table("that_stays", models, sa.Column("id", sa.Integer))
    return models


class Generated:
    """A project of two generated revisions: what there was, and the case's change."""

    def __init__(self, case: Case, url: str, folder: Path, engine: sa.Engine) -> None:
        versions = folder / "migrations" / "versions"
        versions.mkdir(parents=True)
        self.second = versions / "b.py"
        module = f"models_of_case_{CASES.index(case)}"
        (folder / f"{module}.py").write_text(MODELS.format(name=case.name), encoding="utf-8")
        (folder / "limbeck.toml").write_text(
            f'url = "{url}"\nmodels = "{module}:metadata"\ninclude_schemas = true\n'
            if engine.dialect.name == "postgresql"
            else f'url = "{url}"\nmodels = "{module}:metadata"\n',
            encoding="utf-8",
        )
        self.config = Config(toml_file=folder / "limbeck.toml")
        loop = Loop(engine, folder, include_schemas=engine.dialect.name == "postgresql")
        before, after = models_of(case, case.before), models_of(case, case.after)
        first = loop.revision("first", before)
        first.run(engine, "upgrade", {"target_metadata": before})
        self._write(versions / "a.py", first.text, "a", None)
        self._write(self.second, loop.revision("second", after).text, "b", "a")

    def _write(self, path: Path, text: str, id_: str, down: str | None) -> None:
        docstring, rest = text.split("\n", 1)
        header = HEADER.format(id=id_, down=down)
        path.write_text(docstring + header + rest, encoding="utf-8")

    def prove(self, replay: Replay) -> Proof:
        """Prove the second revision as its file is now."""
        replay.script = self.history()
        replay.start_over()
        replay.upgrade(["a"])
        script = replay.script.get_revision("b")
        assert script is not None
        return prove_revision(replay, script, "here 1", is_generated=True)

    def places(self, replay: Replay) -> list[list[str]]:
        """The catalogue after up and after down; shorter where the file fails."""
        replay.script = self.history()
        replay.start_over()
        replay.upgrade(["a"])
        found = []
        try:
            replay.upgrade(["b"])
            found.append(catalogue(replay.scratch.engine))
            replay.downgrade("b")
            found.append(catalogue(replay.scratch.engine))
        except CommandError:
            pass
        return found

    def history(self) -> ScriptDirectory:
        """The history as it is on disk now."""
        return script_directory(self.config)


@contextmanager
def generated(
    case: Case, url: str, folder: Path, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Generated, Replay]]:
    """The project of a case, and a scratch database for it."""
    monkeypatch.syspath_prepend(folder)
    project = Generated(case, url, folder, engine)
    with replaying(project.config) as replay:
        yield project, replay


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_mistakes_are_refused(
    case: Case,
    engine: sa.Engine,
    database_url: str,
    database_name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path / "project"
    with generated(case, database_url, folder, engine, monkeypatch) as (project, replay):
        proof = project.prove(replay)
        source = project.second.read_text(encoding="utf-8")
        assert proof.outcome == "proved", f"{proof}\n{source}"
        if not is_mutated(case, database_name):
            return
        good = project.places(replay)
        survivors = []
        for mutant in mutants_of(source):
            project.second.write_text(mutant.source, encoding="utf-8")
            outcome = _outcome(project, replay, good)
            score.setdefault(mutant.kind, Counter())[outcome] += 1
            if outcome == "survived":
                survivors.append(mutant)
    assert not survivors, "\n\n".join(map(_shown, survivors))


def _outcome(project: Generated, replay: Replay, good: list[list[str]]) -> str:
    try:
        if project.prove(replay).outcome != "proved":
            return "refused"
    except CommandError:
        return "refused"
    return "equivalent" if project.places(replay) == good else "survived"


def _shown(mutant: Mutant) -> str:
    return f"{mutant.kind} ({mutant.place})\n{mutant.source}"


@pytest.fixture(scope="module", autouse=True)
def told_score(request: pytest.FixtureRequest) -> Iterator[None]:
    """Say the score at the end."""
    yield
    total: Counter[str] = sum(score.values(), Counter())
    if not total:
        return
    lines = [f"{kind}: {dict(counts)}" for kind, counts in sorted(score.items())]
    asked = total["refused"] + total["survived"]
    print(f"\nmutants: {dict(total)}; refused {total['refused']} of {asked} that differ")
    print("\n".join(lines))
