"""Runs one after the other, of which the later ones send again what the first has sent."""

from __future__ import annotations

import sqlalchemy as sa

from limbeck.project import known_statements
from tests.applied.projects import Project


def next_process() -> None:
    """Let this process know no more than what is kept in files."""
    known_statements._kept._folders.clear()


def anew(project: Project) -> None:
    """Let the next upgrade find nothing of what the last one has made."""
    with project.connect() as connection:
        connection.exec_driver_sql("DROP VIEW IF EXISTS v")
        if connection.dialect.name == "mariadb":
            connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
        for table in sorted(sa.inspect(connection).get_table_names()):
            cascade = " CASCADE" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TABLE {table}{cascade}")
        connection.commit()
    next_process()
