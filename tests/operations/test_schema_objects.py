"""Schema objects that operations are made from and make."""

from __future__ import annotations

import sqlalchemy as sa

from limbeck.operations import ops


def test_a_foreign_key_within_the_schema_that_models_have_by_default() -> None:
    metadata = sa.MetaData(schema="s")
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True))
    table = sa.Table(
        "c",
        metadata,
        sa.Column("p_id", sa.Integer, sa.ForeignKey("p.id", name="fk_p")),
        sa.Column("q_id", sa.Integer, sa.ForeignKey("other.q.id", name="fk_q")),
    )
    made = ops.CreateTableOp.from_table(table).to_table()
    keys = {str(each.name): each for each in table.foreign_key_constraints}
    values = {name: ops.CreateForeignKeyOp.from_constraint(key) for name, key in keys.items()}
    assert {
        str(each.name): each.elements[0].target_fullname for each in made.foreign_key_constraints
    } == {"fk_p": "s.p.id", "fk_q": "other.q.id"}
    assert {name: value.kw["referent_schema"] for name, value in values.items()} == {
        "fk_p": "s",
        "fk_q": "other",
    }
