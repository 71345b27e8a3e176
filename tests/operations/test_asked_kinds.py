"""Operations that are loaded when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

_KINDS = "check exclude foreign_key primary_key unique"


def _said(program: str) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize(
    "name", ["AddConstraintOp", "DropConstraintOp", "CreateUniqueConstraintOp"]
)
def test_who_asks_for_one_operation_gets_every_kind_of_constraint(name: str) -> None:
    told = _said(
        f"from limbeck.operations.ops import {name}\n"
        "from limbeck.operations.ops.constraints import AddConstraintOp\n"
        "print(*sorted(AddConstraintOp.add_constraint_ops))"
    )
    assert {f"{kind}_constraint" for kind in _KINDS.split()} <= set(told.split())


def test_every_name_is_there_in_each_way_of_asking() -> None:
    told = _said(
        "from limbeck.operations import ops\n"
        "print(set(ops.__all__) <= set(dir(ops)))\n"
        "from limbeck.operations.ops import *\n"
        "print(all(globals()[name] is getattr(ops, name) for name in ops.__all__))\n"
        "print(hasattr(ops, 'CreateNothingOp'))\n"
        "from limbeck.operations import BatchOperations, Operations\n"
        "print(Operations.__name__, BatchOperations.__name__)"
    )
    assert told.split() == ["True", "True", "False", "Operations", "BatchOperations"]


def test_limbecks_own_operations_are_known_before_one_is_asked_for() -> None:
    told = _said(
        "from limbeck.operations import Operations, ops\n"
        "try:\n"
        "    Operations.implementation_for(ops.CreateTableOp)(print)\n"
        "except ValueError as error:\n"
        "    print('refused')"
    )
    assert told == "refused"
