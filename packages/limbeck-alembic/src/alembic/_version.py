"""The level of Alembic that this package answers for."""

__version__ = "1.20.1"
