"""What Alembic documents is there under its name, and takes the same parameters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = os.pathsep.join([str(ROOT / "packages" / "limbeck-alembic" / "src"), str(ROOT / "src")])

DOCUMENTED = (
    "alembic.op",
    "alembic.context",
    "alembic.command",
    "alembic.config",
    "alembic.script",
    "alembic.script.revision",
    "alembic.runtime.environment",
    "alembic.runtime.migration",
    "alembic.runtime.plugins",
    "alembic.operations",
    "alembic.operations.ops",
    "alembic.autogenerate",
    "alembic.autogenerate.api",
    "alembic.ddl.base",
    "alembic.ddl.impl",
)

#: What is not there, or has other parameters, and why.
ON_PURPOSE = {
    "alembic.op.create_module_class_proxy": "Alembic's own way to make its modules",
    "*.create_module_class_proxy": "Alembic's own way to make its modules",
    "*.EnvironmentContext.config": "every environment has it; no class does",
    "*.EnvironmentContext.script": "every environment has it; no class does",
    "*.Config.cmd_opts": "all settings have it; no class does",
    "*.Config.config_file_name": "all settings have it; no class does",
    "*.Config.toml_file_name": "all settings have it; no class does",
    "*.AutogenContext.imports": "every context has it; no class does",
    "*.AutogenContext.metadata": "every context has it; no class does",
    "*.Script.branch_labels": "every revision has it; no class does",
    "*.Script.dependencies": "every revision has it; no class does",
    "*.Script.down_revision": "every revision has it; no class does",
    "*.Script.nextrev": "every revision has it; no class does",
    "*.Script.revision": "every revision has it; no class does",
    "*.Revision.branch_labels": "every revision has it; no class does",
    "*.Revision.dependencies": "every revision has it; no class does",
    "*.Revision.down_revision": "every revision has it; no class does",
    "*.Revision.nextrev": "every revision has it; no class does",
    "*.Revision.revision": "every revision has it; no class does",
    "*.DefaultImpl.transactional_ddl": "None of limbeck's says it: the database does",
    "alembic.ddl.base.IdentityColumnDefault": "made by limbeck alone",
    "alembic.ddl.impl.Params*": "a value of Alembic's own comparison of types",
    "alembic.operations.AbstractOperations*": "Operations and BatchOperations have no such parent",
    "alembic.operations.BatchOperations": "made by batch_alter_table alone",
    "alembic.operations.BatchOperations.batch_alter_table": "a batch has no batches",
    "alembic.operations.BatchOperations.context": "made by batch_alter_table alone",
    "alembic.script.revision.DependencyLoopDetected": "raised by limbeck alone",
    "alembic.script.revision.LoopDetected": "raised by limbeck alone",
    "alembic.script.revision.is_revision": "a help of Alembic's own",
    "alembic.script.revision.tuple_rev_as_scalar": "a help of Alembic's own",
}


@pytest.fixture(scope="module")
def both() -> tuple[dict[str, Any], dict[str, Any]]:
    """What Alembic defines, and what limbeck-alembic does."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return _surface(environment), _surface({**environment, "PYTHONPATH": OURS})


def _surface(environment: dict[str, str]) -> dict[str, Any]:
    words = [sys.executable, "-W", "ignore", str(Path(__file__).with_name("surface.py"))]
    printed = subprocess.run(
        [*words, *DOCUMENTED], env=environment, capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, Any] = json.loads(printed)
    return found


@pytest.mark.parametrize("module", DOCUMENTED)
def test_names_and_parameters(module: str, both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    theirs, ours = both[0][module], both[1][module]
    differs = {
        f"{module}.{name}": _difference(said, ours.get(name))
        for name, said in theirs.items()
        if said["own"] and not _is_a_directive(name, both[0]["alembic.op"])
    }
    unexpected = {
        name: difference
        for name, difference in differs.items()
        if difference and not any(fnmatch(name, pattern) for pattern in ON_PURPOSE)
    }
    assert unexpected == {}


def test_every_reason_is_needed(both: tuple[dict[str, Any], dict[str, Any]]) -> None:
    differ = [
        f"{module}.{name}"
        for module, names in both[0].items()
        for name, said in names.items()
        if said["own"] and _difference(said, both[1][module].get(name))
    ]
    idle = [each for each in ON_PURPOSE if not any(fnmatch(name, each) for name in differ)]
    assert idle == []


def _difference(theirs: dict[str, Any], ours: dict[str, Any] | None) -> str:
    if ours is None:
        return "is missing"
    missing = [
        name for name in theirs["parameters"] or () if name not in (ours["parameters"] or ())
    ]
    return (
        f"does not take {', '.join(missing)}" if missing and ours["parameters"] is not None else ""
    )


def _is_a_directive(name: str, op: dict[str, Any]) -> bool:
    """Whether a method of an operation's class is what ``op`` calls: limbeck has it there alone."""
    owner, _, member = name.partition(".")
    return owner.endswith("Op") and member.removeprefix("batch_") in op


def test_the_command_line_has_alembics_options_and_no_other() -> None:
    """An ability of limbeck's alone is not to be found under the name ``alembic``."""
    program = """if True:
        import json
        from alembic.config import CommandLine
        commands = CommandLine("alembic").subparsers.choices
        print(json.dumps({
            name: sorted(word for each in parser._actions for word in each.option_strings)
            for name, parser in commands.items()
        }))
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    theirs, ours = (
        json.loads(
            subprocess.run(
                [sys.executable, "-W", "ignore", "-c", program],
                env=each, capture_output=True, text=True, check=True,
            ).stdout
        )
        for each in (environment, {**environment, "PYTHONPATH": OURS})
    )  # fmt: skip
    assert "--autogenerate" in theirs["revision"]
    assert ours == theirs
