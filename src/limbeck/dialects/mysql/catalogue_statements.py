"""The questions to ``information_schema``: seven statements, however many tables there are."""

from __future__ import annotations

from typing import NamedTuple

from limbeck.dialects.mysql.quoted_rows import BREAK, quoted, without_breaks

__all__ = [
    "ACTIONS", "COLUMNS", "KEY_COLUMNS", "PARTITIONS", "TABLES", "Question", "checks", "indexes",
]  # fmt: skip


class Question(NamedTuple):
    """What is asked of each table.

    :param schema: the column with the table's schema.
    :param name: the column with its name.
    :param said: SQL for the text of a row.
    :param source: from where, with the condition.
    :param order: the order of the rows of a table.
    """

    schema: str
    name: str
    said: str
    source: str
    order: str

    @property
    def row_by_row(self) -> str:
        """A statement with the table and the text of each row."""
        return (
            f"SELECT {quoted(self.schema, self.name)}, {self.said} FROM information_schema."
            f"{self.source} ORDER BY {self.schema}, {self.name}, {self.order}"
        )

    @property
    def together(self) -> str:
        """A statement with each table and the texts of its rows, one a line."""
        return (
            f"SELECT {quoted(self.schema, self.name)}, GROUP_CONCAT({without_breaks(self.said)} "
            f"ORDER BY {self.order} SEPARATOR '{BREAK}') FROM information_schema."
            f"{self.source} GROUP BY {self.schema}, {self.name}"
        )


TABLES = f"""
SELECT {quoted("t.table_schema", "t.table_name")}, {quoted(
    "t.table_collation", "t.table_comment", "t.engine", "t.row_format", "t.create_options",
    "s.default_collation_name", "@@default_storage_engine",
)}, @@group_concat_max_len
FROM information_schema.tables t
JOIN information_schema.schemata s ON s.schema_name = t.table_schema
WHERE t.table_schema IN :schemas AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')
"""  # fmt: skip
PARTITIONS = Question(
    "table_schema",
    "table_name",
    quoted("partition_method", "partition_expression", "partition_name", "partition_description"),
    "partitions WHERE table_schema IN :schemas AND partition_name IS NOT NULL "
    "AND subpartition_name IS NULL",
    "partition_ordinal_position",
)
COLUMNS = Question(
    "table_schema",
    "table_name",
    quoted(
        "column_name", "column_type", "is_nullable", "column_default", "extra",
        "generation_expression", "collation_name", "column_comment",
    ),
    "columns WHERE table_schema IN :schemas",
    "ordinal_position",
)  # fmt: skip


def indexes(expression: str) -> Question:
    """The elements of indexes.

    :param expression: SQL for the text of the expression that an element is.
    """
    return Question(
        "table_schema",
        "table_name",
        quoted(
            "index_name", "non_unique", "index_type", "column_name", "sub_part", "collation",
            "index_comment", expression,
        ),
        "statistics WHERE table_schema IN :schemas",
        "index_name, seq_in_index",
    )  # fmt: skip


KEY_COLUMNS = Question(
    "table_schema",
    "table_name",
    quoted(
        "constraint_name", "column_name", "referenced_table_schema", "referenced_table_name",
        "referenced_column_name",
    ),
    "key_column_usage WHERE table_schema IN :schemas AND referenced_table_name IS NOT NULL",
    "constraint_name, ordinal_position",
)  # fmt: skip
ACTIONS = Question(
    "constraint_schema",
    "table_name",
    quoted("constraint_name", "update_rule", "delete_rule"),
    "referential_constraints WHERE constraint_schema IN :schemas",
    "constraint_name",
)


def checks(level: str, *, mariadb: bool) -> Question:
    """CHECKs: MariaDB has names of them for each table, MySQL for each schema.

    :param level: SQL for whether it stands in a column or in the table.
    """
    if mariadb:
        return Question(
            "constraint_schema",
            "table_name",
            quoted("constraint_name", "check_clause", level),
            "check_constraints WHERE constraint_schema IN :schemas",
            "constraint_name",
        )
    return Question(
        "c.constraint_schema",
        "t.table_name",
        quoted("c.constraint_name", "c.check_clause", level),
        "check_constraints c JOIN information_schema.table_constraints t "
        "ON t.constraint_schema = c.constraint_schema "
        "AND t.constraint_name = c.constraint_name "
        "WHERE c.constraint_schema IN :schemas AND t.constraint_type = 'CHECK'",
        "c.constraint_name",
    )
