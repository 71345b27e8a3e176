"""Modules of a test's project are forgotten when the test has ended.

Projects call their models alike. Whoever runs limbeck in this process, or in one that is forked
from it, would be given those of whichever test came before.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType


@contextmanager
def project_forgotten() -> Iterator[None]:
    """Forget at the end what was imported within from a temporary folder."""
    before = set(sys.modules)
    try:
        yield
    finally:
        folder = Path(tempfile.gettempdir())
        for name in sys.modules.keys() - before:
            if any(folder in Path(place).parents for place in _places(sys.modules[name])):
                del sys.modules[name]


def _places(module: ModuleType) -> list[str]:
    """Where a module is: its file, or the folders of a package that has none."""
    file = getattr(module, "__file__", None)
    return [file] if file else [str(each) for each in getattr(module, "__path__", ())]
