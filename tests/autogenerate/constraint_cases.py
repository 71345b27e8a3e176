"""Indexes and constraints of one table, before and after, and what is told of the change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy import CheckConstraint as Check
from sqlalchemy import ForeignKeyConstraint as Key
from sqlalchemy import Index, func
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.schema import SchemaItem

Items = Callable[[], Iterable[SchemaItem]]

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


@dataclass(frozen=True)
class Case:
    """A change of what the table ``t`` has beside its columns.

    :param name: what changes.
    :param before: how it was created.
    :param after: how the models have it.
    :param expected: the differences, each a verb and a name; ``-`` is the name of what has none.
    :param on: the databases with expectations of their own.
    :param only: the databases that the case is for; empty for all.
    :param convention: the naming convention of both sides.
    :param not_up: the databases on which the upgrade is not carried out.
    :param not_down: those on which the downgrade is not, which needs names.
    :param beyond: why Alembic tells something else.
    """

    name: str
    before: Items
    after: Items
    expected: tuple[str, ...] = ()
    on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only: frozenset[str] = frozenset()
    convention: Mapping[str, str] | None = None
    not_up: frozenset[str] = frozenset()
    not_down: frozenset[str] = frozenset()
    beyond: str = ""

    def models(self, items: Items) -> sa.MetaData:
        """The models of one side."""
        metadata = sa.MetaData(naming_convention=dict(self.convention) if self.convention else None)
        sa.Table(
            "p",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("code", sa.Integer, nullable=False),
            Unique("id", "code", name="p_id_code"),
        )
        sa.Table(
            "t",
            metadata,
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a", sa.Integer),
            sa.Column("b", sa.Integer),
            sa.Column("c", sa.String(20)),
            sa.Column("Mixed", sa.String(20)),
            *items(),
        )
        return metadata

    def expected_on(self, database: str) -> tuple[str, ...]:
        """The differences on a database."""
        return self.on.get(kind_of(database), self.expected)

    def runs_on(self, database: str) -> bool:
        """Whether the case is for a database."""
        return not self.only or kind_of(database) in self.only


def kind_of(database: str) -> str:
    """A database's name without its version."""
    return database.rstrip("0123456789")


def nothing() -> Iterable[SchemaItem]:
    """A table with nothing but its columns."""
    return ()


def raw_index(words: str) -> Items:
    """An index over one expression in the words of SQL."""
    return lambda: [Index("ix", sa.literal_column(words))]


POSTGRESQL = frozenset({"postgresql"})
MARIADB = frozenset({"mariadb"})
SQLITE = frozenset({"sqlite"})
EVERYWHERE = frozenset({"postgresql", "mariadb", "sqlite"})

INDEXES = (
    Case("no change", lambda: [Index("ix", "a")], lambda: [Index("ix", "a")]),
    Case("added", nothing, lambda: [Index("ix", "a", "b")], ("add_index ix",)),
    Case("removed", lambda: [Index("ix", "a")], nothing, ("remove_index ix",)),
    Case(
        "another name",
        lambda: [Index("ix_old", "a")],
        lambda: [Index("ix_new", "a")],
        ("remove_index ix_old", "add_index ix_new"),
    ),
    Case(
        "other columns",
        lambda: [Index("ix", "a")],
        lambda: [Index("ix", "b")],
        ("remove_index ix", "add_index ix"),
    ),
    Case(
        "another order of columns",
        lambda: [Index("ix", "a", "b")],
        lambda: [Index("ix", "b", "a")],
        ("remove_index ix", "add_index ix"),
    ),
    Case(
        "becomes unique",
        lambda: [Index("ix", "a")],
        lambda: [Index("ix", "a", unique=True)],
        ("remove_index ix", "add_index ix"),
    ),
    Case(
        "drops first, by name",
        lambda: [Index("z", "a"), Index("y", "b")],
        lambda: [Index("x", "a"), Index("w", "b")],
        ("remove_index y", "remove_index z", "add_index w", "add_index x"),
    ),
    Case(
        "names of a convention",
        lambda: [Index(None, "a"), Unique("b")],
        lambda: [Index(None, "a"), Unique("b")],
        convention=CONVENTION,
    ),
    Case(
        "a name that is cut",
        lambda: [Index(None, "Mixed")],
        lambda: [Index(None, "Mixed")],
        convention={"ix": "ix_%(column_0_name)s_" + "long_" * 14},
    ),
    Case("mixed case", lambda: [Index("Ix", "Mixed")], lambda: [Index("Ix", "Mixed")]),
)

