"""What each command tells a program: one JSON object."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.config import Config

Answer = tuple[int, dict[str, Any]]


def json_answer(config: Config, options: Namespace) -> Answer:
    """Carry a command out.

    :param config: the settings.
    :param options: the parsed command line.
    :returns: the exit code, and the object to print.
    :raises CommandError: it cannot be carried out.
    """
    return _ANSWERS[options.command_name](config, options)


def _status(config: Config, options: Namespace) -> Answer:
    from limbeck.workflow.status import status

    return 0, status(config).facts()


def _init(config: Config, options: Namespace) -> Answer:
    if options.directory is None:
        from limbeck.cli.start import init_facts
        from limbeck.workflow.init_project import init_project

        return 0, init_facts(init_project(Path.cwd(), options.models or ()))
    from limbeck.workflow.init import init

    done = init(config, options.directory, template=options.template, package=options.package)
    return 0, {
        "created": [{"path": str(created.path), "action": created.action} for created in done]
    }


def _history(config: Config, options: Namespace) -> Answer:
    if options.applied or options.verify:
        from limbeck.workflow.applied_history import applied_history

        histories = applied_history(config, verify=options.verify)
        is_broken = any(each.broken is not None for each in histories)
        return int(is_broken), {"databases": [each.facts() for each in histories]}
    from limbeck.workflow.history import history

    found = history(config, options.rev_range, indicate_current=options.indicate_current)
    return 0, {"revisions": [entry.facts() for entry in found]}


def _heads(config: Config, options: Namespace) -> Answer:
    from limbeck.workflow.heads import heads

    found = heads(config, resolve_dependencies=options.resolve_dependencies)
    return 0, {"heads": [entry.facts() for entry in found]}


def _show(config: Config, options: Namespace) -> Answer:
    from limbeck.workflow.show import show
    from limbeck.workflow.stale_stamps import stale_stamps

    found = show(config, options.rev)
    stale = {each.revision for each in stale_stamps(entry.script for entry in found)}
    return 0, {
        "revisions": [
            {**entry.facts(), "is_edited_since_proved": entry.script.revision in stale}
            for entry in found
        ]
    }


def _branches(config: Config, options: Namespace) -> Answer:
    from limbeck.workflow.branches import branches

    return 0, {
        "branch_points": [
            {**point.revision.facts(), "children": [child.facts() for child in point.children]}
            for point in branches(config)
        ]
    }


def _current(config: Config, options: Namespace) -> Answer:
    if options.standing:
        from limbeck.cli.told_standing import exit_code_of
        from limbeck.workflow.standing import standings

        stands = standings(config)
        return exit_code_of(stands), {
            "databases": [{"address": address, **each.facts()} for address, each in stands]
        }
    from limbeck.workflow.current import current

    found = current(config)
    behind = any(not database.is_at_heads for database in found)
    return int(options.check_heads and behind), {
        "databases": [
            {
                "address": database.address,
                "is_at_heads": database.is_at_heads,
                "interrupted": database.interrupted and database.interrupted.facts(),
                "revisions": [entry.facts() for entry in database.entries],
                "unknown": [each.facts() for each in database.unknown],
            }
            for database in found
        ]
    }


def _templates(config: Config, options: Namespace) -> Answer:
    from limbeck.workflow.list_templates import list_templates

    return 0, {
        "templates": [
            {"name": template.name, "summary": template.description}
            for template in list_templates(config)
        ]
    }


def _edit(config: Config, options: Namespace) -> Answer:
    from limbeck.workflow.edit import files_to_edit, open_editor

    paths = files_to_edit(config, options.rev)
    open_editor(paths)
    return 0, {"paths": [str(path) for path in paths]}


def _merge(config: Config, options: Namespace) -> Answer:
    from limbeck.workflow.entries import RevisionEntry
    from limbeck.workflow.merge import merge

    script = merge(
        config,
        options.revisions,
        message=options.message,
        branch_label=options.branch_label,
        rev_id=options.rev_id,
        splice=options.splice,
    )
    return 0, {"revisions": [RevisionEntry(script).facts()]}


def _revision(config: Config, options: Namespace) -> Answer:
    from limbeck.cli.grammar import LIMBECKS_OWN
    from limbeck.cli.questions import choices_of
    from limbeck.cli.told_proof import proof_of_written, refuse_proof_of_nothing
    from limbeck.workflow.entries import RevisionEntry
    from limbeck.workflow.revision import revision
    from limbeck.workflow.revision_options import RevisionOptions

    refuse_proof_of_nothing(options)
    _, _, keywords = options.cmd
    given = {name: getattr(options, name) for name in (*keywords, *LIMBECKS_OWN)}
    wanted = RevisionOptions(choices=choices_of(options), scratch=options.scratch, **given)
    written = revision(config, wanted)
    code, proofs = proof_of_written(config, options, written)
    return code, {
        "revisions": [
            {
                **RevisionEntry(each.script).facts(),
                "changes": list(each.changes),
                **each.risks.facts(),
                "proof": proofs.get(each.script.revision),
            }
            for each in written.revisions
        ],
        "left_alone": list(written.left_alone),
        "notes": list(written.notes),
    }


def _rehearse(config: Config, options: Namespace) -> Answer:
    from limbeck.cli.told_rehearsal import rehearsed_as_asked
    from limbeck.workflow.rehearse import exit_code_of

    rehearsed = rehearsed_as_asked(config, options)
    return exit_code_of(rehearsed), {"revisions": [each.facts() for each in rehearsed]}


def _prove(config: Config, options: Namespace) -> Answer:
    from limbeck.cli.told_proof import proved_as_asked
    from limbeck.workflow.prove import exit_code_of

    proved = proved_as_asked(config, options)
    return exit_code_of(proved), {"revisions": [each.facts() for each in proved]}


def _snapshot(config: Config, options: Namespace) -> Answer:
    from limbeck.workflow.snapshot import snapshot

    return 0, snapshot(config, check=options.check, scratch=options.scratch).facts()


def _repair(config: Config, options: Namespace) -> Answer:
    from limbeck.cli.told_repair import repair_answer

    return repair_answer(config, options)


def _check(config: Config, options: Namespace) -> Answer:
    from limbeck.workflow.check import differences
    from limbeck.workflow.fit import facts_of, mismatches_of
    from limbeck.workflow.question import code_of_check

    if options.models or options.drift or options.history or options.all_questions:
        from limbeck.cli.told_questions import asked
        from limbeck.workflow.question import exit_code_of

        findings = asked(config, options)
        return exit_code_of(findings), {
            "is_up_to_date": all(each.is_alike for each in findings),
            "questions": [each.facts() for each in findings],
        }
    mismatches = mismatches_of(config)
    found = differences(config, drop_unowned=options.drop_unowned)
    return code_of_check(bool(found.words), bool(mismatches)), {
        "is_up_to_date": not found.words and not mismatches,
        "differences": list(found.values),
        "left_alone": list(found.left_alone),
        "history": facts_of(mismatches),
    }


def _migrate(config: Config, options: Namespace) -> Answer:
    """upgrade, downgrade, stamp and ensure_version: the SQL, or what ran."""
    from limbeck.cli.progress import Progress
    from limbeck.cli.told_answers import migrate

    progress = Progress()
    if options.sql:
        written = config.output_buffer = io.StringIO()
        migrate(config, options, progress)
        return 0, {"sql": written.getvalue()}
    migrate(config, options, progress)
    return 0, {
        "ran": progress.facts(),
        "done_by_others": progress.others(),
        "notices": progress.notices,
    }


_ANSWERS: dict[str | None, Callable[[Config, Namespace], Answer]] = {
    None: _status,
    "init": _init,
    "history": _history,
    "heads": _heads,
    "show": _show,
    "branches": _branches,
    "current": _current,
    "list_templates": _templates,
    "edit": _edit,
    "merge": _merge,
    "revision": _revision,
    "check": _check,
    "prove": _prove,
    "rehearse": _rehearse,
    "snapshot": _snapshot,
    "repair": _repair,
    "upgrade": _migrate,
    "downgrade": _migrate,
    "stamp": _migrate,
    "ensure_version": _migrate,
}
