"""MariaDB from the system's binaries."""

from __future__ import annotations

import shutil

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

# Debian installs daemons where an ordinary user's PATH does not lead.
SEARCH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"

OPTIONS = [
    "--no-defaults",
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--max-connections=200",
    "--character-set-server=utf8mb4",
    # Durability is of no use to a server that is deleted after the tests.
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=0",
    "--innodb-log-file-size=64M",
    "--innodb-buffer-pool-size=128M",
    "--skip-log-bin",
]


def start_mariadb() -> Server:
    """Start MariaDB.

    :raises Missing: when it is not installed.
    """
    daemon = shutil.which("mariadbd", path=SEARCH)
    install = shutil.which("mariadb-install-db", path=SEARCH)
    if daemon is None or install is None:
        raise Missing("MariaDB: apt-get install mariadb-server")
    folder, port = new_folder("mariadb"), free_port()
    data, initial = make_data_folder(folder), folder / "initial.sql"
    run(
        [
            install, "--no-defaults", f"--datadir={data}", "--skip-test-db",
            "--auth-root-authentication-method=normal", "--skip-name-resolve",
        ],
        folder,
    )  # fmt: skip
    initial.write_text(
        "CREATE USER 'limbeck'@'127.0.0.1' IDENTIFIED BY 'limbeck';\n"
        "GRANT ALL ON *.* TO 'limbeck'@'127.0.0.1' WITH GRANT OPTION;\n"
    )
    initial.chmod(0o644)
    pid = spawn(
        [
            daemon, *OPTIONS, f"--datadir={data}", f"--port={port}",
            f"--socket={folder / 'socket'}", f"--pid-file={data / 'mariadb.pid'}",
            f"--init-file={initial}", f"--tmpdir={folder}",
        ],
        folder,
    )  # fmt: skip
    url = f"mariadb+pymysql://limbeck:limbeck@127.0.0.1:{port}/mysql?charset=utf8mb4"
    wait_until_it_answers(url, pid, folder)
    return Server(url, pid, folder)
