"""Where throw-away files are kept: in memory where there is room, else on the disk.

A test's database is made, filled and dropped within a second. On a disk most of that second goes
to the making and removing of files, and to waiting until SQLite's and MariaDB's have been written.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from functools import cache
from pathlib import Path

_IN_MEMORY = "/dev/shm"
_ROOM = 4 << 30  # bytes; all servers and files of a run have been seen to need less than half
_PREFIX = "limbeck-data-"
_IDS = ("postmaster.pid", "mariadb.pid")
_SECONDS = 3600.0


@cache
def quick_folder() -> str:
    """The folder for temporary files: in memory, if there is much room and programs may run there.

    Containers often have 64 MB there, and let nothing run.
    """
    try:
        found = os.statvfs(_IN_MEMORY)
    except OSError:
        return "/tmp"
    fits = found.f_bavail * found.f_frsize >= _ROOM and not found.f_flag & os.ST_NOEXEC
    return _IN_MEMORY if fits and os.access(_IN_MEMORY, os.W_OK) else "/tmp"


def use_quick_folder() -> None:
    """Keep this process's temporary files there, and those of the ones that it starts.

    Where ``TMPDIR`` is set, somebody has chosen already.
    """
    if "TMPDIR" not in os.environ:
        os.environ["TMPDIR"] = tempfile.tempdir = quick_folder()


def make_data_folder(beside: Path) -> Path:
    """Make an empty folder for a server's data.

    :param beside: the server's folder, which gets the link ``data``.
    :return: the link.
    """
    _remove_forgotten()
    folder = tempfile.mkdtemp(prefix=_PREFIX, dir=quick_folder())
    owner = beside.stat()
    os.chown(folder, owner.st_uid, owner.st_gid)
    link = beside / "data"
    link.symlink_to(folder)
    return link


def remove_data_folder(beside: Path) -> None:
    """Remove what :func:`make_data_folder` has made."""
    shutil.rmtree((beside / "data").resolve(), ignore_errors=True)


def _remove_forgotten() -> None:
    """Remove the data of servers whose run was killed: memory is too dear to keep it."""
    for folder in Path(quick_folder()).glob(f"{_PREFIX}*"):
        try:
            is_old = time.time() - folder.stat().st_mtime > _SECONDS
            if is_old and not any(_runs(folder / name) for name in _IDS):
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            continue  # another run's, which has just removed it, or another user's


def _runs(record: Path) -> bool:
    """Whether the server runs whose number is in the first line of a file."""
    try:
        os.kill(int(record.read_text().split()[0]), 0)
    except PermissionError:
        return True
    except (OSError, ValueError, IndexError):
        return False
    return True
