"""The quick road gives what the usual one gives, and is left where that is not certain."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import plugins
from sqlalchemy.engine import CreateEnginePlugin
from sqlalchemy.ext.compiler import compiles, deregister
from sqlalchemy.sql import functions
from sqlalchemy.sql.functions import GenericFunction

from limbeck.database import bare_statements
from limbeck.fleet import FleetAnswer
from limbeck.fleet.quick import postgresql, sessions, sqlite
from limbeck.fleet.quick.road import QuickRoad
from limbeck.runtime.resent.purity import is_as_it_came, is_pure
from limbeck.script import ScriptDirectory
from tests.fleet.tenants import BODIES, COUNT, NAMES, REVISIONS, Tenants, write_project
from tests.fleet.tenants_alike import history_of, schema_of, tables_of, upgraded

_ON = pytest.mark.databases("sqlite", "postgresql15")


@_ON
@pytest.mark.parametrize("jobs", [1, 3])
def test_both_roads_lead_to_the_same(
    tenants: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    began: dict[str, int] = {}
    go = QuickRoad.go

    def gone(self: QuickRoad, tenant: Any, *rest: Any) -> bool:
        began[tenant.name] = len(self.recorder.steps)
        return go(self, tenant, *rest)

    monkeypatch.setattr(QuickRoad, "go", gone)
    answer = upgraded(tenants, monkeypatch, jobs=jobs)
    assert answer.counts == {"done": COUNT}
    assert all(each.ran == REVISIONS and each.heads == ("r3",) for each in answer.outcomes)
    quick = {name for name in NAMES if steps.count(name) == len(REVISIONS)}
    # whoever begins once all is known of a first one; on a busy machine that may be few of several
    assert quick >= {name for name, known in began.items() if known == len(REVISIONS)}
    assert len(quick) >= (COUNT - 1 if jobs == 1 else 1)
    assert tenants.heads() == {name: ["r3"] for name in NAMES}
    for name in NAMES[1:]:
        assert history_of(tenants, name) == history_of(tenants, NAMES[0])
        assert schema_of(tenants, name) == schema_of(tenants, NAMES[0])
    assert upgraded(tenants, monkeypatch).counts == {"nothing": COUNT}


@_ON
def test_a_version_table_whose_name_has_a_percent_sign(
    tenants: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = tenants.project.folder / "limbeck.toml"
    toml.write_text(f'version_table = "at 50%"\n{toml.read_text()}')
    assert upgraded(tenants, monkeypatch).counts == {"done": COUNT}
    assert steps == [name for name in NAMES[1:] for _ in REVISIONS]
    for name in NAMES:
        assert "at 50%" in tables_of(tenants, name)
        assert tables_of(tenants, name) == tables_of(tenants, NAMES[0])
    assert upgraded(tenants, monkeypatch).counts == {"nothing": COUNT}


@_ON
def test_several_heads_are_told_in_one_order(tenants: Tenants) -> None:
    tenants.project.revision("b1", "r1", "op.execute('CREATE TABLE other (id INTEGER)')")
    for state in ("done", "nothing"):
        found = tenants.json("upgrade", "heads")
        assert found["states"] == {state: COUNT}
        assert [each["heads"] for each in found["databases"]] == [["b1", "r3"]] * COUNT
        assert len(found["revisions"]) == 1


@_ON
def test_what_is_not_certain_takes_the_usual_road(
    tenants: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tenants.project.edit(
        "migrations/versions/r2.py",
        BODIES["r2"],
        'import uuid\n    op.execute(f"CREATE TABLE t_{uuid.uuid4().hex} (id INTEGER)")\n'
        f"    {BODIES['r2']}",
    )
    tenants.execute(NAMES[4], "CREATE TABLE account (id INTEGER)")
    answer = upgraded(tenants, monkeypatch)
    assert answer.counts == {"done": COUNT - 1, "failed": 1}
    # the first revision goes quickly, the second makes another table for each
    assert steps == [name for name in NAMES[1:] if name != NAMES[4]]
    made = {
        row
        for name in NAMES
        for row in schema_of(tenants, name)
        if str(row[0] if tenants.addresses[name][1] else row[1]).startswith("t_")
    }
    assert len(made) == COUNT - 1
    assert [each.problem.exit_code for each in answer.failed if each.problem] == [6]
    assert len(history_of(tenants, NAMES[4])) == 1  # that it has failed
    assert tenants.applied(NAMES[3]) == list(REVISIONS)


@_ON
def test_one_transaction_for_all_revisions(
    tenants: Tenants, steps: list[str], sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask_for_each(tenants, "false")
    tenants.execute(NAMES[4], "CREATE TABLE visit (id INTEGER)")
    answer = _counted_commits(tenants, monkeypatch, sent)
    assert answer.counts == {"done": COUNT - 1, "failed": 1}
    [failed] = answer.failed
    assert (failed.tenant, failed.ran, failed.heads) == (NAMES[4], (), ())
    assert tenants.heads() == {name: [] if name == NAMES[4] else ["r3"] for name in NAMES}
    assert steps == [name for name in NAMES[1:] if name != NAMES[4] for _ in REVISIONS]
    for name in (NAMES[1], NAMES[2], NAMES[3], NAMES[5]):
        assert history_of(tenants, name) == history_of(tenants, NAMES[0])
        assert schema_of(tenants, name) == schema_of(tenants, NAMES[0])


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the quick road sends."""
    sent: list[str] = []

    def do_execute(cursor: Any, statement: str, *parameters: Any) -> None:
        sent.append(statement)
        bare_statements.do_execute(cursor, statement, *parameters)

    for module in (postgresql, sessions, sqlite):
        monkeypatch.setattr(module, "do_execute", do_execute)
    return sent


