"""MariaDB: what belongs to a statement goes in one message, and comes to the same as ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pymysql
import pytest
import sqlalchemy as sa

from limbeck import command
from limbeck.config import Config
from limbeck.database import compound
from limbeck.dialects.backend import EmitTarget
from limbeck.dialects.registry import backend_for
from limbeck.errors import CommandError, RevisionFailed
from limbeck.operations import ops
from limbeck.runtime.journal import current
from tests.applied.projects import Project

pytestmark = pytest.mark.databases("mariadb")

_UP = [
    'op.create_table("b", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("a", sa.Integer, sa.ForeignKey("a.id")), '
    'sa.Column("n", sa.String(9), index=True), sa.Column("m", sa.String(9)))',
    'op.add_column("b", sa.Column("x", sa.String(20), server_default="it\'s \\\\"))',
    "op.execute(\"INSERT INTO b (id, n) VALUES (1, 'one')\")",
    "op.execute(\"ALTER TABLE b MODIFY n VARCHAR(40) NOT NULL COMMENT '50 `b`' -- longer\")",
    'op.create_index("ix_x", "b", ["x"])',
    'op.execute("CREATE TABLE IF NOT EXISTS a (id INTEGER)")',
    'op.alter_column("b", "n", type_=sa.String(50), existing_type=sa.String(40))',
    "op.execute(\"UPDATE b SET n = 'two'\")",
    'with op.batch_alter_table("b") as batch:\n'
    '        batch.add_column(sa.Column("y", sa.Integer))\n'
    '        batch.drop_column("m")',
    'op.rename_table("c", "d")',
    'op.drop_column("b", "x")',
    'op.drop_table("e")',
]


@pytest.fixture
def two(project: Project) -> Project:
    """A database at the first of two revisions."""
    tables = "\n    ".join(
        f'op.create_table("{name}", sa.Column("id", sa.Integer, primary_key=True))'
        for name in "ace"
    )
    project.write("r1", None, tables, "pass")
    project.write("r2", "r1", "\n    ".join(_UP), "pass")
    project.upgrade("r1")
    return project


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the driver is given to send."""
    said: list[str] = []
    driver: Any = pymysql.connections.Connection
    sends = driver._execute_command

    def execute(connection: Any, command: int, sql: Any) -> Any:
        said.append(sql if isinstance(sql, str) else sql.decode())
        return sends(connection, command, sql)

    monkeypatch.setattr(driver, "_execute_command", execute)
    return said


@contextmanager
def heard() -> Iterator[None]:
    """Within, somebody listens to statements, so that each is sent alone."""
    listener = lambda *_: None  # noqa: E731  # it only has to be there
    sa.event.listen(sa.Engine, "before_cursor_execute", listener)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", listener)


def schema(project: Project) -> list[Any]:
    with project.connect() as connection:
        names = sorted(sa.inspect(connection).get_table_names())
        found: list[Any] = [
            tuple(connection.exec_driver_sql(f"SHOW CREATE TABLE {name}").one())
            for name in names
            if not name.startswith("limbeck")
        ]
        found.append(connection.exec_driver_sql("SELECT * FROM alembic_version").all())
        if "b" in names:
            found.append(connection.exec_driver_sql("SELECT * FROM b").all())
        return found


def emptied(project: Project) -> None:
    with project.connect() as connection:
        connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
        for name in sa.inspect(connection).get_table_names():
            connection.exec_driver_sql(f"DROP TABLE `{name}`")


def test_a_revision_of_one_statement_takes_four_messages_and_the_commit(
    project: Project, messages: list[str]
) -> None:
    project.write("r0")
    for number in range(1, 6):
        column = f'op.add_column("t_r0", sa.Column("c{number}", sa.Integer))'
        project.write(f"r{number}", f"r{number - 1}", column)
    project.upgrade("r1")
    least = len(messages)
    emptied(project)
    messages.clear()
    project.upgrade("r5")
    sent = [each for each in messages if each.startswith("BEGIN NOT ATOMIC")]
    assert sum("ADD COLUMN c3" in each for each in sent) == 2  # itself, and the row that it is done
    assert len(messages) - least == 4 * 5


