"""The files of a plan, loaded before its first step runs.

In a long run, those are left until they are needed, which they mostly are not, whose text was seen
to load and to send nothing but what is kept (:mod:`limbeck.runtime.resent`), or says for certain
that it loads (:mod:`limbeck.runtime.foretold`).
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from limbeck.errors import HistoryError
from limbeck.project.known_statements import known_grounds
from limbeck.project.loading import alembic_names
from limbeck.script.content import content_of
from limbeck.script.script import Planned, Script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from limbeck.project.upgrade_text import UpgradeText
    from limbeck.revisions.revision import Revision
    from limbeck.revisions.step import PlanStep
    from limbeck.script.content import RevisionContent

# Threads that migrate many databases share the files, and each file shall run once. A file that
# plans something itself is in the thread that has the lock already.
_loading = threading.RLock()


MANY = 10
"""From how many revisions on a run is long: it builds a whole database."""

LONG = 1 << 15
"""From how many bytes of their files on it is so too: they create some two dozen tables."""


def loaded(steps: Sequence[PlanStep]) -> list[PlanStep]:
    """The steps, after loading the file of each.

    What cannot be loaded shall be found before the first step runs, not between two of them.

    :param steps: the steps.
    """
    with _loading, alembic_names():  # once for all of them: finding out whose they are is dear
        is_long = is_long_run(steps)
        is_told = is_long and _is_told_by_texts()
        for step in steps:
            if isinstance(step.revision, Script):
                step.revision.planned = _known(step.revision, is_told) if is_long else None
                if step.revision.planned is None:
                    _ = step.revision.module
    return list(steps)


def load_the_others(steps: Sequence[PlanStep]) -> None:
    """Load the files that :func:`loaded` has left, of steps that have to run after all.

    :param steps: the steps.
    """
    with _loading, alembic_names():
        for step in steps:
            if isinstance(step.revision, Script) and step.revision.planned is not None:
                _ = step.revision.module


def is_long_run(steps: Sequence[PlanStep]) -> bool:
    """Whether a plan runs so much up that it is likely to run again elsewhere.

    :param steps: the steps.
    """
    up = [step.revision for step in steps if step.direction == "upgrade"]
    return len(up) >= MANY or sum(map(_size, up)) >= LONG


def _size(revision: Revision | None) -> int:
    """The bytes of a revision's file; 0 where it has none."""
    try:
        return os.stat(revision.path).st_size if isinstance(revision, Script) else 0
    except OSError:
        return 0


def _is_told_by_texts() -> bool:
    """Whether a text may say that its file loads, which is held against what Python warns of."""
    from limbeck.project.warned import is_alone  # few runs are long

    return is_alone()


def _known(script: Script, is_told: bool) -> Planned | None:
    """A file that is sure to load, None for any other.

    :param script: the file.
    :param is_told: its text may say so.
    """
    try:
        content = content_of(script)
    except HistoryError:
        return None
    if content is None:
        return None
    grounds = known_grounds(script.path, content.file_checksum)
    text = _text(content) if is_told and not grounds else None
    return Planned(content, grounds, text) if grounds or text is not None else None


def _text(content: RevisionContent) -> UpgradeText | None:
    from limbeck.project.upgrade_text import upgrade_text  # few runs are long

    return upgrade_text(content.source, content.apart)
