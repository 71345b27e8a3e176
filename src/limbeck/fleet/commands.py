"""The commands over a fleet, as functions: values in, one value out, nothing printed."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

from limbeck.database.halting import Halt
from limbeck.database.secrets import shown_address
from limbeck.errors import UsageError
from limbeck.fleet.beforehand import refuse_for_all
from limbeck.fleet.executors import Here
from limbeck.fleet.outcomes import FleetAnswer, Outcome
from limbeck.fleet.sources import tenants_of
from limbeck.fleet.spread import signal_code, spread
from limbeck.fleet.work import Command, Task, carry_out, known_here, project_of
from limbeck.project.fleet_settings import FleetSettings, fleet_settings
from limbeck.value import Value
from limbeck.workflow.environment import uses_env_py
from limbeck.workflow.names import refuse_unknown
from limbeck.workflow.project import script_directory

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.project.tenant import Tenant
    from limbeck.script import ScriptDirectory

__all__ = ["Fleet", "check", "current", "fleet_of", "upgrade"]

Told = Callable[[Outcome], None]
Report = Callable[[str, Any], None]


class Fleet(Value):
    """Databases that have the same revisions.

    :param config: the settings of the project.
    :param script: its revisions.
    :param settings: how the databases are migrated.
    :param tenants: the databases, in the order in which they are migrated.
    """

    config: Config
    script: ScriptDirectory
    settings: FleetSettings
    tenants: tuple[Tenant, ...]


def fleet_of(
    config: Config, *, only: Iterable[str] = (), part: str | None = None, **given: Any
) -> Fleet:
    """The databases that the settings name, or the arguments, which count more.

    :param config: the settings of the project, with their table ``fleet``.
    :param only: the names of those that are meant; all if none is given.
    :param part: every N-th of them, from the I-th, as ``I/N``; counted from 0.
    :param given: what that table may hold: ``schemas`` (patterns), ``databases`` (a file),
        ``databases_from_command``, ``databases_from_query``; ``shared_schemas``, ``jobs``,
        ``canary``, ``wave``, ``fail_fast``, ``max_failures``.
    :raises ConfigurationError: they make no sense, or name no database.
    :raises UsageError: nothing says which databases there are.
    """
    settings = fleet_settings(given, config.fleet, "the arguments")
    if settings.source is None:
        raise UsageError(
            "nothing says which databases there are",
            hint="--schemas 'tenant_*', --databases FILE, or a table [fleet] in the settings",
        )
    script = script_directory(config)
    tenants = tenants_of(config, settings.source, settings.shared_schemas)
    return Fleet(config, script, settings, _part(_only(tenants, tuple(only)), part))


def _only(tenants: Sequence[Tenant], names: Sequence[str]) -> tuple[Tenant, ...]:
    known = {tenant.name for tenant in tenants}
    unknown = [name for name in names if name not in known]
    if unknown:
        from limbeck.revisions.errors import did_you_mean

        raise UsageError(
            f"there is no tenant {unknown[0]} among {len(known)}",
            hint=did_you_mean(unknown[0], known) or "`limbeck current -v` lists them",
        )
    return tuple(tenant for tenant in tenants if not names or tenant.name in names)


def _part(tenants: tuple[Tenant, ...], part: str | None) -> tuple[Tenant, ...]:
    if part is None:
        return tenants
    found = re.fullmatch(r"(\d+)/(\d+)", part.strip())
    if found is None or not int(found[1]) < int(found[2]):
        raise UsageError(
            f"there is no part {part} of a fleet",
            hint="parts are counted from 0: of three they are 0/3, 1/3 and 2/3",
        )
    return tenants[int(found[1]) :: int(found[2])]


def upgrade(
    fleet: Fleet,
    revision: str,
    *,
    executor: Executor | None = None,
    told: Told | None = None,
    report: Report | None = None,
    **options: Any,
) -> FleetAnswer:
    """Bring every database up to a revision, each with its own lock and transactions.

    :param fleet: the databases.
    :param revision: where to go.
    :param executor: does the work, in place of ``jobs`` threads of this process; ``jobs``, if it is
        said, is how many databases it is given at a time.
    :param told: called with the outcome of each database as it comes.
    :param report: called with a tenant's name and each event of its run; in this process only.
    :param options: ``lock_wait``, ``lock_timeout``, ``accept``, ``allow_out_of_order``, ``strict``
        and ``tag``, as of :func:`limbeck.command.upgrade`.
    :returns: what came of each; nothing is raised of a database that failed.
    :raises CommandError: the revision is unknown, or the models, the files or the settings are
        wrong for all of them.
    """
    refuse_unknown(fleet.script, revision)
    said = {"revision": revision, **options}
    return _everywhere(fleet, "upgrade", said, executor, told, report)


def current(
    fleet: Fleet, *, executor: Executor | None = None, told: Told | None = None
) -> FleetAnswer:
    """Ask every database how it stands to the files. Nothing is written.

    :param fleet: the databases.
    :param executor: does the work.
    :param told: called with the outcome of each database as it comes.
    :returns: how each stands.
    :raises CommandError: the files or the settings are wrong for all of them.
    """
    return _everywhere(fleet, "current", {}, executor, told, None, in_waves=False)


def check(
    fleet: Fleet,
    *,
    drop_unowned: bool = False,
    executor: Executor | None = None,
    told: Told | None = None,
) -> FleetAnswer:
    """Compare every database with the models. Nothing is written.

    :param fleet: the databases.
    :param drop_unowned: take what no revision has created for a difference too.
    :param executor: does the work.
    :param told: called with the outcome of each database as it comes.
    :returns: what differs in each.
    :raises CommandError: the models, the files or the settings are wrong for all of them.
    """
    said = {"drop_unowned": drop_unowned}
    return _everywhere(fleet, "check", said, executor, told, None, in_waves=False)


def _everywhere(
    fleet: Fleet,
    command: Command,
    options: dict[str, Any],
    executor: Executor | None,
    told: Told | None,
    report: Report | None,
    *,
    in_waves: bool = True,
) -> FleetAnswer:
    clock = time.monotonic()
    refuse_for_all(fleet.config, fleet.script, command, options)
    # an engine that remembers results by their questions shall not answer from an earlier run
    task = Task(command, project_of(fleet.config), options, f"{os.getpid()}-{time.time_ns()}")
    known_here(task.project, fleet.config, fleet.script)
    halt: Halt | None = None
    work: Callable[[Tenant], Outcome] = partial(carry_out, task)
    settings = fleet.settings
    with nullcontext(executor) if executor is not None else _own(fleet) as chosen:
        in_flight = settings.jobs if executor is not None else settings.jobs or 1
        if isinstance(chosen, Here):
            work = partial(carry_out, task, report=report)
        elif isinstance(chosen, ThreadPoolExecutor):
            halt = Halt()
            work = partial(carry_out, task, halt=halt, report=report)
        else:
            from limbeck.fleet.processes import Processes, in_process  # and multiprocessing

            if isinstance(chosen, Processes):
                halt, work = chosen.halt, partial(in_process, work)
        done = spread(
            chosen,
            work,
            fleet.tenants,
            canary=settings.canary if in_waves else None,
            wave=settings.wave if in_waves else None,
            max_failures=settings.max_failures if in_waves else None,
            in_flight=in_flight,
            halt=halt,
            told=told,
        )
    outcomes = tuple(done.outcomes.get(each.name) or _not_begun(each) for each in fleet.tenants)
    return FleetAnswer(command, outcomes, time.monotonic() - clock, signal_code(done))


def _own(fleet: Fleet) -> Executor:
    """What does the work where nobody has said it.

    An ``env.py`` may do anything to its process, logging and the environment's variables included,
    so that two at a time are two processes.
    """
    jobs = min(fleet.settings.jobs or 1, len(fleet.tenants))
    if jobs == 1:
        return Here()
    if uses_env_py(fleet.config, fleet.script):
        from limbeck.fleet.processes import Processes  # and multiprocessing

        return Processes(jobs)
    return ThreadPoolExecutor(jobs, thread_name_prefix="limbeck")


def _not_begun(tenant: Tenant) -> Outcome:
    return Outcome(tenant.name, shown_address(make_url(tenant.address)), "not_begun")
