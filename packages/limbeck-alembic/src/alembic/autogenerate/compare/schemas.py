"""Schemas."""

from limbeck.autogenerate.compare import run_comparators as _produce_net_changes
from limbeck.autogenerate.compare.schemas import setup as setup

__all__ = ["_produce_net_changes", "setup"]
