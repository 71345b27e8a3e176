"""What is compared."""

from limbeck.autogenerate.compare import run_comparators as _produce_net_changes
from limbeck.runtime.dispatch import comparators as comparators

__all__ = ["_produce_net_changes", "comparators"]
