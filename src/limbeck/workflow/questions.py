"""The questions about models, history and database, each asked and answered by itself.

They are about pairs: the models and what the revisions make of an empty database; that and the
project's own database, at the revision where it stands; the models and the database; and the
revision files and what the database's history says of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from limbeck.errors import (
    CommandError,
    HistoryError,
    RevisionFailed,
)
from limbeck.workflow.ahead import ahead_words, refuse_ahead
from limbeck.workflow.by_snapshot import by_snapshot, compared_with_snapshot, without_scratch
from limbeck.workflow.environment import run_environment
from limbeck.workflow.fit import facts_of, fit_of_project, words_of
from limbeck.workflow.from_history import at_the_heads, to_the_heads
from limbeck.workflow.question import (
    DATABASE,
    DRIFT,
    HISTORY,
    MODELS,
    QUESTIONS,
    Finding,
    Question,
)
from limbeck.workflow.replay import replaying

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.database.compare_databases import Drift
    from limbeck.database.comparison import CompareOptions
    from limbeck.runtime.migration import MigrationContext
    from limbeck.workflow.replay import Replay


def ask(
    config: Config,
    questions: Collection[Question],
    *,
    drop_unowned: bool = False,
    scratch: str | None = None,
) -> tuple[Finding, ...]:
    """Ask questions; each is answered, whatever comes of the others.

    :param config: the settings.
    :param questions: of :data:`QUESTIONS`.
    :param drop_unowned: take what no revision has created for a difference too.
    :param scratch: the address of the scratch database; by default one is made.
    :returns: the answers in the order of :data:`QUESTIONS`.
    :raises CommandError: there is one question only, and no answer.
    """
    found: dict[str, Finding] = {}
    if HISTORY in questions:
        found[HISTORY.name] = _attempt(HISTORY, lambda: _history(config))
    asked = [each for each in (DRIFT, MODELS) if each in questions]
    if asked:
        for each in _of_history(config, asked, drop_unowned, scratch):
            found[each.question.name] = each
    if DATABASE in questions:
        found[DATABASE.name] = _attempt(DATABASE, lambda: _database(config, drop_unowned))
    findings = tuple(found[each.name] for each in QUESTIONS if each.name in found)
    if len(findings) == 1 and findings[0].problem is not None:
        raise findings[0].problem
    return findings


def _history(config: Config) -> Finding:
    if not config.keeps_history:
        raise HistoryError(
            "no history is kept of what is applied", hint="write history = true into the settings"
        )
    found, unknown = fit_of_project(config)
    words = tuple(words_of(each) for each in found)
    notes = tuple(ahead_words(unknown))
    return Finding(HISTORY, words, tuple(facts_of(found)), notes=notes)


def _attempt(question: Question, answer: Callable[[], Finding]) -> Finding:
    try:
        return answer()
    except CommandError as error:
        return Finding(question, problem=error)


def _of_history(
    config: Config, asked: Iterable[Question], drop_unowned: bool, scratch: str | None
) -> list[Finding]:
    """The questions about the history, which runs once: to where the database is, and then on."""
    answers = {DRIFT.name: _drift, MODELS.name: _models}
    asked = tuple(asked)
    kept = compared_with_snapshot(config) if MODELS in asked else None
    if kept is not None and asked == (MODELS,) and kept.is_alike:
        return [by_snapshot(kept)]
    found: list[Finding] = []
    try:
        with replaying(config, scratch) as replay:
            for question in asked:
                last = found[-1].problem if found else None
                if isinstance(last, RevisionFailed):  # what it has left on scratch is no history
                    found.append(Finding(question, problem=last))
                    continue
                answer = partial(answers[question.name], config, replay, drop_unowned)
                found.append(_attempt(question, answer))
    except CommandError as error:
        answered = {each.question.name for each in found}
        found += [Finding(each, problem=error) for each in asked if each.name not in answered]
    return [without_scratch(each, kept) for each in found]


def _models(config: Config, replay: Replay, drop_unowned: bool) -> Finding:
    from limbeck.workflow.check import differences

    snapshot = () if replay.applied() else at_the_heads(replay)
    to_the_heads(replay)
    found = differences(config, drop_unowned=drop_unowned, run=replay.run, sides=MODELS.sides)
    before = replay.before_history.among(found.revision_context.comparisons)
    notes = (*snapshot, *replay.notes)
    if before:
        notes += (
            f"The database has {', '.join(before)}, and no revision creates it. A revision that "
            "does is to be stamped there, not run.",
        )
    return Finding(
        MODELS,
        found.words,
        found.values,
        found.left_alone,
        tuple(sorted(replay.script.get_heads())),
        notes,
    )


def _database(config: Config, drop_unowned: bool) -> Finding:
    from limbeck.workflow.check import differences

    found = differences(config, drop_unowned=drop_unowned)
    return Finding(DATABASE, found.words, found.values, found.left_alone)


def _drift(config: Config, replay: Replay, drop_unowned: bool) -> Finding:
    from limbeck.database.compare_databases import compare_databases
    from limbeck.render.json import difference_values
    from limbeck.render.words import difference_words

    at = _revisions(config, replay)
    replay.upgrade(at)
    found: list[Drift] = []

    def look(rows: Any, context: MigrationContext) -> list[Any]:
        if _ids(replay, rows) != at:
            raise HistoryError(
                "the database was migrated while it was compared", hint="run the same once more"
            )
        assert context.connection is not None
        with replay.scratch.engine.connect() as wanted:
            schemas = replay.scratch.schemas(wanted)
            options = _options(context)
            found.append(compare_databases(context.connection, wanted, schemas, options))
        return []

    run_environment(config, replay.script, look, dont_mutate=True)
    [drift] = found
    strangers = () if drop_unowned else drift.strangers
    changes = (*drift.changes, *(drift.strangers if drop_unowned else ()))
    return Finding(
        DRIFT,
        tuple(difference_words(changes, sides=DRIFT.sides)),
        tuple(difference_values(changes, sides=DRIFT.sides)),
        tuple(_stranger(each) for each in strangers),
        at,
        replay.notes,
    )


def _revisions(config: Config, replay: Replay) -> tuple[str, ...]:
    """Where the project's own database stands."""
    found: list[tuple[str, ...]] = []

    def look(rows: Any, context: MigrationContext) -> list[Any]:
        refuse_ahead(context, rows)
        found.append(_ids(replay, rows))
        return []

    run_environment(config, replay.script, look, dont_mutate=True)
    return found[0]


def _ids(replay: Replay, rows: Any) -> tuple[str, ...]:
    return tuple(sorted(each.revision for each in replay.script.get_revisions(rows) if each))


def _options(context: MigrationContext) -> CompareOptions:
    """What is looked at in a database; all of it is compared."""
    from limbeck.database.comparison import CompareOptions

    opts = context.opts
    return CompareOptions(
        include_schemas=bool(opts.get("include_schemas")),
        include_name=opts.get("include_name"),
        include_object=opts.get("include_object"),
        version_table=context.version_table,
        version_table_schema=context.version_table_schema,
        own_tables=context.own_tables,
    )


def _stranger(change: Any) -> str:
    """``table legacy``, ``view totals``."""
    from limbeck.facts.kind_words import kind_words

    word = {"enum": "type"}.get(change.kind, kind_words(change.kind))
    return f"{word} {change.before.key}"