def test_who_listens_sees_each_statement_alone(project: Project, messages: list[str]) -> None:
    project.line("r0", "r1")
    project.upgrade("r0")
    messages.clear()
    with heard():
        project.upgrade("r1")
    assert not any(each.startswith("BEGIN NOT ATOMIC") for each in messages)


def test_both_roads_come_to_the_same(two: Project) -> None:
    two.upgrade()
    joined = schema(two)
    emptied(two)
    with heard():
        two.upgrade()
    assert schema(two) == joined
    assert "limbeck_journal" not in str(two.tables())


class Strike:
    """Ends the session of the server within a message of the second revision.

    :param moment: before which of the statements in such messages, from 0.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
        self.moment = moment
        self.seen = 0
        self.has_struck = False
        self._usual = compound.compound
        monkeypatch.setattr(compound, "compound", self._compound)

    def _compound(self, statements: Any) -> str:
        said = list(statements)
        place = self.moment - self.seen
        self.seen += len(said)
        if 0 <= place < len(said):
            self.has_struck = True
            said.insert(place, "KILL CONNECTION_ID()")
        return self._usual(said)


@pytest.mark.parametrize("start", range(0, 12, 3))
def test_wherever_the_session_ends_the_next_run_goes_on(
    two: Project, monkeypatch: pytest.MonkeyPatch, start: int
) -> None:
    two.upgrade()
    expected = schema(two)
    for moment in range(start, 300, 12):
        emptied(two)
        two.upgrade("r1")
        with monkeypatch.context() as patched:
            strike = Strike(patched, moment)
            try:
                two.upgrade()
            except CommandError as error:
                assert "connection" in f"{error.message} {error.details}", (moment, error.details)
        if not strike.has_struck:
            break
        two.upgrade()
        assert schema(two) == expected, moment
        assert two.rows()[-1].revision == "r2", moment
        assert "limbeck_journal" not in str(two.tables()), moment
    assert not strike.has_struck
    assert moment > 60


_FAILS = (
    'op.execute("ALTER TABLE a ADD COLUMN id INTEGER")',
    'op.execute("ALTER TABLE a ADD COLUMNS id INTEGR")',
    'op.execute("CREATE TABLE a (\\n\\tid INTEGER, FROM TO)")',
    'op.execute("ALTER TABLE nowhere ADD COLUMN x INTEGER")',
    'op.create_table("c", sa.Column("id", sa.Integer))',
    'op.drop_column("a", "nothing")',
    'op.drop_table("nowhere")',
    'op.create_index("ix", "a", ["nothing"])',
    'op.execute("ALTER TABLE a ADD COLUMN x INTEGER; DROP TABLE c")',
    'op.execute("ALTER TABLE a ADD COLUMN x INTEGER /* no end")',
    'op.execute("ALTER TABLE a ADD x INTEGER CHECK (x > \'no end)")',
    'op.create_foreign_key("fk", "a", "c", ["id"], ["other"])',
    'raise ValueError("by itself")',
)


def _failure(project: Project) -> tuple[Any, ...]:
    with pytest.raises(RevisionFailed) as failed:
        project.upgrade()
    error = failed.value
    return type(error), error.message, error.details, error.hint, schema(project)


@pytest.mark.parametrize("first", ["", 'op.add_column("a", sa.Column("z", sa.Integer))'])
@pytest.mark.parametrize("sql", _FAILS)
def test_what_fails_is_told_in_the_same_words(two: Project, first: str, sql: str) -> None:
    two.write("r2", "r1", "\n    ".join([first or "pass", sql]), "pass")
    joined = _failure(two)
    emptied(two)
    two.upgrade("r1")
    with heard():
        assert _failure(two) == joined
    two.write("r2", "r1", first or "pass", "pass")
    two.upgrade()
    assert two.rows()[-1].revision == "r2"


_AUTOCOMMIT = 'op.execute("SET autocommit = 1")'


@pytest.mark.parametrize("first", ["pass", _AUTOCOMMIT])
@pytest.mark.parametrize("is_something", [False, True])
def test_a_version_that_somebody_moves_meanwhile_is_noticed(
    two: Project, first: str, is_something: bool
) -> None:
    moved = (
        "import sqlalchemy\n    engine = sqlalchemy.create_engine(op.get_bind().engine.url)\n"
        "    with engine.begin() as other:\n"
        "        other.exec_driver_sql(\"UPDATE alembic_version SET version_num = 'r9'\")"
    )
    adds = 'op.add_column("a", sa.Column("z", sa.Integer))' if is_something else "pass"
    two.write("r2", "r1", "\n    ".join((first, adds, moved)), "pass")
    with pytest.raises(RevisionFailed) as failed:
        two.upgrade()
    error = failed.value
    assert error.message == (
        "revision r2 failed: Online migration expected to match one row when updating 'r1' to 'r2' "
        "in 'alembic_version'; 0 found"
    )
    hint = "somebody else migrates this database at the same time; 'limbeck current' says where"
    assert str(error.hint).startswith(hint)
    is_in = "operation 1 of it is in"
    assert error.details == (
        (is_in,) if is_something else ("nothing of it is in the database, which is at r1",)
    )
    assert ("limbeck_journal" in two.tables()) == is_something
    two.run("UPDATE alembic_version SET version_num = 'r1'")
    two.write("r2", "r1", "\n    ".join((first, adds)), "pass")
    two.upgrade()
    assert two.rows()[-1].revision == "r2"


def test_a_row_that_cannot_be_written_is_told_as_it_was_to_be(two: Project) -> None:
    gone = 'op.get_bind().connection.cursor().execute("DROP TABLE limbeck_journal")'
    adds = 'op.add_column("a", sa.Column("z", sa.Integer))'
    two.write("r2", "r1", f"{gone}\n    {adds}", "pass")
    joined = _failure(two)
    assert any(line.startswith("SQL: INSERT INTO limbeck_journal") for line in joined[2])
    with heard():
        assert _failure(two) == joined


class Cut:
    """Closes the connection in the place of a message behind the one that makes each commit.

    :param moment: how many messages behind it, from 1.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, moment: int) -> None:
        self.moment = moment
        self.seen = 0
        self.has_struck = False
        driver: Any = pymysql.connections.Connection
        sends = driver._execute_command

        def execute(connection: Any, command: int, sql: Any) -> Any:
            self.seen += bool(self.seen) or "SET autocommit = 1" in str(sql)
            if self.seen == 1 + self.moment:
                self.has_struck = True
                connection._force_close()
                raise pymysql.err.OperationalError(2013, "Lost connection")
            return sends(connection, command, sql)

        monkeypatch.setattr(driver, "_execute_command", execute)


