"""Classes of SQLAlchemy's dialects, for those who ask whether something is of one.

A dialect takes long to import, and what nobody has imported, nothing can be of.
"""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["loaded_class"]


def loaded_class(dialect: str, name: str) -> type[Any] | tuple[()]:
    """Return a class as ``isinstance()`` takes it: none where its dialect is not imported.

    :param dialect: the dialect's name.
    :param name: the class's name.
    """
    module = sys.modules.get(f"sqlalchemy.dialects.{dialect}")
    return getattr(module, name, ())
