"""Alter a table as SQLite's documentation says it is to be done: by a copy.

https://www.sqlite.org/lang_altertable.html, section 7: within one transaction, with foreign keys
off, create the new table, copy the rows, drop the old table, rename the new one, and create again
the indexes and triggers that went with the old one. The text of the new table is the text of the
old one with only those pieces changed that an operation speaks of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.schema import CreateIndex

from limbeck.ddl.verbatim import Verbatim
from limbeck.dialects.sqlite.rebuild_classic import as_alembic_reflects, as_reflected
from limbeck.dialects.sqlite.rebuild_copy import copy_statement, without_qualifiers
from limbeck.dialects.sqlite.rebuild_draft import Draft, draft_of
from limbeck.dialects.sqlite.rebuild_edit import edited, finished
from limbeck.dialects.sqlite.rebuild_given import as_described, as_wanted
from limbeck.dialects.sqlite.rebuild_guard import Guard
from limbeck.dialects.sqlite.rebuild_rename import Renames, renamed_in_text
from limbeck.dialects.sqlite.rebuild_source import LiveTable, failures, read_given, read_live
from limbeck.dialects.sqlite.sql_tokens import quoted
from limbeck.dialects.standard.batch import cannot_reflect, temporary_name
from limbeck.dialects.standard.emit import StandardEmitter
from limbeck.errors import CommandError
from limbeck.operations.batch_value import BatchOptions
from limbeck.operations.ops import AlterColumnOp, ExecuteSQLOp

if TYPE_CHECKING:
    from sqlalchemy import Executable

    from limbeck.dialects.backend import EmitTarget
    from limbeck.operations.ops import MigrateOperation


def rebuild_statements(
    operations: Sequence[MigrateOperation],
    target: EmitTarget,
    *,
    table_name: str | None = None,
    schema: str | None = None,
    options: BatchOptions | None = None,
) -> Iterator[Executable]:
    """The statements that carry out operations on one table by one copy of it.

    Run each statement before asking for the next: what is already there decides what follows.

    :param operations: operations on one table, in order; all of one table.
    :param table_name: the table; by default that of the first operation.
    :param options: what the author of a batch wants to be different.
    :raises CommandError: the operations cannot be carried out, or the database may not be asked
        and ``copy_from`` does not say what the table looks like.
    """
    classic = options is not None and target.opts.get("batch") == "alembic"
    reflects = (
        options is not None and (options.existing or target.opts.get("existing")) == "alembic"
    )
    options = options if options is not None else BatchOptions()
    if table_name is None:
        table_name = operations[0].table_name  # type: ignore[attr-defined]  # every operation on a table has it
        schema = getattr(operations[0], "schema", None)
    rebuild = _Rebuild(table_name, schema, target, options, classic=classic, reflects=reflects)
    for operation in operations:
        if isinstance(operation, ExecuteSQLOp):
            yield from rebuild.statements()
            yield from StandardEmitter(target).execute_sql(operation)
            continue
        if rebuild.must_come_after(operation):
            yield from rebuild.statements()
        rebuild.add(operation)
    if options.table_args and rebuild.renames.pairs:
        yield from rebuild.statements()  # they speak of the columns by their new names
    yield from rebuild.statements(last=True)


class _Rebuild:
    """Operations that are gathered until one copy carries out all of them."""

    def __init__(
        self,
        table_name: str,
        schema: str | None,
        target: EmitTarget,
        options: BatchOptions,
        *,
        classic: bool,
        reflects: bool,
    ) -> None:
        self.classic = classic
        self.reflects = reflects
        self.table_name = table_name
        self.schema = schema
        self.target = target
        self.options = options
        self.pending: list[MigrateOperation] = []
        self.renames = Renames()
        self.renamed: dict[str, str] = {}
        self.begun = False
        self.copied = False
        self.left: LiveTable | None = None

    def must_come_after(self, operation: MigrateOperation) -> bool:
        """Whether an operation can only be understood when columns have their new names."""
        return self.renames.stand_in_the_way_of(operation)

    def add(self, operation: MigrateOperation) -> None:
        """Gather an operation; columns get their new names after everything else."""
        understood = self.renames.in_present_names(operation)
        if isinstance(operation, AlterColumnOp) and operation.modify_name is not None:
            self.renames.add(operation.column_name, operation.modify_name)
            self.renamed[operation.column_name] = operation.modify_name
        if not isinstance(understood, AlterColumnOp) or understood.has_changes():
            self.pending.append(understood)

    def statements(self, *, last: bool = False) -> Iterator[Executable]:
        """The statements for what is gathered so far."""
        if not (self.pending or self.renames.pairs or (last and self._wants_more())):
            return
        pending, self.pending = self.pending, []
        renames, self.renames = self.renames, Renames()
        live = self._read()
        draft = draft_of(live)
        if not self.begun:
            draft = self._as_known(draft)
        for operation in pending:
            draft = edited(draft, operation, self.target)
        if last:
            draft = as_wanted(draft, self.options, self.target, renames.present, self.renamed)
        draft = finished(draft)
        always = not self.copied and (
            draft.is_reflected or (last and self.options.recreate == "always")
        )
        quote = self.target.dialect.identifier_preparer.quote
        if always or draft.table.text != live.text.text:
            # On paper there may be views that nobody knows of.
            known = self.classic or self.target.online is not None
            renamed = renamed_in_text(draft, renames.pairs, quote) if known else None
            if renamed is not None:
                draft = replace(renamed, created=renames.in_new_names(draft.created))
                renames = Renames()
            yield from copy_statements(draft, self.target, casts=self.classic)
            self.copied = True
        else:
            yield from _dropped_indexes(draft)
        self.begun = True
        if self.target.online is None and not renames.pairs:
            self.left = LiveTable(draft.table, self.schema, draft.indexes)
        address = _address(self.table_name, self.schema, self.target)
        for before, after in renames.pairs:
            yield Verbatim(f"ALTER TABLE {address} RENAME COLUMN {quote(before)} TO {quote(after)}")
        for index in renames.in_new_names(draft.created):
            yield CreateIndex(index)

    def _as_known(self, draft: Draft) -> Draft:
        """The draft before the first operation: by Alembic's lights, and as the author says."""
        if self.options.copy_from is None:
            if self.reflects:
                draft = as_reflected(draft, self.target)
            if self.classic or draft.is_reflected:
                draft = as_alembic_reflects(draft, self.options, self.target)
        return as_described(draft, self.options, self.target)

    def _wants_more(self) -> bool:
        """Whether something is to be done besides the operations."""
        options = self.options
        always = options.recreate == "always" and not self.copied
        extra = options.table_args or options.table_options or options.partial_reordering
        return always or bool(extra) or not self.begun

    def _read(self) -> LiveTable:
        """The table as it is now; on paper, as the author says or as it was left."""
        connection = self.target.online
        given = self.options.copy_from
        if given is not None and not self.begun:
            return read_given(given, self.target.dialect, connection, self.schema)
        if self.left is not None:
            return self.left
        if connection is not None:
            return read_live(connection, self.table_name, self.schema)
        raise cannot_reflect(self.table_name, self.target.dialect)


