"""Alembic's module name for :mod:`limbeck.project.write_hooks`."""

from __future__ import annotations

from limbeck.project.write_hooks import register

__all__ = ["register"]
