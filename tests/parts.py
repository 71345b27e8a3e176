"""The tests of which a part is enough each time, and how all of them are run.

``LIMBECK_TESTS=all`` runs every one; the closing lines say where a part was run. A part is drawn by
the name of a case, so it stays the same while others are added.
"""

from __future__ import annotations

import os
import zlib

VARIABLE = "LIMBECK_TESTS"


def is_everything_asked_for() -> bool:
    """Whether all of the tests are to be run, and not a part of the long ones."""
    return os.environ.get(VARIABLE) == "all"


def is_in_part(name: str, every: int, which: int = 0) -> bool:
    """Whether the case of a name is in the part of the cases that is run.

    :param name: the case.
    :param every: one of so many cases is in the part.
    :param which: of the parts that there are, from 0 to ``every`` - 1.
    """
    return is_everything_asked_for() or zlib.crc32(name.encode()) % every == which
