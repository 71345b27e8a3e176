"""Alembic called once for each tenant, in one process: ``python benchmarks/loop.py FILE``.

A program of its own, in Alembic's project; the file has an address a line.
"""

from __future__ import annotations

import sys

from alembic import command
from alembic.config import Config

if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:  # noqa: PTH123 - imports what it needs only
        for address in file.read().split():
            config = Config("alembic.ini", stdout=sys.stderr)
            config.set_main_option("sqlalchemy.url", address.replace("%", "%%"))
            command.upgrade(config, "head")
