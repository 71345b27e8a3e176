"""Which ``env.py`` does the same to each database, and which may not."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from limbeck.project.plain_environment import PlainEnvironment, plain_environment

_HEAD = """\
from alembic import context
from sqlalchemy import engine_from_config, pool
from shop.models import Base

config = context.config
target_metadata = Base.metadata
"""
_ONLINE = """
def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()
"""
_END = """
if context.is_offline_mode():
    print("on paper")
else:
    run_migrations_online()
"""
USUAL = _HEAD + _ONLINE + _END

_ON_PAPER = "    if context.is_offline_mode():\n"

_FLAT = """\
import sqlalchemy as sa
from limbeck import context as ctx

url = ctx.config.get_main_option
engine = sa.create_engine(ctx.config.get_main_option("sqlalchemy.url"), poolclass=sa.NullPool)
with engine.connect() as connection:
    ctx.configure(connection=connection, version_table="versions", compare_type=True)
    with ctx.begin_transaction():
        ctx.run_migrations()
engine.dispose()
"""


def test_what_is_told_of_a_usual_one() -> None:
    assert plain_environment(USUAL) == PlainEnvironment(
        options=(),
        worked_out=frozenset({"target_metadata"}),
        imports=("alembic", "shop.models", "sqlalchemy"),
        sets_logging=False,
        sets_other_logging=False,
        asks_caller=False,
        changes_path=False,
    )


def test_what_is_told_of_its_options() -> None:
    found = plain_environment(_FLAT.replace("url = ctx.config.get_main_option\n", ""))
    assert found is not None
    assert dict(found.options) == {"version_table": "versions", "compare_type": True}
    assert plain_environment(_FLAT) is None  # what it may be called with


@pytest.mark.parametrize("package", ["alembic", "limbeck"])
@pytest.mark.parametrize("name", ["generic", "pyproject"])
def test_those_of_new_projects(package: str, name: str) -> None:
    spec = find_spec(package)
    assert spec is not None
    [folder] = Path(str(spec.origin)).parent.rglob("templates")
    found = plain_environment((folder / name / "env.py").read_bytes())
    assert found is not None
    assert found.sets_logging
    assert not found.sets_other_logging


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\nconfig =", "\nimport os, sys\nsys.path.append(os.getcwd())\nconfig ="),
        (
            "\nconfig =",
            "\nfrom pathlib import Path\nHERE = Path(__file__).resolve().parent\nconfig =",
        ),
        ("\nconfig =", "\nimport logging\nlog: logging.Logger = logging.getLogger('x')\nconfig ="),
        ("Base.metadata", "[Base.metadata, Base.registry.metadata]"),
        ("config = context.config", "config = context.config\ntarget_metadata = None"),
        (", {})", ")"),
        (", {})", ") or {}"),
        (", {})", ", default={})"),
        ("config.get_section(config", "context.config.get_section(context.config"),
        (
            "    connectable =",
            "    section = config.get_section(config.config_ini_section)\n    connectable =",
        ),
        ("    with connectable", "    def kept(name):\n        return name\n    with connectable"),
        ("target_metadata)", "target_metadata, render_as_batch=connection.dialect.name == 'x')"),
        (
            "    with connectable",
            "    def kept(a: str | None, *b: list[int], c: 'x' = None) -> dict[str, pool.Pool]:\n"
            "        return a\n    with connectable",
        ),
        ("target_metadata)", "target_metadata, include_object=lambda *_: True)"),
        ("target_metadata)", "target_metadata, include_name=run_migrations_online)"),
        (
            "def run",
            "if config.config_file_name:\n    x = [config.config_ini_section]\ndef run",
        ),
        (
            "\ntarget",
            "\nif Base:\n    x = 1\nelse:\n    x = 2\ny = [x, __file__, __name__]\ntarget",
        ),
        ("\ntarget", "\nx = 0\nif Base:\n    x = 1\ny = x\ntarget"),
        (
            "\ntarget",
            "\nif Base:\n    if Base:\n        x = 1\n    else:\n        x = 2\n    y = x\ntarget",
        ),
        ("    connectable =", f"{_ON_PAPER}        url = print()\n    connectable ="),
        ('prefix="sqlalchemy."', 'prefix="sqlalchemy.", future=True'),
        ('prefix="sqlalchemy."', '"sqlalchemy."'),
        ("if context.is_offline_mode():", "if context.is_offline_mode() is True:"),
        ("else:\n    run", "if not context.is_offline_mode():\n    run"),
        ("    print", "    context.configure(url='sqlite://', dialect_name=config.x)\n    print"),
    ],
)
def test_what_may_be_otherwise(old: str, new: str) -> None:
    assert old in USUAL
    is_plain = "is True" not in new and "connection.dialect" not in new
    assert (plain_environment(USUAL.replace(old, new, 1)) is not None) is is_plain


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # what a database has that others have not
        ("\nconfig =", "\nprint(context.get_x_argument())\nconfig ="),
        ("\nconfig =", "\nx = context.get_x_argument(as_dictionary=True)\nconfig ="),
        ("\ntarget", "\ntenant = config.tenant\ntarget"),
        ("\ntarget", "\nurl = config.get_main_option('sqlalchemy.url')\ntarget"),
        ("\ntarget", "\nkept = config\nkept = kept.tenant\ntarget"),
        ("\ntarget", "\nothers = [config]\ntarget"),
        ("\ntarget", "\nothers = [each for each in vars(config)]\ntarget"),
        ("\ntarget", "\nconfig.attributes['seen'] = 1\ntarget"),
        ("\ntarget", "\nconfig.set_main_option('sqlalchemy.url', 'sqlite://')\ntarget"),
        ("\ntarget", "\ncount = 0\ncount += 1\ntarget"),
        # what it does besides
        ("\ntarget", "\nprint('here')\ntarget"),
        ("\ntarget", "\nBase.registry.configure()\ntarget"),
        ("\ntarget", "\nimport os\nos.mkdir('x')\ntarget"),
        ("\ntarget", "\nimport os\nos.path.os.mkdir('x')\ntarget"),
        ("\ntarget", "\nfrom os import path\nx = path.os.system('true')\ntarget"),
        ("\ntarget", "\nx: print('here') = 1\ntarget"),
        ("\ndef run", "\ndef kept(name: print('here')):\n    return name\ndef run"),
        ("\ndef run", "\ndef kept(*, name: (x := 1)):\n    return name\ndef run"),
        ("\ndef run", "\ndef kept(**names: print('here')):\n    return names\ndef run"),
        ("def run_migrations_online():", "def run_migrations_online() -> print('here'):"),
        ("    run_migrations_online()", "    run_migrations_online()\nx = Base.missing"),
        ("    run_migrations_online()", "    run_migrations_online()\nimport missing"),
        ("    run_migrations_online()", "    run_migrations_online()\nstr(Base.missing)"),
        # names that may stand for nothing, wherever they are bound
        ("\ntarget", "\nx = missing\ntarget"),
        ("\ntarget", "\nif Base:\n    x = 1\ny = x\ntarget"),
        ("\ntarget", "\nif Base:\n    x = 1\nelse:\n    y = x\ntarget"),
        ("\ntarget", "\nif Base:\n    pass\nelse:\n    x = 1\ny = x\ntarget"),
        ("config = context.config\n", "if Base:\n    config = context.config\n"),
        ("    with connectable", f"{_ON_PAPER}        config = None\n    with connectable"),
        ("    connectable =", f"{_ON_PAPER}        config = None\n    connectable ="),
        ("    connectable =", f"{_ON_PAPER}        import shop as context\n    connectable ="),
        ("    connectable =", f"{_ON_PAPER}        del config\n    connectable ="),
        ("    connectable =", f"{_ON_PAPER}        global config\n    connectable ="),
        # a function that does not run when it is called
        ("    connectable =", f"{_ON_PAPER}        yield\n    connectable ="),
        ("    connectable =", f"{_ON_PAPER}        x = yield from ()\n    connectable ="),
        # a connection that is closed, and what takes no such arguments
        ("        with context.b", "    with context.b"),
        ("        context.conf", "        pass\n    if True:\n        context.conf"),
        (", {})", ", {}, {})"),
        (", {})", ", {}, default={})"),
        ('prefix="sqlalchemy."', '"sqlalchemy.", "sqlalchemy."'),
        ('prefix="sqlalchemy."', '"sqlalchemy.", prefix="sqlalchemy."'),
        ('prefix="sqlalchemy."', 'prefix="sqlalchemy.", future="x"'),
        # what Python warns of, and what is no Python, though it has a syntax tree
        ("\ntarget", "\nx = 'a' is 'b'\ntarget"),
        ("    print", "    assert (1, 'always true')\n    print"),
        ("\ntarget", "\nx = '\\d'\ntarget"),
        ("target_metadata)", "target_metadata, compare_type=True, compare_type=True)"),
        ("\ndef run", "\ndef kept():\n    nonlocal name\ndef run"),
        ("    with connectable", "    connectable.connect()\n    with connectable"),
        ("        context.conf", "        connection.begin()\n        context.conf"),
        ("            context.run", "            connection.begin()\n            context.run"),
        (
            "        with context",
            "        connection.exec_driver_sql('SET x = 1')\n        with context",
        ),
        ("context.run_migrations()", "context.run_migrations(x=1)"),
        ("            context.run_migrations()", "            pass"),
        ("    run_migrations_online()", "    pass"),
        ("    run_migrations_online()", "    run_migrations_online()\n    run_migrations_online()"),
        # another engine, another connection, other options
        ('"sqlalchemy."', '"other."'),
        ("pool.NullPool", "pool.QueuePool"),
        ("poolclass=pool.NullPool", "echo=True"),
        ("config_ini_section, {}", "config_ini_section, {'sqlalchemy.url': 'sqlite://'}"),
        ("config.config_ini_section", "'other'"),
        ("connection=connection, ", ""),
        ("connection=connection", "connection=connectable"),
        ("connection=connection", "connection=connection, **target_metadata"),
        ("target_metadata)", "target_metadata, on_version_apply=print)"),
        ("target_metadata)", "target_metadata, transactional_ddl=False)"),
        ("target_metadata)", "target_metadata, literal_binds=True)"),  # which is refused
        ("target_metadata)", "target_metadata, version_table_pk=False)"),
        ("target_metadata)", "target_metadata, version_table=config.tenant.name)"),
        ("connectable.connect()", "connectable.begin()"),
        ("connectable.connect()", "connectable.connect().execution_options(x=1)"),
        ("    with connectable", "    connectable = Base.engine\n    with connectable"),
        ("        context.conf", "        connection = Base.connection\n        context.conf"),
        # names that stand for something else
        ("from shop.models import Base", "from shop.models import *"),
        ("from shop.models import Base", "from .models import Base"),
        ("from shop.models import Base", "from shop import Base, pool"),
        ("from alembic import context", "from shop import context"),
        ("import engine_from_config, pool", "import pool\nfrom shop import engine_from_config"),
        ("\nconfig =", "\ncontext.configure = print\nconfig ="),
        ("\nconfig =", "\nglobals()['context'] = None\nconfig ="),
        ("\nconfig =", "\nconfig = Base\nconfig ="),
        # ways that hang on what nobody sees here
        ("    with connectable", "    if Base:\n        return\n    with connectable"),
        ("    connectable =", "    if Base:\n        connectable = Base.engine\n    connectable ="),
        ("    run_migrations_online()", "    if Base:\n        run_migrations_online()"),
        ("def run", "if Base:\n    def run_migrations_online():\n        pass\ndef run"),
        ("        context.conf", "        for _ in 'ab':\n            pass\n        context.conf"),
        ("def run_migrations_online():", "def run_migrations_online(x=1):"),
        ("def run_migrations_online():", "@Base.heard\ndef run_migrations_online():"),
        ("def run_migrations_online():", "async def run_migrations_online():"),
        ("def run_migrations_online():", "def run_migrations_online():\n    global config"),
        ("from alembic import context", "from alembic import context ="),
    ],
)
def test_what_need_not_be_the_same_for_each_database(old: str, new: str) -> None:
    assert old in USUAL
    assert plain_environment(USUAL.replace(old, new, 1)) is None


_MADE = """\
connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
"""
_ASKED = "connectable = config.attributes.get('connection', None)\n"


def _indented(condition: str) -> str:
    return f"{_ASKED}    {condition}\n        {_MADE.replace(chr(10), chr(10) + '    ').rstrip()}\n"


@pytest.mark.parametrize(
    ("asked", "is_plain"),
    [
        (_indented("if connectable is None:"), True),
        (_indented("if not connectable:"), True),
        (_indented("if connectable is not None:\n        print(1)\n    else:"), True),
        (_MADE.replace("= ", "= config.attributes.get('connection') or "), True),
        (_indented("if connectable is not None:"), False),
        (_indented("if connectable:"), False),
        (_indented("if target_metadata:"), False),
        (_ASKED, False),
        (f"{_ASKED}    {_MADE}", False),
        (_indented("if connectable is None:").replace("None)", "1)"), False),
        (_indented("if connectable is None:").replace("'connection', None", "*'ab'"), False),
        (f"{_indented('if connectable is None:')}    print(config.attributes)\n", False),
    ],
)
def test_what_a_caller_may_have_handed_over(asked: str, is_plain: bool) -> None:
    assert _MADE in USUAL
    found = plain_environment(USUAL.replace(_MADE, asked))
    assert (found is not None) is is_plain
    if found is not None:
        assert found.asks_caller


def test_a_local_function_is_not_taken_for_one_of_the_modules() -> None:
    outer = _ONLINE.replace("run_migrations_online", "inner")
    online = "\ndef run_migrations_online():\n    def inner():\n        Base.other()\n    inner()\n"
    assert plain_environment(_HEAD + outer + online + _END) is None
    called = "\ndef run_migrations_online():\n    inner()\n"
    assert plain_environment(_HEAD + outer + called + _END) is not None
