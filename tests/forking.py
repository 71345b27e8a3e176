"""The process that ``tests.forked`` asks: ``forking.py SOCKET MODULE ...``.

It is run by other interpreters too, in which there is neither pytest nor this package.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import pkgutil
import runpy
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

_ASIDE = "sqlalchemy"


def main() -> None:
    """Import the modules, and fork for each request until there are no more of them."""
    number, *names = sys.argv[1:]
    del sys.path[0]  # the folder of this file
    for name in names:
        _import(name)
    gc.collect()
    gc.freeze()  # what is never written to is shared by all processes
    asked = socket.socket(fileno=int(number))
    lines = asked.makefile("r", encoding="utf-8")
    for line in lines:
        process = os.fork()
        if process == 0:
            lines.close()
            asked.close()
            _end(_be_the_command, json.loads(line))
        asked.sendall(b"%d\n" % process)
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        asked.sendall(b"%d\n" % code)


def _end(run: Callable[..., None], request: dict[str, Any]) -> NoReturn:
    """Run, and end as Python ends, but for taking everything apart that was imported."""
    code = 0
    try:
        run(**request)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        if not stream.closed:
            stream.flush()
    os._exit(code)


def _import(name: str) -> None:
    package = importlib.import_module(name.removesuffix(".*"))
    if not name.endswith(".*"):
        return
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        # what is copied for users, and what runs the command
        if ".templates" not in found.name and not found.name.endswith("__main__"):
            importlib.import_module(found.name)


def _be_the_command(
    folder: str,
    environment: dict[str, str],
    words: list[str],
    path: list[str],
    streams: str,
    seen: bool,
) -> None:
    for number, name in ((1, "stdout"), (2, "stderr")):
        opened = os.open(f"{streams}/{name}", os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = bool(environment.get("PYTHONDONTWRITEBYTECODE"))
    os.chdir(folder)
    if not seen:
        _put_aside()
    sys.path[:0] = [each for each in path if each not in sys.path]
    if words[0] == "-m":
        sys.path.insert(0, folder)
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        return
    scripts = Path(sys.executable).parent
    sys.path.insert(0, str(scripts))
    sys.argv = [str(scripts / words[0]), *words[1:]]

    from limbeck.cli.main import main as limbeck

    sys.exit(limbeck())


class _PutAside(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives modules back as soon as one of them is imported.

    What limbeck does without SQLAlchemy it does only where nobody has imported SQLAlchemy.
    """

    def __init__(self, modules: dict[str, ModuleType]) -> None:
        self._modules = modules

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in self._modules:
            return None
        return importlib.machinery.ModuleSpec(name, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        module = self._modules[spec.name]
        self._spec: Any = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self._spec
        sys.meta_path.remove(self)
        sys.modules.update(self._modules)


def _put_aside() -> None:
    names = [name for name in sys.modules if name.partition(".")[0] == _ASIDE]
    if names:
        sys.meta_path.insert(0, _PutAside({name: sys.modules.pop(name) for name in names}))


if __name__ == "__main__":
    main()
