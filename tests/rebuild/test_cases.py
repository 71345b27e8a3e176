"""Every case: the new text, the old rows, and all else as it was."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest

from tests.rebuild.cases import CASES, Case

if TYPE_CHECKING:
    from tests.rebuild.live import Live


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_only_what_was_asked_changes(live: Live, case: Case) -> None:
    live.execute(*case.before)
    schema = live.schema()
    rows = live.rows("SELECT * FROM t")
    live.migrate(*copy.deepcopy(case.operations), metadata=case.metadata)
    after = live.schema()
    assert after["t"] == case.after
    assert live.rows("SELECT * FROM t") == (rows if case.rows is None else case.rows)
    assert set(schema) - set(after) == set(case.gone)
    assert set(after) - set(schema) == set(case.came)
    for name in (set(schema) & set(after)) - {"t"}:
        if case.name != "renamed and altered at once":
            assert after[name] == schema[name]
    live.check()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_second_time_the_text_is_the_same(live: Live, case: Case) -> None:
    """The text that a copy leaves is one that the next copy understands."""
    from limbeck.operations.batch_value import BatchOptions
    from limbeck.operations.ops import AlterColumnOp

    live.execute(*case.before)
    live.migrate(*copy.deepcopy(case.operations), metadata=case.metadata)
    schema, rows = live.schema(), live.rows("SELECT * FROM t")
    column = live.rows("SELECT name FROM pragma_table_info('t')")[0][0]
    nothing = AlterColumnOp("t", column, modify_comment="nothing that SQLite knows")
    live.migrate(nothing, options=BatchOptions(recreate="always"))
    assert live.schema() == schema
    assert live.rows("SELECT * FROM t") == rows
    live.check()
