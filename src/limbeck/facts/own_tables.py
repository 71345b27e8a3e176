"""How the tables of the tool's own are called, beside the version table."""

from __future__ import annotations

__all__ = ["JOURNAL", "history_table_name", "journal_table_name"]

JOURNAL = "limbeck_journal"
"""The table in which a run writes down what it does, while it is needed."""

_LONGEST_NAME = 63
"""What every database takes for a name, in bytes."""


def history_table_name(version_table: str) -> str:
    """How the history is called where no setting says it: applications may share a schema.

    :param version_table: the name of the version table.
    """
    if version_table == "alembic_version":
        return "limbeck_history"
    return f"{version_table}_history"


def journal_table_name(version_table: str) -> str:
    """How the journal is called: each version table has its own, as it has its own deploy lock.

    :param version_table: the name of the version table.
    """
    if version_table == "alembic_version":
        return JOURNAL
    name = f"{JOURNAL}_{version_table}"
    if len(name.encode()) <= _LONGEST_NAME:
        return name
    from hashlib import sha256

    return f"{JOURNAL}_{sha256(version_table.encode()).hexdigest()[:32]}"