UNIQUES = (
    Case("added", nothing, lambda: [Unique("a", "b", name="uq")], ("add_constraint uq",)),
    Case(
        "removed",
        lambda: [Unique("a", name="uq")],
        nothing,
        ("remove_constraint uq",),
        on={"mariadb": ("remove_index uq",)},
    ),
    Case(
        "other columns",
        lambda: [Unique("a", name="uq")],
        lambda: [Unique("a", "b", name="uq")],
        ("remove_constraint uq", "add_constraint uq"),
    ),
    Case(
        "another order of columns",
        lambda: [Unique("a", "b", name="uq")],
        lambda: [Unique("b", "a", name="uq")],
    ),
    Case("no name on either side", lambda: [Unique("a")], lambda: [Unique("a")]),
    Case(
        "a name that only the database has", lambda: [Unique("a", name="x")], lambda: [Unique("a")]
    ),
    Case(
        "a name that only the models have",
        lambda: [Unique("a")],
        lambda: [Unique("a", name="uq")],
        ("remove_constraint t_a_key", "add_constraint uq"),
        on={"mariadb": ("remove_index a", "add_constraint uq"), "sqlite": ("add_constraint uq",)},
        not_up=SQLITE,  # the table has both then, of which SQLAlchemy reflects one
    ),
    Case(
        "added without a name",
        nothing,
        lambda: [Unique("a", "b")],
        ("add_constraint -",),
        not_down=EVERYWHERE,
    ),
    Case(
        "one of two without a name",
        lambda: [Unique("a", name="uq")],
        lambda: [Unique("a", "b", name="uq"), Unique("a")],
        ("remove_constraint uq", "add_constraint uq", "add_constraint -"),
        not_down=EVERYWHERE,
        beyond="Alembic takes the constraint that it drops for the one without a name",
    ),
    Case(
        "a unique index beside a constraint without a name",
        lambda: [Index("u", "a", unique=True), Unique("a")],
        lambda: [Index("u", "a", unique=True), Unique("a")],
    ),
    Case(
        "an index becomes a constraint",
        lambda: [Index("u", "a")],
        lambda: [Unique("a", name="u")],
        ("remove_index u", "add_constraint u"),
    ),
    Case(
        "a unique index becomes a constraint",
        lambda: [Index("u", "a", unique=True)],
        lambda: [Unique("a", name="u")],
        ("remove_index u", "add_constraint u"),
        on={"mariadb": ()},
    ),
    Case(
        "a constraint becomes a unique index",
        lambda: [Unique("a", name="u")],
        lambda: [Index("u", "a", unique=True)],
        ("remove_constraint u", "add_index u"),
        on={"mariadb": ()},
    ),
)

KEYS = (
    Case("no change", lambda: [Key(["a"], ["p.id"])], lambda: [Key(["a"], ["p.id"])]),
    Case(
        "added",
        nothing,
        lambda: [Key(["a"], ["p.id"], name="fk")],
        ("add_fk fk",),
        not_down=MARIADB,  # the key's index stays
    ),
    Case(
        "removed",
        lambda: [Key(["a"], ["p.id"], name="fk")],
        nothing,
        ("remove_fk fk",),
        not_up=MARIADB,  # as above
    ),
    Case(
        "another name",
        lambda: [Key(["a"], ["p.id"], name="fk")],
        lambda: [Key(["a"], ["p.id"], name="other")],
    ),
    Case(
        "other columns",
        lambda: [Key(["a"], ["p.id"], name="fk")],
        lambda: [Key(["b"], ["p.id"], name="fk")],
        ("remove_fk fk", "add_fk fk"),
        not_up=MARIADB,  # the index of the first key stays, and has the name of the second's
    ),
    Case(
        "two columns",
        lambda: [Key(["a", "b"], ["p.id", "p.code"], name="fk")],
        lambda: [Key(["a", "b"], ["p.id", "p.code"], name="fk")],
    ),
    Case(
        "an action",
        lambda: [Key(["a"], ["p.id"], name="fk")],
        lambda: [Key(["a"], ["p.id"], name="fk", ondelete="CASCADE")],
        ("remove_fk fk", "add_fk fk"),
    ),
    Case(
        "an action that is the default",
        lambda: [Key(["a"], ["p.id"], name="fk", ondelete="no action")],
        lambda: [Key(["a"], ["p.id"], name="fk", onupdate="NO ACTION")],
    ),
    Case(
        "RESTRICT",
        lambda: [Key(["a"], ["p.id"], name="fk")],
        lambda: [Key(["a"], ["p.id"], name="fk", ondelete="RESTRICT")],
        ("remove_fk fk", "add_fk fk"),
        on={"mariadb": ()},
    ),
    Case(
        "deferred",
        lambda: [Key(["a"], ["p.id"], name="fk", deferrable=True, initially="DEFERRED")],
        lambda: [Key(["a"], ["p.id"], name="fk", initially="DEFERRED")],
        only=POSTGRESQL,
    ),
    Case(
        "deferrable",
        lambda: [Key(["a"], ["p.id"], name="fk")],
        lambda: [Key(["a"], ["p.id"], name="fk", deferrable=True)],
        ("remove_fk fk", "add_fk fk"),
        only=POSTGRESQL,
    ),
    Case(
        "its index cannot have the name of the column",
        lambda: [Key(["a", "b"], ["p.id", "p.code"]), Unique("a")],
        lambda: [Key(["a", "b"], ["p.id", "p.code"]), Unique("a")],
        beyond="Alembic takes MariaDB's index a_2 for one to be removed",
    ),
    Case(
        "it goes with its index",
        lambda: [Key(["a"], ["p.id"], name="fk"), Index("ix", "a")],
        nothing,
        ("remove_fk fk", "remove_index ix"),
        beyond="Alembic drops the index first, which MySQL refuses",
    ),
    Case(
        "it goes with the constraint that it refers to",
        lambda: [Unique("a", name="uq"), Key(["b"], ["t.a"], name="fk")],
        nothing,
        ("remove_fk fk", "remove_constraint uq"),
        on={"mariadb": ("remove_fk fk", "remove_index uq")},
        not_up=MARIADB,  # the key's index stays
        beyond="Alembic drops the constraint first, which PostgreSQL refuses",
    ),
    Case(
        "its index is removed",
        lambda: [Key(["a"], ["p.id"], name="fk"), Index("ix", "a")],
        lambda: [Key(["a"], ["p.id"], name="fk")],
        ("remove_index ix",),
        not_up=EVERYWHERE,
    ),
)

