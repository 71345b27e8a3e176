"""A schema that was written down, made again on scratch in the place of a run of the history.

What a snapshot says is made by SQL that stands in it. It counts only if a catalogue then says what
the snapshot says, to the letter; otherwise the history runs.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from limbeck.ddl.verbatim import Verbatim
from limbeck.errors import CommandError, ScratchUnavailable
from limbeck.facts.json import to_json
from limbeck.facts.new_names import NO_NEW_NAMES
from limbeck.facts.objects import SchemaFact
from limbeck.workflow.fitting_snapshot import fitting_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlalchemy import Connection, Dialect

    from limbeck.operations import ops
    from limbeck.workflow.replay import Replay

__all__ = ["restored_by", "restoring_statements"]


def restored_by(replay: Replay) -> Path | None:
    """Bring a scratch database to the heads by the snapshot of them, if it can be.

    :param replay: an empty scratch database; it is empty again where this fails.
    :return: the snapshot's file; None where there is none that fits the history, or where what it
        makes is not what it says.
    """
    script = replay.script
    fitting = fitting_snapshot(script, replay.scratch.engine.dialect.name)
    if fitting is None:
        return None
    path, snapshot = fitting
    if not snapshot.statements or any(map(replay.scratch.trespass, snapshot.statements)):
        return None
    try:
        _carry_out(replay, snapshot.statements)
        heads = _heads(replay)
        replay.run(
            lambda rows, _: script._stamp_revs(heads, rows),
            with_models=False,
            destination_rev=heads,
        )
        if to_json(replay.all_facts()) == to_json(snapshot.schema):
            return path
    except ScratchUnavailable:
        raise
    except (SQLAlchemyError, CommandError):  # the history says it better
        pass
    replay.start_over()
    return None


def restoring_statements(replay: Replay, schema: SchemaFact) -> tuple[str, ...]:
    """The SQL that makes what a scratch database holds, tried out on that database.

    :param replay: a scratch database at the heads.
    :param schema: all that is in it.
    :return: nothing where no SQL is known that makes the same.
    """
    surroundings = replay.surroundings()
    try:
        statements = _statements(replay, schema)
        replay.start_over()
        _carry_out(replay, statements)
        is_same = to_json(replay.all_facts()) == to_json(schema)
    except ScratchUnavailable:
        raise
    except (SQLAlchemyError, CommandError, NotImplementedError):
        return ()
    return statements if is_same and replay.surroundings() == surroundings else ()


def _heads(replay: Replay) -> tuple[str, ...]:
    return tuple(each.revision for each in replay.script.get_revisions("heads") if each)


def _carry_out(replay: Replay, statements: Iterable[str]) -> None:
    with replay.scratch.engine.begin() as connection:
        if connection.dialect.name == "sqlite":  # its driver would commit each statement
            connection.exec_driver_sql("BEGIN")
        for statement in statements:
            connection.execute(Verbatim(statement))


def _statements(replay: Replay, schema: SchemaFact) -> tuple[str, ...]:
    with replay.scratch.engine.connect() as connection:
        stored = replay.scratch.statements(connection, replay.version_tables)
        return _planned(connection, schema) if stored is None else stored


def _planned(connection: Connection, schema: SchemaFact) -> tuple[str, ...]:
    """The SQL of the operations that a generated revision would have for all of it."""
    from limbeck.autogenerate.engine import planned
    from limbeck.database.compare_databases import changes_between
    from limbeck.database.compare_scope import default_schema
    from limbeck.database.comparison import Comparison
    from limbeck.dialects.registry import backend_for
    from limbeck.facts.scope import Scope

    schemas = _schemas(schema)
    scope = Scope(tuple(sorted(schemas | {""})), default_schema(connection))
    keys = {table.key for table in schema.tables}
    wanted = backend_for(connection.dialect).with_sources(
        connection, schema, keys, scope, NO_NEW_NAMES
    )
    empty = SchemaFact((), (), ())
    comparison = Comparison(empty, wanted, changes_between(empty, wanted))
    upgrades, _ = planned(comparison, connection.dialect, [])
    quote = connection.dialect.identifier_preparer.quote_schema
    made = (f"CREATE SCHEMA IF NOT EXISTS {quote(each)}" for each in sorted(schemas - {""}))
    return (*made, *_on_paper(connection.dialect, upgrades))


def _on_paper(dialect: Dialect, operations: Iterable[ops.MigrateOperation]) -> tuple[str, ...]:
    """The SQL of operations, a text for each statement."""
    from limbeck.operations import ops
    from limbeck.operations.operations import Operations
    from limbeck.runtime.migration import MigrationContext

    paper = _Paper()
    context = MigrationContext.configure(
        dialect=dialect, opts={"as_sql": True, "output_buffer": paper}
    )
    runner = Operations(context)
    for each in operations:
        if isinstance(each, ops.CreateObjectOp) and each.item.kind == "extension":
            each.if_not_exists = True  # scratch has those of the project's own database already
        runner.invoke(each)
    end = context.impl.command_terminator
    return tuple(each.removesuffix(end) for each in paper.texts)


class _Paper(io.StringIO):
    """Keeps what is written, a text for each statement."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def write(self, text: str) -> int:
        self.texts.append(text.rstrip())
        return len(text)


def _schemas(schema: SchemaFact) -> set[str]:
    """The schemas in which something is, besides the default one."""
    keys = [each.key for each in schema.tables]
    keys += [each.key for each in schema.enums]
    keys += [each.key for each in schema.sequences]
    return {key.schema for key in keys} | {each.schema or "" for each in schema.objects}
