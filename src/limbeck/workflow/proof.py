"""One revision, proved on a scratch database.

At its parent's schema the revision is run up, down and up. The schema that comes out of it must be
the models' (where the revision is the head), the way back must lead to the parent's schema, and the
second way up to the same schema as the first. The second round is done with rows in the tables
that the revision touches: what is not changed by it must keep its values.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from limbeck.errors import CommandError, RevisionFailed
from limbeck.project.files import read_text
from limbeck.runtime.resent.once_more import OnceMore
from limbeck.value import Value
from limbeck.workflow.check import differences
from limbeck.workflow.places import Finding, Place, deviations, place, tight_keys
from limbeck.workflow.proof_rows import OwnStatements, prove_rows

if TYPE_CHECKING:
    from limbeck.autogenerate.context import AutogenContext
    from limbeck.autogenerate.revision import LetBe
    from limbeck.database.comparison import Comparison
    from limbeck.project.proof_reading import Reading
    from limbeck.script import Script
    from limbeck.workflow.check import Differences
    from limbeck.workflow.replay import Replay

Outcome = Literal["proved", "not reversible", "refuted", "not proved"]


class Proof(Value):
    """What came of proving one revision.

    :param outcome: "proved"; "not reversible": proved, but there is no way back; "refuted"; "not
        proved": it could not be tried.
    :param engine: the database, as in ``postgresql 15``; empty where there was none.
    :param findings: why it is refuted.
    :param remarks: what was not a part of the proof, or why there was none, a line each.
    :param limits: what was not proved, in a word or two each, for the stamp.
    :param leaves_rows: whether the scratch database may hold rows that the history has not put
        there; else it is as after the revision.
    """

    outcome: Outcome
    engine: str = ""
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    leaves_rows: bool = False

    @property
    def is_good(self) -> bool:
        """Whether the file may carry a stamp."""
        return self.outcome in ("proved", "not reversible")

    def facts(self) -> dict[str, Any]:
        """The proof as plain values."""
        return {
            "outcome": self.outcome.replace(" ", "_"),
            "database": self.engine or None,
            "findings": [finding.facts() for finding in self.findings],
            "remarks": list(self.remarks),
        }


def prove_revision(replay: Replay, script: Script, engine: str, *, is_generated: bool) -> Proof:
    """Prove one revision.

    :param replay: a scratch database at what comes before the revision, without rows of limbeck's.
    :param script: the revision.
    :param engine: what the database is called in the stamp.
    :param is_generated: limbeck has just written it, so that a ``downgrade()`` that does nothing
        is no decision of anybody's.
    :raises ScratchUnavailable: the environment does not come to the scratch database, or the
        revision reaches beyond it.
    """
    from limbeck.project.proof_reading import read_revision

    reading = read_revision(read_text(Path(script.path)))
    return _Prover(replay, script, engine, reading, is_generated).prove()


class _Prover:
    def __init__(
        self,
        replay: Replay,
        script: Script,
        engine: str,
        reading: Reading,
        is_generated: bool,
    ) -> None:
        self.replay = replay
        self.script = script
        self.engine = engine
        self.reading = reading
        self.is_generated = is_generated
        self.remarks: list[str] = []
        self.limits: list[str] = []
        self.strangers = replay.strangers(script)
        self.leaves_rows = False
        self.once_more = OnceMore()

    @property
    def id(self) -> str:
        return self.script.revision

    def prove(self) -> Proof:
        """The schema first, then the rows."""
        parent = place(self.replay)
        failed = self._runs("upgrade", self.once_more)
        if failed is not None:
            return self._failed(failed)
        after = place(self.replay)
        found = list(self._against_models(parent, after))
        no_way_back = self._no_way_back(parent, after)
        if found:
            return self._refuted(*found)
        if no_way_back is not None:
            if self.is_generated:
                return self._refuted(Finding("the way back", (no_way_back,)))
            self.remarks.append(no_way_back)
            return self._good("not reversible", "upgrade only")
        failed = self._runs("downgrade")
        if failed is not None:
            return self._failed(failed)
        found = list(deviations("after the downgrade", "the parent's", parent, self.replay))
        if found:
            return self._refuted_or_strange(*found)
        return self._with_rows(parent, after)

    def _with_rows(self, parent: Place, after: Place) -> Proof:
        rows = prove_rows(
            self.replay,
            self.script,
            parent.schema,
            after.schema,
            own=self._own_statements(parent, after),
        )
        # what was made by hand is no part of the history either
        self.leaves_rows = rows.leaves_rows or bool(self.strangers.objects)
        self.remarks += rows.remarks
        self.limits += rows.limits
        if rows.lost:
            stage = "the values in columns that the revision does not change"
            return self._refuted(Finding(stage, rows.lost))
        if rows.is_at == "parent":
            failed = self._once_more(is_fresh=bool(rows.limits))
            if failed is not None:
                return self._refuted(failed)
        found = list(
            deviations("after the second upgrade", "that of the first", after, self.replay)
        )
        return self._refuted_or_strange(*found) if found else self._good("proved")

    def _once_more(self, *, is_fresh: bool) -> Finding | None:
        """Run the revision up again, without rows; what it says if it fails.

        :param is_fresh: the scratch database is a new one, in which nothing of the first way down
            is left: it is gone there and back first.
        """
        steps: tuple[Literal["upgrade", "downgrade"], ...] = ("upgrade", "downgrade")
        for direction in steps if is_fresh else ():
            failed = self._runs(direction)
            if failed is not None:
                return failed
        failed = self._runs("upgrade", None if is_fresh else self.once_more)
        if self.once_more.was_in_vain:
            self.once_more = OnceMore()
            self.replay.start_over()
            self.replay.to_parent(self.script)
            return self._once_more(is_fresh=True)
        return None if failed is None else Finding("the second upgrade", failed.words)

    def _own_statements(self, parent: Place, after: Place) -> OwnStatements | None:
        if self.is_generated:
            return None
        source = read_text(Path(self.script.path)) if self.reading.touches_driver else None
        return OwnStatements((*parent.surroundings, *after.surroundings), source)

    def _runs(
        self, direction: Literal["upgrade", "downgrade"], once_more: OnceMore | None = None
    ) -> Finding | None:
        """Run the revision; what it says if it fails."""
        try:
            if direction == "upgrade":
                self.replay.upgrade([self.id], once_more=once_more)
            else:
                self.replay.downgrade(self.id)
        except RevisionFailed as error:
            return Finding(f"the {direction}", (error.message, *error.details[:-1]))
        return None

    def _against_models(self, parent: Place, after: Place) -> Iterator[Finding]:
        """What differs between the models and what came out, where the revision is the last."""
        if not self.replay.before(self.id).completes:
            return
        try:
            found = self._differences(self.strangers.let_be)
            let_be = self.replay.before_history.among(found.revision_context.comparisons)
            if let_be:
                found = self._differences(self._without_what_was_there)
        except RevisionFailed:
            raise
        except CommandError as error:
            self.remarks.append(f"not compared with the models: {error.message}")
            self.limits.append("without models")
            return
        if let_be:
            self.remarks.append(
                "not proved of what the database had before, as no revision creates it: "
                + ", ".join(let_be)
            )
            self.limits.append("without what no revision creates")
        new = set(after.surroundings) - set(parent.surroundings)
        loose = new & set(tight_keys(found.revision_context.comparisons))
        words = (*found.words, *sorted(f"{each} is not wanted by the models" for each in loose))
        if words:
            stage = "after the upgrade, the schema is not that of the models"
            yield Finding(stage, words, found.values)

    def _differences(self, let_be: LetBe) -> Differences:
        # nothing is on scratch that the history has not made, but what was made for the revision
        run = self.replay.run
        return differences(self.replay.config, drop_unowned=True, run=run, let_be=let_be)

    def _without_what_was_there(
        self, context: AutogenContext, comparison: Comparison
    ) -> Comparison:
        narrowed = self.replay.before_history.narrowed(context, comparison)
        return self.strangers.let_be(context, narrowed)

    def _no_way_back(self, parent: Place, after: Place) -> str | None:
        if not self.reading.has_no_way_back or parent == after:
            return None
        return f"not reversible: {self.reading.refusal}"

    def _good(self, outcome: Outcome, *limits: str) -> Proof:
        return Proof(
            outcome,
            self.engine,
            (),
            tuple(self.remarks),
            (*limits, *self.limits),
            self.leaves_rows,
        )

    def _failed(self, finding: Finding) -> Proof:
        """What it means that the revision fails; it may build on what is not on scratch."""
        if self.strangers:
            return self._strange(finding)
        missing = self.replay.before_history.named_in(self.script)
        if not missing:
            return self._refuted(finding)
        reason = (
            f"it builds on {' and '.join(missing)}, which the database had before and no revision "
            f"creates: {finding.words[0]}"
        )
        return Proof("not proved", self.engine, (), (reason, *finding.words[1:]))

    def _refuted_or_strange(self, *findings: Finding) -> Proof:
        """What it means that something differs; it may be what the history knows nothing of."""
        is_made = not self.strangers or self.strangers.objects
        return self._refuted(*findings) if is_made else self._strange(*findings)

    def _strange(self, *findings: Finding) -> Proof:
        reason = f"it drops {self.strangers}, which the history does not create"
        hint = (
            "a revision before it that creates the same, stamped where it is there already, lets "
            "this one be proved"
        )
        words = (f"{each.stage}: {line}" for each in findings for line in each.words)
        return Proof("not proved", self.engine, (), (reason, *words, hint))

    def _refuted(self, *findings: Finding) -> Proof:
        return Proof("refuted", self.engine, findings, tuple(self.remarks))
