"""What may have been renamed is decided before a revision is written: by options, or by asking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.errors import RenameUndecided, UsageError
from limbeck.workflow.change_words import flattened

if TYPE_CHECKING:
    from limbeck.autogenerate.revision import RevisionContext
    from limbeck.database.comparison import Comparison
    from limbeck.diff.changes import Change
    from limbeck.diff.rename_choices import Choices, Decision
    from limbeck.diff.rename_questions import RenameQuestion
    from limbeck.plan.fills import Unfilled

DecideRename = Callable[["RenameQuestion"], "str | None"]
"""Returns the new name of what a question is about, or None for what is dropped."""


def with_renames_decided(
    run: Callable[[Choices], RevisionContext],
    choices: Choices | None,
    decide: DecideRename | None,
) -> RevisionContext:
    """Compare until nothing is open; no connection is held while somebody thinks.

    :param run: compares the models with every database of the project.
    :param choices: what was said already.
    :param decide: asked about what is open; None refuses.
    :raises UsageError: an option means nothing in any of the databases.
    :raises RenameUndecided: something is open, and there is nobody to ask.
    """
    from limbeck.diff.rename_choices import NO_CHOICES

    choices = choices or NO_CHOICES
    while True:
        context = run(choices)
        _refuse_unknown(context.comparisons, choices)
        questions = list(_left(context))
        if not questions:
            return context
        if decide is None:
            raise undecided(questions, context.unfilled, context.comparisons)
        answers = tuple(_answers(questions, decide))
        choices = replace(choices, decisions=(*choices.decisions, *answers))


def rename_words(comparison: Comparison) -> Iterator[str]:
    """A line for each rename that is decided.

    :param comparison: knows them.
    """
    names = comparison.names
    for key, after in names.tables:
        yield f"{key}: table is renamed to {after}"
    for key, before, after in names.columns:
        yield f"{names.table(key)}: column {before} is renamed to {after}"
    for key, after in names.enums:
        yield f"{key}: enum type is renamed to {after}"
    for key, before, after in names.values:
        yield f"{names.enum(key)}: value {before} is renamed to {after}"


def possible_renames(comparison: Comparison) -> dict[Change, str]:
    """What may have been renamed, in words, by the change that drops it.

    :param comparison: what differs.
    """
    from limbeck.diff.rename_questions import asked_about

    found: dict[Change, str] = {}
    questions = {(each.kind, each.owner, each.before): each for each in comparison.questions}
    for change in comparison.changes:
        for key in asked_about(change):
            if key in questions:
                question = questions[key]
                likely = " or ".join(each.name for each in question.candidates)
                what = question.before if question.kind == "value" else "it"
                words = f"; {what} may have been renamed to {likely}"
                found[change] = found.get(change, "") + words
    return found


def _refuse_unknown(comparisons: Sequence[Comparison], choices: Choices) -> None:
    """Refuse an option that means nothing in any of the databases.

    What ``env.py`` says by ``renames`` and ``drops`` may stay there when it is done.
    """
    typed = [f"--rename {text}" for text in choices.renames]
    typed += [f"--drop {text}" for text in choices.drops]
    for option in typed if comparisons else ():
        refused = [each.refused[option] for each in comparisons if option in each.refused]
        if len(refused) == len(comparisons):
            raise UsageError(refused[-1].message, hint=refused[-1].hint)


def _left(context: RevisionContext) -> Iterator[RenameQuestion]:
    """The open questions, without those about what a hook has kept from being dropped."""
    seen: set[RenameQuestion] = set()
    for comparison in context.comparisons:
        for question in comparison.questions:
            if question not in seen and (not context.was_edited or _drops(context, question)):
                seen.add(question)
                yield question


def _drops(context: RevisionContext, question: RenameQuestion) -> bool:
    from limbeck.operations import ops

    for directive in context.generated_revisions:
        for operation in flattened(directive.upgrade_ops_list):
            if question.kind == "table" and isinstance(operation, ops.DropTableOp):
                if operation.table_name == question.before:
                    return True
            elif question.kind == "column" and isinstance(operation, ops.DropColumnOp):
                place = (operation.table_name, operation.column_name)
                if place == (question.owner.name, question.before):
                    return True
    return question.kind == "value"


def _answers(questions: Sequence[RenameQuestion], decide: DecideRename) -> Iterator[Decision]:
    """Ask one by one; a name that is given away is no candidate any more."""
    taken: set[tuple[str, object, str]] = set()
    for question in questions:
        place = question.owner.schema if question.kind == "table" else question.owner
        candidates = tuple(
            each for each in question.candidates if (question.kind, place, each.name) not in taken
        )
        if not candidates:
            continue
        name = decide(replace(question, candidates=candidates))
        if name is not None and name not in {each.name for each in candidates}:
            raise UsageError(
                f"{name!r} is no name that {question.path} may have now",
                hint=f"it can be {' or '.join(each.name for each in candidates)}, or None",
            )
        if name is not None:
            taken.add((question.kind, place, name))
        yield question.decided(name)


def undecided(
    questions: Sequence[RenameQuestion],
    unfilled: Sequence[Unfilled] = (),
    comparisons: Sequence[Comparison] = (),
) -> RenameUndecided:
    """The refusal to guess, with the options that decide, and those that will be needed then.

    :param questions: what is open; at least one.
    :param unfilled: the columns whose rows need a value, unless they turn out to be renamed.
    :param comparisons: know whether what may have been renamed holds NULL.
    """
    if len(questions) == 1:
        (question,) = questions
        likely = " or ".join(each.name for each in question.candidates)
        message = (
            f"{question.kind} {question.path} is not in the models any more, but {likely} is new: "
            "was it renamed or dropped?"
        )
        details = [
            *(
                f"{option}  ({each.reason})"
                for option, each in zip(question.rename_options, question.candidates, strict=True)
            ),
            f"{question.drop_option}  (what it holds is lost)",
        ]
    else:
        message = f"{len(questions)} things may have been renamed or dropped"
        details = [
            " or ".join((*question.rename_options, question.drop_option)) for question in questions
        ]
    hint = "give limbeck revision the option that is meant"
    hint += "" if len(questions) == 1 else " for each"
    if unfilled:
        hint += ", and for every column that is NOT NULL what its rows get (any SQL)"
        details += _fill_options(questions, unfilled, comparisons)
    return RenameUndecided(message, questions, hint=hint, details=details)


def _fill_options(
    questions: Sequence[RenameQuestion],
    unfilled: Sequence[Unfilled],
    comparisons: Sequence[Comparison],
) -> Iterator[str]:
    """The options that say what rows get, those last that a rename makes needless."""
    from limbeck.autogenerate.fills import sample

    full = {
        (table.key, column.name)
        for comparison in comparisons
        for table in comparison.before.tables
        for column in table.columns
        if not column.nullable
    }
    needless = {
        (question.owner.name, each.name): question.before
        for question in questions
        if question.kind == "column" and (question.owner, question.before) in full
        for each in question.candidates
    }
    last: list[str] = []
    for column in unfilled:
        option = f"--fill {column.path}={sample(column)} or --no-fill {column.path}"
        before = needless.get((column.table, column.column))
        if before is None:
            yield option
        else:
            last.append(f"{option}  (unless {before} was renamed to it)")
    yield from last
