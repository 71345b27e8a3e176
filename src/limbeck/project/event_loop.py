"""Running something that wants an event loop of its own where one may be running already.

asyncio runs one loop a thread at a time: where a loop is running, what begins another has to be in
a thread of its own (https://docs.python.org/3/library/asyncio-runner.html#asyncio.run).
"""

from __future__ import annotations

import contextvars
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")


def is_running() -> bool:
    """Whether an event loop is running in this thread; asyncio is not imported to find out."""
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None


def beside_a_running_loop(action: Callable[[], Result]) -> Result:
    """Run something here, or in a thread of its own where an event loop is running here.

    The caller waits until it has ended, in either case. Context variables are passed on.

    :param action: what may begin an event loop.
    :returns: what it returns.
    :raises BaseException: whatever it raises.
    """
    return _in_a_thread(action) if is_running() else action()


def _in_a_thread(action: Callable[[], Result]) -> Result:
    results: list[Result] = []
    failures: list[BaseException] = []
    context = contextvars.copy_context()

    def carry_out() -> None:
        try:
            results.append(context.run(action))
        except BaseException as error:  # handed to the caller's thread, whatever it is
            failures.append(error)

    thread = threading.Thread(target=carry_out, name="limbeck")
    thread.start()
    thread.join()
    if failures:
        raise failures[0]
    return results[0]
