"""An ``env.py`` that does something else than it is for, and templates of new revisions."""

from __future__ import annotations

from collections.abc import Callable

from tests.bad_input.case import (
    AUTOGENERATE,
    NEW,
    UPGRADE,
    Case,
    Fine,
    classic,
    classic_with_revisions,
    with_env,
)
from tests.cli.project import Project

ENV = "mig/env.py"
TEMPLATE = "mig/script.py.mako"
ONLINE = "        context.configure(connection=connection, target_metadata=target_metadata)\n\n"
BLOCK = "        with context.begin_transaction():\n            context.run_migrations()\n"
RUN = ONLINE + BLOCK
OFFLINE = "if context.is_offline_mode():"


def _no_env(project: Project) -> None:
    classic_with_revisions(project)
    (project.folder / ENV).unlink()


def _env_is_a_folder(project: Project) -> None:
    _no_env(project)
    (project.folder / ENV).mkdir()


def _env_is_bytes(project: Project) -> None:
    classic_with_revisions(project)
    (project.folder / ENV).write_bytes(b'"""caf\xe9"""\n')


def _instead_of_running(text: str) -> Callable[[Project], None]:
    lines = "".join(f"        {line}\n" for line in text.splitlines())
    return with_env(RUN, lines)


def _models(text: str) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        classic(project)
        project.edit(ENV, "target_metadata = None", text)

    return setup


def _broken_logging(project: Project) -> None:
    classic_with_revisions(project)
    project.edit("limbeck.ini", "[loggers]", "[lagers]")


def _template(text: str | bytes) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        classic_with_revisions(project)
        data = text if isinstance(text, bytes) else text.encode()
        (project.folder / TEMPLATE).write_bytes(data)

    return setup


def _template_is_a_folder(project: Project) -> None:
    classic_with_revisions(project)
    (project.folder / TEMPLATE).unlink()
    (project.folder / TEMPLATE).mkdir()


def _no_template(project: Project) -> None:
    classic_with_revisions(project)
    (project.folder / TEMPLATE).unlink()


GOOD = (
    '"""${message}"""\nrevision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n'
    "def upgrade():\n    pass\n"
)

CASES: tuple[Case, ...] = (
    Case("env.py is missing", _no_env, UPGRADE, 2, ("env.py",)),
    Case("env.py is a folder", _env_is_a_folder, UPGRADE, 2, ("env.py",)),
    Case("env.py is empty", with_env("", ""), UPGRADE, 2, ("env.py", "run_migrations")),
    Case("env.py is no Python", with_env("", "def x(:\n"), UPGRADE, 2, (f"{ENV}:1",)),
    Case("env.py is not UTF-8", _env_is_bytes, UPGRADE, 2, ("env.py",)),
    Case("env.py has NUL bytes", with_env("", "x = 1\0\n"), UPGRADE, 2, ("env.py",)),
    Case(
        "env.py imports models that are missing",
        with_env("target_metadata = None", "from myapp import models"),
        UPGRADE,
        2,
        ("myapp", f"{ENV}:"),
    ),
    Case(
        "env.py exits with 0",
        with_env(OFFLINE, "import sys\nsys.exit(0)\nif 1:"),
        UPGRADE,
        2,
        (ENV,),
    ),
    Case(
        "env.py exits with 3",
        with_env(OFFLINE, "import sys\nsys.exit(3)\nif 1:"),
        UPGRADE,
        2,
        (ENV,),
    ),
    Case(
        "env.py exits with words",
        with_env(OFFLINE, 'import sys\nsys.exit("no address")\nif 1:'),
        UPGRADE,
        2,
        (ENV, "no address"),
    ),
    Case("env.py runs nothing", with_env(RUN, "        pass\n"), UPGRADE, 2, ("run_migrations",)),
    Case("env.py configures nothing", with_env(ONLINE, ""), UPGRADE, 2, ("configure",)),
    Case(
        "env.py configures an engine",
        with_env("connection=connection,", "connection=engine,"),
        UPGRADE,
        2,
        ("engine.connect()",),
    ),
    Case(
        "env.py configures nothing to connect to",
        with_env("connection=connection, ", ""),
        UPGRADE,
        2,
        ("connection",),
    ),
    Case(
        "env.py configures an address only",
        with_env("connection=connection, ", 'url="sqlite://", '),
        UPGRADE,
        2,
        ("connection",),
    ),
    Case(
        "env.py rolls back",
        with_env(
            BLOCK,
            "        with connection.begin() as begun:\n"
            "            context.run_migrations()\n            begun.rollback()\n",
        ),
        UPGRADE,
        2,
        ("rolled back",),
    ),
    Case(
        "env.py swallows errors",
        with_env(
            BLOCK,
            "        try:\n            with context.begin_transaction():\n"
            "                context.run_migrations()\n"
            "        except Exception:\n            pass\n",
            'raise ValueError("boom")',
        ),
        UPGRADE,
        6,
        ("aaab2222", "boom"),
        "aaaa1111",
    ),
    Case(
        "env.py has a class for models",
        _models(
            "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\n"
            "target_metadata = Base",
        ),
        AUTOGENERATE,
        2,
        ("MetaData", "target_metadata"),
    ),
    Case(
        "env.py has words for models",
        _models('target_metadata = "shop.models"'),
        AUTOGENERATE,
        2,
        ("MetaData",),
    ),
    Case("logging is not set up", _broken_logging, UPGRADE, 2, ("loggers", f"{ENV}:")),
    # templates
    Case("template is a folder", _template_is_a_folder, NEW, 2, ("script.py.mako",)),
    Case("template is no Mako", _template("% if x:\n"), NEW, 2, ("script.py.mako",)),
    Case("template has an unknown name", _template(GOOD + "${nope}"), NEW, 2, ("script.py.mako",)),
    Case(
        "template raises", _template(GOOD + "<% 1 / 0 %>"), NEW, 2, ("script.py.mako", "division")
    ),
    Case("template exits", _template(GOOD + "<% import sys; sys.exit(0) %>"), NEW, 2, ("mako",)),
    Case("template gives no Python", _template(GOOD + "def x(:"), NEW, 2, ("Python",)),
    Case("template is empty", _template(""), NEW, 2, ("script.py.mako",)),
    Case("template is not UTF-8", _template(b"# caf\xe9\n"), NEW, 2, ("script.py.mako", "utf-8")),
    Case(
        "template includes a file",
        _template(GOOD + '<%include file="/etc/passwd"/>'),
        NEW,
        2,
        ("mako",),
    ),
    Case(
        "template gives another id",
        _template(GOOD.replace("${repr(up_revision)}", '"other"')),
        NEW,
        2,
        ("script.py.mako",),
    ),
    Case("template gives no id", _template("x = 1\n"), NEW, 2, ("gives no revision",)),
    Case(
        "template makes code of the message",
        _template(GOOD + "x = ${message}\n"),
        ("revision", "-m", "__import__('os').getcwd()"),
        2,
        ("code",),
    ),
)

FINE: tuple[Fine, ...] = (
    Fine(
        "env.py forgets begin_transaction()",
        with_env(BLOCK, "        context.run_migrations()\n"),
        at="aaab2222",
    ),
    Fine("template is missing", _no_template, NEW, None),
    Fine(
        "env.py runs twice",
        with_env(BLOCK, BLOCK + BLOCK),
        at="aaab2222",
    ),
    Fine(
        "env.py commits by itself",
        with_env(BLOCK, "        with connection.begin():\n            context.run_migrations()\n"),
        at="aaab2222",
    ),
)