def _counted_commits(
    tenants: Tenants, monkeypatch: pytest.MonkeyPatch, sent: list[str]
) -> FleetAnswer:
    """Upgrade, and make sure that each tenant of the quick road has committed once."""
    answer = upgraded(tenants, monkeypatch)
    commits = [len(re.findall(r"^COMMIT$", each, re.MULTILINE)) for each in sent]
    assert max(commits) == 1
    is_message = tenants.addresses[NAMES[0]][1] is not None
    # the message of the tenant that fails has its COMMIT in it
    assert sum(commits) == COUNT - 1 - (not is_message)
    return answer


def _ask_for_each(tenants: Tenants, said: str) -> None:
    settings = tenants.project.folder / "limbeck.toml"
    settings.write_text(f"transaction_per_migration = {said}\n{settings.read_text()}")


@pytest.mark.parametrize(
    ("said", "longest", "count"),
    [(None, 60.0, 1), (None, 0.0, len(REVISIONS)), ("true", 60.0, len(REVISIONS))],
)
def test_revisions_share_a_commit_for_a_short_time_unless_each_was_asked_for(
    files: Tenants,
    steps: list[str],
    sent: list[str],
    monkeypatch: pytest.MonkeyPatch,
    said: str | None,
    longest: float,
    count: int,
) -> None:
    monkeypatch.setattr(sqlite, "_SHARED", longest)
    if said is not None:
        _ask_for_each(files, said)
    assert upgraded(files, monkeypatch).counts == {"done": COUNT}
    assert len(steps) == (COUNT - 1) * len(REVISIONS)
    assert sent.count("COMMIT") == sent.count("BEGIN IMMEDIATE") == (COUNT - 1) * count
    assert sent.count("PRAGMA journal_mode = PERSIST") == (COUNT - 1 if count > 1 else 0)
    for name in NAMES[1:]:
        assert history_of(files, name) == history_of(files, NAMES[0])
        assert schema_of(files, name) == schema_of(files, NAMES[0])
    assert not [each.name for each in files.project.folder.glob("*-journal")]


