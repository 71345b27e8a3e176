"""What constrains the rows of a table."""

from limbeck.autogenerate.compare.constraints import setup as setup
from limbeck.autogenerate.compare.nullable import compare_nullable as _compare_nullable

__all__ = ["_compare_nullable", "setup"]