def copy_statements(
    draft: Draft, target: EmitTarget, *, casts: bool = False
) -> Iterator[Executable]:
    """Create the new table, copy the rows, and put it in the place of the old one.

    :param casts: convert values wherever the kind of type changes.
    """
    live, name = draft.live, draft.live.text.name
    online = target.online
    broken = failures(online, live) if online is not None and draft.dropped else {}
    guard = Guard(live, temporary_name(name), target)
    yield from guard.opening()
    yield from _create_and_copy(draft, target, casts)
    yield Verbatim(f"DROP TABLE {_address(name, live.schema, target)}")
    yield from _rename(draft, target)
    yield from _sequence(draft)
    for stored in (*draft.indexes, *live.triggers):
        yield Verbatim(stored.in_schema(live.schema))
    if online is not None and draft.dropped:
        _refuse_broken(draft, broken, failures(online, live))
    yield from guard.closing()


def _create_and_copy(draft: Draft, target: EmitTarget, casts: bool) -> Iterator[Executable]:
    live, name = draft.live, draft.live.text.name
    temporary = temporary_name(name)
    quote = target.dialect.identifier_preparer.quote
    prefix = f"{quote(live.schema)}." if live.schema else ""
    body = without_qualifiers(replace(draft.table, head="", name_text="").text, name)
    yield Verbatim(f"CREATE TABLE {prefix}{quote(temporary)}{body}")
    copy = copy_statement(
        draft,
        (_address(name, live.schema, target), prefix + quote(temporary)),
        target.dialect,
        keep_rowid=target.online is not None,
        casts=casts,
    )
    if copy is not None:
        yield Verbatim(copy)


def _rename(draft: Draft, target: EmitTarget) -> Iterator[Executable]:
    """Give the new table the old one's name.

    SQLite looks through all views and triggers when a table is renamed, and refuses if one of
    them speaks of a table that is not there, as the old one is not at this moment. With
    ``legacy_alter_table`` it does not look: https://www.sqlite.org/pragma.html#pragma_legacy_alter_table
    """
    live = draft.live
    legacy = not live.alone and not _legacy(target)
    temporary = _address(temporary_name(live.text.name), live.schema, target)
    quote = target.dialect.identifier_preparer.quote
    if legacy:
        yield Verbatim("PRAGMA legacy_alter_table=ON")
    yield Verbatim(f"ALTER TABLE {temporary} RENAME TO {quote(live.text.name)}")
    if legacy:
        yield Verbatim("PRAGMA legacy_alter_table=OFF")


def _legacy(target: EmitTarget) -> bool:
    online = target.online
    return online is not None and bool(online.exec_driver_sql("PRAGMA legacy_alter_table").scalar())


def _sequence(draft: Draft) -> Iterator[Executable]:
    """Let AUTOINCREMENT go on where it was: rowids of deleted rows are not given again."""
    live = draft.live
    if live.sequence is None or not draft.table.autoincrement:
        return
    catalogue = (f"{quoted(live.schema)}." if live.schema else "") + "sqlite_sequence"
    name = "'" + live.text.name.replace("'", "''") + "'"
    yield Verbatim(f"DELETE FROM {catalogue} WHERE name = {name}")
    yield Verbatim(f"INSERT INTO {catalogue} (name, seq) VALUES ({name}, {live.sequence})")


def _dropped_indexes(draft: Draft) -> Iterator[Executable]:
    """Drop indexes where no copy is needed for anything else."""
    prefix = f"{quoted(draft.live.schema)}." if draft.live.schema else ""
    for index in draft.live.indexes:
        if index not in draft.indexes:
            yield Verbatim(f"DROP INDEX {prefix}{quoted(index.name)}")


def _refuse_broken(draft: Draft, before: dict[str, str], after: dict[str, str]) -> None:
    """A view or a trigger that worked must work still."""
    for stored, reason in after.items():
        if stored not in before:
            columns = ", ".join(draft.dropped)
            raise CommandError(
                f"table {draft.table.name!r} needs {columns}: {stored} would break ({reason})",
                hint=f"drop {stored} before, and create it again after",
            )


def _address(name: str, schema: str | None, target: EmitTarget) -> str:
    quote = target.dialect.identifier_preparer.quote
    return f"{quote(schema)}.{quote(name)}" if schema else quote(name)
