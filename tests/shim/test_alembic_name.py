"""The package ``alembic`` of limbeck-alembic, in processes that find it before Alembic's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ROOT / "packages" / "limbeck-alembic" / "src"


def python(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the package in front of everything that is installed."""
    environment = {**os.environ, "PYTHONPATH": f"{PACKAGES}{os.pathsep}{ROOT / 'src'}"}
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that the command ``alembic`` has made, with a failing second revision."""
    done = python(tmp_path, "-m", "alembic", "init", "migrations")
    assert done.returncode == 0, done.stderr
    settings = tmp_path / "alembic.ini"
    lines = settings.read_text().splitlines()
    lines = [
        "sqlalchemy.url = sqlite:///it.db" if line.startswith("sqlalchemy.url") else line
        for line in lines
    ]
    settings.write_text("\n".join(lines))
    for id_, body in (("one", 'op.execute("CREATE TABLE t (a INTEGER)")'), ("two", "1 / 0")):
        done = python(tmp_path, "-m", "alembic", "revision", "-m", id_, "--rev-id", id_)
        assert done.returncode == 0, done.stderr
        file = next((tmp_path / "migrations" / "versions").glob(f"{id_}_*.py"))
        head, mark, tail = file.read_text().partition("def upgrade() -> None:\n")
        file.write_text(f"{head}{mark}    {body}\n\n\n{tail[tail.index('def downgrade') :]}")
    return tmp_path


def test_a_project_of_the_command_is_one_of_alembics(project: Path) -> None:
    assert "[alembic]" in (project / "alembic.ini").read_text()
    assert "from alembic import context" in (project / "migrations" / "env.py").read_text()
    done = python(project, "-m", "alembic", "upgrade", "one")
    assert done.returncode == 0, done.stderr
    assert "Running upgrade  -> one, one" in done.stderr
    assert python(project, "-m", "alembic", "current").stdout == "one\n"


def test_the_module_of_the_settings_is_the_command_too(project: Path) -> None:
    done = python(project, "-m", "alembic.config", "upgrade", "one")
    assert done.returncode == 0, done.stderr
    assert python(project, "-m", "alembic.config", "current").stdout == "one\n"
    assert python(project, "-m", "alembic.config", "nothing").returncode == 2


def test_a_failure_is_told_as_alembic_tells_it(project: Path) -> None:
    done = python(project, "-m", "alembic", "upgrade", "nosuch")
    assert done.returncode == 255
    assert done.stdout == "FAILED: Can't locate revision identified by 'nosuch'\n"


def test_a_mistake_is_told_once(project: Path) -> None:
    done = python(project, "-m", "alembic", "show", "nosuch")
    assert done.stdout == "FAILED: Can't locate revision identified by 'nosuch'\n"
    assert done.stderr == ""
    assert done.returncode == 255


def test_what_a_revision_raises_reaches_the_caller(project: Path) -> None:
    script = (
        "from alembic import command\n"
        "from alembic.config import Config\n"
        "try:\n"
        "    command.upgrade(Config('alembic.ini'), 'head')\n"
        "except ZeroDivisionError as error:\n"
        "    print(error.__notes__[0].splitlines()[0])\n"
    )
    done = python(project, "-c", script)
    assert done.stdout.startswith("revision two failed"), done.stderr


def test_what_a_driver_raises_reaches_the_caller(project: Path) -> None:
    settings = project / "alembic.ini"
    settings.write_text(settings.read_text().replace("sqlite:///it.db", "sqlite:///none/it.db"))
    script = (
        "from alembic import command\n"
        "from alembic.config import Config\n"
        "from sqlalchemy.exc import OperationalError\n"
        "try:\n"
        "    command.current(Config('alembic.ini'))\n"
        "except OperationalError as error:\n"
        "    print(error.orig)\n"
    )
    done = python(project, "-c", script)
    assert done.stdout == "unable to open database file\n", done.stderr
    done = python(project, "-m", "alembic", "current")
    assert (done.returncode, done.stdout) == (255, "FAILED: the database file cannot be opened\n")


def test_statement_that_is_refused(project: Path) -> None:
    file = next((project / "migrations" / "versions").glob("two_*.py"))
    file.write_text(file.read_text().replace("1 / 0", 'op.execute("ALTER TABLE none ADD a")'))
    done = python(project, "-m", "alembic", "upgrade", "head")
    assert done.returncode == 255
    first, second = done.stdout.splitlines()[:2]
    assert first == "FAILED: the database refused a statement: no such table: none"
    assert second.startswith("revision two failed")


def test_the_level_that_it_answers_for(tmp_path: Path) -> None:
    done = python(tmp_path, "-c", "import alembic; print(alembic.__version__)")
    assert done.stdout == "1.20.1\n"


def test_it_refuses_to_be_half_of_a_package(tmp_path: Path) -> None:
    (tmp_path / "alembic").symlink_to(PACKAGES / "alembic", target_is_directory=True)
    (tmp_path / "alembic-1.20.1.dist-info").mkdir()
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import alembic"
    done = python(tmp_path, "-c", script)
    assert done.returncode == 1
    assert "are both installed" in done.stderr
    assert "pip uninstall -y alembic limbeck-alembic" in done.stderr


def test_a_comparator_of_a_library_adds_its_operations(tmp_path: Path) -> None:
    script = (
        "import sqlalchemy as sa\n"
        "from alembic.autogenerate import comparators, produce_migrations\n"
        "from alembic.migration import MigrationContext\n"
        "from alembic.operations import ops\n"
        "from alembic.util import DispatchPriority\n"
        "@comparators.dispatch_for('schema', priority=DispatchPriority.LAST)\n"
        "def views(context, upgrade_ops, schemas):\n"
        "    assert None in schemas\n"
        "    upgrade_ops.ops.append(ops.CreateTableOp('t', [sa.Column('a', sa.Integer)]))\n"
        "with sa.create_engine('sqlite://').connect() as connection:\n"
        "    context = MigrationContext.configure(connection)\n"
        "    script = produce_migrations(context, sa.MetaData())\n"
        "print(*(type(op).__name__ for op in script.upgrade_ops.ops))\n"
        "print(*(type(op).__name__ for op in script.downgrade_ops.ops))\n"
    )
    done = python(tmp_path, "-c", script)
    assert done.stdout == "CreateTableOp\nDropTableOp\n", done.stderr


def test_plugins_of_installed_distributions_are_set_up_on_import(tmp_path: Path) -> None:
    (tmp_path / "acme.py").write_text(
        "from alembic.util import PriorityDispatchResult\n"
        "def setup(plugin):\n"
        "    print('set up', plugin.name)\n"
    )
    info = tmp_path / "acme-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[alembic.plugins]\nacme.views = acme\n")
    script = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import alembic, alembic.op"
    done = python(tmp_path, "-c", script)
    assert done.stdout == "set up acme.views\n", done.stderr


SILENCING = """
from logging.config import fileConfig

