"""What one Python file says about models, found by reading it, without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from limbeck.syntax_trees import syntax_tree
from limbeck.value import Value

_DECLARATIVE_CLASSES = frozenset(
    {
        "sqlalchemy.orm.DeclarativeBase",
        "sqlalchemy.orm.DeclarativeBaseNoMeta",
    }
)
_SQLMODEL_CLASSES = frozenset({"sqlmodel.SQLModel", "sqlmodel.main.SQLModel"})
_FACTORIES = {
    "sqlalchemy.orm.declarative_base": ".metadata",
    "sqlalchemy.ext.declarative.declarative_base": ".metadata",
    "sqlalchemy.orm.registry": ".metadata",
    "sqlalchemy.MetaData": "",
    "sqlalchemy.schema.MetaData": "",
    "sqlalchemy.sql.schema.MetaData": "",
    "flask_sqlalchemy.SQLAlchemy": ".metadata",
}
_TABLE_CALLS = frozenset({"sqlalchemy.Table", "sqlalchemy.schema.Table"})
_VOCABULARY = _DECLARATIVE_CLASSES | _SQLMODEL_CLASSES | _FACTORIES.keys() | _TABLE_CALLS
_SIGNS = ("sqlalchemy", "sqlmodel", "__tablename__")


class ModuleScan(Value):
    """One file that has to do with models.

    :param name: the module's dotted name below ``root``.
    :param root: the folder that has to be on ``sys.path``.
    :param names: what each name of the module stands for, as a dotted path.
    :param stars: the modules of which everything is imported.
    :param metadata_names: the attributes that lead to a MetaData made here.
    :param owners: the dotted names of the objects that own those MetaData.
    :param classes: the classes defined here and the dotted names of their bases.
    :param defines_tables: whether tables are made when it is imported.
    """

    name: str
    path: Path
    root: Path
    names: dict[str, str]
    stars: tuple[str, ...]
    metadata_names: tuple[str, ...]
    owners: tuple[str, ...]
    classes: dict[str, tuple[str, ...]]
    defines_tables: bool


def scan_module(path: Path, name: str, root: Path) -> ModuleScan | None:
    """Read one file.

    :param path: the file.
    :param name: the module's dotted name.
    :param root: the folder that has to be on ``sys.path``.
    :returns: None where it has nothing to do with models, or cannot be read as Python.
    """
    try:
        source = path.read_bytes()
        if not any(sign.encode() in source for sign in _SIGNS):
            return None
        tree = syntax_tree(source)
    except (OSError, SyntaxError, ValueError):
        return None  # a file that Python cannot read is no module that anybody imports
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    names = _names(tree, name, package)
    stars = tuple(_stars(tree, package))
    classes = {
        f"{name}.{node.name}": tuple(
            meant for base in node.bases for meant in _meanings(_dotted(base, names), names, stars)
        )
        for node in _definitions(tree)
        if isinstance(node, ast.ClassDef)
    }
    metadata_names, owners = _metadata_made(tree, name, names)
    return ModuleScan(
        name=name,
        path=path,
        root=root,
        names=names,
        stars=stars,
        metadata_names=tuple(metadata_names),
        owners=tuple(owners),
        classes=classes,
        defines_tables=_defines_tables(tree, names),
    )


def _definitions(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every statement that runs at import, inside ``if`` and ``try`` too."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop(0)
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            waiting = [*node.body, *getattr(node, "orelse", []), *waiting]


def _names(tree: ast.Module, module: str, package: str) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in _definitions(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            origin = _origin(node, package)
            for alias in node.names:
                if alias.name == "*":
                    names.update(_starred(origin))
                else:
                    names[alias.asname or alias.name] = f"{origin}.{alias.name}"
        elif isinstance(node, ast.ClassDef):
            names[node.name] = f"{module}.{node.name}"
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            for target in _targets(node):
                names[target] = f"{module}.{target}"
    return names


def _stars(tree: ast.Module, package: str) -> Iterator[str]:
    for node in _definitions(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            yield _origin(node, package)


def _meanings(dotted: str, names: dict[str, str], stars: tuple[str, ...]) -> Iterator[str]:
    """A path, and where it may come from when no line of its module says so."""
    yield dotted
    if dotted and dotted.partition(".")[0] not in {n.partition(".")[0] for n in names.values()}:
        for star in stars:
            yield f"{star}.{dotted}"


def _starred(origin: str) -> dict[str, str]:
    """What ``from origin import *`` brings of all that is looked for here."""
    split = (dotted.rpartition(".") for dotted in sorted(_VOCABULARY))
    return {last: f"{origin}.{last}" for place, _, last in split if place == origin}


def _origin(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".") if package else []
    parts = parts[: len(parts) - (node.level - 1)]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The dotted path that an expression names; empty where it is no plain name."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.insert(0, node.attr)
        node = node.value
    if isinstance(node, ast.Subscript):
        return _dotted(node.value, names)
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([names.get(node.id, node.id), *attributes])


def _metadata_made(
    tree: ast.Module, module: str, names: dict[str, str]
) -> tuple[list[str], list[str]]:
    found: list[str] = []
    owners: list[str] = []
    for node in _definitions(tree):
        if isinstance(node, ast.ClassDef):
            bases = {_dotted(base, names) for base in node.bases}
            if bases & _DECLARATIVE_CLASSES:
                found.append(f"{node.name}.metadata")
                owners.append(f"{module}.{node.name}")
            elif _is_sqlmodel_table(node):
                found.append(_sqlmodel_name(node, names))
                owners.append("sqlmodel.SQLModel")
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            suffix = _FACTORIES.get(_dotted(node.value.func, names))
            if suffix is not None:
                for target in _targets(node):
                    found.append(f"{target}{suffix}")
                    owners.append(f"{module}.{target}")
    return found, owners


def _is_sqlmodel_table(node: ast.ClassDef) -> bool:
    return any(
        keyword.arg == "table"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is True
        for keyword in node.keywords
    )


def _sqlmodel_name(node: ast.ClassDef, names: dict[str, str]) -> str:
    for local, dotted in names.items():
        if dotted in _SQLMODEL_CLASSES:
            return f"{local}.metadata"
    return f"{node.name}.metadata"


def _defines_tables(tree: ast.Module, names: dict[str, str]) -> bool:
    for node in _definitions(tree):
        if isinstance(node, ast.ClassDef):
            if _is_sqlmodel_table(node) or _assigns(node, {"__tablename__", "__table__"}):
                return True
        else:
            for part in ast.walk(node):
                if isinstance(part, ast.Call) and _dotted(part.func, names) in _TABLE_CALLS:
                    return True
    return False


def _assigns(node: ast.ClassDef, wanted: set[str]) -> bool:
    return any(
        wanted.intersection(_targets(statement))
        for statement in node.body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
    )
