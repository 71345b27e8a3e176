"""The options of sequences and identity columns, without those that are the default.

The defaults follow from the direction and the type, see
https://www.postgresql.org/docs/current/sql-createsequence.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from limbeck.dialects.standard.normalise import options_of

if TYPE_CHECKING:
    from limbeck.facts.objects import Options

_BITS = {"smallint": 15, "integer": 31}


def sequence_options(
    type_text: str,
    *,
    start: Any = None,
    increment: Any = None,
    minvalue: Any = None,
    maxvalue: Any = None,
    cycle: Any = None,
    cache: Any = None,
) -> Options:
    """The options that differ from what PostgreSQL takes by itself.

    :param type_text: the normal text of the type of the numbers.
    :param start: each option is a number, or None where it is left open.
    """
    limit = 2 ** _BITS.get(type_text, 63)
    step = 1 if increment is None else int(increment)
    lowest, highest = (1, limit - 1) if step > 0 else (-limit, -1)
    bottom = lowest if minvalue is None else int(minvalue)
    top = highest if maxvalue is None else int(maxvalue)
    first = bottom if step > 0 else top
    return options_of(
        start=_unless(start, first),
        increment=_unless(step, 1),
        minvalue=_unless(bottom, lowest),
        maxvalue=_unless(top, highest),
        cycle=bool(cycle),
        cache=_unless(cache, 1),
    )


def _unless(value: Any, default: int) -> int | None:
    return None if value is None or int(value) == default else int(value)
