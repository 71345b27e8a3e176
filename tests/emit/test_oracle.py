"""What only Oracle has: its scripts. It is never run; see ``expected.sql``."""

from __future__ import annotations

import io
from typing import Any

import pytest

from limbeck.operations.operations import Operations
from limbeck.runtime.migration import MigrationContext


def script(words: str, **options: Any) -> str:
    """What a migration writes down in a transaction."""
    buffer = io.StringIO()
    opts = {"as_sql": True, "output_buffer": buffer, **options}
    context = MigrationContext.configure(dialect_name="oracle", opts=opts)
    with context.begin_transaction():
        Operations(context).execute(words)
    return buffer.getvalue()


def test_a_script_has_no_semicolons() -> None:
    assert script("DROP TABLE t") == "DROP TABLE t\n\n/\n\n"


def test_a_script_in_a_transaction_if_asked_for() -> None:
    assert script("DROP TABLE t", transactional_ddl=True) == (
        "SET TRANSACTION READ WRITE\n\n/\n\nDROP TABLE t\n\n/\n\nCOMMIT\n\n/\n\n"
    )


@pytest.mark.parametrize(("separator", "ending"), [("BYE", "\n\nBYE\n\n"), ("", "\n\n")])
def test_the_separator_is_an_option(separator: str, ending: str) -> None:
    assert script("DROP TABLE t", oracle_batch_separator=separator) == f"DROP TABLE t{ending}"


def test_a_comment_at_the_end_swallows_nothing() -> None:
    assert script("DROP TABLE t -- gone") == "DROP TABLE t -- gone\n\n/\n\n"
