"""One revision, proved on a scratch database.

At its parent's schema the revision is run up, down and up. The schema that comes out of it must be
the models' (where the revision is the head), the way back must lead to the parent's schema, and the
second way up to the same schema as the first. The second round is done with rows in the tables
that the revision touches: what is not changed by it must keep its values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from limbeck.errors import CommandError, RevisionFailed
from limbeck.project.files import read_text
from limbeck.workflow.check import differences
from limbeck.workflow.proof_rows import OwnStatements, prove_rows

if TYPE_CHECKING:
    from limbeck.autogenerate.revision import LetBe
    from limbeck.facts.objects import SchemaFact
    from limbeck.project.proof_reading import Reading
    from limbeck.script import Script
    from limbeck.workflow.check import Differences
    from limbeck.workflow.replay import Replay

Outcome = Literal["proved", "not reversible", "refuted", "not proved"]


@dataclass(frozen=True)
class Finding:
    """Why a revision is refuted.

    :param stage: after what, and compared with what.
    :param words: what differs, or what failed, a line each.
    :param values: the same as plain values: ``change``, ``kind``, ``before``, ``after``…
    """

    stage: str
    words: tuple[str, ...]
    values: tuple[dict[str, Any], ...] = ()

    def facts(self) -> dict[str, Any]:
        """The finding as plain values."""
        return {"stage": self.stage, "words": list(self.words), "values": list(self.values)}


@dataclass(frozen=True)
class Proof:
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


@dataclass(frozen=True)
class Place:
    """What a scratch database holds, apart from rows."""

    schema: SchemaFact
    surroundings: tuple[str, ...] = field(repr=False)


def place(replay: Replay) -> Place:
    """What the scratch database holds now."""
    return Place(replay.facts(), replay.surroundings())


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
        self.leaves_rows = False

    @property
    def id(self) -> str:
        return self.script.revision

    def prove(self) -> Proof:
        """The schema first, then the rows."""
        parent = place(self.replay)
        failed = self._runs("upgrade")
        if failed is not None:
            return self._failed(failed)
        after = place(self.replay)
        found = list(self._against_models())
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
        found = list(_deviations("after the downgrade", "the parent's", parent, self.replay))
        if found:
            return self._refuted(*found)
        return self._with_rows(parent, after)

    def _with_rows(self, parent: Place, after: Place) -> Proof:
        rows = prove_rows(
            self.replay,
            self.script,
            parent.schema,
            after.schema,
            own=self._own_statements(parent, after),
        )
        self.leaves_rows = rows.leaves_rows
        self.remarks += rows.remarks
        self.limits += rows.limits
        if rows.lost:
            stage = "the values in columns that the revision does not change"
            return self._refuted(Finding(stage, rows.lost))
        if rows.is_at == "parent":
            failed = self._runs("upgrade")
            if failed is not None:
                return self._refuted(failed)
        found = list(
            _deviations("after the second upgrade", "that of the first", after, self.replay)
        )
        return self._refuted(*found) if found else self._good("proved")

    def _own_statements(self, parent: Place, after: Place) -> OwnStatements | None:
        if self.is_generated:
            return None
        source = read_text(Path(self.script.path)) if self.reading.touches_driver else None
        return OwnStatements((*parent.surroundings, *after.surroundings), source)

    def _runs(self, direction: Literal["upgrade", "downgrade"]) -> Finding | None:
        """Run the revision; what it says if it fails."""
        try:
            if direction == "upgrade":
                self.replay.upgrade([self.id])
            else:
                self.replay.downgrade(self.id)
        except RevisionFailed as error:
            return Finding(f"the {direction}", (error.message, *error.details[:-1]))
        return None

    def _against_models(self) -> Iterator[Finding]:
        """What differs between the models and what came out, where the revision is the last."""
        if not self.replay.before(self.id).completes:
            return
        try:
            found = self._differences()
            let_be = self.replay.before_history.among(found.revision_context.comparisons)
            if let_be:
                found = self._differences(self.replay.before_history.narrowed)
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
        if found.words:
            stage = "after the upgrade, the schema is not that of the models"
            yield Finding(stage, found.words, found.values)

    def _differences(self, let_be: LetBe | None = None) -> Differences:
        replay = self.replay
        return differences(replay.config, drop_unowned=True, run=replay.run, let_be=let_be)

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
        missing = self.replay.before_history.named_in(self.script)
        if not missing:
            return self._refuted(finding)
        reason = (
            f"it builds on {' and '.join(missing)}, which the database had before and no revision "
            f"creates: {finding.words[0]}"
        )
        return Proof("not proved", self.engine, (), (reason, *finding.words[1:]))

    def _refuted(self, *findings: Finding) -> Proof:
        return Proof("refuted", self.engine, findings, tuple(self.remarks))


def _deviations(when: str, whose: str, wanted: Place, replay: Replay) -> Iterator[Finding]:
    """What is not as it was at another time."""
    from limbeck.diff.compare import compare
    from limbeck.render.json import difference_values
    from limbeck.render.words import deviation_words

    found = place(replay)
    if found == wanted:
        return
    changes = compare(wanted.schema, found.schema)
    words = deviation_words(changes) or _unnamed(wanted.schema, found.schema)
    missing = [text for text in wanted.surroundings if text not in found.surroundings]
    added = [text for text in found.surroundings if text not in wanted.surroundings]
    words += [f"{_title(text)} is missing" for text in missing]
    words += [f"{_title(text)} is there, and should not be" for text in added]
    values = difference_values(changes)
    for value, line in zip(values, deviation_words(changes), strict=True):
        value["words"] = line
    yield Finding(f"{when}, the schema is not {whose}", tuple(words), tuple(values))


def _unnamed(wanted: SchemaFact, found: SchemaFact) -> list[str]:
    """What differs although no operation would change it, in the words of facts."""
    pairs: list[tuple[Sequence[Any], Sequence[Any]]] = [
        (wanted.tables, found.tables),
        (wanted.enums, found.enums),
        (wanted.sequences, found.sequences),
    ]
    lines = []
    for one, other in pairs:
        lines += [f"{each.key}: {each} is missing" for each in one if each not in other]
        lines += [f"{each.key}: {each} should not be there" for each in other if each not in one]
    return lines


def _title(text: str) -> str:
    return text.partition(":")[0]
