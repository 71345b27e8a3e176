"""Hooks that change what is generated."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from limbeck.autogenerate import Rewriter
from limbeck.operations import ops


def script() -> ops.MigrationScript:
    column = sa.Column("x", sa.Integer, nullable=False)
    inside = ops.ModifyTableOps("t", [ops.AddColumnOp("t", column), ops.DropColumnOp("t", "y")])
    upgrade = ops.UpgradeOps([ops.CreateTableOp("u", []), inside])
    return ops.MigrationScript("abc", upgrade, ops.DowngradeOps([]))


def kinds(of: ops.MigrationScript) -> list[str]:
    found: list[str] = []
    for container in of.upgrade_ops_list:
        for op in container.ops:
            inner = op.ops if isinstance(op, ops.ModifyTableOps) else [op]
            found += [type(each).__name__ for each in inner]
    return found


def test_one_becomes_several_and_is_seen_once() -> None:
    writer = Rewriter()

    @writer.rewrites(ops.AddColumnOp)
    def add(context: Any, revision: Any, op: ops.AddColumnOp) -> list[ops.MigrateOperation]:
        op.column.nullable = True
        return [
            op,
            ops.AlterColumnOp(
                "t", op.column.name, modify_nullable=False, existing_type=op.column.type
            ),
        ]

    directives = [script()]
    writer(None, None, directives)
    assert kinds(directives[0]) == ["CreateTableOp", "AddColumnOp", "AlterColumnOp", "DropColumnOp"]
    writer(None, None, directives)
    assert kinds(directives[0]) == ["CreateTableOp", "AddColumnOp", "AlterColumnOp", "DropColumnOp"]


def test_nothing_takes_its_place() -> None:
    writer = Rewriter()
    writer.rewrites((ops.DropColumnOp, ops.CreateTableOp))(lambda context, revision, op: [])
    directives = [script()]
    writer(None, None, directives)
    assert kinds(directives[0]) == ["AddColumnOp"]


def test_one_after_the_other() -> None:
    seen: list[str] = []
    first, second = Rewriter(), Rewriter()

    @first.rewrites(ops.CreateTableOp)
    def by_first(context: Any, revision: Any, op: ops.CreateTableOp) -> ops.CreateTableOp:
        seen.append("first")
        return op

    @second.rewrites(ops.CreateTableOp)
    def by_second(context: Any, revision: Any, op: ops.CreateTableOp) -> ops.CreateTableOp:
        seen.append("second")
        return op

    first.chain(second)(None, None, [script()])
    assert seen == ["first", "second"]
    first(None, None, [script()])
    assert seen == ["first", "second", "first"]