def test_what_was_good_before_a_failure_stays_where_revisions_share_a_commit(
    files: Tenants, steps: list[str], sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_SHARED", 60.0)
    files.execute(NAMES[4], "CREATE TABLE visit (id INTEGER)")
    answer = upgraded(files, monkeypatch)
    [failed] = answer.failed
    assert (failed.tenant, failed.ran, failed.heads) == (NAMES[4], ("r1",), ("r1",))
    assert files.applied(NAMES[4]) == ["r1"]
    assert sent.count("ROLLBACK") == 1
    assert NAMES[4] not in steps


@_ON
def test_a_file_that_was_edited_is_found_on_both_roads(
    tenants: Tenants, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert upgraded(tenants, monkeypatch).exit_code() == 0
    tenants.project.edit("migrations/versions/r1.py", "'id'", "'other'")
    answer = upgraded(tenants, monkeypatch)
    assert [each.problem.exit_code for each in answer.failed if each.problem] == [8] * COUNT


@pytest.mark.parametrize(
    ("body", "pure"),
    [
        (BODIES["r1"], True),
        ("op.add_column('t', sa.Column('c', sa.DateTime, server_default=sa.func.now()))", True),
        ("op.create_index(op.f('ix'), 't', ['a'], unique=True)", True),
        ("op.execute('CREATE TABLE t (id INTEGER)')", True),
        ("op.execute(sa.text('CREATE TABLE t (id INTEGER)'))", True),
        ("op.create_table('t', sa.Column('e', sa.Enum('a', 'b', name='e')))", True),
        ("op.create_check_constraint('c', 't', sa.text('a > -1'))", True),
        ("op.add_column('t', Column('c', String(9), server_default=text('1')))", True),
        ("op.add_column('t', Column('c', String, server_default=func.now()))", True),
        ("op.add_column('t', Column('c', Odd))", False),
        ("op.execute(f'CREATE TABLE t_{1} (id INTEGER)')", False),
        ("op.execute('CREATE TABLE ' + NAME)", False),
        ("op.execute(NAME)", False),
        ("op.create_table(NAME, sa.Column('id', sa.Integer))", False),
        ("op.create_table('t', *COLUMNS)", False),
        ("op.create_table('t', sa.Column('id', Own()))", False),
        ("op.add_column('t', sa.Column('c', sa.Text, default=make))", False),
        ("op.get_bind()", False),
        ("op.bulk_insert(sa.table('t'), [])", False),
        ("op.run_async(make)", False),
        ("if True:\n        op.drop_table('t')", False),
        ("for each in 'ab':\n        op.drop_table(each)", False),
        ("with op.batch_alter_table('t') as batch:\n        batch.drop_column('c')", True),
        ("with op.batch_alter_table('t') as b:\n        b.drop_index(b.f('i'))", True),
        ("with op.batch_alter_table('t') as sa:\n        sa.add_column(sa.Column('c'))", False),
        ("with op.batch_alter_table('t') as b:\n        b.drop_column(NAME)", False),
        ("with op.batch_alter_table('t') as b:\n        op.drop_column(b, 'c')", False),
        ("with op.batch_alter_table('t') as b:\n        b.get_bind()", False),
        ("with op.batch_alter_table('t') as b:\n        if b:\n            b.f('')", False),
        ("with op.batch_alter_table(NAME) as b:\n        b.drop_column('c')", False),
        ("with op.batch_alter_table('t', recreate=make) as b:\n        b.f('')", False),
        ("with op.batch_alter_table('t'):\n        op.drop_table('t')", False),
        ("with op.batch_alter_table('t') as b, make():\n        b.drop_column('c')", False),
        ("with op.get_context().autocommit_block():\n        op.drop_table('t')", False),
        ("sa.create_engine('sqlite://')", False),
        ("op.execute(sa.inspect('x'))", False),
        ("make()", False),
    ],
)
def test_purity(tmp_path: Path, body: str, pure: bool) -> None:
    project = write_project(tmp_path, "sqlite://", r1=body)
    path = project.folder / "migrations" / "versions" / "r1.py"
    path.write_text(
        path.read_text().replace(
            "\ndef upgrade",
            "\nfrom sqlalchemy import Column, String, func, text\nclass Odd(String):\n    pass\n"
            "NAME = 't'\nCOLUMNS = ()\nOwn = sa.Integer\ndef make():\n    pass\n\ndef upgrade",
        )
    )
    script = ScriptDirectory(tmp_path / "migrations").get_revision("r1")
    assert is_pure(script) is pure


def test_a_function_of_the_users_own_is_not_pure(tmp_path: Path) -> None:
    body = "op.add_column('t', sa.Column('c', sa.Text, server_default=sa.func.shop_word()))"
    write_project(tmp_path, "sqlite://", r1=body)
    script = ScriptDirectory(tmp_path / "migrations").get_revision("r1")
    assert is_pure(script)
    type("shop_word", (GenericFunction,), {"inherit_cache": True})
    try:
        assert not is_pure(script)
    finally:
        functions._registry["_default"].pop("shop_word")


@pytest.mark.parametrize(
    "change",
    [
        "\nupgrade = lambda: None\n",
        "\nclass op:\n    execute = staticmethod(print)\n",
        "\nfrom os import path as sa\n",
    ],
)
def test_a_name_that_stands_for_something_else_is_not_pure(tmp_path: Path, change: str) -> None:
    project = write_project(tmp_path, "sqlite://")
    path = project.folder / "migrations" / "versions" / "r1.py"
    path.write_text(path.read_text() + change)
    assert not is_pure(ScriptDirectory(tmp_path / "migrations").get_revision("r1"))


def test_whoever_listens_to_statements_hears_all_of_them(
    files: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def hear(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        heard.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", hear)
    try:
        assert upgraded(files, monkeypatch).counts == {"done": COUNT}
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", hear)
    assert not steps
    assert sum("CREATE TABLE visit" in each for each in heard) == COUNT


_LATE = """

from sqlalchemy import Engine, event


@event.listens_for(Engine, "do_connect")
def elsewhere(dialect, record, args, named):
    args[0] = args[0].replace("tenant_", "elsewhere_")
"""


@pytest.mark.parametrize("at_once", [True, False])
def test_whoever_makes_connections_makes_each(files: Tenants, at_once: bool) -> None:
    changed = "models.py" if at_once else "migrations/versions/r3.py"
    path = files.project.folder / changed
    path.write_text(path.read_text() + _LATE)
    assert files.run("upgrade", "head").code == 0
    made = {path.name for path in files.project.folder.glob("*.db") if path.stat().st_size}
    expected = {f"{name.replace('tenant_', 'elsewhere_')}.db" for name in NAMES}
    assert made >= expected if at_once else len(made) >= COUNT
    assert not made & {f"{name}.db" for name in NAMES[1:]}


def test_whoever_hears_of_the_first_connection_hears_of_each_tenants(
    files: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[object] = []

    def hear(driver: Any, record: Any) -> None:
        heard.append(driver)

    sa.event.listen(sa.Engine, "first_connect", hear)
    try:
        assert upgraded(files, monkeypatch).counts == {"done": COUNT}
    finally:
        sa.event.remove(sa.Engine, "first_connect", hear)
    assert not steps
    assert len(heard) >= COUNT


class _Renaming(CreateEnginePlugin):
    """Leads to another file than the address names."""

    def update_url(self, url: sa.URL) -> sa.URL:
        database = str(url.database).replace("tenant_", "elsewhere_")
        return url.difference_update_query(["plugin"]).set(database=database)


@pytest.mark.filterwarnings("ignore:Query string")  # an error would leave the quick road as well
def test_an_address_with_a_plugin_is_understood_by_sqlalchemy(
    files: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins.register("limbeck_renaming", __name__, _Renaming.__name__)
    # the first one has none, so that what it was sent is known
    lines = [f"{name} {address}" for name, (address, _) in files.addresses.items()]
    lines[1:] = [f"{line}?plugin=limbeck_renaming" for line in lines[1:]]
    files.project.write("plugins.txt", "\n".join(lines))
    files = replace(files, source=("--databases", "plugins.txt"))
    try:
        assert upgraded(files, monkeypatch).counts == {"done": COUNT}
    finally:
        plugins.impls.pop("limbeck_renaming")
    assert not steps
    made = {path.name for path in files.project.folder.glob("*.db") if path.stat().st_size}
    assert made == {f"{NAMES[0]}.db"} | {f"elsewhere_{number}.db" for number in range(2, COUNT + 1)}


def test_a_version_table_that_ends_with_the_session_is_missed_everywhere(
    files: Tenants, steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = files.project.folder / "limbeck.toml"
    toml.write_text(f'version_table_schema = "temp"\nhistory = false\n{toml.read_text()}')
    assert upgraded(files, monkeypatch).counts == {"failed": COUNT}
    assert not steps


@pytest.mark.parametrize(
    ("given", "is_another"), [((), True), (("sqlite",), True), (("mysql", "mariadb"), False)]
)
def test_constructs_that_somebody_compiles_take_the_usual_road(
    given: tuple[str, ...], is_another: bool
) -> None:
    import sqlalchemy.dialects.mssql.information_schema  # noqa: F401  # compiles one of its own

    engine = sa.create_engine("sqlite://")
    assert is_as_it_came(engine)
    compiles(sa.schema.CreateSequence, *given)(lambda *_, **__: "nothing")
    try:
        assert is_as_it_came(engine) is not is_another
    finally:
        deregister(sa.schema.CreateSequence)
    assert is_as_it_came(engine)
