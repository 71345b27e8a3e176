"""Finding the models of a project by looking at its files."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from limbeck.project.model_scan import ModuleScan, scan_module
from limbeck.value import Value

_FOLDERS_LEFT_OUT = frozenset(
    {"__pycache__", "node_modules", "site-packages", "build", "dist", "tests", "test", "docs"}
)
_FILES_LEFT_OUT = frozenset({"conftest.py", "setup.py", "noxfile.py"})


class ModelIndex(Value):
    """Every module below a folder that has to do with models.

    :param modules: the modules by their dotted name, sorted.
    """

    modules: dict[str, ModuleScan]

    def targets(self) -> tuple[str, ...]:
        """Every MetaData that is made somewhere, as ``module:attribute``."""
        return tuple(
            dict.fromkeys(
                f"{module.name}:{name}"
                for module in self.modules.values()
                for name in module.metadata_names
            )
        )

    def table_modules(self) -> tuple[str, ...]:
        """The modules that define tables, or classes that a base turns into tables."""
        owners = {owner for module in self.modules.values() for owner in module.owners}
        return self._reaching(owners)

    def modules_of(self, target: str) -> tuple[str, ...]:
        """The modules whose tables belong to one MetaData.

        :param target: the MetaData, as ``module:attribute``.
        :returns: dotted names, sorted.
        """
        module, _, attribute = target.partition(":")
        owner = attribute.removesuffix(".metadata")
        return self._reaching({self.resolve(f"{module}.{owner}")})

    def roots(self) -> tuple[Path, ...]:
        """The folders that have to be on ``sys.path``, sorted."""
        return tuple(sorted({module.root for module in self.modules.values()}))

    def resolve(self, dotted: str) -> str:
        """Follow re-exports to the place where an object is defined.

        :param dotted: a dotted path, as an import statement names it.
        :returns: the dotted path of its definition, as far as it is known.
        """
        seen: set[str] = set()
        while dotted not in seen:
            seen.add(dotted)
            parts = dotted.split(".")
            for length in range(len(parts) - 1, 0, -1):
                module = self.modules.get(".".join(parts[:length]))
                if module is not None:
                    meant = module.names.get(parts[length], f"{module.name}.{parts[length]}")
                    dotted = ".".join([meant, *parts[length + 1 :]])
                    break
        return _canonical(dotted)

    def _reaching(self, owners: set[str]) -> tuple[str, ...]:
        """The modules that define tables and refer to one of the owners or a class below it."""
        family = set(owners)
        parents = {
            name: {self.resolve(base) for base in bases}
            for module in self.modules.values()
            for name, bases in module.classes.items()
        }
        grown = True
        while grown:
            children = {
                name
                for name, bases in parents.items()
                if name not in family and any(_belongs(base, family) for base in bases)
            }
            family |= children
            grown = bool(children)
        return tuple(
            module.name
            for module in self.modules.values()
            if not family.isdisjoint(module.classes.keys() - owners)
            or (module.defines_tables and self._refers(module, family))
        )

    def _refers(self, module: ModuleScan, family: set[str]) -> bool:
        named = set(module.names.values())
        for owner in family:
            named.update(f"{star}.{owner.rpartition('.')[2]}" for star in module.stars)
        return any(_belongs(self.resolve(name), family) for name in named)


def index_models(folder: Path, revisions: Collection[Path] = ()) -> ModelIndex:
    """Read every Python file of a project that may have to do with models.

    Tests, virtual environments, hidden folders and migration folders are left out.

    :param folder: where the project lies.
    :param revisions: folders of revision files, which are no models and may be thousands.
    :returns: what was found, sorted by module name.
    """
    found: dict[str, ModuleScan] = {}
    for path in _python_files(folder, {os.path.realpath(each) for each in revisions}):
        name, root = module_address(path, folder)
        scan = scan_module(path, name, root) if name else None
        if scan is not None:
            found[name] = scan
    return ModelIndex(dict(sorted(found.items())))


def module_address(path: Path, folder: Path) -> tuple[str, Path]:
    """Say under which name a file is imported, and from where.

    :param path: the file.
    :param folder: where the project lies.
    :returns: the module's dotted name, and the folder that has to be on ``sys.path``.
    """
    top = path.parent
    while top != folder and (top / "__init__.py").exists():
        top = top.parent
    source = folder / "src"
    root = source if source in (top, *top.parents) else folder
    has_package = top != path.parent
    if has_package and top not in (root, folder):
        root = top  # a package further below, as in backend/app/models.py
    parts = list(path.relative_to(root).with_suffix("").parts)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts), root


def _python_files(folder: Path, revisions: Collection[str]) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _left_out(Path(place), name))
        if revisions and os.path.realpath(place) in revisions:
            files = [name for name in files if name == "__init__.py"]
        for name in sorted(files):
            if (
                name.endswith(".py")
                and name not in _FILES_LEFT_OUT
                and not name.startswith("test_")
            ):
                yield Path(place, name)


def _left_out(place: Path, name: str) -> bool:
    below = place / name
    return (
        name.startswith(".")
        or name in _FOLDERS_LEFT_OUT
        or not name.isidentifier()
        or (below / "pyvenv.cfg").exists()
        or (below / "script.py.mako").exists()
        or (below / "versions").is_dir()
    )


def _belongs(dotted: str, family: set[str]) -> bool:
    """Whether a path is an owner, or an attribute of one (``db.Model``, ``Base.metadata``)."""
    return dotted in family or dotted.rpartition(".")[0] in family


def _canonical(dotted: str) -> str:
    return "sqlmodel.SQLModel" if dotted == "sqlmodel.main.SQLModel" else dotted
