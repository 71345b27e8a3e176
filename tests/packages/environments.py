"""A virtual environment for each published package, made when a test first needs it.

Its versions are pinned beside this file; limbeck itself is put on the path with a ``.pth`` file, so
that the code under test is the one in this checkout. Environments are kept in ``.cache`` and made
anew when the pins change.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

from tests.servers.shared import locked

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CACHE = ROOT / ".cache" / "packages"


def install(*words: str, python: Path = Path(sys.executable)) -> None:
    """Install packages, of which only what is imported will be compiled.

    :param words: arguments of ``pip install``.
    :param python: the interpreter that gets them; it need not have pip.
    :raises subprocess.CalledProcessError: pip cannot.
    """
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    kept = {name: value for name, value in os.environ.items() if name != "SSL_CERT_FILE"}
    subprocess.run(
        [*pip, "--quiet", "--no-compile", *words], check=True, stdin=subprocess.DEVNULL, env=kept
    )


def python_with(package: str, folder: Path = HERE) -> Path:
    """Give an interpreter that can import a package and limbeck.

    :param package: the name of a ``.txt`` file.
    :param folder: where the file is.
    :raises subprocess.CalledProcessError: when pip cannot install it.
    """
    pins = folder / f"{package}.txt"
    version = hashlib.sha256(pins.read_bytes() + sys.version.encode()).hexdigest()[:12]
    home = CACHE / f"{package}-{version}"
    CACHE.mkdir(parents=True, exist_ok=True)
    python = home / "bin" / "python"
    with locked(CACHE / f"{package}.lock"):
        if not (home / "ready").exists():
            venv.create(home, clear=True)
            install("--no-deps", "-r", str(pins), python=python)
            (home / "ready").touch()
        for packages in home.glob("lib/python*/site-packages"):
            (packages / "limbeck.pth").write_text(f"{ROOT / 'src'}\n")
    return python