def test_rows_are_changed_once_where_each_statement_commits(
    two: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    two.run("CREATE TABLE counted (n INTEGER)")
    two.run("INSERT INTO counted VALUES (0)")
    counts = 'op.execute("UPDATE counted SET n = n + 1")'
    adds = 'op.add_column("a", sa.Column("z", sa.Integer))'
    two.write("r2", "r1", "\n    ".join((_AUTOCOMMIT, counts, adds, counts)), "pass")
    for moment in range(1, 100):
        with monkeypatch.context() as patched:
            cut = Cut(patched, moment)
            with suppress(CommandError):
                two.upgrade()
        two.upgrade()
        with two.connect() as connection:
            assert connection.exec_driver_sql("SELECT n FROM counted").scalar() == 2, moment
        assert two.rows()[-1].revision == "r2", moment
        assert "limbeck_journal" not in two.tables(), moment
        if not cut.has_struck:
            break
        two.run("UPDATE counted SET n = 0")
        two.run("ALTER TABLE a DROP COLUMN z")
        two.run("UPDATE alembic_version SET version_num = 'r1'")
        two.run("DROP TABLE limbeck_history")
    assert not cut.has_struck
    assert moment > 15


def test_a_statement_of_its_own_comes_behind_the_rows_of_what_is_done(two: Project) -> None:
    body = [
        'op.add_column("a", sa.Column("z", sa.Integer))',
        'op.get_bind().exec_driver_sql("ALTER TABLE a DROP COLUMN z")',
        'op.execute("ALTER TABLE nowhere ADD COLUMN x INTEGER")',
    ]
    two.write("r2", "r1", "\n    ".join(body), "pass")
    with pytest.raises(RevisionFailed) as failed:
        two.upgrade()
    assert "operation 1 of it is in" in failed.value.details
    assert "beside its operations" in failed.value.details[-1]


_STATEMENTS = (
    "ALTER TABLE t ADD COLUMN c INTEGER",
    "ALTER TABLE t COMMENT 'drop to rename'",
    "ALTER TABLE t DROP COLUMN b",
    "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (b) REFERENCES other (id)",
    "CREATE TABLE u (id INTEGER)",
    "CREATE TABLE IF NOT EXISTS t (id INTEGER)",
    "CREATE TABLE u (id INTEGER, b INTEGER REFERENCES other (id))",
    "CREATE TABLE u LIKE t",
    "CREATE TABLE u AS SELECT * FROM other",
    "CREATE UNIQUE INDEX ix ON t (b)",
    "DROP TABLE t",
    "DROP TABLE t, other",
    "DROP TABLE IF EXISTS t, nobody",
    "DROP INDEX b ON t",
    "CREATE TABLE `odd, name` (id INTEGER)",
    "ALTER TABLE v ADD COLUMN c INTEGER",
)

_NOT_TOLD = {
    "CREATE TABLE u LIKE t",
    "CREATE TABLE u AS SELECT * FROM other",
    "DROP TABLE t, other",
    "ALTER TABLE v ADD COLUMN c INTEGER",
}
"""What is about more than the words around its names say."""


@pytest.mark.parametrize("sql", _STATEMENTS)
def test_what_is_asked_at_once_is_what_is_asked_one_by_one(engine: sa.Engine, sql: str) -> None:
    recovery = backend_for(engine.dialect).recovery
    with engine.connect() as connection:
        for made in (
            "CREATE TABLE other (id INTEGER PRIMARY KEY)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, b INTEGER, KEY b (b))",
            "INSERT INTO t VALUES (1, 1)",
            "CREATE VIEW v AS SELECT 1 AS one",
        ):
            connection.exec_driver_sql(made)
        connection.exec_driver_sql("INSERT INTO other VALUES (1)")
        connection.commit()
        sends = compound.Compound(connection, 1 << 24)
        database = recovery.database(connection)
        asked = recovery.asked_before(sql)
        before = recovery.objects(connection, sql)
        if asked is None:
            assert "," in sql
            return
        told = recovery.told_before(sql, sends.send(asked), database)
        if told is None:
            assert sql in _NOT_TOLD
            return
        assert told == before
        connection.exec_driver_sql(sql)
        after = recovery.asked_after(sql, before)
        assert after is not None
        told = recovery.told_after(sql, before, sends.send(after), database)
        assert told == recovery.objects_after(connection, sql, before)


def test_a_trigger_of_what_is_dropped_is_asked_for_alone(engine: sa.Engine) -> None:
    recovery = backend_for(engine.dialect).recovery
    sql = "DROP TABLE t"
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER)")
        connection.exec_driver_sql("CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @a = 1")
        asked = recovery.asked_before(sql)
        assert asked is not None
        answers = compound.Compound(connection, 1 << 24).send(asked)
        assert recovery.told_before(sql, answers, recovery.database(connection)) is None


