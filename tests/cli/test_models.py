"""Models are found by looking, wherever projects keep them."""

from __future__ import annotations

from pathlib import Path

import pytest

from limbeck.errors import ConfigurationError
from limbeck.workflow.init_project import SeveralModels, find_models, init_project

IMPORTS = "from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table\n"
ORM = "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
BASE = f"{ORM}\n\nclass Base(DeclarativeBase):\n    pass\n"


def model(name: str, base: str = "Base") -> str:
    """The text of a class with a table."""
    return (
        f"\n\nclass {name.title()}({base}):\n    __tablename__ = '{name}'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )


def write(folder: Path, files: dict[str, str]) -> None:
    """Write the files of a project."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


CASES: dict[str, tuple[dict[str, str], tuple[str, ...], tuple[str, ...]]] = {
    "one module": (
        {"models.py": BASE + model("a")},
        ("models:Base.metadata",),
        ("a",),
    ),
    "a package without __init__": (
        {"shop/models.py": BASE + model("a")},
        ("shop.models:Base.metadata",),
        ("a",),
    ),
    "spread over a package, relative imports": (
        {
            "shop/__init__.py": "",
            "shop/models/__init__.py": "",
            "shop/models/base.py": BASE,
            "shop/models/a.py": f"from .base import Base\n{ORM}" + model("a"),
            "shop/models/b.py": f"from . import base\n{ORM}" + model("b", "base.Base"),
        },
        ("shop.models.base:Base.metadata",),
        ("a", "b"),
    ),
    "reached through an abstract class": (
        {
            "shop/__init__.py": "",
            "shop/base.py": BASE,
            "shop/mixins.py": "from shop.base import Base\n\n\nclass Audit(Base):\n"
            "    __abstract__ = True  # sqlalchemy\n",
            "shop/a.py": f"from shop.mixins import Audit\n{ORM}" + model("a", "Audit"),
        },
        ("shop.base:Base.metadata",),
        ("a",),
    ),
    "in several packages": (
        {
            "db.py": BASE,
            "accounts/models.py": f"from db import Base\n{ORM}" + model("a"),
            "orders/models.py": f"from db import Base\n{ORM}" + model("b"),
        },
        ("db:Base.metadata", "accounts.models", "orders.models"),
        ("a", "b"),
    ),
    "src layout": (
        {"src/shop/__init__.py": "", "src/shop/models.py": BASE + model("a")},
        ("shop.models:Base.metadata",),
        ("a",),
    ),
    "a package further below": (
        {"backend/app/__init__.py": "", "backend/app/models.py": BASE + model("a")},
        ("app.models:Base.metadata",),
        ("a",),
    ),
    "declarative_base()": (
        {
            "models.py": "from sqlalchemy.orm import declarative_base, Mapped, mapped_column\n"
            "Base = declarative_base()\n" + model("a")
        },
        ("models:Base.metadata",),
        ("a",),
    ),
    "MetaData and Table": (
        {
            "tables.py": f"{IMPORTS}metadata = MetaData()\n"
            "a = Table('a', metadata, Column('id', Integer, primary_key=True))\n"
        },
        ("tables:metadata",),
        ("a",),
    ),
    "names from star imports": (
        {
            "shop/__init__.py": "",
            "shop/base.py": "from sqlalchemy import *\n\nmetadata = MetaData()\n",
            "shop/a.py": "from sqlalchemy import *\nfrom .base import *\n\n"
            "a = Table('a', metadata, Column('id', Integer, primary_key=True))\n",
        },
        ("shop.base:metadata",),
        ("a",),
    ),
    "a base from a star import": (
        {
            "shop/__init__.py": "",
            "shop/base.py": BASE,
            "shop/a.py": f"from shop.base import *\n{ORM}" + model("a"),
        },
        ("shop.base:Base.metadata",),
        ("a",),
    ),
    "a base with a MetaData of its own": (
        {
            "models.py": f"{IMPORTS}{ORM}\nmetadata = MetaData()\n\n\n"
            "class Base(DeclarativeBase):\n    metadata = metadata\n" + model("a")
        },
        ("models:Base.metadata",),
        ("a",),
    ),
    "SQLModel": (
        {
            "shop/__init__.py": "",
            "shop/hero.py": "from sqlmodel import Field, SQLModel\n\n\n"
            "class Hero(SQLModel, table=True):\n"
            "    id: int | None = Field(default=None, primary_key=True)\n",
            "shop/team.py": "from sqlmodel import Field, SQLModel\n\n\n"
            "class Team(SQLModel, table=True):\n"
            "    id: int | None = Field(default=None, primary_key=True)\n",
        },
        ("shop.hero:SQLModel.metadata",),
        ("hero", "team"),
    ),
    "an unused base is passed over": (
        {"models.py": BASE + model("a"), "spare.py": BASE},
        ("models:Base.metadata",),
        ("a",),
    ),
    "tests, environments and migrations are passed over": (
        {
            "models.py": BASE + model("a"),
            "tests/models.py": BASE + model("b"),
            "env/pyvenv.cfg": "",
            "env/models.py": BASE + model("c"),
            "migrations/script.py.mako": "",
            "migrations/old.py": BASE + model("d"),
            "broken.py": "import sqlalchemy\nclass (:\n",
        },
        ("models:Base.metadata",),
        ("a",),
    ),
}


@pytest.mark.parametrize(("files", "models", "tables"), CASES.values(), ids=CASES.keys())
def test_finds(
    tmp_path: Path, files: dict[str, str], models: tuple[str, ...], tables: tuple[str, ...]
) -> None:
    write(tmp_path, files)
    found = find_models(tmp_path)
    assert found.models == models
    assert found.tables == tables


def test_asks_when_there_are_several(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": BASE + model("a"), "two.py": BASE + model("b")})
    with pytest.raises(SeveralModels) as raised:
        find_models(tmp_path)
    assert raised.value.candidates == ("one:Base.metadata", "two:Base.metadata")
    assert raised.value.exit_code == 3
    assert "--models one:Base.metadata" in (raised.value.hint or "")


def test_takes_what_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"one.py": BASE + model("a"), "two.py": BASE + model("b")})
    done = init_project(tmp_path, ["two:Base.metadata"])
    assert done.models == ("two:Base.metadata",)
    assert done.tables == ("b",)


def test_writes_into_pyproject_and_keeps_what_is_there(tmp_path: Path) -> None:
    write(tmp_path, {"src/shop/__init__.py": "", "src/shop/models.py": BASE + model("a")})
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"', encoding="utf-8")
    init_project(tmp_path)
    text = (tmp_path / "pyproject.toml").read_text(encoding="utf-8")
    assert text.startswith('[project]\nname = "shop"\n\n[tool.limbeck]\n')
    assert 'models = "shop.models:Base.metadata"' in text
    assert 'prepend_sys_path = ["src"]' in text
    assert 'url = "${DATABASE_URL}"' in text
    assert (tmp_path / "migrations" / "versions").is_dir()
    with pytest.raises(ConfigurationError, match="already"):
        init_project(tmp_path)


def test_shows_the_users_own_lines(tmp_path: Path) -> None:
    write(tmp_path, {"models.py": f"{BASE}\nimport no_such_module\n"})
    with pytest.raises(ConfigurationError, match="no_such_module") as raised:
        find_models(tmp_path)
    assert any("models.py:7: import no_such_module" in line for line in raised.value.details)
