"""Alembic's own tests, run against the package ``alembic`` of limbeck-alembic."""
