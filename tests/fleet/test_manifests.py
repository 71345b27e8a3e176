"""The manifests for Kubernetes say what the command line understands."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from limbeck.cli.parser import build_parser, parse
from tests.conftest import leave_out
from tests.fleet.tenants import Tenants

_FOLDER = Path(__file__).parents[2] / "examples" / "kubernetes"


def _job(name: str) -> dict[str, Any]:
    if importlib.util.find_spec("yaml") is None:
        leave_out("yaml", "pip install pyyaml")
    import yaml

    found: dict[str, Any] = yaml.safe_load((_FOLDER / name).read_text())
    assert (found["apiVersion"], found["kind"]) == ("batch/v1", "Job")
    return found["spec"]


def _words(job: dict[str, Any]) -> list[str]:
    [container] = job["template"]["spec"]["containers"]
    name, *words = container["args"]
    assert name == "limbeck"
    return words


@pytest.mark.parametrize("name", [path.name for path in _FOLDER.glob("*.yaml")])
def test_the_arguments_are_understood(name: str) -> None:
    parser, _ = build_parser("limbeck")
    options = parse(parser, _words(_job(name)))
    assert (options.command_name, options.revision) == ("upgrade", "head")


def test_the_pods_share_the_whole_fleet(files: Tenants) -> None:
    job = _job("fleet-job.yaml")
    assert job["completionMode"] == "Indexed"
    part = _words(job)[-1]
    assert part == f"$(JOB_COMPLETION_INDEX)/{job['completions']}"
    done: list[str] = []
    for index in range(4):
        mine = part.replace("$(JOB_COMPLETION_INDEX)", str(index)).replace("/10", "/4")
        found = files.json("upgrade", "head", "--part", mine)
        done += [each["tenant"] for each in found["databases"]]
    assert sorted(done) == sorted(files.addresses)
    assert files.json("current", "--check")["states"] == {"equal": len(done)}
