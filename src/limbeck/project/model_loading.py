"""Importing the models that the settings name."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.errors import ConfigurationError
from limbeck.project.models import index_models
from limbeck.project.user_frames import in_one_line, user_frames

if TYPE_CHECKING:
    from types import ModuleType

    from sqlalchemy import MetaData


def load_models(
    settings: Sequence[str], folder: Path, revisions: Collection[Path] = ()
) -> tuple[MetaData, ...]:
    """Import the models and return the MetaData that hold their tables.

    The modules of the same package that define tables of such a MetaData are imported too,
    so that no table is missed because nothing happens to import its module.

    :param settings: ``module:attribute`` for a MetaData (or an object that has one), or
        ``module`` for one that only has to be imported.
    :param folder: where the project lies.
    :param revisions: folders of revision files, where no models are looked for.
    :returns: the MetaData in the order of the settings, each once.
    :raises ConfigurationError: an import fails, or a name is missing.
    """
    from sqlalchemy import MetaData

    targets = [setting for setting in settings if ":" in setting]
    if not targets:
        raise ConfigurationError(
            "the setting `models` names no MetaData",
            hint='as in: models = "shop.models:Base.metadata"',
        )
    for setting in settings:
        import_model_module(setting.partition(":")[0])
    _import_rest(targets, folder, revisions)
    found: list[MetaData] = []
    for target in targets:
        metadata = attribute_of(target)
        if not isinstance(metadata, MetaData):
            raise ConfigurationError(
                f"`{target}` is no MetaData but a {type(metadata).__name__}",
                hint='name one in the setting `models`, as in "shop.models:Base.metadata"',
            )
        if not any(metadata is known for known in found):
            found.append(metadata)
    return tuple(found)


def import_model_module(name: str) -> ModuleType:
    """Import one module of the user's.

    :param name: its dotted name.
    :returns: the module.
    :raises ConfigurationError: the import fails; the user's own frames are in its details.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and (name == error.name or name.startswith(f"{error.name}.")):
            raise ConfigurationError(
                f"no module named `{name}`, which the setting `models` names",
                hint="look at `models` and `prepend_sys_path` in the settings "
                f"(looked in {', '.join(sys.path[:2]) or 'nothing'})",
            ) from error
        raise _failed(name, error) from error
    except (Exception, SystemExit) as error:  # the user's code may raise anything at all
        raise _failed(name, error) from error


def _failed(name: str, error: BaseException) -> ConfigurationError:
    return ConfigurationError(
        f"the models in `{name}` cannot be imported: {in_one_line(error)}",
        hint=f'`python -c "import {name}"` shows the whole traceback',
        details=user_frames(error),
    )


def _import_rest(targets: Sequence[str], folder: Path, revisions: Collection[Path]) -> None:
    packages = {target.partition(":")[0].partition(".")[0] for target in targets}
    index = index_models(folder, revisions)
    for target in targets:
        for name in index.modules_of(target):
            if name.partition(".")[0] in packages and name not in sys.modules:
                import_model_module(name)


def attribute_of(target: str) -> object:
    """Import what a ``module:attribute`` names.

    :param target: the name; an object that has a ``metadata`` stands for that.
    :returns: the object.
    :raises ConfigurationError: it is not there.
    """
    module_name, _, path = target.partition(":")
    value: object = import_model_module(module_name)
    for name in path.split("."):
        if not hasattr(value, name):
            raise ConfigurationError(
                f"`{module_name}` has no `{path}`, which the setting `models` names",
                hint='as in: models = "shop.models:Base.metadata"',
            )
        value = getattr(value, name)
    return value if not hasattr(value, "metadata") else value.metadata
