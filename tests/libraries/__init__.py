"""Published libraries that import ``alembic``, each in a small project of its own."""
