"""Start every server, print where each listens, and stop them all on Ctrl-C or SIGTERM."""

from __future__ import annotations

import signal
from types import FrameType

from tests.servers import STARTERS, Missing


def main() -> None:
    """Run until a signal ends it. The lines can be read by ``source``."""
    signal.signal(signal.SIGTERM, interrupt)
    servers = []
    try:
        for name, start in STARTERS.items():
            try:
                server = start()
            except Missing as missing:
                print(f"# left out: {missing}", flush=True)
                continue
            servers.append(server)
            print(f"export LIMBECK_TEST_{name.upper()}='{server.url}'", flush=True)
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        for server in servers:
            server.stop()


def interrupt(number: int, frame: FrameType | None) -> None:
    """Treat SIGTERM as Ctrl-C, so that no server outlives this process."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
