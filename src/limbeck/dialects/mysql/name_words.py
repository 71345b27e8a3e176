"""How names are spelled in the texts that MySQL and MariaDB keep of expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from limbeck.dialects.mysql.sql_tokens import canonical
from limbeck.dialects.standard.name_words import StandardNameWords

if TYPE_CHECKING:
    from collections.abc import Mapping


class MysqlNameWords(StandardNameWords):
    """Names within texts, which are compared in lower case."""

    def in_text(self, text: str, names: Mapping[str, str]) -> str:
        """An expression with other columns in it, in its one spelling."""
        lowered = {before.lower(): after for before, after in names.items()}
        return canonical(super().in_text(text, lowered))

    def identifier(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def constraint_name(self, name: str | None, before: str, after: str) -> str | None:
        """A name of InnoDB's own making goes with the table's.

        "InnoDB … automatically generates foreign key names … table_name_ibfk_number", which
        ``RENAME TABLE`` changes: https://dev.mysql.com/doc/refman/8.4/en/rename-table.html
        """
        number = re.fullmatch(rf"{re.escape(before)}_ibfk_(\d+)", name or "")
        return name if number is None else f"{after}_ibfk_{number[1]}"
