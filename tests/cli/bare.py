"""What the road without SQLAlchemy says, and what the usual one does."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.cli.project import Project
from tests.forked import run_forked

_BARE = """\
import contextlib, io, json, sys
from limbeck.cli import bare_answers, main

answer = bare_answers.bare_answer
said = []

def only(*given):
    code = answer(*given)
    assert "sqlalchemy" not in sys.modules
    raise SystemExit(99 if code is None else code)

bare_answers.bare_answer = only
stdout = sys.stdout
for words in sys.argv[1:]:
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    line = main.CommandLine("limbeck")
    line.handles_signals = True
    options = line._parsed(words.split())
    terminal = main.Terminal(sys.stdout, sys.stderr, options.color, options.quiet, options.verbose)
    try:
        line._run(options, terminal, contextlib.ExitStack())
    except SystemExit as end:
        said.append([end.code, sys.stdout.getvalue(), sys.stderr.getvalue()])
print(json.dumps(said), file=stdout)
"""

NOT_TAKEN = (99, "", "")


def bare(project: Project, *commands: str) -> list[tuple[int, str, str]]:
    """What the road without SQLAlchemy says; 99 where it leaves it to the usual one."""
    done = subprocess.run(
        [sys.executable, "-c", _BARE, *commands],
        cwd=project.folder,
        env=project._environment({}),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [(code, stdout, stderr) for code, stdout, stderr in json.loads(done.stdout)]


def usual(project: Project, words: str) -> tuple[int, str, str]:
    environment, called = project._environment({}), ("limbeck", *words.split())
    ended = run_forked(project.folder, environment, called, seen=True)
    return ended.code, ended.stdout, ended.stderr
