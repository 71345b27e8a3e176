"""Operations that are imported when they are asked for are there as those that came at once."""

from __future__ import annotations

import subprocess
import sys

import limbeck.operations
from limbeck.operations import ops


def test_a_class_that_somebody_puts_in_the_place_of_one_stays() -> None:
    text = """
from limbeck.operations import ops
class Mine: ...
ops.CreateTableOp = Mine
print(ops.AddColumnOp.__name__, ops.CreateTableOp.__name__)
"""
    told = subprocess.run([sys.executable, "-c", text], capture_output=True, check=True)
    assert told.stdout.split() == [b"AddColumnOp", b"Mine"]


def test_they_are_listed() -> None:
    for module in (limbeck.operations, ops):
        assert set(module.__all__) <= set(dir(module))
