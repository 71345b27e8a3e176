"""The executor that is none: the work is done here, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

__all__ = ["Here"]

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")


class Here(Executor):
    """Does the work when it is submitted, in the caller's thread, where signals arrive."""

    def submit(
        self,
        fn: Callable[Parameters, Result],
        /,
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Future[Result]:
        future: Future[Result] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # the one who asked for the result gets it
            future.set_exception(error)
        return future
