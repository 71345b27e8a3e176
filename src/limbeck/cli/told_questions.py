"""What ``check`` tells when it is asked about the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.cli.left_alone import tell_left_alone
from limbeck.workflow.question import DRIFT, HISTORY, MODELS, QUESTIONS, exit_code_of
from limbeck.workflow.questions import ask

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.cli.terminal import Terminal
    from limbeck.config import Config
    from limbeck.workflow.question import Finding


def tell_questions(config: Config, options: Namespace, terminal: Terminal) -> int:
    """Answer one question after the other, results on stdout and what to do on stderr."""
    findings = asked(config, options)
    for finding in findings:
        terminal.result(_headline(finding))
        for line in finding.words:
            terminal.result(f"  {line}")
    for finding in findings:
        _tell_remarks(finding, terminal)
    return exit_code_of(findings)


def asked(config: Config, options: Namespace) -> tuple[Finding, ...]:
    """Ask what the command line asks.

    :param config: the settings.
    :param options: the parsed command line.
    """
    wanted = {
        MODELS.name: options.models,
        DRIFT.name: options.drift,
        HISTORY.name: options.history,
    }
    questions = [
        each
        for each in QUESTIONS
        if wanted.get(each.name)
        or (options.all_questions and (each is not HISTORY or config.keeps_history))
    ]
    return ask(config, questions, drop_unowned=options.drop_unowned, scratch=options.scratch)


def _headline(finding: Finding) -> str:
    at = "" if finding.revisions is None else f" (at {', '.join(finding.revisions) or 'base'})"
    title = f"{finding.question.title}{at}"
    if finding.problem is not None:
        return f"{title}: no answer"
    if not finding.words:
        return f"{title}: alike"
    count = len(finding.words)
    return f"{title}: {count} difference{'' if count == 1 else 's'}"


def _tell_remarks(finding: Finding, terminal: Terminal) -> None:
    for note in finding.notes:
        terminal.say(note, "dim")
    tell_left_alone(
        finding.left_alone, terminal, "counts" if finding.question is DRIFT else "drops"
    )
    sides = finding.question.sides
    if finding.problem is not None:
        _complain(f"{finding.question.title}: {finding.problem.message}", terminal)
        hint = finding.problem.hint
    elif finding.words:
        count = len(finding.words)
        places = f"{count} place{'' if count == 1 else 's'}"
        _complain(f"{sides.after} and {sides.before} differ in {places}", terminal)
        hint = finding.question.hint
    else:
        return
    if hint:
        terminal.complain(f"{terminal.paint('hint:', 'cyan', terminal.stderr)} {hint}")


def _complain(words: str, terminal: Terminal) -> None:
    terminal.complain(f"{terminal.paint('error:', 'red', terminal.stderr)} {words}")
