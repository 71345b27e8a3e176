"""Runs a file of the user's: ``env.py`` or a revision.

Old projects say ``from alembic import op``. While a file of theirs is loaded, and for as
long as :func:`alembic_names` is entered, that name resolves to limbeck inside this process,
whether Alembic is installed or not; afterwards everything is as it was. Where the
distribution limbeck-alembic is installed, the name is limbeck's anyway.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import threading
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader, SourcelessFileLoader
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from limbeck.project.compiled import CompiledLoader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["alembic_names", "compiled_file", "load_module", "module_name", "run_source"]

#: What limbeck answers for, to those who ask ``alembic.__version__``.
_LEVEL = "1.20.1"

#: Names of Alembic's that are called otherwise here.
_RENAMED = {
    "alembic.migration": "limbeck.runtime.migration",
    "alembic.environment": "limbeck.runtime.environment",
    "alembic.plugins": "limbeck.runtime.plugins",
    "alembic.ext": "limbeck.autogenerate.compare",
    "alembic.ext.checkconstraint_byname": "limbeck.autogenerate.compare.checks",
    "alembic.operations.base": "limbeck.operations",
    **{
        f"alembic.ddl.{dialect}": "limbeck.ddl.impl"
        for dialect in ("mssql", "mysql", "oracle", "postgresql", "sqlite")
    },
}

#: What ``import alembic`` alone makes reachable.
_REACHABLE = (
    "autogenerate", "command", "config", "context", "ddl", "op", "operations", "plugins",
    "runtime", "script", "util",
)  # fmt: skip


def module_name(path: Path) -> str:
    """The name under which a file of the user's runs: ``env_py`` for ``env.py``.

    Projects depend on it: ``if __name__ == "env_py": …``.

    :param path: the file.
    """
    return re.sub(r"\W", "_", path.stem) + "_py"


def compiled_file(path: Path) -> Path | None:
    """The compiled file of a source file, where Python keeps it or beside the source.

    :param path: the source file, which may be missing.
    :returns: the compiled file, None where there is none.
    """
    cached = Path(importlib.util.cache_from_source(str(path)))
    candidates = (cached, path.with_suffix(".pyc"), path.with_suffix(".pyo"))
    return next((one for one in candidates if one.exists()), None)


def load_module(path: Path, name: str | None = None, *, keeps_compiled: bool = False) -> ModuleType:
    """Run a Python file and give its module, which is not left in ``sys.modules``.

    :param path: a ``.py``, ``.pyc`` or ``.pyo`` file.
    :param name: the module's name; made from the file's name if not given.
    :param keeps_compiled: what is compiled is kept beside the file, for the next time.
    :return: the module.
    :raises BaseException: whatever the file raises.
    """
    name = name or module_name(path)
    loader: SourceFileLoader | SourcelessFileLoader
    if path.suffix in (".pyc", ".pyo"):
        loader = SourcelessFileLoader(name, str(path))
    elif keeps_compiled:
        loader = CompiledLoader(name, str(path))
    else:
        loader = _UncachedLoader(name, str(path))
    spec = importlib.util.spec_from_loader(name, loader, origin=str(path))
    if spec is None:
        raise ImportError(f"cannot load {path}", path=str(path))
    spec.has_location = True
    module = importlib.util.module_from_spec(spec)
    # Dataclasses and pickles look their module up by name while the file runs.
    with _found_by_name(name, module), alembic_names():
        loader.exec_module(module)
    return module


def run_source(source: str, filename: str, name: str) -> ModuleType:
    """Run the text of a Python file that is in no folder, and give its module.

    :param source: the text.
    :param filename: what stands for the file in tracebacks.
    :param name: the module's name.
    :return: the module.
    :raises BaseException: whatever it raises.
    """
    module = ModuleType(name)
    module.__file__ = filename
    with _found_by_name(name, module), alembic_names():
        exec(compile(source, filename, "exec"), vars(module))
    return module


_running: dict[str, list[ModuleType | None]] = {}
"""By name: what was found there before (None for nothing), then the modules that run under it."""
_running_lock = threading.Lock()


@contextmanager
def _found_by_name(name: str, module: ModuleType) -> Iterator[None]:
    """Let a module be found by its name; at the end, what was found before.

    The env.py of each thread has the same name, and they may end in any order.
    """
    with _running_lock:
        _running.setdefault(name, [sys.modules.get(name)]).append(module)
        sys.modules[name] = module
    try:
        yield
    finally:
        with _running_lock:
            found = _running[name]
            found.remove(module)
            if found[-1] is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = found[-1]
            if len(found) == 1:
                del _running[name]


class _UncachedLoader(SourceFileLoader):
    """Leaves no ``__pycache__`` behind beside ``env.py``, and never takes an old one for a
    file that was edited within the same second."""

    def get_code(self, fullname: str) -> object:  # type: ignore[override]  # typeshed wants CodeType | None; compile() with these flags gives one
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


def _ours(name: str) -> str:
    return _RENAMED.get(name, "limbeck" + name.removeprefix("alembic"))


def _reach(name: str) -> ModuleType:
    if name not in _REACHABLE:
        raise AttributeError(f"module 'alembic' has no attribute {name!r}")
    return importlib.import_module(_ours(f"alembic.{name}"))


class _Root(Loader):
    """Gives the package ``alembic`` itself, whose modules come when they are asked for."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        root = ModuleType(spec.name, "The names of Alembic, answered by limbeck.")
        vars(root).update(__version__=_LEVEL, __getattr__=_reach)
        return root

    def exec_module(self, module: ModuleType) -> None:
        pass


