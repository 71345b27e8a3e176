"""The files of a plan, loaded before its first step runs."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from limbeck.project.loading import alembic_names
from limbeck.script.script import Script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.revisions.step import PlanStep

# Threads that migrate many databases share the files, and each file shall run once. A file that
# plans something itself is in the thread that has the lock already.
_loading = threading.RLock()


def loaded(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """The steps, after loading the file of each.

    What cannot be loaded shall be found before the first step runs, not between two of them.

    :param steps: the steps.
    """
    with _loading, alembic_names():  # once for all of them: finding out whose they are is dear
        for step in steps:
            if isinstance(step.revision, Script):
                _ = step.revision.module
    return list(steps)
