"""What ``prove`` tells, and what ``revision`` tells of the proof of what it has written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from limbeck.errors import UsageError
from limbeck.workflow.proof_wanted import proves_by_default

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config
    from limbeck.workflow.prove import ProvedRevision
    from limbeck.workflow.revision import Written

# What proves imports much, and most revisions are written without a proof: see ``_proved``.

_STYLES = {"refuted": "red", "not proved": "cyan"}


def tell_prove(config: Config, options: Namespace, terminal: Terminal) -> int:
    """Prove revisions and tell what came of each as soon as it is known."""
    from limbeck.workflow.prove import REFUTED, exit_code_of, lines_of

    def report(each: ProvedRevision) -> None:
        first, *rest = lines_of(each)
        style = _STYLES.get(each.proof.outcome, "")
        terminal.result(terminal.paint(first, style, terminal.stdout))
        for line in rest:
            terminal.result(line)

    proved = proved_as_asked(config, options, report)
    if not proved:
        terminal.say("There is no revision to prove.")
    code = exit_code_of(proved)
    count = sum(each.proof.outcome == "refuted" for each in proved)
    if code == REFUTED:
        _complain(terminal, f"{count} of {len(proved)} refuted" if len(proved) > 1 else "refuted")
    elif code:
        count = sum(each.proof.outcome == "not proved" for each in proved)
        _complain(terminal, f"{count} of {len(proved)} could not be tried")
    return code


def proved_as_asked(
    config: Config, options: Namespace, report: Callable[[ProvedRevision], None] | None = None
) -> tuple[ProvedRevision, ...]:
    """Prove what the command line names.

    :param config: the settings.
    :param options: the parsed command line.
    :param report: hears of each revision.
    """
    from limbeck.cli.garbage import collect_for_revisions
    from limbeck.workflow.prove import prove

    collect_for_revisions()
    return prove(
        config,
        options.revisions,
        all_revisions=options.all_revisions,
        scratch=options.scratch,
        stamp=not options.no_stamp,
        report=report,
    )


def refuse_proof_of_nothing(options: Namespace) -> None:
    """Refuse ``--prove`` where nothing is generated, before anything is written.

    :param options: the parsed command line.
    :raises UsageError: so it is.
    """
    if options.prove and not options.autogenerate:
        raise UsageError(
            "--prove is for what --autogenerate writes",
            hint="prove a revision that was written by hand by `limbeck prove`",
        )


def tell_proof_of_written(
    config: Config, options: Namespace, written: Written, terminal: Terminal
) -> int:
    """Prove what was generated, and tell it."""
    proved = _proved(config, options, written)
    if not proved:
        return 0
    from limbeck.workflow.prove import lines_of

    for each in proved:
        proof = each.proof
        if proof.outcome == "proved":
            limits = f" ({', '.join(proof.limits)})" if proof.limits else ""
            terminal.say(f"Proved on {proof.engine}: up, down and up again{limits}.")
            for remark in proof.remarks:
                terminal.say(f"  {remark}")
        elif proof.outcome == "refuted":
            for line in lines_of(each)[1:]:
                terminal.complain(line)
            _complain(terminal, f"revision {each.script.revision} is refuted on {proof.engine}")
            terminal.complain(
                f"{terminal.paint('hint:', 'cyan', terminal.stderr)} correct {each.script.path}, "
                f"then `limbeck prove {each.script.revision}`; or delete it"
            )
        else:
            reason, *further = proof.remarks or ("",)
            terminal.say(f"Not proved: {reason}")
            for remark in further:
                terminal.say(f"  {remark}")
    return _code(options, proved)


def proof_of_written(
    config: Config, options: Namespace, written: Written
) -> tuple[int, dict[str, Any]]:
    """Prove what was generated, for programs.

    :returns: the exit code, and the proofs as plain values by the ids of the revisions.
    """
    proved = _proved(config, options, written)
    return _code(options, proved), {each.script.revision: each.proof.facts() for each in proved}


def _proved(config: Config, options: Namespace, written: Written) -> tuple[ProvedRevision, ...]:
    asked: bool | None = options.prove
    if not written.was_generated or not (proves_by_default(config) if asked is None else asked):
        return ()
    ids = [each.script.revision for each in written.revisions if each.changes]
    if not ids:
        return ()
    from limbeck.cli.garbage import collect_for_revisions
    from limbeck.project.compiled import keep_compiled

    for each in written.revisions:
        keep_compiled(each.script.path)
    from limbeck.workflow.prove import prove_generated  # which loads a third of limbeck

    collect_for_revisions()
    return prove_generated(config, ids, options.scratch)


def _code(options: Namespace, proved: tuple[ProvedRevision, ...]) -> int:
    if not proved:
        return 0
    from limbeck.workflow.prove import NOT_PROVED, exit_code_of

    code = exit_code_of(proved)
    # Nobody has asked for a proof that could not be had: the file is there, and is said to be
    # without one.
    return 0 if code == NOT_PROVED and not options.prove else code


def _complain(terminal: Terminal, words: str) -> None:
    terminal.complain(f"{terminal.paint('error:', 'red', terminal.stderr)} {words}")
