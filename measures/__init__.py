"""What limbeck claims about itself next to Alembic, as programs that anybody can run."""