def test_an_operation_is_known_by_the_same_number_on_both_roads(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, two: Project
) -> None:
    """What an earlier version has written down in a journal is found again."""
    taken: list[tuple[str, str]] = []
    usual = current.Current.is_said_by

    def noted(self: Any, statements: Any) -> None:
        usual(self, statements)
        made = self._make_mark(self.operation)
        taken.append((self.mark.fingerprint, made.fingerprint))

    monkeypatch.setattr(current.Current, "is_said_by", noted)
    two.upgrade()
    assert len(taken) > 5
    assert all(one == other for one, other in taken)


def test_where_the_database_is_asked_the_statements_are_not_those_on_paper(
    engine: sa.Engine,
) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE t (id INTEGER, b VARCHAR(9) NOT NULL)")
        target = EmitTarget(engine.dialect, connection=connection)
        add = ops.AddColumnOp("t", sa.Column("c", sa.Integer))
        list(backend_for(engine.dialect).statements(add, target))
        assert not target.looks
        alter = ops.AlterColumnOp("t", "b", modify_type=sa.String(20))
        list(backend_for(engine.dialect).statements(alter, target))
        assert target.looks


def test_a_message_that_is_too_long_is_sent_in_parts(
    two: Project, messages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("limbeck.runtime.journal.joined._LONGEST", "SELECT 1024")
    two.upgrade()
    assert not any("ADD COLUMN" in each for each in messages if each.startswith("BEGIN NOT"))
    assert any("ADD COLUMN" in each for each in messages)


@pytest.mark.parametrize("mode", ["NO_BACKSLASH_ESCAPES", ""])
def test_values_are_what_they_were(engine: sa.Engine, mode: str) -> None:
    values = ("it's", "a\\b\\", "100%", "“ü”", "", None, 7, "line\nline", '"')
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET SESSION sql_mode = '{mode}'")
        connection.commit()
        sends = compound.Compound(connection, 1 << 24)
        said = sends.said(("SELECT " + ", ".join(["%s"] * len(values)), values))
        ((found,),) = sends.send([said])
    assert tuple(found) == tuple(None if each is None else str(each) for each in values)


def test_what_cannot_be_said_is_not_sent(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        sends = compound.Compound(connection, 64)
        for value in ("a\0b", 1.5, b"bytes"):
            with pytest.raises(compound.CannotSay):
                sends.said(("SELECT %s", (value,)))
        with pytest.raises(compound.CannotSay):
            sends.said(None)
        with pytest.raises(compound.CannotSay):
            sends.send([f"SELECT '{'x' * 64}'"])
    assert not compound.is_sendable("SELECT 1; SELECT 2")
    assert compound.is_sendable("SELECT 1; ")


_ENV = """
from limbeck import context

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def test_a_run_on_the_same_session_believes_nothing_of_the_one_before(project: Project) -> None:
    """An application that migrates at its start, by a pool of its own, and tries again."""
    project.write(
        "r0",
        None,
        'op.execute("CREATE TABLE t (id INTEGER)")\n'
        '    op.execute("ALTER TABLE t ADD COLUMN b INTEGER UNIQ")',
    )
    (project.folder / "migrations/env.py").write_text(_ENV)
    engine = sa.create_engine(project.url)
    for _ in range(3):
        config = Config()
        config.set_main_option("script_location", str(project.folder / "migrations"))
        config.attributes["engine"] = engine
        with pytest.raises(CommandError, match="SQL syntax"):
            command.upgrade(config, "head")
    engine.dispose()
    with project.connect() as connection:
        assert [each["name"] for each in sa.inspect(connection).get_columns("t")] == ["id"]
        assert not connection.exec_driver_sql("SELECT * FROM alembic_version").all()


def test_a_deadlock_before_a_statement_ends_the_revision(project: Project) -> None:
    """It has taken back the rows that the revision has changed."""
    for name in "bz":
        project.run(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, v INTEGER)")
        project.run(f"INSERT INTO {name} VALUES (1, 0)")
    project.write(
        "r0",
        None,
        'op.execute("UPDATE z SET v = 1")\n'
        "    from tests.applied.test_joined import change\n    change.set()\n"
        "    import time\n    time.sleep(3)\n"
        '    op.execute("ALTER TABLE b DROP COLUMN v")',
    )
    with project.connect() as another, ThreadPoolExecutor() as pool:
        change.clear()

        def lock() -> None:
            assert change.wait(20)
            another.exec_driver_sql("LOCK TABLES b WRITE, z WRITE")
            another.exec_driver_sql("UNLOCK TABLES")

        locked = pool.submit(lock)
        with pytest.raises(RevisionFailed, match="1213"):
            project.upgrade()
        locked.result(30)
    with project.connect() as connection:
        assert connection.exec_driver_sql("SELECT v FROM z").scalar() == 0
        assert len(sa.inspect(connection).get_columns("b")) == 2
        assert not connection.exec_driver_sql("SELECT * FROM alembic_version").all()


change = threading.Event()
"""A revision has changed rows."""
