"""Frozen descriptions of schema objects, in the database's own words."""
