"""Types of columns."""

from limbeck.autogenerate.compare.types import compare_type_by_impl as _dialect_impl_compare_type
from limbeck.autogenerate.compare.types import setup as setup

__all__ = ["_dialect_impl_compare_type", "setup"]
