"""Prove revisions on a scratch database, and stamp the files of those that are good."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from limbeck.errors import CheckFailed, RevisionFailed, ScratchUnavailable, UsageError
from limbeck.value import Value
from limbeck.workflow.project import script_directory
from limbeck.workflow.proof import Proof, prove_revision
from limbeck.workflow.replay import Replay, replaying

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.script import Script, ScriptDirectory

REFUTED = 1
NOT_PROVED = ScratchUnavailable.exit_code


class ProvedRevision(Value):
    """A revision and its proof.

    :param script: the revision.
    :param proof: what came of it.
    :param is_stamped: whether its file carries a stamp of this proof now.
    """

    script: Script
    proof: Proof
    is_stamped: bool

    def facts(self) -> dict[str, Any]:
        """The revision and its proof as plain values."""
        return {
            "revision": self.script.revision,
            "message": self.script.doc,
            "path": self.script.path,
            "is_stamped": self.is_stamped,
            **self.proof.facts(),
        }


def exit_code_of(proved: Iterable[ProvedRevision]) -> int:
    """1 where a revision is refuted, 11 where one could not be tried, else 0.

    :param proved: the revisions.
    """
    outcomes = {each.proof.outcome for each in proved}
    if "refuted" in outcomes:
        return REFUTED
    return NOT_PROVED if "not proved" in outcomes else 0


def raise_for(proved: Iterable[ProvedRevision]) -> None:
    """Raise an error where not every revision is proved.

    :param proved: the revisions.
    :raises CheckFailed: one is refuted.
    :raises ScratchUnavailable: one could not be tried.
    """
    found = tuple(proved)
    refuted = [each.script.revision for each in found if each.proof.outcome == "refuted"]
    if refuted:
        raise CheckFailed(
            f"refuted: {', '.join(refuted)}", hint="correct the file, and prove it again"
        )
    for each in found:
        if each.proof.outcome == "not proved":
            reason, *more = each.proof.remarks
            raise ScratchUnavailable(reason, hint=more[0] if more else None)


def lines_of(proved: ProvedRevision) -> list[str]:
    """A revision and its proof in words; the first line says what came of it.

    :param proved: the revision.
    """
    proof, script = proved.proof, proved.script
    where = f" on {proof.engine}" if proof.engine else ""
    limits = f" ({', '.join(proof.limits)})" if proof.limits else ""
    title = f"{script.revision} {script.doc}".strip()
    lines = [f"{title}: {proof.outcome}{where}{limits}"]
    for finding in proof.findings:
        lines.append(f"  {finding.stage}:")
        lines += [f"    {line}" for text in finding.words for line in text.splitlines()]
    return [*lines, *(f"  {remark}" for remark in proof.remarks)]


def prove(
    config: Config,
    revisions: Sequence[str] = (),
    *,
    all_revisions: bool = False,
    scratch: str | None = None,
    stamp: bool = True,
    report: Callable[[ProvedRevision], None] | None = None,
) -> tuple[ProvedRevision, ...]:
    """Prove revisions, those that come first in the history first.

    :param config: the settings.
    :param revisions: their names, or ranges such as ``ae10:head``, with both ends; the heads if
        none are given.
    :param all_revisions: prove every revision.
    :param scratch: the address of the scratch database; by default one is made.
    :param stamp: write the stamps into the files.
    :param report: called when a revision has been tried.
    :raises CommandError: a name is unknown, or the settings cannot be used.
    """
    script = script_directory(config)
    wanted = named(script, revisions, all_revisions)
    if not wanted:
        return ()
    return _prove(config, wanted, frozenset(), scratch, stamp, report)


def prove_generated(
    config: Config, revisions: Sequence[str], scratch: str | None = None
) -> tuple[ProvedRevision, ...]:
    """Prove revisions that limbeck has just written.

    :param config: the settings.
    :param revisions: their ids.
    :param scratch: the address of the scratch database; by default one is made.
    """
    wanted = named(script_directory(config), revisions, False)
    return _prove(config, wanted, frozenset(revisions), scratch, True, None)


def named(script: ScriptDirectory, names: Sequence[str], all_revisions: bool) -> tuple[Script, ...]:
    """The revisions that are meant, in the order in which they are applied.

    :param script: the project's revisions.
    :param names: names, or ranges with both ends; the heads if there are none.
    :param all_revisions: whether every revision is meant.
    :raises UsageError: both are given.
    """
    if all_revisions and names:
        raise UsageError("--all and names of revisions exclude each other")
    meant: set[str] = set()
    for name in names or ("base:heads" if all_revisions else "heads",):
        if ":" in name:
            start, _, end = name.partition(":")
            found: Iterable[Script] = script.walk_revisions(start or "base", end or "heads")
        else:
            found = script.get_revisions(name)
        meant.update(each.revision for each in found)
    ordered = reversed(list(script.walk_revisions()))
    return tuple(each for each in ordered if each.revision in meant)


def _prove(
    config: Config,
    wanted: Sequence[Script],
    generated: frozenset[str],
    scratch: str | None,
    stamp: bool,
    report: Callable[[ProvedRevision], None] | None,
) -> tuple[ProvedRevision, ...]:
    found: list[ProvedRevision] = []
    for script, proof in _proofs(config, wanted, generated, scratch):
        is_stamped = stamp and _stamp(script, proof)
        found.append(ProvedRevision(script, proof, is_stamped))
        if report is not None:
            report(found[-1])
    return tuple(found)


def _proofs(
    config: Config, wanted: Sequence[Script], generated: frozenset[str], scratch: str | None
) -> Iterator[tuple[Script, Proof]]:
    done = 0
    try:
        with replaying(config, scratch) as replay:
            engine = engine_words(replay)
            for script in wanted:
                if script.revision in replay.applied():
                    replay.start_over()
                proof = _proof(replay, script, engine, script.revision in generated)
                yield script, proof
                done += 1
                if done < len(wanted) and (not proof.is_good or proof.leaves_rows):
                    replay.start_over()
    except ScratchUnavailable as error:
        for script in wanted[done:]:
            yield script, _not_proved(error)


def _proof(replay: Replay, script: Script, engine: str, is_generated: bool) -> Proof:
    try:
        replay.to_parent(script)
    except RevisionFailed as error:
        reason = f"what comes before it does not run on an empty database: {error.message}"
        return Proof("not proved", engine, (), (reason,))
    try:
        return prove_revision(replay, script, engine, is_generated=is_generated)
    except ScratchUnavailable as error:
        return _not_proved(error)


def _not_proved(error: ScratchUnavailable) -> Proof:
    return Proof("not proved", "", (), (error.message, *([error.hint] if error.hint else [])))


def engine_words(replay: Replay) -> str:
    """What a scratch database is called in a stamp.

    :param replay: the database.
    """
    from limbeck.database.server_address import server_words

    with replay.scratch.engine.connect() as connection:
        return server_words(connection)


def _stamp(script: Script, proof: Proof) -> bool:
    """Stamp a good revision; take the stamp out of one that is not good.

    :return: whether the file carries a stamp of the proof.
    """
    from limbeck.project.files import read_text
    from limbeck.project.proof_stamp import Stamp, digest_of, stamp_file

    path = Path(script.path)
    if proof.outcome == "not proved" or path.suffix != ".py":
        return False
    stamp = None
    if proof.is_good:
        digest = digest_of(read_text(path), proof.engine)
        stamp = Stamp(digest, proof.engine, ", ".join(proof.limits))
    stamp_file(path, proof.engine.partition(" ")[0], stamp)
    return stamp is not None
