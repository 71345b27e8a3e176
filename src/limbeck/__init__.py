"""limbeck: schema migrations for SQLAlchemy."""

__version__ = "0.1.0"
