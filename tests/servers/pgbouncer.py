"""PgBouncer from the system's package, in front of a PostgreSQL that runs already."""

from __future__ import annotations

import shutil
from pathlib import Path

import sqlalchemy as sa

from tests.servers.base import (
    Missing,
    Server,
    free_port,
    new_folder,
    spawn,
    wait_until_it_answers,
)

# Debian installs daemons where an ordinary user's PATH does not lead.
SEARCH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"

SETTINGS = """\
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
server_reset_query = DISCARD ALL
"""


def start_pgbouncer(server: str, mode: str = "transaction", size: int = 8) -> Server:
    """Start PgBouncer in front of a server; all databases of it are to be had by their names.

    :param server: the address of a database of the server.
    :param mode: ``pool_mode``.
    :param size: sessions of the server for each database.
    :raises Missing: when it is not installed.
    """
    daemon = shutil.which("pgbouncer", path=SEARCH)
    if daemon is None:
        raise Missing("PgBouncer: apt-get install pgbouncer")
    folder, listen, url = new_folder("pgbouncer"), free_port(), sa.make_url(server)
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        SETTINGS.format(
            host=url.host, port=url.port, user=url.username, listen=listen, mode=mode, size=size
        )
    )
    settings.chmod(0o644)
    pid = spawn([daemon, "-q", str(settings)], Path(folder))
    through = url.set(port=listen).render_as_string(hide_password=False)
    wait_until_it_answers(through, pid, folder)
    return Server(through, pid, folder)
