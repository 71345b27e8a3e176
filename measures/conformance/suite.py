"""Lays Alembic's tests over our package, and runs them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from measures.environments import ALEMBIC, environment, install_ours, site_packages

_NEEDED = ("pytest", "pytest-xdist", "mako", "rich", "typing_extensions", "black", "zimports")
_DRIVERS = ("tzdata", "greenlet", "psycopg[binary]", "pymysql")


@dataclass(frozen=True)
class Setting:
    """One run of the tests.

    :param name: what the results are called.
    :param server: which server of the tests is started, None for SQLite.
    :param sqlalchemy: the versions of SQLAlchemy, for pip.
    """

    name: str
    server: str | None
    sqlalchemy: str = "sqlalchemy>=2.1,<2.2"


SETTINGS = (
    Setting("sqlite", None),
    Setting("postgresql", "postgresql15"),
    Setting("mariadb", "mariadb"),
    Setting("sqlite-sqlalchemy-2.0", None, "sqlalchemy>=2.0,<2.1"),
)


def make_environment(setting: Setting) -> Path:
    """An environment with our packages and what Alembic's tests need; none with Alembic."""
    suffix = "-2.0" if "<2.1" in setting.sqlalchemy else ""
    folder = environment(f"conformance{suffix}", (*_NEEDED, *_DRIVERS, setting.sqlalchemy))
    install_ours(folder)
    return folder


def download(folder: Path) -> Path:
    """Download Alembic's source distribution, which has the tests.

    :param folder: where to.
    :returns: the unpacked folder.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    subprocess.run([*command, "--no-binary", ":all:", ALEMBIC, "-d", str(folder)], check=True)
    with tarfile.open(next(folder.glob("alembic-*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    return next(path for path in folder.glob("alembic-*") if path.is_dir())


def lay_out(source: Path, environment_folder: Path, target: Path) -> None:
    """Put Alembic's tests beside a copy of our package, with Alembic's test fixtures in it.

    :param source: Alembic's source distribution, of which only the tests are taken.
    :param environment_folder: where our package is installed.
    :param target: the folder to make.
    """
    target.mkdir(parents=True)
    for name in ("tests", "tools"):
        shutil.copytree(source / name, target / name)
    for name in ("setup.cfg", "pyproject.toml"):
        shutil.copy(source / name, target / name)
    ours = site_packages(environment_folder) / "alembic"
    # Alembic's tests look for the templates beside the package; ours are limbeck's.
    templates = site_packages(environment_folder) / "limbeck" / "project" / "templates"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ours, target / "alembic", ignore=ignored)
    shutil.copytree(templates, target / "alembic" / "templates", ignore=ignored)
    shutil.copytree(source / "alembic" / "testing", target / "alembic" / "testing", ignore=ignored)


def run_suite(target: Path, python: Path, address: str | None, *, parallel: bool) -> Path:
    """Run the tests.

    :param target: the folder that :func:`lay_out` has made.
    :param python: the interpreter.
    :param address: the database, None for SQLite in memory.
    :param parallel: whether two processes may work at a time.
    :returns: the report, as JUnit writes it; the output is beside it.
    :raises RuntimeError: the tests could not be run at all.
    """
    command = [str(python), "-m", "pytest", "-p", "no:cacheprovider", "-q", "--tb=short"]
    command += ["-n", "2" if parallel else "0", "--maxfail=100000", "--junitxml=report.xml"]
    command += ["--continue-on-collection-errors"]
    command += [f"--dburi={address}"] if address else []
    output, report = target / "output.txt", target / "report.xml"
    with output.open("w") as log:
        subprocess.run(command, cwd=target, stdout=log, stderr=subprocess.STDOUT, check=False)
    if not report.is_file():
        raise RuntimeError(f"the tests could not be run: {output.read_text()[-2000:]}")
    return report