import sqlalchemy as sa
from alembic import context

fileConfig(context.config.config_file_name)
engine = sa.create_engine("sqlite:///it.db")
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""


def test_lines_are_logged_under_alembics_name_whatever_env_py_silences(project: Path) -> None:
    (project / "migrations" / "env.py").write_text(SILENCING)
    done = python(project, "-m", "alembic", "upgrade", "one")
    assert done.stderr.splitlines()[-1] == (
        "INFO  [alembic.runtime.migration] Running upgrade  -> one, one"
    )
    settings = project / "alembic.ini"
    quiet = "[logger_alembic]\nlevel = WARNING"
    settings.write_text(settings.read_text().replace("[logger_alembic]\nlevel = INFO", quiet))
    assert quiet in settings.read_text()
    assert python(project, "-m", "alembic", "downgrade", "base").stderr == ""


def test_what_a_hook_says_is_shown_and_how_it_ends_is_its_own_affair(project: Path) -> None:
    (project / "hook.py").write_text(
        "import sys\nprint('formatted', len(sys.argv), flush=True)\nsys.exit(3)\n"
    )
    hook = f"hooks = mine\nmine.type = exec\nmine.executable = {sys.executable}\n"
    hook += "mine.options = hook.py --file=REVISION_SCRIPT_FILENAME\n"
    settings = project / "alembic.ini"
    lines = settings.read_text()
    settings.write_text(lines.replace("[post_write_hooks]\n", f"[post_write_hooks]\n{hook}"))
    done = python(project, "-m", "alembic", "revision", "-m", "three", "--rev-id", "three")
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert "formatted 2" in said
    assert "Running post write hook 'mine' ..." in said
    assert said[-1] == "  done"


def test_commands_of_ones_own(project: Path) -> None:
    script = (
        "from alembic.config import CommandLine\n"
        "def frob(config, revision, where, sql=False):\n"
        '    """Frob a revision."""\n'
        "    called = config.cmd_opts.cmd[0].__name__\n"
        "    print(type(config).__module__, revision, where, sql, called)\n"
        "line = CommandLine('tool')\n"
        "line.register_command(frob)\n"
        "assert 'Frob a revision.' in line.parser.format_help()\n"
        "line.main(['frob', 'one', 'here', '--sql'])\n"
    )
    done = python(project, "-c", script)
    assert done.stdout == "alembic.config one here True frob\n", done.stderr


def test_an_env_py_that_runs_nothing_is_taken_as_it_is(project: Path) -> None:
    (project / "migrations" / "env.py").write_text("")
    done = python(project, "-m", "alembic", "upgrade", "one")
    assert (done.returncode, done.stdout) == (0, "")


def test_a_logger_may_tell_more_than_those_above_it(tmp_path: Path) -> None:
    script = (
        "import logging, sys\n"
        "import sqlalchemy as sa\n"
        "logging.basicConfig(level=logging.WARNING, stream=sys.stdout)\n"
        "logging.getLogger('alembic').setLevel(logging.WARNING)\n"
        "logging.getLogger('alembic.runtime.migration').setLevel(logging.INFO)\n"
        "from alembic.migration import MigrationContext\n"
        "with sa.create_engine('sqlite://').connect() as connection:\n"
        "    MigrationContext.configure(connection).run_migrations()\n"
    )
    done = python(tmp_path, "-c", script)
    assert "INFO:alembic.runtime.migration:Context impl SQLiteImpl." in done.stdout, done.stderr


def test_what_comes_before_a_failing_revision_stays_on_sqlite(project: Path) -> None:
    assert python(project, "-m", "alembic", "upgrade", "two").returncode == 1
    assert python(project, "-m", "alembic", "current").stdout == "one\n"


def test_an_operation_of_ones_own_reaches_the_dialects_implementation(tmp_path: Path) -> None:
    script = (
        "import sqlalchemy as sa\n"
        "from alembic.migration import MigrationContext\n"
        "from alembic.operations import Operations\n"
        "with sa.create_engine('sqlite://').connect() as connection:\n"
        "    context = MigrationContext.configure(connection)\n"
        "    operations = Operations(context)\n"
        "    print(operations.impl is context.impl, operations.impl.dialect.name)\n"
    )
    done = python(tmp_path, "-c", script)
    assert done.stdout == "True sqlite\n", done.stderr
