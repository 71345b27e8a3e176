"""What ``env.py`` imports: ``from limbeck import context``.

Each function is the method of the :class:`~limbeck.runtime.environment.EnvironmentContext` which is
running in this thread. ``config`` and ``script`` are that environment's.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from limbeck.runtime.environment import EnvironmentContext, running

if TYPE_CHECKING:
    from limbeck.config import Config
    from limbeck.script import ScriptDirectory

    config: Config
    script: ScriptDirectory


class RunningEnvironment(EnvironmentContext):
    """The environment that is running, whichever it is and whatever its class overrides."""

    def __init__(self) -> None:
        # It has no attributes of its own: all are those of the running one.
        pass

    def __getattribute__(self, name: str) -> Any:
        method = getattr(EnvironmentContext, name, None)
        if name.startswith("__"):
            return super().__getattribute__(name)
        if not callable(method):
            return getattr(running.require(), name)

        @functools.wraps(method)
        def forwarded(*args: Any, **kw: Any) -> Any:
            return getattr(running.require(name), name)(*args, **kw)

        return forwarded

    def __setattr__(self, name: str, value: object) -> None:
        setattr(running.require(), name, value)


environment = RunningEnvironment()

begin_transaction = environment.begin_transaction
configure = environment.configure
execute = environment.execute
get_bind = environment.get_bind
get_context = environment.get_context
get_head_revision = environment.get_head_revision
get_head_revisions = environment.get_head_revisions
get_impl = environment.get_impl
get_revision_argument = environment.get_revision_argument
get_starting_revision_argument = environment.get_starting_revision_argument
get_tag_argument = environment.get_tag_argument
get_x_argument = environment.get_x_argument
is_offline_mode = environment.is_offline_mode
is_transactional_ddl = environment.is_transactional_ddl
requires_connection = environment.requires_connection
run_migrations = environment.run_migrations
static_output = environment.static_output


def __getattr__(name: str) -> Any:
    """``config`` and ``script`` of the running environment; ``_proxy`` is itself, or None.

    Projects ask for ``_proxy`` to know whether their ``env.py`` is run or merely imported.
    """
    if name == "_proxy":
        return running.get()
    if name not in ("config", "script"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = running.get()
    if found is None:
        raise AttributeError(f"{__name__}.{name} exists only while limbeck runs env.py")
    return getattr(found, name)