class _Alias(Loader):
    """Gives the limbeck module for one of Alembic's names."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(self._target)
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The import system has written its own spec over the module's.
        module.__spec__ = self._spec


class _AlembicFinder(MetaPathFinder):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if fullname == "alembic":
            return ModuleSpec(fullname, _Root(), is_package=True)
        if not fullname.startswith("alembic."):
            return None
        ours = _ours(fullname)
        try:
            found = importlib.util.find_spec(ours)
        except ModuleNotFoundError:
            return None
        if found is None:
            return None
        return ModuleSpec(fullname, _Alias(ours), is_package=True)


_finder = _AlembicFinder()
_lock = threading.Lock()
_entered = 0
_covered: dict[str, ModuleType] = {}


@contextmanager
def alembic_names() -> Iterator[None]:
    """While entered, ``import alembic`` gives limbeck.

    May be entered again, from any thread: the first to enter puts the names in place, the
    last to leave takes them away.
    """
    global _entered
    if _is_ours():
        yield
        return
    with _lock:
        _entered += 1
        if _entered == 1:
            _covered.update(_take_away())
            sys.meta_path.insert(0, _finder)
    try:
        yield
    finally:
        with _lock:
            _entered -= 1
            if _entered == 0:
                sys.meta_path.remove(_finder)
                _take_away()
                sys.modules.update(_covered)
                _covered.clear()


def _is_ours() -> bool:
    """Whether ``alembic`` is the package of the distribution limbeck-alembic."""
    loaded = sys.modules.get("alembic")
    if loaded is not None and loaded.__name__ == "alembic":
        return hasattr(loaded, "__limbeck__")
    if _entered:
        return False
    spec = importlib.util.find_spec("alembic")
    folders = spec.submodule_search_locations if spec is not None else None
    return any(_is_shim(Path(folder)) for folder in folders or ())


def _is_shim(package: Path) -> bool:
    # Alembic installed over the shim leaves this file of it behind.
    alone = next(package.parent.glob("alembic-*.dist-info"), None) is None
    return alone and (package / "_limbeck.py").is_file()


def _take_away() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == "alembic" or name.startswith("alembic.")]
    return {name: sys.modules.pop(name) for name in names}
