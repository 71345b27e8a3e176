<%!
def literal(name, kind, value):
    """One identifier as ruff and black would write it, within 88 columns."""

    def quoted(text):
        return '"' + str(text).replace("\\", "\\\\").replace('"', '\\"') + '"'

    start = f"{name}: {kind} = "
    if value is None or isinstance(value, str):
        return start + ("None" if value is None else quoted(value))
    items = [quoted(one) for one in value]
    line = start + "(" + ", ".join(items) + ("," if len(items) == 1 else "") + ")"
    if len(line) <= 88:
        return line
    return start + "(\n" + "".join(f"    {one},\n" for one in items) + ")"
%>\
"""${message}

Revision ID: ${up_revision}
Revises:${' ' if down_revision else ''}${down_revision | comma,n}
Create Date: ${create_date}

"""

from collections.abc import Sequence

import sqlalchemy as sa
from limbeck import op
% if imports:
${imports}
% endif

# What limbeck knows this revision by.
${literal("revision", "str", up_revision)}
${literal("down_revision", "str | Sequence[str] | None", down_revision)}
${literal("branch_labels", "str | Sequence[str] | None", branch_labels)}
${literal("depends_on", "str | Sequence[str] | None", depends_on)}


def upgrade() -> None:
    """Upgrade schema."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Downgrade schema."""
    ${downgrades if downgrades else "pass"}
