"""A value that is part of the SQL text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter
from sqlalchemy.ext.compiler import compiles

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler


class InlineLiteral(BindParameter[Any]):
    """A value that is written into the SQL text instead of being sent beside it."""

    inherit_cache = False


@compiles(InlineLiteral)
def _inline_literal(element: InlineLiteral, compiler: SQLCompiler, **kw: Any) -> str:
    render: Any = compiler.render_literal_bindparam  # SQLAlchemy has no types for it
    words: str = render(element, **kw)
    return words
