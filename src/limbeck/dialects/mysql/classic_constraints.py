"""What MySQL and MariaDB do by themselves, to a comparison that compares what Alembic does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from limbeck.dialects.standard.classic_constraints import ConstraintRules, column_names, key_ends

if TYPE_CHECKING:
    from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint


class MysqlConstraintRules(ConstraintRules):
    """The answers for MySQL and MariaDB."""

    def correct_constraints(
        self,
        found_uniques: set[UniqueConstraint],
        found_indexes: set[Index],
        model_uniques: set[UniqueConstraint],
        model_indexes: set[Index],
    ) -> None:
        """Leave out the indexes that a foreign key brought along and that no model has.

        InnoDB makes one for a key without; its name is the constraint's, or that of the key's
        first column. It stays when the key is dropped:
        https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html
        """
        known = {index.name for index in model_indexes}
        for index in list(found_indexes):
            if not index.unique and index.name not in known and _is_of_a_key(index):
                found_indexes.discard(index)

    def correct_foreign_keys(
        self, found: set[ForeignKeyConstraint], models: set[ForeignKeyConstraint]
    ) -> None:
        """RESTRICT is what happens anyway, and some versions say it, others do not.

        https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html: "RESTRICT […] is
        the same as omitting the ON DELETE or ON UPDATE clause."
        """
        wanted = {key_ends(constraint): constraint for constraint in models}
        for constraint in found:
            model = wanted.get(key_ends(constraint))
            if model is None:
                continue
            for action in ("ondelete", "onupdate"):
                pair = getattr(constraint, action), getattr(model, action)
                if all(word is None or word.upper() == "RESTRICT" for word in pair):
                    setattr(constraint, action, pair[1])


def _is_of_a_key(index: Index) -> bool:
    columns, name = column_names(index), str(index.name)
    if name in columns:
        return True
    keys = index.table.foreign_key_constraints if index.table is not None else ()
    for key in keys:
        own = tuple(column.name for column in key.columns)
        if name == key.name and not set(own).isdisjoint(columns):
            return True
        # The second index that would be called after a column gets a number.
        if own == columns and re.fullmatch(rf"{re.escape(columns[0])}_\d+", name):
            return True
    return False
