"""Migrate every tenant of a project on a Dask cluster; run it in the project's folder.

    python fleet_on_dask.py tcp://scheduler:8786

The workers need limbeck, the driver, and the project's files at the same path. Which tenants there
are is said in the settings, in the table ``fleet``.
"""

from __future__ import annotations

import sys

from distributed import Client

from limbeck.config import Config
from limbeck.fleet import Outcome, fleet_of, upgrade


def told(outcome: Outcome) -> None:
    print(f"{outcome.tenant}: {outcome.state}", flush=True)


def main(scheduler: str) -> int:
    fleet = fleet_of(Config.find())
    with Client(scheduler) as client, client.get_executor(pure=False, retries=3) as executor:
        answer = upgrade(fleet, "head", executor=executor, told=told)
    print(answer.counts)
    return answer.exit_code()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
