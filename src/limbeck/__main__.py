"""``python -m limbeck``."""

from __future__ import annotations

import sys

from limbeck.cli.main import main

if __name__ == "__main__":
    sys.exit(main(prog="limbeck"))
