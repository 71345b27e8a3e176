"""Many databases at once: who they are, how their work is spread, and what came of it.

A database of a fleet is a tenant. Each is migrated as a single one is, with its own lock,
transactions, history and journal, and where it stands is written in it alone: whoever runs the same
command again goes on with those that are not there yet.

::

    from limbeck.config import Config
    from limbeck.fleet import fleet_of, upgrade

    fleet = fleet_of(Config.find(), schemas="tenant_*", jobs=8, canary=1)
    answer = upgrade(fleet, "head")
    print(answer.counts, [each.tenant for each in answer.failed])

The work is given to a :class:`concurrent.futures.Executor`; ``upgrade(…, executor=…)`` takes any.
"""

from limbeck.light_typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from limbeck.fleet.commands import Fleet, check, current, fleet_of, upgrade
    from limbeck.fleet.outcomes import FleetAnswer, Outcome
    from limbeck.project.tenant import Tenant

__all__ = ["Fleet", "FleetAnswer", "Outcome", "Tenant", "check", "current", "fleet_of", "upgrade"]

_PLACES = {
    **dict.fromkeys(("Fleet", "check", "current", "fleet_of", "upgrade"), "limbeck.fleet.commands"),
    **dict.fromkeys(("FleetAnswer", "Outcome"), "limbeck.fleet.outcomes"),
    "Tenant": "limbeck.project.tenant",
}


def __getattr__(name: str) -> Any:
    """What is there, imported when it is asked for: some of it imports SQLAlchemy."""
    from importlib import import_module

    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
