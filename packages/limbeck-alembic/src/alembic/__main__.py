"""``python -m alembic``."""

from alembic.config import main

if __name__ == "__main__":
    main(prog="alembic")
