"""A fleet's revisions are read, and their statements made, as often as one tenant's are."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import NamedTuple

from tests.fleet.tenants import COUNT, Tenants

_COUNTED = """
import json, sys
opened, compiled = [0], [0]
def hear(event, arguments):
    if event == "open" and "/versions/r" in str(arguments[0]):
        opened[0] += 1
sys.addaudithook(hear)
from sqlalchemy.sql.ddl import CreateTable
from sqlalchemy.sql.compiler import DDLCompiler
create = DDLCompiler.visit_create_table
def counted(self, create_, **how):
    compiled[0] += create_.element.name in ("account", "visit")
    return create(self, create_, **how)
DDLCompiler.visit_create_table = counted
from limbeck.cli.main import main
code = main(sys.argv[1:])
print(json.dumps([code, opened[0], compiled[0]]), file=sys.stderr)
"""


class Counts(NamedTuple):
    """How often a revision's file was opened, and one of its tables put into words."""

    opened: int
    compiled: int


def _counts(tenants: Tenants, *words: str) -> Counts:
    done = subprocess.run(
        [sys.executable, "-c", _COUNTED, *words, *tenants.source],
        cwd=tenants.project.folder,
        env=tenants.project.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    code, opened, compiled = json.loads(done.stderr.splitlines()[-1])
    assert code == 0, done.stderr
    return Counts(opened, compiled)


def test_many_tenants_cost_no_further_reading(files: Tenants) -> None:
    [first, second, *others] = files.addresses
    time.sleep(2.5)  # the index has no younger files, and would be there for some of the runs only
    alone = _counts(files, "upgrade", "head", "--tenant", first)
    two = _counts(files, "upgrade", "head", "--tenant", second, "--tenant", others[0])
    rest = _counts(files, "upgrade", "head")
    assert files.heads() == {name: ["r3"] for name in files.addresses}
    assert len(others) - 1 == COUNT - 3 > 2
    assert alone.opened > 0
    assert alone.compiled >= 2
    assert rest.opened == two.opened <= alone.opened
    assert rest.compiled == two.compiled
