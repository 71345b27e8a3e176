"""DDL constructs that SQLAlchemy lacks."""
