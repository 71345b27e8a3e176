"""The name that PostgreSQL would give a constraint by itself."""

from __future__ import annotations

SHORTEST_LIMIT = 63
"""The length in bytes to which names are cut: PostgreSQL's, the shortest of the databases that
a file may later run on."""


def cut_name(table: str, columns: str, label: str, limit: int = SHORTEST_LIMIT) -> str:
    """Return ``table_columns_label``, the longer of the first two cut until it fits.

    :param limit: the greatest length in bytes of UTF-8.
    """
    room = limit - len(label) - (2 if columns else 1)
    first, second = table, columns
    while len(first.encode()) + len(second.encode()) > room:
        if len(first.encode()) > len(second.encode()):
            first = first[:-1]
        else:
            second = second[:-1]
    return "_".join(part for part in (first, second, label) if part)
