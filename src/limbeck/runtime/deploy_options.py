"""How one deployer at a time is let in: what the command line, ``env.py`` and the settings say."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from limbeck.errors import ConfigurationError
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from limbeck.runtime.migration import MigrationContext

LOCK_WAIT = 300.0
"""Seconds to wait for another deployer, where nobody says otherwise."""

LOCK_TIMEOUT = 0.5
"""Seconds that a statement waits for a strong lock, where nobody says otherwise."""

KINDS = ("auto", "session", "transaction", "off")


class DeployOptions(Value, slots=True):
    """How a run takes the deploy lock.

    :param lock_wait: seconds to wait for another deployer.
    :param lock_timeout: seconds that a statement waits for a strong lock before it makes way; 0
        for as long as the server lets it.
    :param kind: ``auto``; ``session`` or ``transaction`` for a lock that only one of them is to
        hold, whatever the database seems to be; ``off`` for none.
    """

    lock_wait: float = LOCK_WAIT
    lock_timeout: float = LOCK_TIMEOUT
    kind: str = "auto"


def deploy_options(context: MigrationContext) -> DeployOptions:
    """The options of a migration context: the command's, else those of ``env.py`` or the settings.

    :raises ConfigurationError: one makes no sense.
    """
    return checked_options(partial(_said, context))


def checked_options(said: Callable[[str], Any]) -> DeployOptions:
    """The options, as somebody says them.

    :param said: gives what is said of one by its name; None where nothing is.
    :raises ConfigurationError: one makes no sense.
    """

    def or_else(name: str, default: Any) -> Any:
        found = said(name)
        return default if found is None else found

    kind = or_else("deploy_lock", "auto")
    if kind not in KINDS:
        raise ConfigurationError(
            f"deploy_lock cannot be {kind!r}", hint=f"it is one of {', '.join(KINDS)}"
        )
    return DeployOptions(
        lock_wait=seconds("lock_wait", or_else("lock_wait", LOCK_WAIT)),
        lock_timeout=seconds("lock_timeout", or_else("lock_timeout", LOCK_TIMEOUT)),
        kind=kind,
    )


def seconds(name: str, value: Any) -> float:
    """A number of seconds from a setting or an option.

    :param name: what it is called.
    :param value: a number, or the text of one.
    :raises ConfigurationError: it is none, or below 0.
    """
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = -1.0
    if not 0 <= found < float("inf"):
        raise ConfigurationError(
            f"{name} cannot be {value!r}", hint=f"give a number of seconds, as in {name} = 60"
        )
    return found


def _said(context: MigrationContext, name: str) -> Any:
    environment, config = context.environment_context, context.config
    on_command = environment.context_opts.get(name) if environment is not None else None
    places = (on_command, context.opts.get(name))
    found = next((value for value in places if value is not None), None)
    if found is None and config is not None:
        found = config.deploy_setting(name)
    return found
