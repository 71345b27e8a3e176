"""Models that PostgreSQL spells differently than SQLAlchemy does; none of it is a change."""

from __future__ import annotations

import enum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.types import TypeDecorator, UserDefinedType

from tests.compare.runner import Case, Models, same

LONG = "a_name_that_is_much_longer_than_the_sixty_three_bytes_that_postgresql_keeps"


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "it's bad"


class Upper(TypeDecorator[str]):
    impl = sa.String(40)
    cache_ok = True


class Point(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **options: object) -> str:
        return "POINT"


def table(*items: sa.schema.SchemaItem, **options: object) -> Models:
    """Models of one table ``t`` with an id and the ``items``."""

    made = sa.Table(
        "t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), *items, **options
    )
    return made.to_metadata


def columns(*types: object) -> Models:
    """Models of one table with a column of each type."""
    return table(*(sa.Column(f"c{n}", kind) for n, kind in enumerate(types)))


def defaults(kind: object, *texts: object) -> Models:
    """Models of one table with a column of type ``kind`` for each server default."""
    return table(*(sa.Column(f"c{n}", kind, server_default=text) for n, text in enumerate(texts)))


def two_tables(*foreign_keys: sa.ForeignKeyConstraint) -> Models:
    """Models of a child with ``foreign_keys`` to a parent."""
    own = sa.MetaData()
    number = sa.Integer
    parent = sa.Table(
        "parent",
        own,
        sa.Column("a", number, primary_key=True),
        sa.Column("b", number, primary_key=True),
        sa.Column("c", number, unique=True),
    )
    names = [sa.Column(name, number) for name in "abc"]
    child = sa.Table("child", own, sa.Column("id", number, primary_key=True), *names, *foreign_keys)

    def models(metadata: sa.MetaData) -> None:
        parent.to_metadata(metadata)
        child.to_metadata(metadata)

    return models


def default_schema_named(metadata: sa.MetaData) -> None:
    sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="public")
    sa.Table(
        "c",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("p", sa.ForeignKey("public.p.id")),
        sa.Column("m", sa.Enum("x", "y", name="m", schema="public")),
        schema="public",
    )


def naming_convention(metadata: sa.MetaData) -> None:
    metadata.naming_convention = sa.util.immutabledict(
        {
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    sa.Table(
        "a_table_with_a_very_long_name_for_its_constraints",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("another_quite_long_column", sa.Integer, unique=True, index=True),
        sa.Column("parent", sa.ForeignKey("a_table_with_a_very_long_name_for_its_constraints.id")),
        sa.Column("on", sa.Boolean(create_constraint=True, name="is_on")),
        sa.CheckConstraint("id <> 7", name="not_seven"),
    )


def without_primary_key(metadata: sa.MetaData) -> None:
    sa.Table("t", metadata, sa.Column("a", sa.Integer))


def sequences(metadata: sa.MetaData) -> None:
    sequence = sa.Sequence("numbers", start=10, increment=5, metadata=metadata)
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, sequence, primary_key=True),
        sa.Column("other", sa.Integer, sequence, server_default=sequence.next_value()),
    )


def partitioned(metadata: sa.MetaData) -> None:
    options = {"postgresql_partition_by": "RANGE (id)"}
    parent = sa.Table("p", metadata, sa.Column("id", sa.Integer, primary_key=True), **options)
    sa.event.listen(
        parent,
        "after_create",
        sa.DDL("CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (1) TO (10)"),
    )


def two_schemas_one_enum(metadata: sa.MetaData) -> None:
    sa.event.listen(metadata, "before_create", sa.DDL("CREATE SCHEMA IF NOT EXISTS s"))
    kind = sa.Enum("a", "b", name="kind", schema="s")
    sa.Table("t", metadata, sa.Column("k", kind, server_default="a"), schema="s")
    sa.Table("u", metadata, sa.Column("k", kind), sa.Column("ks", sa.ARRAY(kind)))


