"""What a scratch database holds at one moment, to be put back many times.

A file of SQLite is copied. Elsewhere nothing copies a whole database in a moment that every role
may use; there the history runs again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.database.scratch_database import own_connection

if TYPE_CHECKING:
    from limbeck.database.scratch_database import ScratchDatabase

_BESIDE = ("-journal", "-wal", "-shm")  # https://www.sqlite.org/tempfiles.html


def kept(scratch: ScratchDatabase) -> Callable[[], None] | None:
    """Keep what a scratch database holds now.

    :param scratch: the database, to which nobody is connected.
    :return: puts it back; None where that cannot be done.
    """
    path = scratch.url.database
    if not scratch.is_own_file or path is None:
        return None
    with own_connection(scratch.engine) as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    scratch.engine.dispose()
    copy = Path(f"{path}.kept")
    shutil.copyfile(path, copy)

    def put_back() -> None:
        scratch.engine.dispose()
        for ending in _BESIDE:
            Path(f"{path}{ending}").unlink(missing_ok=True)
        shutil.copyfile(copy, path)

    return put_back
