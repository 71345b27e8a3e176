"""Set a project up the new way: find the models, write the settings, need no ``env.py``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from pathlib import Path

from limbeck.errors import ConfigurationError, QuestionNeeded
from limbeck.project.model_probe import Probe, ProbedTarget, probe_models
from limbeck.project.models import ModelIndex, index_models
from limbeck.value import Value

_SCRIPT_LOCATION = "migrations"
_EXAMPLE = "limbeck init --models shop.models:Base.metadata"


class InitializedProject(Value):
    """What was written.

    :param settings_file: the file that now holds the settings.
    :param versions: the folder for the revision files.
    :param models: what the settings name.
    :param tables: the names of the tables found there, sorted.
    """

    settings_file: Path
    versions: Path
    models: tuple[str, ...]
    tables: tuple[str, ...]


class FoundModels(Value):
    """The models of a project and what it takes to import them."""

    models: tuple[str, ...]
    roots: tuple[Path, ...]
    tables: tuple[str, ...]


class SeveralModels(QuestionNeeded):
    """More than one MetaData with tables was found.

    :param candidates: ``module:attribute`` each.
    """

    def __init__(self, candidates: Sequence[ProbedTarget]) -> None:
        self.candidates = tuple(candidate.target for candidate in candidates)
        super().__init__(
            "several models were found, and only you know which ones are meant",
            details=[_choice(candidate) for candidate in candidates[:6]],
            hint=f"`limbeck init --models {self.candidates[0]}`; repeat --models to take several",
        )


def init_project(folder: Path, models: Sequence[str] = ()) -> InitializedProject:
    """Write the settings of a project into its ``pyproject.toml`` or a ``limbeck.toml``.

    :param folder: where the project lies.
    :param models: ``module:attribute`` each; empty lets limbeck look for them.
    :returns: what was written.
    :raises ConfigurationError: there are settings already, or no models.
    :raises SeveralModels: there is more than one answer.
    """
    settings_file = _settings_file(folder)
    found = _named(folder, models) if models else find_models(folder)
    versions = folder / _SCRIPT_LOCATION / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    text = _settings_text(found, folder, in_pyproject=settings_file.name == "pyproject.toml")
    before = settings_file.read_text(encoding="utf-8") if settings_file.exists() else ""
    gap = "\n\n" if before.strip() else ""
    settings_file.write_text(f"{before.rstrip()}{gap}{text}", encoding="utf-8")
    return InitializedProject(settings_file, versions, found.models, found.tables)


def find_models(folder: Path) -> FoundModels:
    """Look for models in the Python files below a folder.

    :param folder: where the project lies.
    :returns: the one answer.
    :raises ConfigurationError: there are none, or they cannot be imported.
    :raises SeveralModels: there is more than one answer.
    """
    index = index_models(folder)
    targets = index.targets()
    if not targets:
        raise ConfigurationError(
            f"no models were found below {folder}",
            hint=f"say where they are, as in: {_EXAMPLE}",
        )
    probe = probe_models(index.roots(), targets, index.table_modules(), folder)
    chosen = _choose(probe)
    return FoundModels(
        models=_settings_of(chosen, index, probe),
        roots=_roots_of(chosen, index),
        tables=chosen.tables,
    )


def _named(folder: Path, models: Sequence[str]) -> FoundModels:
    index = index_models(folder)
    roots = index.roots() or (folder,)
    probe = probe_models(roots, [name for name in models if ":" in name], _rest(models), folder)
    if probe.failures:
        failure = probe.failures[0]
        raise ConfigurationError(failure.message, details=failure.details)
    missing = {name for name in models if ":" in name} - {each.target for each in probe.targets}
    if missing or not probe.targets:
        name = min(missing, default=models[0])
        raise ConfigurationError(f"`{name}` names no MetaData", hint=f"as in: {_EXAMPLE}")
    tables = sorted({table for each in probe.targets for table in each.tables})
    return FoundModels(tuple(models), roots, tuple(tables))


def _rest(models: Sequence[str]) -> list[str]:
    return [name for name in models if ":" not in name]


def _choose(probe: Probe) -> ProbedTarget:
    distinct: dict[int, ProbedTarget] = {}
    # of two names of one MetaData, the one of the base class is the one that people know
    for target in sorted(probe.targets, key=lambda each: "." not in each.target.partition(":")[2]):
        distinct.setdefault(target.identity, target)
    with_tables = [target for target in distinct.values() if target.tables]
    if len(with_tables) == 1:
        return with_tables[0]
    if len(with_tables) > 1:
        raise SeveralModels(with_tables)
    if probe.failures:
        failure = probe.failures[0]
        raise ConfigurationError(
            failure.message,
            details=failure.details,
            hint=f"repair it, or say where the models are, as in: {_EXAMPLE}",
        )
    if len(distinct) == 1:
        return next(iter(distinct.values()))
    raise SeveralModels(list(distinct.values()))


def _settings_of(chosen: ProbedTarget, index: ModelIndex, probe: Probe) -> tuple[str, ...]:
    """The MetaData, and the modules with tables of it that lie outside of its package."""
    package = chosen.target.partition(":")[0].partition(".")[0]
    reached = set(index.modules_of(chosen.target))
    others = [
        name
        for name, identities in probe.owners.items()
        if name.partition(".")[0] != package and (chosen.identity in identities or name in reached)
    ]
    return (chosen.target, *others)


def _roots_of(chosen: ProbedTarget, index: ModelIndex) -> tuple[Path, ...]:
    names = {chosen.target.partition(":")[0], *index.modules_of(chosen.target)}
    return tuple(sorted({index.modules[name].root for name in names if name in index.modules}))


def _choice(candidate: ProbedTarget) -> str:
    count = len(candidate.tables)
    return f"  {candidate.target}  ({count} table{'' if count == 1 else 's'})"


def _settings_file(folder: Path) -> Path:
    for name in ("limbeck.ini", "limbeck.toml"):
        if (folder / name).exists():
            raise _already(folder / name)
    pyproject = folder / "pyproject.toml"
    if not pyproject.exists():
        return folder / "limbeck.toml"
    try:
        settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{pyproject} is no valid TOML: {error}") from error
    if "limbeck" in settings.get("tool", {}):
        raise _already(pyproject)
    return pyproject


def _already(path: Path) -> ConfigurationError:
    return ConfigurationError(
        f"{path} already holds settings for limbeck",
        hint="edit them there, or `limbeck revision --autogenerate` to go on",
    )


def _settings_text(found: FoundModels, folder: Path, *, in_pyproject: bool) -> str:
    models: str = json.dumps(found.models[0] if len(found.models) == 1 else list(found.models))
    lines = ["[tool.limbeck]"] if in_pyproject else ["# The settings of limbeck."]
    lines += [f"models = {models}", f'script_location = "{_SCRIPT_LOCATION}"']
    paths = [root.relative_to(folder).as_posix() for root in found.roots]
    if paths not in ([], ["."]):
        lines.append(f"prepend_sys_path = {json.dumps(paths)}")
    lines += [
        "# The address of the database, as in: sqlite:///shop.db",
        'url = "${DATABASE_URL}"',
    ]
    return "\n".join(lines) + "\n"