SAME: tuple[Case, ...] = (
    same("nothing", lambda metadata: None),
    same("no primary key", without_primary_key),
    same("default schema named", default_schema_named),
    same("naming convention and long names", naming_convention),
    same("sequences", sequences),
    same("partitions", partitioned),
    same("enum in another schema", two_schemas_one_enum),
    same(
        "types",
        columns(
            sa.Integer, sa.BigInteger, sa.SmallInteger, sa.String, sa.String(30), sa.Text,
            sa.Unicode(5), sa.CHAR, sa.CHAR(3), sa.VARCHAR(7), sa.Numeric, sa.Numeric(10),
            sa.Numeric(10, 2), sa.DECIMAL(5, 1), sa.Float, sa.Float(20), sa.Float(50), sa.REAL,
            sa.Double, sa.Boolean, sa.Date, sa.Time, sa.DateTime, sa.DateTime(timezone=True),
            sa.Interval, sa.LargeBinary, sa.JSON, sa.Uuid, sa.Uuid(native_uuid=False),
            sa.PickleType, sa.TIMESTAMP(timezone=True), sa.BigInteger().with_variant(
                sa.SmallInteger, "postgresql"), Upper, Upper(), Point, sa.String(5, collation="C"),
        ),
    ),
    same(
        "types of its own",
        columns(
            pg.JSONB, pg.UUID, pg.INET, pg.CIDR, pg.MACADDR, pg.MONEY, pg.OID, pg.REGCLASS,
            pg.BIT, pg.BIT(5), pg.BIT(5, varying=True), pg.BIT(varying=True), pg.TSVECTOR,
            pg.TSQUERY, pg.BYTEA, pg.INT4RANGE, pg.NUMRANGE, pg.TSTZRANGE, pg.DATERANGE,
            pg.INTERVAL(fields="DAY TO SECOND", precision=3), pg.INTERVAL(precision=2),
            pg.TIMESTAMP(precision=3), pg.TIMESTAMP(timezone=True, precision=0),
            pg.TIME(timezone=True, precision=1), pg.ARRAY(sa.Integer), pg.ARRAY(sa.String(9)),
            sa.ARRAY(sa.Text, dimensions=2), pg.ARRAY(sa.Numeric(4, 1)),
            pg.ARRAY(sa.DateTime(timezone=True)), pg.DOUBLE_PRECISION, pg.REAL,
            pg.ENUM("a", "b", name="e1"), pg.ARRAY(pg.ENUM("x", "y", name="e2")),
            sa.Enum(Mood), pg.ARRAY(sa.Enum(Mood)), sa.Enum("Q", name="Quoted Type"),
            sa.Enum(Mood, native_enum=False), pg.DOMAIN("posint", sa.Integer, check="VALUE > 0"),
        ),
    ),
    same(
        "text defaults",
        defaults(sa.String(20), "x", "", "it's", "NULL", sa.text("'a' || 'b'"), "a:b", "100%",
                 sa.func.lower("X"), sa.null(), sa.text("'x'::varchar"), "two\nlines",
                 "back\\slash"),
    ),
    same(
        "number defaults",
        defaults(sa.Integer, "0", "-1", sa.text("0"), sa.text("-1"), sa.text("(1 + 2)"),
                 sa.literal(5), sa.text("'7'")),
    ),
    same("big number defaults", defaults(sa.BigInteger, "0", sa.text("0"), sa.text("-1"))),
    same(
        "numeric defaults",
        defaults(sa.Numeric(10, 2), "0", "0.0", sa.text("0.00"), sa.text("'1.5'"), sa.text("-2.5")),
    ),
    same("float defaults", defaults(sa.Float, "0", "0.0", "1e3", sa.text("0.5"), sa.text("-0.5"))),
    same(
        "boolean defaults",
        defaults(sa.Boolean, "0", "1", "t", "false", sa.true(), sa.false(), sa.text("TRUE"),
                 sa.text("'no'")),
    ),
    same(
        "time defaults",
        defaults(sa.DateTime(timezone=True), sa.func.now(), sa.func.current_timestamp(),
                 sa.text("CURRENT_TIMESTAMP"), sa.text("now()"),
                 sa.text("NOW() - interval '1 day'"),
                 sa.text("timezone('utc', now())"), sa.text("'2020-01-01'"),
                 sa.func.clock_timestamp()),
    ),
    same("plain time defaults", defaults(sa.DateTime, sa.func.now(), sa.text("CURRENT_TIMESTAMP"),
                                         "2020-01-01 00:00:00")),
    same("date defaults", defaults(sa.Date, sa.text("CURRENT_DATE"), "2020-01-01", sa.func.now())),
    same("uuid defaults", defaults(sa.Uuid, sa.text("gen_random_uuid()"))),
    same("json defaults", defaults(pg.JSONB, "{}", sa.text("'[]'::jsonb"),
                                   sa.text("'{\"a\": 1}'"))),
    same("array defaults", defaults(pg.ARRAY(sa.Text), "{}", sa.text("ARRAY[]::varchar[]"),
                                    sa.text("'{a,b}'"))),
    same("enum defaults", defaults(sa.Enum(Mood, name="mood"), "GOOD", Mood.BAD.name,
                                   sa.text("'GOOD'::mood"))),
    same(
        "computed columns",
        table(
            sa.Column("a", sa.Integer),
            sa.Column("b", sa.Integer, sa.Computed("a*2 + id", persisted=True)),
            sa.Column("c", sa.String(50), sa.Computed("lower('X' || a)", persisted=True)),
        ),
    ),
    same(
        "identity",
        table(
            sa.Column("a", sa.Integer, sa.Identity()),
            sa.Column("b", sa.BigInteger, sa.Identity(always=True, start=5, increment=10)),
            sa.Column("c", sa.SmallInteger, sa.Identity(minvalue=-5, maxvalue=100, cycle=True)),
            sa.Column("d", sa.Integer, sa.Identity(increment=-1, cache=20)),
        ),
    ),
    same(
        "comments",
        table(
            sa.Column("a", sa.Integer, comment=""),
            sa.Column("b", sa.Integer, comment="it's\ntwo lines: 100%"),
            comment="'quoted' %(x)s",
        ),
    ),
    same("empty table comment", table(comment="")),
    same(
        "checks",
        table(
            sa.Column("a", sa.String(10)),
            sa.Column("b", sa.Numeric(10, 2), sa.CheckConstraint("b > 0")),
            sa.Column("c", sa.Boolean(create_constraint=True)),
            sa.Column("d", sa.Boolean(create_constraint=True, name="d_is_boolean")),
            sa.Column("e", sa.Enum("x", "y", native_enum=False, create_constraint=True)),
            sa.Column("f", sa.Enum("x", "y", native_enum=False, create_constraint=True, name="f")),
            sa.CheckConstraint("a in ('x', 'y')", name="a_in"),
            sa.CheckConstraint("a ~ '^[a-z]+$' AND length(a)<5"),
            sa.CheckConstraint("b between 1 and 10 or a is null", name="Quoted Name"),
            sa.CheckConstraint("a <> '100%' AND a <> '\\:x'"),
            sa.CheckConstraint(sa.column("a") != "it's", name="expression"),
        ),
    ),
    same(
        "the same unnamed check twice",
        table(sa.CheckConstraint("id > 0"), sa.CheckConstraint("id > 0")),
    ),
    same(
        "uniques",
        table(
            sa.Column("a", sa.Integer, unique=True),
            sa.Column("b", sa.Integer),
            sa.Column("c", sa.Integer, unique=True, index=True),
            sa.UniqueConstraint("a", "b"),
            sa.UniqueConstraint("b", "a", name="named"),
            sa.UniqueConstraint("b", deferrable=True, initially="deferred"),
            sa.UniqueConstraint("a", "id", postgresql_nulls_not_distinct=True),
        ),
    ),
    same(
        "indexes",
        table(
            sa.Column("a", sa.String(10), index=True),
            sa.Column("b", sa.Integer),
            sa.Column("Order", sa.Integer, index=True),
            sa.Column("doc", pg.JSONB),
            sa.Index("ix_lower", sa.text("lower(a)")),
            sa.Index("ix_expression", sa.text("(b + 1)"), "a"),
            sa.Index("ix_desc", sa.text("b DESC")),
            sa.Index("ix_nulls", sa.text("b DESC NULLS LAST"), sa.text("a NULLS FIRST")),
            sa.Index("ix_where", "a", postgresql_where=sa.text("b>5 and a is not null")),
            sa.Index("ix_include", "a", postgresql_include=["b", "Order"]),
            sa.Index("ix_ops", "a", postgresql_ops={"a": "varchar_pattern_ops"}),
            sa.Index("ix_gin", "doc", postgresql_using="gin"),
            sa.Index("ix_gin_ops", "doc", postgresql_using="gin",
                     postgresql_ops={"doc": "jsonb_path_ops"}),
            sa.Index("ix_with", "a", postgresql_with={"fillfactor": 50}),
            sa.Index("ix_hash", "a", postgresql_using="hash"),
            sa.Index("ix_collate", sa.text('a COLLATE "C"')),
            sa.Index("ix_unique", "a", "b", unique=True, postgresql_nulls_not_distinct=True),
            sa.Index("Quoted Index", "a"),
            sa.Index("ix_concurrently", "b", postgresql_concurrently=False),
            sa.Index("ix_same_1", "b"),
            sa.Index("ix_same_2", "b"),
            sa.Index("ix_cast", sa.text("(doc ->> 'x')"), sa.text("((doc ->> 'y')::int)")),
        ),
    ),
    same(
        "exclusion",
        table(
            sa.Column("during", pg.TSRANGE),
            sa.Column("room", pg.INT4RANGE),
            pg.ExcludeConstraint(("during", "&&")),
            pg.ExcludeConstraint(
                ("room", "&&"), ("during", "&&"), name="booked", where=sa.text("id > 5"),
                deferrable=True, initially="DEFERRED",
            ),
        ),
    ),
    same(
        "foreign keys",
        two_tables(
            sa.ForeignKeyConstraint(["a", "b"], ["parent.a", "parent.b"], ondelete="CASCADE"),
            sa.ForeignKeyConstraint(["c"], ["parent.c"], onupdate="no action", ondelete="SET NULL"),
            sa.ForeignKeyConstraint(["c"], ["parent.c"], name="deferred", deferrable=True,
                                    initially="DEFERRED"),
            sa.ForeignKeyConstraint(["a", "b"], ["parent.a", "parent.b"], match="FULL",
                                    ondelete="RESTRICT", onupdate="SET DEFAULT"),
            sa.ForeignKeyConstraint(["c"], ["parent.c"], name="partly",
                                    ondelete="SET NULL (c)"),
            sa.ForeignKeyConstraint(["c"], ["parent.c"], name="immediate", deferrable=True,
                                    initially="IMMEDIATE"),
        ),
    ),
    same(
        "quoted names",
        table(
            sa.Column("User Name", sa.String(5), unique=True),
            sa.Column("select", sa.Integer, sa.CheckConstraint('"select" > 5')),
            sa.Column('quo"te', sa.Integer, index=True),
            sa.Column("ärger", sa.Integer, index=True),
        ),
    ),
    same("a system column", table(sa.Column("xmin", sa.Integer, system=True))),
    same("names of 63 bytes and more", table(sa.Column(LONG[:63], sa.Integer), sa.Column(
        "b", sa.Integer), sa.Index(sa.schema.conv(LONG), "b"))),
)  # fmt: skip
