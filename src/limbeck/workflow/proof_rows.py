"""The second round of a proof: rows in the tables, and their values through up, down and up.

What is promised: in a table that the revision keeps, every row stays, and every column that is
there before and after with the same type keeps its values, through the upgrade, the downgrade and
the second upgrade. What an operation renames is followed to its new name. A column that becomes NOT
NULL may get values where it had none. A column whose type changes is looked at after the downgrade;
which of its values do not come back is said, and refutes nothing. What a statement of the author's
in the revision may have written is said too, and refutes nothing either
(:mod:`limbeck.workflow.own_writes`); that there is such a statement excuses no other loss. A
revision that fails on rows is tried with plainer rows; then the proof goes on without any, and that
is said: it ran without them, so it may be for their sake.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from limbeck.value import Value

if TYPE_CHECKING:
    from limbeck.facts.objects import SchemaFact, TableKey
    from limbeck.script import Script
    from limbeck.workflow.replay import Replay

_MOST_TABLES = 100
_MOST_WORDS = 8


class RowsProof(Value):
    """What came of it.

    :param is_at: where the scratch database is now: after the second "upgrade", or at the
        "parent", without rows.
    :param lost: values that are not what they were, a line each.
    :param remarks: what was not a part of the proof, a line each.
    :param limits: the same in a word or two, for the stamp.
    :param leaves_rows: whether there may be rows that the history has not put there.
    """

    is_at: Literal["upgraded", "parent"]
    lost: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    leaves_rows: bool = False


class OwnStatements(Value):
    """What is known of the statements that an author has put into a revision.

    :param surroundings: triggers and routines that they may run, as texts.
    :param unheard: the text of the revision, where it also talks to the driver itself.
    """

    surroundings: tuple[str, ...] = ()
    unheard: str | None = None


def prove_rows(
    replay: Replay,
    script: Script,
    parent: SchemaFact,
    after: SchemaFact,
    *,
    own: OwnStatements | None,
) -> RowsProof:
    """Run a revision with rows in the tables that it touches.

    :param replay: a scratch database at the parent.
    :param script: the revision, which has run up and down without rows.
    :param parent: the schema before it.
    :param after: the schema after it.
    :param own: what is known of the author's own statements, None where limbeck is the author.
    """
    keys = touched(script, parent, after)
    if not keys:
        return RowsProof("parent")
    from limbeck.workflow.rows_round import Round, RowsRefused  # few revisions need rows

    remarks: list[str] = []
    for odd in (True, False):
        round_ = Round(replay, script, parent, after, own)
        try:
            lost = round_.run(keys, odd=odd)
        except RowsRefused as refused:
            kind = "odd" if odd else "plain"
            remarks.append(f"with {kind} values in its tables {refused}")
            round_.back_to_parent()
            continue
        remarks += round_.remarks
        limits: tuple[str, ...] = () if odd else ("plain values only",)
        leaves = round_.wrote or not round_.take_rows_out()
        changed = [each.words for each in lost if each.is_own][:_MOST_WORDS]
        if changed:
            remarks += [f"by statements of its own: {line}" for line in changed]
            limits = (*limits, "changes data")
        refuting = [each.words for each in lost if not each.is_own][:_MOST_WORDS]
        return RowsProof("upgraded", tuple(refuting), tuple(remarks), limits, leaves)
    return RowsProof("parent", (), tuple(remarks), ("empty tables only",))


def touched(script: Script, parent: SchemaFact, after: SchemaFact) -> frozenset[TableKey]:
    """The tables of the parent that a revision changes, or speaks of.

    :param script: the revision.
    :param parent: the schema before it.
    :param after: the schema after it.
    """
    from limbeck.project.files import read_text

    source = read_text(Path(script.path))
    now = {table.key: table for table in after.tables}
    found = [
        table.key
        for table in parent.tables
        if now.get(table.key) != table or table.key.name in source
    ]
    return frozenset(found[:_MOST_TABLES])
