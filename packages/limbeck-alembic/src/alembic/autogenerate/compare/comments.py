"""Comments on tables and columns."""

from limbeck.autogenerate.compare.comments import setup as setup
