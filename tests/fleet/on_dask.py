"""A Dask cluster of several processes on this machine, of which some are killed on the way.

    python -m tests.fleet.on_dask WORKERS KILLS LOG

``examples/fleet_on_dask.py`` migrates the fleet of the current folder on it. A worker is killed
when the log says that a revision is under way there: ``begin TENANT PROCESS`` without its ``end``.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

from examples.fleet_on_dask import main


def _kill(log: Path, count: int) -> None:
    tenants: set[str] = set()
    while len(tenants) < count:
        time.sleep(0.02)
        lines = log.read_text().splitlines() if log.exists() else []
        for line in lines:
            word, tenant, process = line.split()
            if word == "begin" and f"end {tenant} {process}" not in lines and tenant not in tenants:
                tenants.add(tenant)
                os.kill(int(process), signal.SIGKILL)
                print(f"killed at {tenant}", flush=True)
                break


def run(workers: int, kills: int, log: Path) -> int:
    """Make the cluster, migrate, and give the exit code."""
    from distributed import LocalCluster

    killer = threading.Thread(target=_kill, args=(log, kills), daemon=True)
    with LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        dashboard_address=None,
        worker_dashboard_address=None,
        silence_logs=50,
    ) as cluster:
        killer.start()
        code = main(cluster.scheduler_address)
    killer.join(5)
    return code


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
