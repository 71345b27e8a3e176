"""What models keep about a table for themselves."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.autogenerate import produce_migrations, render_python_code
from limbeck.operations import ops
from limbeck.runtime.migration import MigrationContext


@pytest.mark.parametrize(
    ("info", "written"),
    [({"team": "a"}, True), ({"on": {"a", "b"}}, False), ({"of": object()}, False), ({}, False)],
)
def test_what_has_no_literal_is_left_out(info: dict[str, Any], written: bool) -> None:
    models = sa.MetaData()
    sa.Table("t", models, sa.Column("id", sa.Integer, primary_key=True), info=info)
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        script = produce_migrations(MigrationContext.configure(connection), models)
    engine.dispose()
    assert isinstance(script.upgrade_ops, ops.UpgradeOps)
    code = render_python_code(script.upgrade_ops)
    assert "create_table" in code
    assert ("info=" in code) is written
