"""Files of the user's are run as Alembic runs them, and ``alembic`` means limbeck meanwhile."""

from __future__ import annotations

import builtins
import importlib
import sys
import threading
from pathlib import Path

import pytest

import alembic
import alembic.config
from limbeck.config import Config
from limbeck.project.loading import alembic_names, load_module, module_name


@pytest.mark.parametrize(
    ("file", "name"),
    [("env.py", "env_py"), ("v3.2.0.a_x-y.py", "v3_2_0_a_x_y_py")],
)
def test_names_of_modules(file: str, name: str) -> None:
    assert module_name(Path(file)) == name


def test_a_module_is_run_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    path.write_text(
        "from __future__ import annotations\nimport dataclasses, sys\n"
        "@dataclasses.dataclass\nclass Point:\n    x: dataclasses.KW_ONLY\n    y: int = 0\n"
        "found = sys.modules[__name__]\n"
    )
    module = load_module(path)
    assert (module.__name__, module.__file__) == ("env_py", str(path))
    assert module.found is module
    assert "env_py" not in sys.modules
    assert not (tmp_path / "__pycache__").exists()


def test_threads_that_end_in_another_order_leave_nothing(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    begun, ended = threading.Event(), threading.Event()
    # The second begins while the first runs, and goes on when that has ended.
    (tmp_path / "first/env.py").write_text("begin()\n")
    (tmp_path / "second/env.py").write_text("wait()\n")

    def begin() -> None:
        second.start()
        assert begun.wait(60)

    def wait() -> None:
        begun.set()
        assert ended.wait(60)

    builtins.begin, builtins.wait = begin, wait  # type: ignore[attr-defined]  # for the files only
    second = threading.Thread(target=load_module, args=(tmp_path / "second/env.py",))
    try:
        load_module(tmp_path / "first/env.py")
        ended.set()
        second.join(60)
    finally:
        del builtins.begin, builtins.wait  # type: ignore[attr-defined]  # see above
    assert "env_py" not in sys.modules


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    for number in (1, 2):
        path.write_text(f"x = {number}\n")
        assert load_module(path).x == number


def test_alembic_is_limbeck_while_a_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    path.write_text(
        "import alembic.config\nimport alembic\nfrom alembic import op\n"
        "from alembic.script import ScriptDirectory\nfrom alembic.util.exc import CommandError\n"
        "from alembic.util import CommandError as same\n"
        "import limbeck.op\n"
        "config, found = alembic.config.Config, [alembic.__version__, op is limbeck.op]\n"
        "same = same is CommandError\n"
    )
    real = sys.modules["alembic"]
    module = load_module(path)
    assert module.config is Config
    assert module.found == ["1.20.1", True]
    assert module.same
    assert sys.modules["alembic"] is real
    assert importlib.import_module("alembic.config").Config is alembic.config.Config
    assert alembic.config.Config.__module__ == "alembic.config"


DOCUMENTED = {
    "alembic": "op context config command script operations autogenerate ddl runtime util",
    "alembic.op": "add_column batch_alter_table get_bind",
    "alembic.context": "configure run_migrations is_offline_mode",
    "alembic.config": "CommandLine Config MessagingOptions main",
    "alembic.command": "upgrade downgrade stamp revision",
    "alembic.migration": "MigrationContext",
    "alembic.environment": "EnvironmentContext",
    "alembic.script": "Script ScriptDirectory",
    "alembic.script.base": "Script ScriptDirectory",
    "alembic.script.revision": "Revision RevisionMap RevisionError ResolutionError MultipleHeads",
    "alembic.script.write_hooks": "register",
    "alembic.operations": "BatchOperations MigrateOperation MigrationScript Operations ops",
    "alembic.operations.ops": "MigrationScript UpgradeOps CreateTableOp ExecuteSQLOp",
    "alembic.operations.base": "BatchOperations Operations",
    "alembic.operations.batch": "BatchOperations",
    "alembic.operations.toimpl": "add_column create_table",
    "alembic.operations.schemaobj": "SchemaObjects",
    "alembic.autogenerate": "compare_metadata produce_migrations comparators render renderers",
    "alembic.autogenerate.api": "AutogenContext compare_metadata render_python_code",
    "alembic.autogenerate.compare": "",
    "alembic.autogenerate.render": "renderers render_op_text _repr_type",
    "alembic.autogenerate.rewriter": "Rewriter",
    "alembic.ddl": "",
    "alembic.ddl.base": "AlterColumn AddColumn RenameTable alter_table",
    "alembic.ddl.impl": "DefaultImpl",
    "alembic.ddl.postgresql": "CreateExcludeConstraintOp PostgresqlImpl",
    "alembic.ddl.mysql": "MySQLImpl MariaDBImpl",
    "alembic.ddl.sqlite": "SQLiteImpl",
    "alembic.ddl.mssql": "MSSQLImpl",
    "alembic.ddl.oracle": "OracleImpl",
    "alembic.util": "CommandError asbool err exc msg rev_id sqla_compat status to_list warn",
    "alembic.util.exc": "CommandError AutogenerateDiffsDetected",
    "alembic.util.compat": "",
    "alembic.util.sqla_compat": "sqla_2_0",
    "alembic.util.messaging": "err msg status warn obfuscate_url_pw",
    "alembic.util.editor": "open_in_editor",
    "alembic.util.pyfiles": "load_python_file",
    "alembic.util.langhelpers": "Dispatcher rev_id to_list to_tuple",
    "alembic.runtime": "",
    "alembic.runtime.migration": "MigrationContext MigrationInfo",
    "alembic.runtime.environment": "EnvironmentContext",
    "alembic.runtime.plugins": "Plugin",
    "alembic.ext.checkconstraint_byname": "setup",
}


@pytest.mark.parametrize("module", DOCUMENTED)
def test_what_old_projects_import(module: str) -> None:
    with alembic_names():
        found = importlib.import_module(module)
        missing = [name for name in DOCUMENTED[module].split() if not hasattr(found, name)]
        assert not missing
        assert sys.modules[module] is found
    assert found.__name__ == "alembic" or found.__name__.startswith("limbeck")


def test_limbeck_is_left_as_it_was() -> None:
    import limbeck
    import limbeck.config

    before = limbeck.__spec__, limbeck.config.__spec__, limbeck.__name__
    with alembic_names():
        ours = importlib.import_module("alembic.config")
    assert ours is limbeck.config
    assert (limbeck.__spec__, limbeck.config.__spec__, limbeck.__name__) == before


def test_names_are_taken_away_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "env.py"
    path.write_text("import alembic\n1 / 0\n")
    real = sys.modules["alembic"]
    paths = list(sys.meta_path)
    with pytest.raises(ZeroDivisionError):
        load_module(path)
    assert sys.modules["alembic"] is real
    assert sys.meta_path == paths


def test_one_leaves_while_another_is_still_inside() -> None:
    inside, leave = threading.Event(), threading.Event()
    found: list[object] = []

    def stay() -> None:
        with alembic_names():
            inside.set()
            leave.wait(10)
            found.append(importlib.import_module("alembic.script.revision").__name__)

    thread = threading.Thread(target=stay)
    real = sys.modules["alembic"]
    with alembic_names():
        thread.start()
        inside.wait(10)
    leave.set()
    thread.join()
    assert found == ["limbeck.script.revision"]
    assert sys.modules["alembic"] is real


def test_what_limbeck_does_not_have_is_not_found() -> None:
    with alembic_names(), pytest.raises(ModuleNotFoundError):
        importlib.import_module("alembic.no_such_thing")
