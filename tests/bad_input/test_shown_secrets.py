"""No password is shown, whatever goes wrong and whoever asks; and passwords of any letters work."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from limbeck.config import Config
from tests.bad_input.case import SECRET, UPGRADE, classic_with_revisions, upgrade_doing, with_env
from tests.cli.project import Answer, Project

TOKENS = (
    "import sqlalchemy as sa\n"
    "import secret_values\n"
    "table = op.create_table('tokens', sa.Column('id', sa.Integer, primary_key=True), "
    "sa.Column('token', sa.String))\n"
    "op.bulk_insert(table, [{'id': 1, 'token': secret_values.TOKEN}])\n"
)
TWICE = TOKENS + "op.bulk_insert(table, [{'id': 1, 'token': secret_values.TOKEN}])"
ROLE = f"CREATE ROLE app {'x' * 150} PASSWORD '{SECRET}'"


def _in_files(project: Project) -> None:
    project.write("secret_values.py", f'TOKEN = "{SECRET}"\n')
    project.environment["PYTHONPATH"] = str(project.folder)


def _native(body: str) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        upgrade_doing(body)(project)
        _in_files(project)

    return setup


def _classic(body: str, level: str = "WARNING") -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        classic_with_revisions(project)
        text = "\n    ".join(body.splitlines())
        project.edit("mig/versions/aaab2222.py", "    pass\n\ndef down", f"    {text}\n\ndef down")
        settings = project.folder / "limbeck.ini"
        before, mark, after = settings.read_text().partition("[logger_sqlalchemy]")
        settings.write_text(before + mark + after.replace("WARNING", level, 1))
        _in_files(project)

    return setup


def _connecting(address: str) -> Callable[[Project], None]:
    mark = "if context.is_offline_mode():"
    lines = f"import sqlalchemy as sa\nsa.create_engine({address!r}).connect()\n{mark}"
    return with_env(mark, lines)


@dataclass(frozen=True)
class Shown:
    """A way to make a secret be shown.

    :param says: what has to be told all the same.
    """

    name: str
    setup: Callable[[Project], object]
    words: tuple[str, ...]
    says: str


ADDRESS = f"postgresql+psycopg://me:x@{SECRET}/y@localhost/x"
CASES = (
    Shown("failing INSERT", _native(TWICE), UPGRADE, "UNIQUE"),
    Shown("failing INSERT, --debug", _native(TWICE), ("--debug", *UPGRADE), "UNIQUE"),
    Shown("failing INSERT, --raiseerr", _native(TWICE), ("--raiseerr", *UPGRADE), "UNIQUE"),
    Shown("failing INSERT, --json", _native(TWICE), ("--json", *UPGRADE), "UNIQUE"),
    Shown("failing INSERT, env.py", _classic(TWICE), UPGRADE, "UNIQUE"),
    Shown("failing INSERT, env.py, --debug", _classic(TWICE), ("--debug", *UPGRADE), "UNIQUE"),
    Shown("failing INSERT, env.py, raised", _classic(TWICE), ("--raiseerr", *UPGRADE), "UNIQUE"),
    Shown("INSERT in the log", _classic(TOKENS, "INFO"), UPGRADE, "INSERT INTO tokens"),
    Shown("CREATE ROLE", _native(f"op.execute({ROLE!r})"), UPGRADE, "CREATE ROLE"),
    Shown("CREATE ROLE, --debug", _native(f"op.execute({ROLE!r})"), ("--debug", *UPGRADE), "ROLE"),
    Shown("CREATE ROLE in the log", _classic(f"op.execute({ROLE!r})", "INFO"), UPGRADE, "ROLE"),
    Shown(
        "an error of the revision's own",
        _native(f"raise ValueError({ADDRESS!r})"),
        UPGRADE,
        "ValueError",
    ),
    Shown(
        "an error of env.py's own",
        with_env("target_metadata = None", f"raise ValueError({ADDRESS!r})"),
        UPGRADE,
        "ValueError",
    ),
    Shown(
        "a host that is the end of a password",
        _connecting(f"postgresql+psycopg://me:x@{SECRET}@localhost/x"),
        UPGRADE,
        "host",
    ),
    Shown(
        "a port that is the end of a password",
        _connecting(f"postgresql://me:p@h:{SECRET}@h/x"),
        UPGRADE,
        "address",
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_it_is_not_shown(case: Shown, tmp_path: Path) -> None:
    project = Project(tmp_path)
    case.setup(project)
    answer = project.run(*case.words)
    _hides(answer)
    assert case.says in answer.stdout + answer.stderr


@pytest.mark.databases("postgresql15")
@pytest.mark.parametrize("words", [("current", "-v"), (), ("--json",), ("check",), UPGRADE])
def test_a_query_is_not_shown(tmp_path: Path, database_url: str, words: tuple[str, ...]) -> None:
    project = Project(tmp_path)
    project.models("from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n")
    project.settings(sa.make_url(database_url).render_as_string(False) + f"?password={SECRET}")
    project.revision("a1", None)
    _hides(project.run(*words))


def _hides(answer: Answer) -> None:
    assert SECRET not in answer.stdout, answer.stdout
    assert SECRET not in answer.stderr, answer.stderr


ODD = "p%40 %s%(x)s@:/?#&=+[]{}$'\"\\ü🐘"


def test_a_password_of_any_letters(tmp_path: Path) -> None:
    address = f"mariadb+pymysql://me:{quote(ODD, safe='')}@host/x"
    ini = tmp_path / "limbeck.ini"
    ini.write_text(f"[limbeck]\nsqlalchemy.url = {address}\n", encoding="utf-8")
    doubled = tmp_path / "doubled.ini"
    doubled.write_text(f"[alembic]\nsqlalchemy.url = {address.replace('%', '%%')}\n")
    toml = tmp_path / "limbeck.toml"
    toml.write_text(f'url = "{address}"\n', encoding="utf-8")
    variable = tmp_path / "variable.toml"
    variable.write_text('url = "${SOME_URL}"\n')
    set_by_code = Config()
    set_by_code.set_main_option("sqlalchemy.url", address.replace("%", "%%"))
    for config in (
        Config(ini),
        Config(doubled),
        Config(None, toml),
        Config(None, variable),
        set_by_code,
    ):
        found = config.database_url({"SOME_URL": address})
        assert found is not None
        assert sa.make_url(found).password == ODD, config.config_file_name


@pytest.mark.databases("mariadb")
def test_a_password_of_odd_letters_lets_in(
    tmp_path: Path, database_url: str, engine: sa.Engine
) -> None:
    url = sa.make_url(database_url)
    user = f"odd_{url.database}"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE USER {user}@'%%' IDENTIFIED BY %s", (ODD,))
        connection.exec_driver_sql(f"GRANT ALL ON {url.database}.* TO {user}@'%%'")
    try:
        project = Project(tmp_path)
        project.settings(
            url.set(username=user, password=ODD).render_as_string(False),
            models="shop.models:Base.metadata",
        )
        project.models("from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n")
        project.revision("a1", None)
        assert project.run("upgrade", "head").code == 0
        project.environment["DATABASE_URL"] = url.set(
            username=user, password=f"🐘{SECRET}"
        ).render_as_string(False)
        answer = project.run("current")
        assert answer.code == 4, answer
        _hides(answer)
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP USER {user}@'%%'")


def test_the_file_for_an_address_is_the_owners(tmp_path: Path) -> None:
    project = Project(tmp_path)
    assert project.run("init", "mig").code == 0
    assert stat.S_IMODE((tmp_path / "limbeck.ini").stat().st_mode) == 0o600
