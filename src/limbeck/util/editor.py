"""The editor of the user."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from limbeck.workflow.edit import open_editor


def open_in_editor(filename: str, environ: Mapping[str, str] | None = None) -> None:
    """Open a file in the editor that ``EDITOR`` or ``VISUAL`` names, and wait for it."""
    open_editor([Path(filename)], environ, ("EDITOR", "VISUAL"))
