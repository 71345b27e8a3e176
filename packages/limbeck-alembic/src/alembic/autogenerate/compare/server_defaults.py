"""Server defaults of columns."""

from __future__ import annotations

from typing import Any

from limbeck.autogenerate.compare.server_defaults import (
    compare_default_by_impl as _dialect_impl_compare_server_default,
)
from limbeck.autogenerate.compare.server_defaults import (
    compare_default_by_user as _user_compare_server_default,
)
from limbeck.autogenerate.compare.server_defaults import rendered_default

__all__ = [
    "_dialect_impl_compare_server_default",
    "_render_server_default_for_compare",
    "_user_compare_server_default",
]


def _render_server_default_for_compare(default: Any, autogen_context: Any) -> str | None:
    return rendered_default(default, autogen_context)
