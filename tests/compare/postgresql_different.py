"""Models before and after on PostgreSQL, and exactly what changes between them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from tests.compare.postgresql_same import columns, table, two_tables
from tests.compare.runner import Case, Models


def column(kind: object = sa.Integer, *items: object, **options: object) -> Models:
    """Models of one table with the column ``a``."""
    return table(sa.Column("a", kind, *items, **options))


def defaulted(kind: object, default: object) -> Models:
    return column(kind, server_default=default)


def identity(**options: object) -> Models:
    return column(sa.Integer, sa.Identity(**options))


def computed(text: str, **options: object) -> Models:
    return column(sa.Integer, sa.Computed(text, **options))


def indexed(*elements: object, **options: object) -> Models:
    """Models of one table with an index ``ix``."""
    return table(
        sa.Column("a", sa.String(20)),
        sa.Column("b", sa.Integer),
        sa.Column("j", pg.JSONB),
        *([sa.Index("ix", *elements, **options)] if elements else []),
    )


def constrained(*constraints: sa.Constraint) -> Models:
    """Models of one table with ``constraints``."""
    return table(sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), *constraints)


def referring(**options: object) -> Models:
    return two_tables(sa.ForeignKeyConstraint(["c"], ["parent.c"], **options))


def primary_key(*names: str, **options: object) -> Models:
    made = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("a", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("b", sa.Integer, nullable=False, autoincrement=False),
        *([sa.PrimaryKeyConstraint(*names, **options)] if names else []),
    )
    return made.to_metadata


def nothing(metadata: sa.MetaData) -> None:
    """No models."""


def numbered(**options: object) -> Models:
    def models(metadata: sa.MetaData) -> None:
        sa.Sequence("numbers", metadata=metadata, **options)

    return models


def key(*, autoincrement: bool) -> Models:
    made = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=autoincrement),
    )
    return made.to_metadata


def in_schema_s(*values: str) -> Models:
    """Models of one table whose column ``kind`` is an enum in schema ``s``."""
    kind = pg.ENUM(*values, name="kind", schema="s")

    def models(metadata: sa.MetaData) -> None:
        sa.event.listen(metadata, "before_create", sa.DDL("CREATE SCHEMA IF NOT EXISTS s"))
        sa.Table("t", metadata, sa.Column("kind", kind, server_default=values[-1]))

    return models


def named_like_its_enum(*values: str) -> Models:
    made = sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("mood", pg.ENUM(*values, name="mood"), server_default=values[-1]),
        sa.Column("n", sa.Text, sa.CheckConstraint("n in ('x', 'y')")),
    )
    return made.to_metadata


MOOD = pg.ENUM("a", "b", name="mood")
LONGER_MOOD = pg.ENUM("a", "c", "b", name="mood")
CHANGED_TYPE = ("change column t.a: type",)
CHANGED_DEFAULT = ("change column t.a: default",)
CHANGED_INDEX = "change index t.ix: "


def named_mood(kind: pg.ENUM) -> Models:
    """Models of a column called as its type is, beside a CHECK that only scratch can decide."""
    return table(
        sa.Column("mood", kind),
        sa.Column("a", sa.String(5)),
        sa.CheckConstraint("a in ('x', 'y')", name="ck"),
    )


def retyped(name: str, before: object, after: object) -> Case:
    return Case(f"type: {name}", column(before), column(after), CHANGED_TYPE)


def redefaulted(name: str, kind: object, before: object, after: object) -> Case:
    return Case(
        f"default: {name}", defaulted(kind, before), defaulted(kind, after), CHANGED_DEFAULT
    )


DIFFERENT: tuple[Case, ...] = (
    Case("table added", nothing, column(), ("add table t",)),
    Case("table removed", column(), nothing, ("remove table t",)),
    Case("table with its enum removed", column(MOOD), nothing,
         ("remove table t", "remove enum mood")),
    Case("column added", table(), column(), ("add column t.a",)),
    Case("column removed", column(), table(), ("remove column t.a",)),
    Case("not null", column(), column(nullable=False), ("change column t.a: nullable",)),
    Case("null", column(nullable=False), column(), ("change column t.a: nullable",)),
    retyped("length added", sa.String, sa.String(30)),
    retyped("length removed", sa.String(30), sa.String),
    retyped("longer", sa.String(30), sa.String(31)),
    retyped("text", sa.String, sa.Text),
    retyped("bigger", sa.Integer, sa.BigInteger),
    retyped("precision", sa.Numeric(10, 2), sa.Numeric(10, 3)),
    retyped("precision removed", sa.Numeric(10, 2), sa.Numeric),
    retyped("time zone", sa.DateTime, sa.DateTime(timezone=True)),
    retyped("float", sa.Float(20), sa.Float(50)),
    retyped("json", pg.JSON, pg.JSONB),
    retyped("array", sa.Integer, pg.ARRAY(sa.Integer)),
    retyped("items of an array", pg.ARRAY(sa.String(5)), pg.ARRAY(sa.String(6))),
    Case("type: to an enum", column(sa.String(5)), column(MOOD),
         ("add enum mood", "change column t.a: type")),
    Case("type: from an enum", column(MOOD), column(sa.String(5)),
         ("change column t.a: type", "remove enum mood")),
    Case("type: enum in an array", column(MOOD), column(pg.ARRAY(MOOD)), CHANGED_TYPE),
    Case("collation", column(sa.String(5)), column(sa.String(5, collation="C")),
         ("change column t.a: collation",)),
    Case("enum value added", column(MOOD), column(LONGER_MOOD), ("change enum mood: values",)),
    Case("enum value added and a default with it", defaulted(MOOD, "a"),
         defaulted(LONGER_MOOD, "c"),
         ("change enum mood: values", "change column t.a: default")),
    Case("enum value added, of a column of the same name", named_mood(MOOD),
         named_mood(LONGER_MOOD), ("change enum mood: values",)),
    Case("enum in another schema changed", in_schema_s("a"), in_schema_s("a", "b"),
         ("change enum s.kind: values", "change column t.kind: default")),
    Case("a column of its enum's name", named_like_its_enum("a"), named_like_its_enum("a", "b"),
         ("change enum mood: values", "change column t.mood: default")),
    Case("enum values in another order", column(MOOD), column(pg.ENUM("b", "a", name="mood")),
         ("change enum mood: values",)),
    Case("two uses of an enum and one removed", columns(MOOD, MOOD), columns(MOOD),
         ("remove column t.c1",)),
    redefaulted("added", sa.Integer, None, "5"),
    redefaulted("removed", sa.Integer, "5", None),
    redefaulted("number", sa.Integer, "5", "6"),
    redefaulted("text", sa.String(20), "x", "y"),
    redefaulted("empty text", sa.String(20), None, ""),
    redefaulted("case of text", sa.String(20), "x", "X"),
    redefaulted("blank in text", sa.String(20), "x", "x "),
    redefaulted("boolean", sa.Boolean, "1", "0"),
    redefaulted("function", sa.DateTime(timezone=True), sa.func.now(), sa.func.clock_timestamp()),
    redefaulted("literal or expression", sa.String(20), "now()", sa.text("now()::text")),
    Case("computed: expression", computed("id * 2", persisted=True),
         computed("id * 3", persisted=True), ("change column t.a: computed",)),
    Case("computed: added", column(), computed("id * 2", persisted=True),
         ("change column t.a: computed",)),
    Case("computed: removed", computed("id * 2", persisted=True), column(),
         ("change column t.a: computed",)),
    Case("identity: added", column(nullable=False), identity(), ("change column t.a: identity",)),
    Case("identity: removed", identity(), column(nullable=False), ("change column t.a: identity",)),
    Case("identity: always", identity(), identity(always=True), ("change column t.a: identity",)),
    Case("identity: increment", identity(increment=2), identity(increment=3),
         ("change column t.a: identity",)),
    Case("identity: start", identity(start=2), identity(start=3), ("change column t.a: identity",)),
    Case("autoincrement: on", key(autoincrement=False), key(autoincrement=True),
         ("change column t.id: autoincrement",)),
    Case("autoincrement: off", key(autoincrement=True), key(autoincrement=False),
         ("change column t.id: autoincrement",)),
    Case("comment of a column", column(comment="x"), column(comment="y"),
         ("change column t.a: comment",)),
    Case("comment of a column removed", column(comment="x"), column(comment=""),
         ("change column t.a: comment",)),
    Case("comment of a table", table(), table(comment="x"), ("change table t: comment",)),
    Case("everything of a column", column(sa.Integer, comment="x"),
         column(sa.String(5), nullable=False, server_default="d", comment="y"),
         ("change column t.a: type, nullable, default, comment",)),
    Case("index added", indexed(), indexed("a"), ("add index t.ix",)),
    Case("index removed", indexed("a"), indexed(), ("remove index t.ix",)),
    Case("index: columns", indexed("a"), indexed("b"), (CHANGED_INDEX + "elements",)),
    Case("index: order of columns", indexed("a", "b"), indexed("b", "a"),
         (CHANGED_INDEX + "elements",)),
    Case("index: unique", indexed("a"), indexed("a", unique=True), (CHANGED_INDEX + "unique",)),
    Case("index: where added", indexed("a"), indexed("a", postgresql_where=sa.text("b > 5")),
         (CHANGED_INDEX + "where",)),
    Case("index: where", indexed("a", postgresql_where=sa.text("b > 5")),
         indexed("a", postgresql_where=sa.text("b > 6")), (CHANGED_INDEX + "where",)),
    Case("index: include", indexed("a", postgresql_include=["b"]), indexed("a"),
         (CHANGED_INDEX + "options",)),
    Case("index: method", indexed("a"), indexed("a", postgresql_using="hash"),
         (CHANGED_INDEX + "options",)),
    Case("index: storage", indexed("a"), indexed("a", postgresql_with={"fillfactor": 40}),
         (CHANGED_INDEX + "options",)),
    Case("index: NULLs not distinct", indexed("a", unique=True),
         indexed("a", unique=True, postgresql_nulls_not_distinct=True),
         (CHANGED_INDEX + "options",)),
    Case("index: operators", indexed("j", postgresql_using="gin"),
         indexed("j", postgresql_using="gin", postgresql_ops={"j": "jsonb_path_ops"}),
         (CHANGED_INDEX + "elements",)),
    Case("index: expression", indexed(sa.text("lower(a)")), indexed(sa.text("upper(a)")),
         (CHANGED_INDEX + "elements",)),
    Case("index: descending", indexed("a"), indexed(sa.text("a DESC")),
         (CHANGED_INDEX + "elements",)),
    Case("index: nulls", indexed(sa.text("a DESC")), indexed(sa.text("a DESC NULLS LAST")),
         (CHANGED_INDEX + "elements",)),
    Case("unique added", constrained(), constrained(sa.UniqueConstraint("a")),
         ("add unique t.(a)",)),
    Case("unique removed", constrained(sa.UniqueConstraint("a")), constrained(),
         ("remove unique t.t_a_key",)),
    Case("unique: columns", constrained(sa.UniqueConstraint("a", name="u")),
         constrained(sa.UniqueConstraint("a", "b", name="u")), ("change unique t.u: columns",)),
    Case("unique: unnamed columns", constrained(sa.UniqueConstraint("a")),
         constrained(sa.UniqueConstraint("b")),
         ("remove unique t.t_a_key", "add unique t.(b)")),
    Case("unique: name", constrained(sa.UniqueConstraint("a", name="u")),
         constrained(sa.UniqueConstraint("a", name="v")),
         ("change unique t.v: name",)),
    Case("unique: deferrable", constrained(sa.UniqueConstraint("a", name="u")),
         constrained(sa.UniqueConstraint("a", name="u", deferrable=True)),
         ("change unique t.u: options",)),
    Case("unique to unique index", constrained(sa.UniqueConstraint("a", name="u")),
         constrained(sa.Index("u", "a", unique=True)), ("remove unique t.u", "add index t.u")),
    Case("check added", constrained(), constrained(sa.CheckConstraint("a > 5", name="c")),
         ("add check t.c",)),
    Case("check removed", constrained(sa.CheckConstraint("a > 5")), constrained(),
         ("remove check t.t_a_check",)),
    Case("check: condition", constrained(sa.CheckConstraint("a > 5", name="c")),
         constrained(sa.CheckConstraint("a>6", name="c")), ("change check t.c: condition",)),
    Case("check: unnamed", constrained(sa.CheckConstraint("a > 5")),
         constrained(sa.CheckConstraint("a > 6")),
         ("remove check t.t_a_check", "add check t.()")),
    Case("check: one of two", constrained(sa.CheckConstraint("a > 5"), sa.CheckConstraint("b>0")),
         constrained(sa.CheckConstraint("b > 0")), ("remove check t.t_a_check",)),
    Case("check: of a type", column(sa.Enum("x", "y", native_enum=False, length=9,
                                            create_constraint=True, name="e")),
         column(sa.Enum("x", "z", native_enum=False, length=9, create_constraint=True, name="e")),
         ("change check t.e: condition",)),
    Case("exclude added", constrained(),
         constrained(pg.ExcludeConstraint(("a", "="), using="btree", name="x")),
         ("add exclude t.x",)),
    Case("exclude: elements",
         constrained(pg.ExcludeConstraint(("a", "="), using="btree", name="x")),
         constrained(pg.ExcludeConstraint(("b", "="), using="btree", name="x")),
         ("change exclude t.x: definition",)),
    Case("foreign key added", two_tables(), referring(), ("add foreign_key child.(c)",)),
    Case("foreign key removed", referring(), two_tables(),
         ("remove foreign_key child.child_c_fkey",)),
    Case("foreign key: on delete", referring(name="f"), referring(name="f", ondelete="CASCADE"),
         ("change foreign_key child.f: ondelete",)),
    Case("foreign key: on update", referring(name="f"), referring(name="f", onupdate="CASCADE"),
         ("change foreign_key child.f: onupdate",)),
    Case("foreign key: deferrable", referring(name="f"),
         referring(name="f", deferrable=True, initially="DEFERRED"),
         ("change foreign_key child.f: deferrable, initially",)),
    Case("foreign key: unnamed", referring(), referring(ondelete="SET NULL"),
         ("remove foreign_key child.child_c_fkey", "add foreign_key child.(c)")),
    Case("primary key: columns", primary_key("a"), primary_key("a", "b"),
         ("change primary_key t.(a, b): columns",)),
    Case("primary key: order", primary_key("a", "b"), primary_key("b", "a"),
         ("change primary_key t.(b, a): columns",)),
    Case("primary key: added", primary_key(), primary_key("a"), ("add primary_key t.(a)",)),
    Case("primary key: removed", primary_key("a"), primary_key(),
         ("remove primary_key t.t_pkey",)),
    Case("primary key: name", primary_key("a"), primary_key("a", name="pk"),
         ("change primary_key t.pk: name",)),
    Case("sequence added", nothing, numbered(start=5), ("add sequence numbers",)),
    Case("sequence removed", numbered(start=5), nothing, ("remove sequence numbers",)),
    Case("sequence changed", numbered(increment=5), numbered(increment=6),
         ("change sequence numbers: options",)),
)  # fmt: skip
