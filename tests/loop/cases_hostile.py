"""Names and texts that would like to be code, a path or an escape sequence."""

from __future__ import annotations

import sqlalchemy as sa

from tests.loop.case import Build, Case, nothing, on

HOSTILE = (
    "O'Reilly",
    'say "hi"',
    "`tick` [bracket]",
    "'; DROP TABLE users; --",
    "\\' OR 1=1 --",
    "back\\slash\\",
    "100% %s %(x)s %%",
    "{brace} ${x} <%= 1 %> ## x",
    ":bind ::cast",
    "tab\tand\nline",
    "../../etc/passwd",
    "üml 漢字 🐘",
    "\u202eright\u200f to left",
    "\x1b]0;title\x07 escape",
    "select",
    "__import__('os')",
    '"""\nimport os\n"""',
    "x" * 61,
)
# MariaDB refuses a name that ends with a blank, or has a character of four bytes in it:
# https://mariadb.com/docs/server/reference/sql-structure/sql-language-structure/identifier-names
NAMES = tuple(name.replace("🐘", "e") for name in HOSTILE)


def _tables(m: sa.MetaData) -> None:
    for name in NAMES:
        sa.Table(name, m, sa.Column("id", sa.Integer, primary_key=True))


def _referring(m: sa.MetaData) -> None:
    for number, name in enumerate(NAMES):
        parent = sa.Table(name, m, sa.Column(name, sa.Integer, primary_key=True))
        sa.Table(f"c{number}", m, sa.Column("p", sa.Integer, sa.ForeignKey(parent.c[name])))


def _dots(*, cascade: bool) -> Build:
    # SQLAlchemy takes a string apart at its dots: ForeignKey("a.b") is a column of a table
    action = "CASCADE" if cascade else None

    def build(m: sa.MetaData) -> None:
        key, more = sa.Column("x.y", sa.Integer, primary_key=True), sa.Column("up", sa.Integer)
        parent = sa.Table("a.b", m, key, more)
        parent.append_constraint(sa.ForeignKeyConstraint(["up"], [key], name="a.b_up"))
        child = sa.Table("c.d", m, sa.Column("q.r", sa.Integer, primary_key=True))
        child.append_constraint(
            sa.ForeignKeyConstraint(["q.r"], [key], name="c.d_q.r", ondelete=action)
        )

    return build


def _columns(m: sa.MetaData) -> None:
    columns = [sa.Column(name, sa.Integer) for name in NAMES]
    sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), *columns)


def _indexed(m: sa.MetaData) -> None:
    columns = [sa.Column(name, sa.Integer, index=not number) for number, name in enumerate(NAMES)]
    table = sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), *columns)
    for name in NAMES:
        sa.Index(name, table.c[name])
        table.append_constraint(sa.UniqueConstraint(name, name=f"u{name}"[:62]))


def _checked(m: sa.MetaData) -> None:
    table = sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True))
    for number, name in enumerate(NAMES):
        table.append_column(sa.Column(f"c{number}", sa.String(200)))
        table.append_constraint(sa.CheckConstraint(f"c{number} <> 'a'", name=f"k{name}"[:62]))


def _texts(what: str) -> Build:
    def build(m: sa.MetaData) -> None:
        columns = [
            sa.Column(f"c{number}", sa.String(200), **{what: text})
            for number, text in enumerate(HOSTILE)
        ]
        sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), *columns)

    return build


def _table_comments(m: sa.MetaData) -> None:
    for number, text in enumerate(HOSTILE):
        sa.Table(f"t{number}", m, sa.Column("id", sa.Integer, primary_key=True), comment=text)


def _enums(m: sa.MetaData) -> None:
    kinds = [sa.Column(f"c{n}", sa.Enum(text, "b", name=f"e{n}")) for n, text in enumerate(HOSTILE)]
    sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), *kinds)


def _enum_types(m: sa.MetaData) -> None:
    kinds = [sa.Column(f"c{n}", sa.Enum("a", "b", name=name)) for n, name in enumerate(NAMES)]
    sa.Table("t", m, sa.Column("id", sa.Integer, primary_key=True), *kinds)


COMMENTED = on("postgresql15", "postgresql18", "mariadb")
CASES: tuple[Case, ...] = (
    Case("hostile tables", nothing, _tables),
    Case("hostile tables and columns that are referred to", nothing, _referring),
    Case("dots in what is referred to", nothing, _dots(cascade=False)),
    Case("dots in what was referred to", _dots(cascade=False), nothing),
    Case("another action where there are dots", _dots(cascade=False), _dots(cascade=True)),
    Case("hostile columns", nothing, _columns),
    Case("hostile indexes and unique constraints", nothing, _indexed),
    Case("hostile checks", nothing, _checked),
    Case("hostile defaults", nothing, _texts("server_default")),
    Case("hostile comments of columns", nothing, _texts("comment"), databases=COMMENTED),
    Case("hostile comments of tables", nothing, _table_comments, databases=COMMENTED),
    Case("hostile values of enums", nothing, _enums),
    Case("hostile names of enums", nothing, _enum_types),
)
