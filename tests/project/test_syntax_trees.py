"""Syntax trees that are made while another thread makes one."""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from limbeck.project.revision_code import code_lines
from limbeck.runtime.resent.purity import is_pure
from limbeck.script import ScriptDirectory
from limbeck.syntax_trees import expression_tree, syntax_tree
from tests.fleet.tenants import write_project

_LIST = f"[{'f(g(h)), ' * 300}]"
_TEXT = f"a = {_LIST}\n"
_TIMES = 50


@contextmanager
def _coming_in_between() -> Iterator[list[int]]:
    """Within, trees are made in the middle of others, as if by threads of which one waits.

    The collector of Python 3.11 runs wherever something is made, and whoever it calls may wait for
    another thread. What that one does is done here right away, from deeper within, and only in the
    first of several trees.
    """
    times: list[int] = []

    def come_in(phase: str, info: dict[str, Any]) -> None:
        if phase == "start" and len(times) < _TIMES:
            times.append(1)
            _from_within(30, lambda: ast.parse("x"))

    before = gc.get_threshold()
    gc.callbacks.append(come_in)
    gc.set_threshold(10)
    try:
        yield times
    finally:
        gc.set_threshold(*before)
        gc.callbacks.remove(come_in)


def _from_within(depth: int, act: Callable[[], Any]) -> None:
    if depth:
        _from_within(depth - 1, act)
    else:
        act()


def test_another_thread_comes_in_between() -> None:
    with _coming_in_between() as times:
        found = syntax_tree(_TEXT)
    assert len(times) == _TIMES or sys.version_info >= (3, 12)  # whose collector waits
    assert ast.dump(found) == ast.dump(ast.parse(_TEXT))
    with _coming_in_between():
        value = expression_tree(f" {_LIST}")
    assert ast.dump(value) == ast.dump(ast.parse(_LIST, mode="eval").body)


def test_a_revision_is_looked_at_meanwhile(tmp_path: Path) -> None:
    columns = ", ".join(f"sa.Column('c{number}', sa.Integer)" for number in range(100))
    write_project(tmp_path, "sqlite://", r1=f"op.create_table('t', {columns})")
    script = ScriptDirectory(tmp_path / "migrations").get_revision("r1")
    assert script is not None
    assert script.module
    with _coming_in_between():
        assert is_pure(script)
    with _coming_in_between():
        assert code_lines(_TEXT)


def test_what_is_no_python_is_told() -> None:
    with pytest.raises(SyntaxError) as raised:
        syntax_tree("a = 1\nb = (", "r1.py")
    assert (raised.value.filename, raised.value.lineno) == ("r1.py", 2)
    with pytest.raises(SyntaxError):
        expression_tree("a = 1")
    assert isinstance(syntax_tree(b"# coding: latin-1\na = '\xe4'\n"), ast.Module)
