"""``make conformance``: Alembic's own tests on every database, counted.

Downloads Alembic's source distribution for its tests, and keeps nothing of it. Exits with 1 where
a test of the classes P or T fails that ``differences.toml`` does not list.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from measures.conformance.databases import prepare
from measures.conformance.results import Result, counts, read_report, unlisted
from measures.conformance.suite import (
    SETTINGS,
    Setting,
    download,
    lay_out,
    make_environment,
    run_suite,
)
from tests.servers import STARTERS


def main() -> int:
    """Run what is asked for, or all of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    names = [setting.name for setting in SETTINGS]
    parser.add_argument("settings", nargs="*", choices=[[], *names], help=", ".join(names))
    wanted = parser.parse_args().settings
    surprises = 0
    with tempfile.TemporaryDirectory() as folder:
        source = download(Path(folder))
        for setting in SETTINGS:
            if not wanted or setting.name in wanted:
                surprises += _measure(setting, source, Path(folder) / setting.name)
    return 1 if surprises else 0


def _measure(setting: Setting, source: Path, target: Path) -> int:
    python = make_environment(setting)
    lay_out(source, python, target)
    server = STARTERS[setting.server]() if setting.server else None
    try:
        address = prepare(server.url) if server else None
        begun = time.monotonic()
        # MariaDB has one set of databases for all; on the others each process has its own.
        parallel = setting.server != "mariadb"
        report = run_suite(target, python / "bin" / "python", address, parallel=parallel)
    finally:
        if server:
            server.stop()
    results = list(read_report(report))
    _tell(setting, results, time.monotonic() - begun)
    surprises = unlisted(results, setting.name)
    for name in surprises:
        print(f"  fails, and is not listed: {name}")
    return len(surprises)


def _tell(setting: Setting, results: list[Result], seconds: float) -> None:
    words = [
        f"{letter} {passed} of {ran} ({passed / ran:.1%})" if ran else f"{letter} none"
        for letter, (passed, ran) in counts(results).items()
    ]
    skipped = sum(one.outcome == "skipped" for one in results)
    print(f"{setting.name}: {', '.join(words)}, {skipped} skipped; {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
