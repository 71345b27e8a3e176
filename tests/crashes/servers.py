"""Databases for trials: each a copy of one that was made once, on servers that may be crashed."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa

from tests.crashes.mariadb_copy import copy_mariadb
from tests.crashes.statements import statements_on
from tests.servers import STARTERS, Server
from tests.servers.base import alive, spawn, wait_until_it_answers

_numbers = itertools.count(1)


@dataclass
class Databases:
    """Fresh databases of one kind.

    :param kind: ``sqlite``, ``postgresql15``, ``postgresql18`` or ``mariadb``.
    :param server: the server's address; empty for SQLite.
    """

    kind: str
    server: str

    @contextmanager
    def fresh(self) -> Iterator[str]:
        """The address of an empty database."""
        with self._named(lambda name: f"CREATE DATABASE {name}") as url:
            yield url

    @contextmanager
    def copy_of(self, url: str) -> Iterator[str]:
        """The address of a copy of a database to which nobody is connected."""
        if self.kind.startswith("postgresql"):
            source = sa.make_url(url).database
            # The other strategy makes no checkpoint; a server that crashes then forgets how far
            # the sequences of a copy have come.
            options = f"TEMPLATE {source} STRATEGY file_copy"
            with self._named(lambda name: f"CREATE DATABASE {name} {options}") as made:
                yield made
            return
        with self.fresh() as made:
            self._fill(url, made)
            yield made

    def _fill(self, source: str, target: str) -> None:
        if self.kind == "sqlite":
            shutil.copy(source.removeprefix("sqlite:///"), target.removeprefix("sqlite:///"))
        else:
            copy_mariadb(source, target)

    @contextmanager
    def _named(self, create: Callable[[str], str]) -> Iterator[str]:
        name = f"crash_{os.getpid()}_{next(_numbers)}"
        if self.kind == "sqlite":
            folder = tempfile.mkdtemp(prefix="limbeck-crash-")
            yield f"sqlite:///{folder}/test.db"
            shutil.rmtree(folder)
            return
        statements_on(self.server, create(name))
        yield sa.make_url(self.server).set(database=name).render_as_string(hide_password=False)
        forced = " WITH (FORCE)" if self.kind.startswith("postgresql") else ""
        statements_on(self.server, f"DROP DATABASE IF EXISTS {name}{forced}")


class Crashable:
    """A server of one's own that may be ended at any moment, and is started again.

    :param kind: the kind of server.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.server: Server = STARTERS[kind]()
        words = Path(f"/proc/{self.server.pid}/cmdline").read_bytes().split(b"\0")
        self._command = [word.decode() for word in words if word]
        self._keep_commits()

    def start_again(self) -> None:
        """Start it again where it was left, once what was part of it has ended."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if not alive(self.server.pid):
                pid = spawn(self._command, self.server.folder)
                self.server = replace(self.server, pid=pid)
            try:
                wait_until_it_answers(self.server.url, self.server.pid, self.server.folder)
                break
            except RuntimeError:
                time.sleep(0.2)  # the processes of the one before are still there
        self._keep_commits()

    def _keep_commits(self) -> None:
        """Let what is committed outlive the server, which the tests' servers leave out."""
        if self.kind == "mariadb":
            statements_on(self.server.url, "SET GLOBAL innodb_flush_log_at_trx_commit = 2")
        else:
            statements_on(self.server.url, "ALTER ROLE limbeck SET synchronous_commit = on")

    def stop(self) -> None:
        """End it, and delete what it has kept."""
        self.server.stop()
