"""Programs that run over each new revision file, such as a formatter."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from limbeck.errors import CommandError, ConfigurationError

__all__ = ["REVISION_SCRIPT_TOKEN", "register", "run_hook", "run_hooks"]

#: In ``options`` stands for the path of the new file.
REVISION_SCRIPT_TOKEN = "REVISION_SCRIPT_FILENAME"

Hook = Callable[[str, Mapping[str, str]], Any]

_registry: dict[str, Hook] = {}


def register(name: str) -> Callable[[Hook], Hook]:
    """Decorate a function that can then be the ``type`` of a hook.

    :param name: the type.
    :return: the decorator; the function is called with the path of the new file and the
        settings of the hook.
    """

    def registered(function: Hook) -> Hook:
        _registry[name] = function
        return function

    return registered


def run_hooks(path: str, hooks: Sequence[Mapping[str, str]]) -> None:
    """Run every hook over a new file, in order.

    :param path: the file.
    :param hooks: their settings.
    :raises CommandError: a hook is not known, or fails.
    """
    for hook in hooks:
        run_hook(path, hook)


def run_hook(path: str, hook: Mapping[str, str]) -> None:
    """Run one hook over a new file.

    :param path: the file.
    :param hook: its settings.
    :raises CommandError: the hook is not known, or fails.
    """
    name = hook.get("_hook_name", "")
    kind = hook.get("type")
    if kind is None:
        raise ConfigurationError(
            f"Key '{name}.type' (or 'type' in toml) is required for post write hook {name!r}",
            hint="write one of console_scripts, exec, module, or a name that env.py registers",
        )
    function = _registry.get(kind)
    if function is None:
        raise ConfigurationError(
            f"No formatter with name '{kind}' registered",
            hint=f"known are {', '.join(sorted(_registry))}; what env.py registers needs "
            "revision_environment = true",
        )
    function(path, hook)


def _required(hook: Mapping[str, str], key: str) -> str:
    name = hook.get("_hook_name", "")
    if key not in hook:
        raise ConfigurationError(
            f"Key {name}.{key} is required for post write hook {name!r}",
            hint=f"add '{name}.{key} = …' to the settings",
        )
    return hook[key]


def _arguments(path: str, hook: Mapping[str, str]) -> list[str]:
    words = shlex.split(hook.get("options", ""), posix=os.name != "nt")
    if REVISION_SCRIPT_TOKEN not in words:
        words.insert(0, REVISION_SCRIPT_TOKEN)
    return [path if word == REVISION_SCRIPT_TOKEN else word for word in words]


def _run(command: list[str], path: str, hook: Mapping[str, str]) -> None:
    name = hook.get("_hook_name", "")
    try:
        done = subprocess.run(
            [*command, *_arguments(path, hook)],
            cwd=hook.get("cwd"),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise CommandError(
            f"post write hook '{name}' cannot be run: {command[0]}: {error.strerror}",
            hint=f"install it, or correct the hook; the revision {path} is written",
        ) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise CommandError(
            f"post write hook '{name}' failed with exit status {done.returncode}",
            hint=f"the revision {path} is written; correct the hook or the file",
            details=said[-6:],
        )


@register("console_scripts")
def _console_script(path: str, hook: Mapping[str, str]) -> None:
    name = _required(hook, "entrypoint")
    found = tuple(importlib.metadata.entry_points(group="console_scripts", name=name))
    if not found:
        raise ConfigurationError(
            f"Could not find entrypoint console_scripts.{name}",
            hint=f"install the package that brings the command '{name}' beside limbeck",
        )
    entry = found[0]
    code = f"import {entry.module}; {entry.module}.{entry.attr}()"
    _run([sys.executable, "-c", code], path, hook)


@register("exec")
def _program(path: str, hook: Mapping[str, str]) -> None:
    _run([_required(hook, "executable")], path, hook)


@register("module")
def _module(path: str, hook: Mapping[str, str]) -> None:
    name = _required(hook, "module")
    try:
        found = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise ConfigurationError(
            f"Could not find module {name}",
            hint=f"install the package that brings the module '{name}' beside limbeck",
        )
    _run([sys.executable, "-m", name], path, hook)
