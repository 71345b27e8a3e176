"""Runs the command of a tool and prints how many statements went through SQLAlchemy.

``python benchmarks/counted.py alembic check``
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import sqlalchemy as sa

_count = 0


def _counted(*given: Any) -> None:
    global _count
    _count += 1


def main(name: str, words: list[str]) -> None:
    """Run a command.

    :param name: ``alembic`` or ``limbeck``.
    :param words: what comes after it.
    """
    sa.event.listen(sa.engine.Engine, "before_cursor_execute", _counted)
    modules = {"alembic": "alembic.config", "limbeck": "limbeck.cli.main"}
    try:
        importlib.import_module(modules[name]).main(words)
    finally:
        print(f"statements: {_count}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
