"""CHECK constraints, compared by their names."""

from limbeck.autogenerate.compare.checks import setup as setup
