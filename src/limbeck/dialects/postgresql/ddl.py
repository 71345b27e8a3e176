"""What PostgreSQL says in its own way.

https://www.postgresql.org/docs/current/sql-altertable.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Computed, Identity
from sqlalchemy.ext.compiler import compiles

from limbeck.ddl.base import AlterColumn, ColumnType
from limbeck.ddl.words import alter_column, type_text
from limbeck.dialects.postgresql.sequence_options import TAKEN_BACK

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        unsaid_stays: bool = False,
        **kw: Any,
    ) -> None:
        super().__init__(name, column_name, **kw)
        self.before = before
        self.after = after
        self.unsaid_stays = unsaid_stays


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
    changed = changed_options(element.before, element.after, unsaid_stays=element.unsaid_stays)
    changes = [f"SET {option}" for option in _option_words(compiler, changed)]
    return " ".join([words, *changes])


# What an option may be where it is not said: only another value has to be taken back.
# https://www.postgresql.org/docs/current/sql-createsequence.html
_UNSAID: dict[str, tuple[Any, ...]] = {
    "cache": (1,),
    "cycle": (False,),
    "increment": (1,),
    "maxvalue": (2**15 - 1, 2**31 - 1, 2**63 - 1),
    "minvalue": (1,),
    "start": (1,),
}


def changed_options(before: Identity, after: Identity, *, unsaid_stays: bool) -> dict[str, Any]:
    """The options of an identity that are to be said, by their names.

    :param unsaid_stays: whether an option that ``after`` does not say stays as it is.
    """
    changed: dict[str, Any] = {}
    for option, usual in _UNSAID.items():
        old, new = getattr(before, option), getattr(after, option)
        if new is None:
            if not unsaid_stays and old is not None and old not in usual:
                changed.update(TAKEN_BACK[option])
        elif new != old:
            changed[option] = new
    for flag in ("nomaxvalue", "nominvalue"):
        new = getattr(after, flag)
        if new is not None and new != getattr(before, flag):
            changed[flag] = new
    if bool(before.always) != bool(after.always):
        changed["always"] = bool(after.always)
    return changed


def _option_words(compiler: DDLCompiler, changed: Mapping[str, Any]) -> list[str]:
    """The options in the order of their names, after whether numbers are always generated."""
    words = [
        compiler.get_identity_options(Identity(**{option: value}))
        for option, value in sorted(changed.items())
        if option != "always"
    ]
    if "always" in changed:
        words.insert(0, f"GENERATED {'ALWAYS' if changed['always'] else 'BY DEFAULT'}")
    return words


def _percent(compiler: DDLCompiler, words: str) -> str:
    """SQL text as this driver reads it: with its percent signs doubled where it wants that."""
    doubled = getattr(compiler.preparer, "_double_percents", False)
    return words.replace("%", "%%") if doubled else words
