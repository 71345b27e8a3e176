"""Models to compare with databases."""

from __future__ import annotations

import sqlalchemy as sa


def shop(**options: object) -> sa.MetaData:
    """Two tables and what belongs to them."""
    metadata = sa.MetaData(**options)  # type: ignore[arg-type]  # options of all kinds
    sa.Table("team", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "person",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False, index=True),
        sa.Column("team_id", sa.ForeignKey("team.id")),
        sa.Column("born", sa.Date, sa.CheckConstraint("born > '1900-01-01'")),
        sa.UniqueConstraint("name", "team_id"),
    )
    return metadata
