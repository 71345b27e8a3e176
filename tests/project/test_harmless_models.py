"""Which texts of a project let a connection lead elsewhere, or a log speak."""

from __future__ import annotations

from pathlib import Path

import pytest

from limbeck.project.harmless_models import is_harmless


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("x = os.environ['X'] == 'y'", True),
        ("if os.environ['X'] == found['x']:\n    pass", True),
        ("x = dict(os.environ, a=1)\ny = os.environ.get('a', {})['b']", True),
        ("class List: ...\nregistry.register(List)", True),
        ("os.environ['X']='y'", False),
        ("os.environ[names['x']] = 'y'", False),
        ("os.environ |= {'X': 'y'}", False),
        ("os.environ.setdefault('X', 'y')", False),
        ("said = os.environ\nsaid['X'] = 'y'", False),
        ("from os import environ as said", False),
        ("del os.environ['X']", False),
        ("Env().read_env()", False),
        ("registry.register('sqlite', 'shop.dialect', 'Ours')", False),
        ("SQLAlchemyInstrumentor().instrument()", False),
        ("context.config.set_main_option('sqlalchemy.url', 'sqlite://')", False),
        ("logging.getLogger('limbeck').setLevel(logging.INFO)", False),
    ],
)
def test_what_is_said(tmp_path: Path, text: str, is_told: bool) -> None:
    (tmp_path / "shop.py").write_text(text)
    assert is_harmless("shop:Base", [str(tmp_path)]) is is_told


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("import other", True),
        ("import os, other.inner as kept", True),
        ("from other.inner import name", True),
        ("def later():\n    import other", True),
        ("x = 1; import other", True),
        ("import others\nfrom . import other", False),
        ("from shop.other import name", False),
        ("# import other", False),
    ],
)
def test_what_is_imported_is_looked_at_too(tmp_path: Path, text: str, is_found: bool) -> None:
    (tmp_path / "shop.py").write_text(text)
    second = tmp_path / "second"
    (second / "other").mkdir(parents=True)
    (second / "other" / "inner.py").write_text("import shop\nlistens_for")
    assert is_harmless("shop", [str(tmp_path), str(second)]) is not is_found