CHECKS = (
    Case("no change", lambda: [Check("a > 0", name="ck")], lambda: [Check("a > 0", name="ck")]),
    Case("added", nothing, lambda: [Check("a > 0", name="ck")], ("add_constraint ck",)),
    Case("removed", lambda: [Check("a > 0", name="ck")], nothing, ("remove_constraint ck",)),
    Case(
        "another condition",
        lambda: [Check("a > 0", name="ck")],
        lambda: [Check("a > 1", name="ck")],
    ),
    Case("none has a name", nothing, lambda: [Check("a > 0")]),
    Case(
        "a name of a convention",
        nothing,
        lambda: [Check("a > 0", name="high")],
        ("add_constraint ck_t_high",),
        convention=CONVENTION,
    ),
    Case(
        "of a column",
        nothing,
        lambda: [sa.Column("d", sa.Integer, Check("d <> 5", name="ck_d"))],
        ("add_column d", "add_constraint ck_d"),
        not_up=EVERYWHERE,
    ),
)

EXPRESSIONS = (
    Case(
        "no change",
        lambda: [Index("ix", "a", func.lower(sa.column("c")))],
        lambda: [Index("ix", "a", func.lower(sa.column("c")))],
        only=POSTGRESQL,
    ),
    Case(
        "another function",
        lambda: [Index("ix", "a", func.lower(sa.column("c")))],
        lambda: [Index("ix", "a", func.upper(sa.column("c")))],
        ("remove_index ix", "add_index ix"),
        only=POSTGRESQL,
    ),
    Case(
        "typed another way",
        raw_index("((a*2)+1)"),
        raw_index("((a * 2) + 1)"),
        only=POSTGRESQL,
        beyond="Alembic compares the text alone",
    ),
    Case(
        "typed with other words",
        raw_index("(a <> ALL (ARRAY[1, 2]))"),
        raw_index("(a NOT IN (1, 2))"),
        only=POSTGRESQL,
        beyond="as above",
    ),
    Case(
        "brackets that matter",
        raw_index("(a * (2 + b))"),
        raw_index("(a * 2 + b)"),
        ("remove_index ix", "add_index ix"),
        only=POSTGRESQL,
    ),
    Case(
        "descending",
        lambda: [Index("ix", sa.column("a"))],
        lambda: [Index("ix", sa.column("a").desc())],
        ("remove_index ix", "add_index ix"),
        on={"mariadb": (), "sqlite": ()},
    ),
    Case(
        "an order that is the default",
        lambda: [Index("ix", sa.column("a"))],
        lambda: [Index("ix", sa.column("a").asc().nulls_last())],
        only=POSTGRESQL,
    ),
    Case(
        "NULLS not distinct",
        lambda: [Index("ix", "a", unique=True), Unique("b", name="uq")],
        lambda: [
            Index("ix", "a", unique=True, postgresql_nulls_not_distinct=True),
            Unique("b", name="uq", postgresql_nulls_not_distinct=True),
        ],
        ("remove_index ix", "add_index ix", "remove_constraint uq", "add_constraint uq"),
        only=POSTGRESQL,
    ),
)
