"""What each command does to one tenant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from limbeck.workflow.environment import run_environment
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.fleet.outcomes import Problem, State
    from limbeck.fleet.quick.road import QuickRoad
    from limbeck.project.tenant import Tenant
    from limbeck.runtime.events import Event

__all__ = ["ANSWERS", "Answer", "where_it_is"]

Report: TypeAlias = "Callable[[Event], None] | None"


@dataclass
class Answer:
    """What is known of a tenant so far; the fields are those of an outcome."""

    state: State = "failed"
    heads: tuple[str, ...] | None = None
    ran: list[str] = field(default_factory=list)
    pending: tuple[str, ...] = ()
    words: list[str] = field(default_factory=list)
    problem: Problem | None = None


def _upgrade(
    tenant: Tenant,
    settings: Callable[[], Config],
    options: Mapping[str, Any],
    answer: Answer,
    report: Report,
    road: QuickRoad | None = None,
) -> None:
    from limbeck.runtime.events import Notice, RevisionFinished
    from limbeck.workflow.upgrade import upgrade

    def hear(event: Event) -> None:
        if isinstance(event, RevisionFinished):
            answer.ran.append(event.started.revision or "base")
        elif isinstance(event, Notice) and event.words not in answer.words:
            answer.words.append(event.words)
        if report is not None:
            report(event)

    def told(heads: tuple[str, ...]) -> None:
        answer.heads = heads

    lost: list[str] = []
    if road is None or not road.go(tenant, told, hear, lost.extend):
        recorder, before = None if road is None else road.recorder, len(answer.ran)
        for heads in upgrade(settings(), report=hear, recorder=recorder, **options):
            told(tuple(sorted(heads)))
        # what did not have to run was done by the session that was lost
        answer.ran[before:before] = [id_ for id_ in lost if id_ not in answer.ran]
    answer.state = "done" if answer.ran else "nothing"


def _current(
    tenant: Tenant,
    settings: Callable[[], Config],
    options: Mapping[str, Any],
    answer: Answer,
    report: Report,
    road: QuickRoad | None = None,
) -> None:
    from limbeck.workflow.standing import standings

    for _, standing in standings(settings()):
        answer.heads, answer.pending = standing.heads, standing.pending
        answer.state = standing.state
        if standing.state == "unknown":
            answer.words.append(standing.words)


def _check(
    tenant: Tenant,
    settings: Callable[[], Config],
    options: Mapping[str, Any],
    answer: Answer,
    report: Report,
    road: QuickRoad | None = None,
) -> None:
    from limbeck.workflow.check import differences
    from limbeck.workflow.fit import mismatches_of, words_of

    config = settings()
    answer.words += [words_of(each) for each in mismatches_of(config)]
    answer.words += differences(config, **options).words
    answer.heads = where_it_is(config)
    answer.state = "different" if answer.words else "alike"


ANSWERS: Mapping[str, Callable[..., None]] = {
    "upgrade": _upgrade,
    "current": _current,
    "check": _check,
}


def where_it_is(config: Config) -> tuple[str, ...]:
    """What the version table holds; nothing is written.

    :param config: the settings of one tenant.
    """
    found: list[str] = []

    def look(rows: Any, context: Any) -> list[Any]:
        found.extend(rows)
        return []

    run_environment(config, script_directory(config), look, dont_mutate=True)
    return tuple(sorted(found))
