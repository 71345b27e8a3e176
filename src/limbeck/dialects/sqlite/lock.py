"""The deploy lock of SQLite: the write lock of the file, which ``BEGIN IMMEDIATE`` takes.

It is held for one transaction, and so for one revision. Nothing in the database tells who holds it,
but Linux does (https://man7.org/linux/man-pages/man5/proc_locks.5.html). The file is not opened for
that: closing it would drop the locks that this process has on it
(https://www.sqlite.org/howtocorrupt.html, section 2.2).
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from limbeck.dialects.standard.lock import DeployLock, DeployLocks, Holder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Table

_LOCKS = Path("/proc/locks")
# The bytes that stand for the write lock: RESERVED of the file itself, and WAL_WRITE_LOCK of its
# -shm file: https://www.sqlite.org/src/file/src/os.h, https://www.sqlite.org/walformat.html
_RESERVED = 0x40000001
_WAL_WRITE = 120


class SqliteDeployLocks(DeployLocks):
    """SQLite."""

    begin_locks: ClassVar[bool] = True
    other: ClassVar[str] = "another process writes to this database"

    def try_transaction(self, connection: Connection, lock: DeployLock, table: Table) -> bool:
        return True  # who has begun has it

    def is_busy(self, error: BaseException) -> bool:
        original = getattr(error, "orig", error)
        code = getattr(original, "sqlite_errorcode", None)
        if code is not None:
            return bool(code & 0xFF == sqlite3.SQLITE_BUSY)
        return "database is locked" in str(original)

    @contextmanager
    def waiting(
        self, connection: Connection, seconds: float, *, at_least: bool = False
    ) -> Iterator[None]:
        before = _pragma(connection, "busy_timeout")
        wanted = round(seconds * 1000)
        if before is None or (at_least and before >= wanted):
            yield
            return
        _pragma(connection, f"busy_timeout = {wanted}")
        try:
            yield
        finally:
            if not connection.closed and not connection.invalidated:
                _pragma(connection, f"busy_timeout = {before}")

    @contextmanager
    def kept_between(self, connection: Connection) -> Iterator[None]:
        # "database connections in exclusive mode do not release file locks at the conclusion of a
        # transaction": https://www.sqlite.org/pragma.html#pragma_locking_mode
        before = _pragma(connection, "locking_mode")
        _pragma(connection, "locking_mode = EXCLUSIVE")
        try:
            yield
        finally:
            if not connection.closed and not connection.invalidated:
                _pragma(connection, f"locking_mode = {before}")

    def holder(self, connection: Connection, lock: DeployLock) -> Holder | None:
        path = _pragma(connection, "database_list", 2)
        pid = next(_writers(Path(path)), None) if path else None
        if pid is None:
            return None
        return Holder(f"pid {pid}{_command(pid)}", f"kill {pid} ends it if it hangs")


def _pragma(connection: Connection, words: str, column: int = 0) -> Any:
    """Run a pragma without letting SQLAlchemy begin a transaction for it."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(f"PRAGMA {words}")
        row = cursor.fetchone() if cursor.description else None
    finally:
        cursor.close()
    return row[column] if row else None


def _writers(path: Path) -> Iterator[int]:
    """The processes that hold the write lock of a database file."""
    held: dict[int, int] = {}
    for file, byte in ((path, _RESERVED), (path.with_name(f"{path.name}-shm"), _WAL_WRITE)):
        try:
            held[file.stat().st_ino] = byte
        except OSError:
            continue
    try:
        lines = _LOCKS.read_text().splitlines()
    except OSError:  # not Linux
        return
    for line in lines:
        # 1: POSIX ADVISORY WRITE 4711 08:01:131085 1073741825 1073741825
        words = line.split()
        if len(words) != 8 or words[3] != "WRITE" or not words[4].isdigit():
            continue
        byte = held.get(int(words[5].rpartition(":")[2]), -1)
        if byte < 0 or not words[7].isdigit():
            continue
        if int(words[6]) <= byte <= int(words[7]) and int(words[4]) > 0:
            yield int(words[4])


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""
    said = " ".join(word for word in words[:4] if word)
    return f" ({said[:80]})" if said else ""
