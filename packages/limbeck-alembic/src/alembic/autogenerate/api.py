"""Comparing models with a database, and writing operations as Python."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from alembic.autogenerate.render import render_op_text
from limbeck import autogenerate as _autogenerate
from limbeck.autogenerate import *  # noqa: F403  # the whole module under the other name

__all__ = [*_autogenerate.__all__, "render_op_text"]

#: As limbeck's, in Alembic's layout unless another is asked for.
render_python_code = partial(_autogenerate.render_python_code, layout="alembic")


class AutogenContext(_autogenerate.AutogenContext):  # type: ignore[no-redef]  # in place of limbeck's
    __doc__ = _autogenerate.AutogenContext.__doc__

    _has_batch: bool = False

    @contextmanager
    def _within_batch(self) -> Iterator[None]:
        self._has_batch = True
        try:
            yield
        finally:
            self._has_batch = False
