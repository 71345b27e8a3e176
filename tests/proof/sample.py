"""Which of the loop's cases are proved on a database, and have mistakes put into them."""

from __future__ import annotations

from tests.loop.case import Case
from tests.parts import is_everything_asked_for, is_in_part

PARTS = {"sqlite": 0, "postgresql15": 1, "postgresql18": 2, "mariadb": 3}
PROVED, MUTATED = 10, 40
"""One of so many cases is proved, and has mistakes put into it; those are a part of these."""

LONG = frozenset({"many columns"})
"""Cases with so many mistakes that a server takes minutes for them."""


def is_proved(case: Case, database: str) -> bool:
    """Whether the change of a case is proved on a database."""
    return is_in_part(case.name, PROVED, PARTS[database])


def is_mutated(case: Case, database: str) -> bool:
    """Whether mistakes are put into a case on a database."""
    if case.name in LONG and not is_everything_asked_for():
        return False
    return is_in_part(case.name, MUTATED, PARTS[database])
