"""Programs that run over each new revision file, such as a formatter."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

from limbeck.errors import CommandError, ConfigurationError

__all__ = ["REVISION_SCRIPT_TOKEN", "register", "registered", "run_checked", "run_hook"]

#: In ``options`` stands for the path of the new file.
REVISION_SCRIPT_TOKEN = "REVISION_SCRIPT_FILENAME"

Hook = Callable[[str, Mapping[str, str]], Any]

Run = Callable[[list[str], str, Mapping[str, str]], None]

#: What :func:`register` has decorated, by type.
registered: dict[str, Hook] = {}


def register(name: str) -> Callable[[Hook], Hook]:
    """Decorate a function that can then be the ``type`` of a hook.

    :param name: the type.
    :return: the decorator; the function is called with the path of the new file and the
        settings of the hook.
    """

    def decorator(function: Hook) -> Hook:
        registered[name] = function
        return function

    return decorator


def run_hook(path: str, hook: Mapping[str, str], run: Run | None = None) -> None:
    """Run one hook over a new file.

    :param path: the file.
    :param hook: its settings.
    :param run: runs the program that the hook names; :func:`run_checked` if not given.
    :raises CommandError: the hook is not known, or fails.
    """
    check_hook(hook)
    kind = hook["type"]
    if kind in registered:
        registered[kind](path, hook)
    else:
        (run or run_checked)([*_PROGRAMS[kind](hook), *_arguments(path, hook)], path, hook)


def check_hook(hook: Mapping[str, str]) -> None:
    """Find out whether a hook can be run, before there is a file to run it over.

    :param hook: its settings.
    :raises ConfigurationError: its type is missing or unknown, or its program is not installed.
    """
    name = hook.get("_hook_name", "")
    kind = hook.get("type")
    if kind is None:
        raise ConfigurationError(
            f"Key '{name}.type' (or 'type' in toml) is required for post write hook {name!r}",
            hint="write one of console_scripts, exec, module, or a name that env.py registers",
        )
    if kind not in registered and kind not in _PROGRAMS:
        raise ConfigurationError(
            f"No formatter with name '{kind}' registered",
            hint=f"known are {', '.join(sorted({*registered, *_PROGRAMS}))}; "
            "what env.py registers needs revision_environment = true",
        )
    if kind not in registered:
        _PROGRAMS[kind](hook)


def _required(hook: Mapping[str, str], key: str) -> str:
    name = hook.get("_hook_name", "")
    if key not in hook:
        raise ConfigurationError(
            f"Key {name}.{key} is required for post write hook {name!r}",
            hint=f"add '{name}.{key} = …' to the settings",
        )
    return hook[key]


def _arguments(path: str, hook: Mapping[str, str]) -> list[str]:
    options = hook.get("options", "")
    if REVISION_SCRIPT_TOKEN not in options:
        options = f"{REVISION_SCRIPT_TOKEN} {options}"
    words = shlex.split(options, posix=os.name != "nt")
    return [word.replace(REVISION_SCRIPT_TOKEN, path) for word in words]


def run_checked(command: list[str], path: str, hook: Mapping[str, str]) -> None:
    """Run a program whose words nobody needs to see unless it fails.

    :param command: the program and its arguments.
    :param path: the new file.
    :param hook: the settings of the hook.
    :raises CommandError: it cannot be run, or fails.
    """
    name = hook.get("_hook_name", "")
    try:
        done = subprocess.run(
            command,
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


def _console_script(hook: Mapping[str, str]) -> list[str]:
    name = _required(hook, "entrypoint")
    found = tuple(importlib.metadata.entry_points(group="console_scripts", name=name))
    if not found:
        raise ConfigurationError(
            f"Could not find entrypoint console_scripts.{name}",
            hint=f"install the package that brings the command '{name}' beside limbeck",
        )
    entry = found[0]
    return [sys.executable, "-c", f"import {entry.module}; {entry.module}.{entry.attr}()"]


def _program(hook: Mapping[str, str]) -> list[str]:
    return [_required(hook, "executable")]


def _module(hook: Mapping[str, str]) -> list[str]:
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
    return [sys.executable, "-m", name]


_PROGRAMS: dict[str, Callable[[Mapping[str, str]], list[str]]] = {
    "console_scripts": _console_script,
    "exec": _program,
    "module": _module,
}
