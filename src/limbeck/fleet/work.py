"""The work on one tenant: plain values in, plain values out, in whatever process it is done.

:func:`carry_out` is what is given to an executor. What it needs, the settings and the revisions, it
reads itself where it runs, once in each process.
"""

from __future__ import annotations

import os
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sqlalchemy import make_url

from limbeck.config import Config
from limbeck.database.halting import Halt, may_be_halted
from limbeck.database.interruption import Terminated
from limbeck.database.secrets import shown_address
from limbeck.errors import ConfigurationError, DatabaseUnreachable
from limbeck.fleet.answers import ANSWERS, Answer, where_it_is
from limbeck.fleet.outcomes import Outcome, Problem, problem_of
from limbeck.fleet.quick.road import QuickRoad, is_quick
from limbeck.fleet.tenant_settings import settings_of
from limbeck.revisions.walk import reached
from limbeck.value import Value
from limbeck.workflow.environment import uses_env_py
from limbeck.workflow.project import script_directory
from limbeck.workflow.usual_env_py import usual_env_py

if TYPE_CHECKING:
    from limbeck.project.tenant import Tenant
    from limbeck.script import ScriptDirectory

__all__ = ["Project", "Task", "carry_out", "known_here", "project_of"]

Command: TypeAlias = Literal["upgrade", "current", "check"]

INTERRUPTED = 130
TERMINATED = 143


class Project(Value, slots=True):
    """Where a project is, for a process that has yet to read it.

    :param ini: the ini file.
    :param toml: the TOML file.
    :param section: the section of the ini file.
    :param folder: the folder from which relative paths are meant.
    :param x: what was given as ``-x``.
    :param tag: what was given as ``--tag``.
    :param made_in: the process whose memory holds more of it than files do; 0 for none.
    """

    ini: str | None
    toml: str | None
    section: str | None
    folder: str
    x: tuple[str, ...] = ()
    tag: str | None = None
    made_in: int = 0


class Task(Value, slots=True):
    """What is to be done to each tenant.

    :param command: ``upgrade``, ``current`` or ``check``.
    :param project: the project.
    :param options: arguments of the command, in plain values.
    :param run: tells this run from every other one that asks the same.
    """

    command: Command
    project: Project
    options: Mapping[str, Any] = field(default_factory=dict)
    run: str = ""


_read: dict[Project, tuple[Config, ScriptDirectory]] = {}
_reading = threading.Lock()


def project_of(config: Config) -> Project:
    """Where the project of some settings is.

    :param config: the settings.
    """
    options = config.cmd_opts
    is_of_files = not config.attributes and (config.config_file_name or config.toml_file_name)
    return Project(
        ini=_absolute(config.config_file_name),
        toml=_absolute(config.toml_file_name),
        section=config._ini_section,
        folder=str(Path.cwd()),
        x=tuple(getattr(options, "x", None) or ()),
        tag=getattr(options, "tag", None),
        made_in=0 if is_of_files else os.getpid(),
    )


def _absolute(name: str | None) -> str | None:
    return None if name is None else str(Path(name).absolute())


def known_here(project: Project, config: Config, script: ScriptDirectory) -> None:
    """Let the work of this process use settings and revisions that are read already.

    :param project: the project.
    :param config: its settings.
    :param script: its revisions.
    """
    _ = script.revision_map.graph
    with _reading:
        _read[project] = (config, script)


def carry_out(
    task: Task,
    tenant: Tenant,
    *,
    halt: Halt | None = None,
    report: Callable[[str, Any], None] | None = None,
) -> Outcome:
    """Do what a task says to one tenant. Whatever goes wrong is told in the outcome.

    :param task: what is to be done.
    :param tenant: to whom.
    :param halt: by which this thread is told to end; for threads of one process.
    :param report: called with the tenant's name and each event of its run, likewise.
    """
    clock = time.monotonic()
    answer = Answer()
    heard = None if report is None else partial(report, tenant.name)
    try:
        with nullcontext() if halt is None else may_be_halted(halt):
            settings = partial(settings_of, *_project(task.project), tenant)
            ANSWERS[task.command](
                tenant, settings, task.options, answer, heard, _road(task, tenant)
            )
    except BaseException as error:  # a revision may raise anything: it is what came of this tenant
        is_ended = isinstance(error, KeyboardInterrupt) or (halt is not None and halt.is_asked)
        answer.state = "interrupted" if is_ended else "failed"
        answer.problem = _interruption(error) if is_ended else problem_of(error)
        answer.heads = _heads(task, tenant, error)
        if answer.ran and answer.heads is not None:
            answer.ran = _lasting(task, answer.ran, answer.heads)
    return Outcome(
        tenant=tenant.name,
        address=shown_address(make_url(tenant.address)),
        state=answer.state,
        heads=answer.heads,
        ran=tuple(answer.ran),
        pending=answer.pending,
        words=tuple(answer.words),
        problem=answer.problem,
        seconds=time.monotonic() - clock,
    )


def _project(project: Project) -> tuple[Config, ScriptDirectory]:
    with _reading:
        found = _read.get(project)
        if found is None:
            if project.made_in:
                raise ConfigurationError(
                    "settings that were made in code cannot be sent to another process",
                    hint="let them be in a file that every process finds at the same place",
                )
            options = Namespace(x=list(project.x), tag=project.tag)
            config = Config(project.ini, project.toml, project.section, cmd_opts=options)
            script = script_directory(config)
            _ = script.revision_map.graph
            found = _read[project] = (config, script)
        return found


_roads: dict[str, QuickRoad | None] = {}


def _road(task: Task, tenant: Tenant) -> QuickRoad | None:
    """The quick road of a run, of which a process knows one at a time."""
    if task.command != "upgrade" or not task.run or not is_quick(task.options):
        return None
    config, script = _project(task.project)
    has_env_py = uses_env_py(config, script)
    if has_env_py and tenant.schema is not None:
        return None  # one that does the same everywhere enters no schema, which is refused
    with _reading:
        if task.run not in _roads:
            _roads.clear()
            is_alike = not has_env_py or usual_env_py(config, script) is not None
            road = QuickRoad(script, task.options["revision"]) if is_alike else None
            _roads[task.run] = road
        return _roads[task.run]


def _interruption(error: BaseException) -> Problem:
    code = TERMINATED if isinstance(error, Terminated) else INTERRUPTED
    return Problem("interrupted", details=tuple(getattr(error, "__notes__", ())), exit_code=code)


def _lasting(task: Task, ran: list[str], heads: tuple[str, ...]) -> list[str]:
    """Of what ran, what is in the database: the others' transaction was rolled back with one more.

    :param task: what was to be done.
    :param ran: the revisions that ran.
    :param heads: what the version table holds.
    """
    graph = _project(task.project)[1].revision_map.graph
    applied = reached(graph.all_parents, (id_ for id_ in heads if id_ in graph.by_id))
    return [id_ for id_ in ran if id_ in applied]


def _heads(task: Task, tenant: Tenant, error: BaseException) -> tuple[str, ...] | None:
    """Where a tenant is after something went wrong, if that can be asked."""
    if isinstance(error, DatabaseUnreachable):
        return None
    try:
        return where_it_is(settings_of(*_project(task.project), tenant))
    except Exception:  # whatever it is, it is less than what went wrong before
        return None
