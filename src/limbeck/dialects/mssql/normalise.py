"""How models are spelled for SQL Server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from limbeck.dialects.standard.item_words import options_of
from limbeck.dialects.standard.normalise import Words
from limbeck.facts.objects import IdentityFact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sqlalchemy import Column, Computed, Dialect, Index, MetaData

    from limbeck.facts.objects import Options, SchemaFact
    from limbeck.facts.scope import Scope


def describe(metadatas: Sequence[MetaData], dialect: Dialect, scope: Scope) -> SchemaFact:
    """The models in SQL Server's words."""
    from limbeck.dialects.standard.describe import describe_with

    return describe_with(MssqlWords(dialect, scope), metadatas)


_COLLATION = re.compile(r"\s+COLLATE\s+\S+")
_FLOAT = re.compile(r"(?:FLOAT|DOUBLE PRECISION)(?:\((\d+)\))?")
# SQLAlchemy does not read how many digits of a second these have.
_MOMENT = re.compile(r"(DATETIME2|DATETIMEOFFSET|TIME)\(\d+\)")


class MssqlWords(Words):
    """What models say to SQL Server."""

    def normal_type(self, text: str) -> str:
        """One name for each type.

        https://learn.microsoft.com/sql/t-sql/data-types/float-and-real-transact-sql,
        https://learn.microsoft.com/sql/t-sql/data-types/decimal-and-numeric-transact-sql
        """
        text = _COLLATION.sub("", text)
        number = _FLOAT.fullmatch(text)
        if number:
            return "REAL" if int(number.group(1) or 53) <= 24 else "FLOAT"
        text = _MOMENT.sub(r"\1", text).replace("DECIMAL", "NUMERIC")
        exact = re.fullmatch(r"NUMERIC(?:\((\d+)\))?", text)
        return f"NUMERIC({exact.group(1) or 18}, 0)" if exact else text

    def normal_default(self, text: str, type_text: str) -> str | None:
        """``CURRENT_TIMESTAMP`` is kept as ``getdate()``, as is ``GETDATE()``."""
        default = super().normal_default(text, type_text)
        if default is not None and default.upper() in ("CURRENT_TIMESTAMP", "GETDATE()"):
            return "CURRENT_TIMESTAMP"
        return default

    def identity(self, column: Column[Any]) -> IdentityFact | None:
        """A column's identity, of which SQL Server has the start and the increment."""
        if column.identity is None:
            return None
        start, increment = column.identity.start, column.identity.increment
        return IdentityFact(
            always=False,
            options=options_of(
                start=1 if start is None else start,
                increment=1 if increment is None else increment,
            ),
        )

    def persisted(self, computed: Computed) -> bool:
        """A computed column is stored where it is asked for."""
        return bool(computed.persisted)

    def index_where(self, index: Index) -> str | None:
        """The condition of a filtered index."""
        where = index.dialect_options["mssql"]["where"]
        if where is None:
            return None
        return self.normal_condition(where if isinstance(where, str) else self.expression(where))

    def index_options(self, index: Index) -> Options:
        """What an index includes, and how it is kept."""
        given = index.dialect_options["mssql"]
        return index_options({f"mssql_{name}": given[name] for name in _INDEX_OPTIONS})


_INDEX_OPTIONS = ("clustered", "columnstore", "include")


def index_options(given: Mapping[str, Any]) -> Options:
    """The options of an index, without those that are as they are by themselves."""
    include = [getattr(c, "name", c) for c in given.get("mssql_include") or ()]
    return options_of(
        mssql_clustered=given.get("mssql_clustered"),
        mssql_columnstore=given.get("mssql_columnstore"),
        mssql_include=", ".join(include) or None,
    )
