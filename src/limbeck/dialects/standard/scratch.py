"""Building model tables on scratch: the default is to say that it cannot be done.

How a table is built where nothing outlives the comparison is different on every database, so a
database that limbeck does not know is compared by text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

    from limbeck.facts.scope import Scope


class ScratchImpossible(Exception):  # says what is so, and is never shown as an error
    """Nothing can be built on scratch here; the message says why, in a few words."""


def on_scratch(connection: Connection, tables: Sequence[Table], scope: Scope) -> NoReturn:
    """Refuse.

    A database's own ``scratch.py`` builds ``tables`` where nothing outlives the comparison, and
    returns what the database made of them: facts with the keys and the names of the models (None
    for what the models do not name), the models' objects as sources, and all text as the
    catalogue returns it. A table that cannot be built is left out of the result.

    :raises ScratchImpossible: always.
    """
    raise ScratchImpossible(f"limbeck has no scratch for {connection.dialect.name}")
