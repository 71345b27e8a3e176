"""What PostgreSQL says in its own way.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Computed, Identity
from sqlalchemy.ext.compiler import compiles

from limbeck.ddl.base import AlterColumn, ColumnType
from limbeck.ddl.words import alter_column, type_text

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import DDLCompiler


class TypeUsing(ColumnType):
    """``TYPE … USING …``.

    :param using: SQL text of the expression, or None for a cast to the new type by way of
        ``through``.
    :param through: a type to cast to first.
    """

    def __init__(
        self,
        name: str,
        column_name: str,
        *,
        using: str | None,
        through: str | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(name, column_name, **kw)
        self.using = using
        self.through = through


class AlterIdentity(AlterColumn):
    """``ADD GENERATED … AS IDENTITY``, ``SET …`` for what changed, ``DROP IDENTITY``."""

    def __init__(
        self,
        name: str,
        column_name: str,
        *,
        before: Identity | None,
        after: Identity | None,
        **kw: Any,
    ) -> None:
        super().__init__(name, column_name, **kw)
        self.before = before
        self.after = after


class AlterComputed(AlterColumn):
    """``SET EXPRESSION AS (…)``, or ``DROP EXPRESSION``, which keeps the values."""

    def __init__(self, name: str, column_name: str, *, after: Computed | None, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.after = after


class DefaultText(AlterColumn):
    """``SET DEFAULT …`` in words that the database itself gave."""

    def __init__(self, name: str, column_name: str, words: str, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.words = words


@compiles(TypeUsing)
def visit_column_type(element: TypeUsing, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t ALTER COLUMN c TYPE … USING …``."""
    type_words = type_text(compiler, element.type_)
    using = element.using
    if using is None:
        column = compiler.preparer.quote(element.column_name)
        through = f"::{element.through}" if element.through else ""
        using = f"{column}{through}::{type_words}"
    else:
        using = _percent(compiler, using)
    return f"{alter_column(compiler, element)} TYPE {type_words} USING {using}"


@compiles(DefaultText)
def _default_text(element: DefaultText, compiler: DDLCompiler, **kw: Any) -> str:
    words = _percent(compiler, element.words)
    return f"{alter_column(compiler, element)} SET DEFAULT {words}"


@compiles(AlterComputed)
def _alter_computed(element: AlterComputed, compiler: DDLCompiler, **kw: Any) -> str:
    if element.after is None:
        return f"{alter_column(compiler, element)} DROP EXPRESSION"
    expression = compiler.sql_compiler.process(
        element.after.sqltext, include_table=False, literal_binds=True
    )
    return f"{alter_column(compiler, element)} SET EXPRESSION AS ({expression})"


@compiles(AlterIdentity)
def visit_identity_column(element: AlterIdentity, compiler: DDLCompiler, **kw: Any) -> str:
    """``ALTER TABLE t ALTER COLUMN c ADD GENERATED …``, and what changes or ends it."""
    words = alter_column(compiler, element)
    if element.after is None:
        return f"{words} DROP IDENTITY"
    if element.before is None:
        return f"{words} ADD {compiler.process(element.after)}"
    changes = [
        f"SET {option}" for option in _changed_options(compiler, element.before, element.after)
    ]
    return " ".join([words, *changes])


# What an option is where it is not said; it is said only when it has to be taken back.
# https://www.postgresql.org/docs/current/sql-createsequence.html
_UNSAID: dict[str, tuple[Any, dict[str, Any]]] = {
    "cache": ((1,), {"cache": 1}),
    "cycle": ((False,), {"cycle": False}),
    "increment": ((1,), {"increment": 1}),
    "maxvalue": ((2**15 - 1, 2**31 - 1, 2**63 - 1), {"nomaxvalue": True}),
    "minvalue": ((1,), {"nominvalue": True}),
    "start": ((1,), {"start": 1}),
}


def _changed_options(compiler: DDLCompiler, before: Identity, after: Identity) -> list[str]:
    """The options that differ, in the order of their names."""
    changed: dict[str, Any] = {}
    for option, (unsaid, reset) in _UNSAID.items():
        old, new = getattr(before, option), getattr(after, option)
        if new is None:
            if old is not None and old not in unsaid:
                changed.update(reset)
        elif new != old:
            changed[option] = new
    for flag in ("nomaxvalue", "nominvalue"):
        if getattr(after, flag) and not getattr(before, flag):
            changed[flag] = True
    words = [
        compiler.get_identity_options(Identity(**{option: value}))
        for option, value in sorted(changed.items())
    ]
    if bool(before.always) != bool(after.always):
        words.insert(0, f"GENERATED {'ALWAYS' if after.always else 'BY DEFAULT'}")
    return words


def _percent(compiler: DDLCompiler, words: str) -> str:
    """SQL text as this driver reads it: with its percent signs doubled where it wants that."""
    doubled = getattr(compiler.preparer, "_double_percents", False)
    return words.replace("%", "%%") if doubled else words
