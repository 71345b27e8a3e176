"""What MariaDB cannot make of a column's values by itself."""

from __future__ import annotations

_OF_THEIR_OWN = frozenset({"uuid", "inet4", "inet6"})


def goes_by_text(before: str, after: str) -> bool:
    """Whether MariaDB changes a type into another only by way of a string.

    It has no conversion between these types and anything but strings, not even in an empty table
    ("Cannot cast 'int' as 'uuid'"): https://mariadb.com/kb/en/uuid-data-type/

    :param before: the canonical text of a type.
    :param after: the canonical text of another.
    """
    kinds = {text.partition("(")[0].strip() for text in (before, after)}
    strings = any(word in kind for kind in kinds for word in ("char", "text", "binary"))
    return len(kinds) > 1 and not kinds.isdisjoint(_OF_THEIR_OWN) and not strings
