"""Import the models in a process of their own and say what is there.

Looking for models imports modules that may print, change the process or end it; so that
happens elsewhere. The process is called with a JSON object as its one argument and answers
with a line of JSON behind a mark.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from limbeck.errors import ConfigurationError
from limbeck.value import Value

_MARK = "limbeck-models:"
_SECONDS = 60


class ProbedTarget(Value):
    """A MetaData that could be imported.

    :param target: ``module:attribute``.
    :param identity: equal for two names of one MetaData.
    :param tables: the names of its tables, sorted.
    """

    target: str
    identity: int
    tables: tuple[str, ...]


class ProbedFailure(Value):
    """A module that could not be imported, and why."""

    message: str
    details: tuple[str, ...]


class Probe(Value):
    """The answer.

    :param owners: for each module, the identities of the MetaData its tables belong to.
    """

    targets: tuple[ProbedTarget, ...]
    failures: tuple[ProbedFailure, ...]
    owners: dict[str, tuple[int, ...]]


def probe_models(
    roots: Sequence[Path], targets: Sequence[str], modules: Sequence[str], folder: Path
) -> Probe:
    """Import modules in a new process and look at the MetaData they make.

    :param roots: put in front of ``sys.path``.
    :param targets: ``module:attribute`` each.
    :param modules: dotted names of the modules that define tables.
    :param folder: working directory of the process.
    :returns: what was found.
    :raises ConfigurationError: the process did not answer.
    """
    question = json.dumps(
        {"roots": [str(root) for root in roots], "targets": [*targets], "modules": [*modules]}
    )
    try:
        done = subprocess.run(
            [sys.executable, "-m", "limbeck.project.model_probe", question],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_SECONDS,
            cwd=folder,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ConfigurationError(
            f"importing the models took longer than {_SECONDS} seconds",
            hint="name them, as in: limbeck init --models shop.models:Base.metadata",
        ) from error
    for line in done.stdout.splitlines():
        if line.startswith(_MARK):
            return _from_json(json.loads(line.removeprefix(_MARK)))
    raise ConfigurationError(
        "importing the models ended the process",
        hint="name them, as in: limbeck init --models shop.models:Base.metadata",
        details=done.stderr.strip().splitlines()[-3:],
    )


def _from_json(answer: dict[str, Any]) -> Probe:
    return Probe(
        targets=tuple(
            ProbedTarget(each["target"], each["identity"], tuple(each["tables"]))
            for each in answer["targets"]
        ),
        failures=tuple(
            ProbedFailure(each["message"], tuple(each["details"])) for each in answer["failures"]
        ),
        owners={name: tuple(found) for name, found in answer["owners"].items()},
    )


def _look(question: dict[str, Any]) -> dict[str, Any]:
    from sqlalchemy import MetaData

    from limbeck.project.model_loading import attribute_of, import_model_module

    sys.path[:0] = question["roots"]
    targets: list[dict[str, Any]] = []
    failures: list[dict[str, Any]] = []
    modules = [target.partition(":")[0] for target in question["targets"]]
    loaded = {}
    for name in dict.fromkeys([*modules, *question["modules"]]):
        try:
            loaded[name] = import_model_module(name)
        except ConfigurationError as error:
            failures.append({"message": error.message, "details": error.details})
    for target in question["targets"]:
        if target.partition(":")[0] in loaded:
            value = attribute_of(target)
            if isinstance(value, MetaData):
                targets.append(
                    {"target": target, "identity": id(value), "tables": sorted(value.tables)}
                )
    owners = {name: _owners(loaded[name]) for name in question["modules"] if name in loaded}
    return {"targets": targets, "failures": failures, "owners": owners}


def _owners(module: Any) -> list[int]:
    from sqlalchemy import MetaData, Table

    found: set[int] = set()
    for value in vars(module).values():
        table = getattr(value, "__table__", value)
        own = getattr(value, "__module__", None) == module.__name__ or value is table
        if own and isinstance(table, Table) and isinstance(table.metadata, MetaData):
            found.add(id(table.metadata))
    return sorted(found)


if __name__ == "__main__":
    print(_MARK + json.dumps(_look(json.loads(sys.argv[1]))))
