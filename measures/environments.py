"""Virtual environments for the measures, kept between runs in a folder that may be deleted."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "measures"
ALEMBIC = "alembic==1.20.1"
OURS = (ROOT, ROOT / "packages" / "limbeck-alembic")


def environment(name: str, requirements: Sequence[str], *options: str) -> Path:
    """Make a virtual environment, or find the one made from the same requirements.

    :param name: its folder's name.
    :param requirements: what pip installs.
    :param options: further arguments for pip.
    :returns: its folder.
    """
    folder = CACHE / name
    words = "\n".join((sys.version, *requirements, *options))
    stamp, wanted = folder / ".made-from", hashlib.sha256(words.encode()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip(folder, "install", *options, *requirements)
        stamp.write_text(wanted)
    return folder


def install_ours(folder: Path) -> None:
    """Install limbeck and limbeck-alembic as they are now, without their dependencies."""
    pip(folder, "install", "--no-deps", "--force-reinstall", *map(str, OURS))


def pip(folder: Path, *arguments: str) -> None:
    """Run pip of an environment."""
    command = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*command, arguments[0], "--quiet", *arguments[1:]], check=True)


def site_packages(folder: Path) -> Path:
    """The folder of an environment's packages."""
    return next((folder / "lib").glob("python*/site-packages"))
