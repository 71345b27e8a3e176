"""Runs revisions: on a database, or as SQL text."""
