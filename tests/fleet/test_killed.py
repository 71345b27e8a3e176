"""A fleet that is killed on the quick road of SQLite, and run again."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from dataclasses import replace
from itertools import count
from typing import Any

import pytest

from limbeck.cli.main import main
from limbeck.database import bare_statements
from limbeck.fleet.quick import sessions, sqlite
from tests.dying import AtStatement, killed_before, killed_within
from tests.fleet.tenants import REVISIONS, Tenants, environment
from tests.fleet.tenants_alike import history_of, schema_of, upgraded

_QUESTIONS = ("SELECT ", "PRAGMA ")
_MOVES = ("INSERT INTO alembic_version ", "UPDATE alembic_version ")

_SHARED = pytest.mark.parametrize("shared", [60.0, 0.0], ids=["one commit", "a commit each"])


@pytest.fixture(params=[True, False], ids=["history", "no history"])
def alike(
    files: Tenants, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Tenants:
    """A fleet with one database that is at the head, by a run that has imported all it needs."""
    if not request.param:
        toml = files.project.folder / "limbeck.toml"
        toml.write_text(f"history = false\n{toml.read_text()}")
    files.addresses = dict([*files.addresses.items()][:1])
    assert upgraded(files, monkeypatch, only=files.addresses).counts == {"done": 1}
    return files


@_SHARED
def test_before_any_statement(alike: Tenants, shared: float) -> None:
    statements = _statements(alike, shared)
    # a question changes nothing, so that it is as well to be killed before what follows
    changing = [n for n, each in enumerate(statements) if not each.startswith(_QUESTIONS)]
    done: dict[str, int] = {}
    for number in [*changing, len(statements) - 1]:
        code, name = _ended(alike, shared, killed_before(number))
        assert code == -signal.SIGKILL, statements[number]
        done[name] = _revisions_in(statements[:number])
    _assert_each_goes_on(alike, done)


@_SHARED
def test_within_any_commit(alike: Tenants, shared: float) -> None:
    """It ends where a file would be written to from some page on, the database's or its journal."""
    statements = _statements(alike, shared)
    done: dict[str, int] = {}
    for commit in [number for number, each in enumerate(statements) if each == "COMMIT"]:
        for page in count(1):
            code, name = _ended(alike, shared, killed_within(commit, page))
            is_within = code == -signal.SIGXFSZ
            done[name] = _revisions_in(statements[: commit + (not is_within)])
            if not is_within:
                assert code == -signal.SIGKILL
                break  # no file is that long
        assert page > 2, "it was not killed within the database's file"
    _assert_each_goes_on(alike, done)


def _statements(alike: Tenants, shared: float) -> list[str]:
    """What the quick road sends to a tenant."""
    heard = alike.project.folder / "heard.txt"

    def before(number: int, statement: str) -> None:
        with heard.open("a") as file:
            file.write(f"{' '.join(statement.split())}\n")

    assert _ended(alike, shared, before)[0] == 0
    statements = heard.read_text().splitlines()
    assert statements.count("COMMIT") == (1 if shared else len(REVISIONS))
    return statements


def _revisions_in(sent: list[str]) -> int:
    """How many revisions are in a database that has got these statements."""
    if "COMMIT" not in sent:
        return 0
    last = len(sent) - sent[::-1].index("COMMIT")
    return sum(each.startswith(_MOVES) for each in sent[:last])


def _assert_each_goes_on(alike: Tenants, done: dict[str, int]) -> None:
    """What is in is whole, and one command more brings each to the head, by each revision once.

    :param done: how many revisions are in those that a process was killed at.
    """
    at = {name: list(REVISIONS[:number]) for name, number in done.items()}
    copies = _copied(alike)
    heads = copies.heads()
    assert {name: heads[name] for name in done} == {name: ids[-1:] for name, ids in at.items()}
    if _keeps_history(alike):
        assert {name: copies.applied(name) for name, ids in at.items() if ids} == {
            name: ids for name, ids in at.items() if ids
        }
    found = alike.json("upgrade", "head")
    assert {each["tenant"]: each["ran"] for each in found["databases"]} == {
        name: list(REVISIONS[done.get(name, len(REVISIONS)) :]) for name in alike.addresses
    }
    assert alike.heads() == {name: ["r3"] for name in alike.addresses}
    [first, *others] = alike.addresses
    for name in others:
        if _keeps_history(alike):
            assert history_of(alike, name) == history_of(alike, first), name
        assert schema_of(alike, name) == schema_of(alike, first), name
        with alike.connected(name) as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok", name


def _keeps_history(alike: Tenants) -> bool:
    return "history = false" not in (alike.project.folder / "limbeck.toml").read_text()


def _copied(alike: Tenants) -> Tenants:
    """The same files once more: whoever looks at one rolls back what was not committed."""
    folder = alike.project.folder
    shutil.copytree(folder, folder / "copies", ignore=shutil.ignore_patterns("migrations"))
    addresses = {name: f"sqlite:///{folder / 'copies' / name}.db" for name in alike.addresses}
    return replace(alike, addresses={name: (each, None) for name, each in addresses.items()})


def _ended(alike: Tenants, shared: float, before: AtStatement) -> tuple[int, str]:
    """Upgrade two more tenants, of which the second one goes by the quick road, in a process.

    :returns: its code, minus the number of the signal that has ended it, and the second one.
    """
    number = len(alike.addresses)
    names = (f"usual_{number}", f"quick_{number}")
    for name in names:
        alike.addresses[name] = (f"sqlite:///{alike.project.folder / name}.db", None)
    lines = [f"{name} {address}" for name, (address, _) in alike.addresses.items()]
    alike.project.write("tenants.txt", "\n".join(lines))
    process = os.fork()
    if process == 0:
        _be_the_command(alike, shared, before, names)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), names[1]


def _be_the_command(
    alike: Tenants, shared: float, before: AtStatement, names: tuple[str, ...]
) -> None:
    numbers = count()

    def do_execute(cursor: Any, statement: str, *parameters: Any) -> None:
        before(next(numbers), statement)
        bare_statements.do_execute(cursor, statement, *parameters)

    code = 70
    try:
        os.chdir(alike.project.folder)
        os.environ.update(environment(alike.project))
        os.dup2(os.open("output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        os.dup2(2, 1)
        sys.stdout = os.fdopen(1, "w", closefd=False)
        sys.stderr = os.fdopen(2, "w", closefd=False)
        for module in (sessions, sqlite):
            module.do_execute = do_execute  # type: ignore[attr-defined]  # it is imported there
        sqlite._SHARED = shared
        only = [word for name in names for word in ("--tenant", name)]
        code = main(["upgrade", "head", *alike.source, *only])
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
