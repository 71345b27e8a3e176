"""Scripts of a whole project for databases that are not run, and whose drivers are not there.

``scripts/*.sql`` hold them. ``python -m tests.cli.test_scripts`` writes them again; read what
changed, as the one who is to run it would, before you keep it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.cli.project import Project

SCRIPTS = Path(__file__).with_name("scripts")
ADDRESSES = {
    "mssql": "mssql+pyodbc://me:secret@nowhere/shop",
    "oracle": "oracle+oracledb://me:secret@nowhere/shop",
}
COMMANDS = {"up": ("upgrade", "head"), "down": ("downgrade", "b2:base")}

CREATE = """
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer, sa.Identity(start=100), primary_key=True),
        sa.Column("name", sa.Unicode(80), nullable=False, comment="as they say it"),
        sa.Column("since", sa.DateTime, server_default=sa.func.now(), nullable=False),
        sa.Column("notes", sa.Text),
        comment="who buys",
    )
    country = op.create_table(
        "country",
        sa.Column("code", sa.String(2), primary_key=True),
        sa.Column("name", sa.Unicode(50)),
    )
    op.bulk_insert(country, [{"code": "DE", "name": "Bonn"}, {"code": "BG", "name": "София"}])
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("customer_id", sa.Integer, nullable=False),
        sa.Column("total", sa.Numeric(10, 2), nullable=False, server_default="0"),
        sa.Column("day", sa.Date),
        sa.Column("gross", sa.Numeric(10, 2), sa.Computed("total * 1.19")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_customer"),
        sa.CheckConstraint("total >= 0", name="ck_total"),
        sa.UniqueConstraint("customer_id", "day", name="uq_day"),
    )
    op.create_index("ix_day", "invoice", ["day"], mssql_include=["total"], oracle_compress=1)
"""
DROP = """
    op.drop_index("ix_day", table_name="invoice")
    op.drop_table("invoice")
    op.drop_table("country")
    op.drop_table("customer")
"""
CHANGE = """
    op.alter_column(
        "customer",
        "name",
        type_=sa.Unicode(120),
        comment="it's the name",
        existing_type=sa.Unicode(80),
        existing_nullable=False,
        existing_comment="as they say it",
    )
    op.alter_column(
        "customer",
        "since",
        type_=sa.Date(),
        existing_type=sa.DateTime(),
        existing_nullable=False,
        existing_server_default=sa.func.now(),
    )
    op.alter_column("invoice", "total", server_default="1", existing_server_default="0")
    op.alter_column("invoice", "day", new_column_name="billed_on", existing_type=sa.Date())
    op.add_column("invoice", sa.Column("paid", sa.String(3), server_default="no", nullable=False))
    with op.batch_alter_table("customer") as batch_op:
        batch_op.add_column(
            sa.Column("country", sa.String(2), sa.ForeignKey("country.code", name="fk_country"))
        )
        batch_op.drop_column("notes")
    op.bulk_insert(
        sa.table("customer", sa.column("id", sa.Integer), sa.column("name", sa.Unicode)),
        [{"id": 1, "name": "Żaneta"}],
    )
    op.execute("UPDATE invoice SET paid = 'yes' WHERE total > 5")
    op.rename_table("invoice", "bill")
    op.create_table_comment("bill", "it's paid")
"""
CHANGE_BACK = """
    op.drop_table_comment("bill", existing_comment="it's paid")
    op.rename_table("bill", "invoice")
    op.drop_constraint("fk_country", "customer", type_="foreignkey")
    with op.batch_alter_table("customer") as batch_op:
        batch_op.add_column(sa.Column("notes", sa.Text))
        batch_op.drop_column("country")
    op.drop_column("invoice", "paid", mssql_drop_default=True)
    op.alter_column("invoice", "billed_on", new_column_name="day", existing_type=sa.Date())
    op.alter_column("invoice", "total", server_default=None, existing_server_default="1")
"""


def script(folder: Path, database: str, way: str) -> str:
    """What the command writes for a project of two revisions."""
    project = Project(folder)
    project.settings(ADDRESSES[database], models="models:metadata")
    project.write("models.py", "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n")
    for name, down, up, back in (("a1", None, CREATE, DROP), ("b2", "a1", CHANGE, CHANGE_BACK)):
        path = project.revision(name, down)
        words = path.read_text().replace("import op\n", "import op\nimport sqlalchemy as sa\n")
        for body in (up, back):
            words = words.replace("    pass\n", body, 1)
        path.write_text(words)
    return project.ok(*COMMANDS[way], "--sql")


@pytest.mark.parametrize("way", COMMANDS)
@pytest.mark.parametrize("database", ADDRESSES)
def test_scripts(tmp_path: Path, database: str, way: str) -> None:
    expected = (SCRIPTS / f"{database}_{way}.sql").read_text()
    assert script(tmp_path, database, way) == expected


if __name__ == "__main__":
    SCRIPTS.mkdir(exist_ok=True)
    for each in ADDRESSES:
        for direction in COMMANDS:
            with tempfile.TemporaryDirectory() as place:
                said = script(Path(place), each, direction)
            (SCRIPTS / f"{each}_{direction}.sql").write_text(said)
