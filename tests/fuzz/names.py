"""Names: mostly plain, sometimes such that something on the way stumbles over them.

A name is made of its kind and a number ("t1", "c2") and one decoration, so that two names are the
same only where they are drawn to be.
"""

# ruff: noqa: E501 - what means the same stands in one line

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.source import kind_of

LONGEST = {"sqlite": 63, "postgresql": 63, "mariadb": 64}
"""https://www.postgresql.org/docs/current/limits.html, https://mariadb.com/kb/en/identifier-names/

SQLite has no limit."""

RESERVED = ("order", "select", "user", "group", "table", "check", "primary", "default", "key", "id")

DECORATIONS = (
    "{}_a", "{}_b", "Upper{}", "{} x", '{}"q', "{}`q", "{}%s", "{}%%", "{}(x)", "{}:c", "{}ü", "名{}",
    "{}'s", "{}\\", "{}-x", "{}[x]", "{}$", "0{}", "{}{{x}}", "{}/x", "{}#", "_{}", "{}__",
)  # fmt: skip


def name(draw: DrawFn, prefix: str, database: str, count: int = 4) -> str:
    """A name for something.

    :param prefix: what its kind is called.
    :param count: how many plain names there are.
    """
    plain = f"{prefix}{draw(st.integers(0, count - 1))}"
    style = draw(st.integers(0, 9))
    if style < 7:
        return plain
    if style == 9:
        return draw(st.sampled_from([filled(plain, database), *reserved(prefix)]))
    return draw(st.sampled_from(DECORATIONS)).format(plain)


def reserved(prefix: str) -> tuple[str, ...]:
    """Words of SQL as names; each kind has its own so that they do not meet."""
    return (
        tuple(word if prefix == "c" else f"{word}" for word in RESERVED) if prefix in "ct" else ()
    )


def filled(plain: str, database: str) -> str:
    """The longest name that starts with ``plain``."""
    return plain + "_" * 1 + "x" * (LONGEST[kind_of(database)] - len(plain) - 1)


def stored(text: str, database: str) -> str:
    """A name as it is compared with others, or kept: folded where the database folds."""
    kind = kind_of(database)
    if kind == "postgresql":
        return text.encode()[:63].decode(errors="ignore")
    # https://www.sqlite.org/lang_keywords.html, https://mariadb.com/kb/en/identifier-case-sensitivity/
    return text.lower()
