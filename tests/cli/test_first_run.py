"""A first run of many revisions asks the disk for each file once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.cli.project import BEFORE, Project

_COUNTED = """\
import sys
from collections import Counter
opened = Counter()
def hear(event, arguments):
    if event == "open" and "versions" in str(arguments[0]) and str(arguments[0]).endswith(".py"):
        opened[arguments[0]] += 1
sys.addaudithook(hear)
from limbeck.project import file_index
file_index._MARGIN = 0  # the files of a test are younger than what is trusted
from limbeck.cli.main import main
sys.argv = ["limbeck", "upgrade", "head"]
try:
    main()
finally:
    print(*opened.values())
"""
_STAMP = f"# Proved: sha256:{'0' * 32} on sqlite 3"


def test_each_file_is_opened_once(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.models(BEFORE)
    project.settings("sqlite:///shop.db")
    names = [f"r{number:02}" for number in range(1, 13)]
    for before, name in zip([None, *names], names, strict=False):
        project.revision(name, before, f"op.create_table('t_{name}', sa.Column('id', sa.Integer))")
        project.edit(f"migrations/versions/{name}.py", "from", "import sqlalchemy as sa\nfrom")
    with (tmp_path / "migrations" / "versions" / "r12.py").open("a") as last:
        last.write(_STAMP)
    time.sleep(0.02)  # longer than the times of files are coarse
    environment = {**os.environ, **project.environment}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    answer = subprocess.run(
        [sys.executable, "-c", _COUNTED],
        cwd=project.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Edited since proved: r12" in answer.stderr
    assert answer.stdout.split() == ["1"] * 12
