"""How models are spelled for Oracle."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from limbeck.dialects.standard.normalise import StandardWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Computed, Dialect, MetaData

    from limbeck.facts.objects import SchemaFact
    from limbeck.facts.scope import Scope


def describe(metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
    """The models in Oracle's words."""
    from limbeck.dialects.standard.describe import describe_with

    return describe_with(OracleWords(dialect, scope), metadatas)


# What Oracle makes of the names of other databases' types:
# https://docs.oracle.com/en/database/oracle/oracle-database/23/sqlrf/Data-Types.html
_SAME = {
    "SMALLINT": "INTEGER",
    "NUMERIC": "INTEGER",
    "DECIMAL": "INTEGER",
    "FLOAT": "DOUBLE PRECISION",
}


class OracleWords(StandardWords):
    """What models say to Oracle."""

    def normal_type(self, text: str) -> str:
        """One name for each type."""
        text = re.sub(r"^(?:NUMERIC|DECIMAL)\(", "NUMBER(", text)
        text = re.sub(r"^(N?)VARCHAR2\b", r"\1VARCHAR", text)
        text = re.sub(r"^NUMBER\((\d+), 0\)$", r"NUMBER(\1)", text)
        return _SAME.get(text, text)

    def normal_default(self, text: str, type_text: str) -> str | None:
        """A default that was dropped is NULL for ever."""
        default = super().normal_default(text, type_text)
        return None if default is not None and default.upper() == "NULL" else default

    def persisted(self, computed: Computed) -> None:
        """There is one kind: nothing computed is stored."""
