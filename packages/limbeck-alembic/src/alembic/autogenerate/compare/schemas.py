"""Schemas."""

from limbeck.autogenerate.compare import run_comparators as _produce_net_changes

__all__ = ["_produce_net_changes"]
