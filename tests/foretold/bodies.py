"""Bodies of revisions, drawn by lot: new tables of any parts, and what is done to tables."""

from __future__ import annotations

from random import Random

__all__ = ["body"]

PLAIN = ("id", "name", "amount", "note", "made_at", "parent_id", "size", "code")
ODD = ("order", "Upper", "with space", "ünder", 'quo"te', "per%cent", "a.b", "n" * 50, "zqlba1a")
TYPES = (
    *("sa.Integer()", "sa.Integer", "sa.BigInteger()", "sa.SmallInteger()", "sa.Text()"),
    *("sa.String(length=20)", "sa.String(80)", "sa.Unicode(30)", "sa.Numeric(12, 2)", "sa.Float()"),
    *("sa.Boolean()", "sa.Date()", "sa.DateTime()", "sa.DateTime(timezone=True)", "sa.Time()"),
    *("sa.LargeBinary()", "sa.Uuid()"),
)
ODD_TYPES = (
    *("sa.Enum('a', 'b', name='kind')", "sa.Boolean(create_constraint=True, name='ck_bool')"),
    *("postgresql.JSONB()", "postgresql.UUID(as_uuid=True)", "sa.Enum('x', native_enum=False)"),
    *("sa.JSON()", "sa.Interval()", "sa.ARRAY(sa.Integer())", "sa.Numeric"),
)
OPTIONS = ("nullable=False", "nullable=True", "", "", "server_default='0'", "primary_key=True")
ODD_OPTIONS = (
    *("server_default=sa.text('1')", "server_default=sa.func.now()", "comment='said of it'"),
    *("unique=True", "index=True", "autoincrement=False", "server_default='5% of \"all\"; it'"),
    *("sa.ForeignKey('task.id')", "primary_key=False", "nullable=False, primary_key=True"),
)


class _Drawn:
    """Draws by lot; what is odd is drawn seldom.

    :param random: the lots.
    """

    def __init__(self, random: Random) -> None:
        self.random = random
        self.oddness = random.choice([0, 0, 0.05, 0.3])

    def one(self, usual: tuple[str, ...] | list[str], odd: tuple[str, ...] = ()) -> str:
        is_odd = bool(odd) and self.random.random() < self.oddness
        return self.random.choice(odd if is_odd else usual)

    def name(self) -> str:
        return self.one(PLAIN, ODD)

    def column(self, name: str) -> str:
        said = (repr(name), self.one(TYPES, ODD_TYPES), self.one(OPTIONS, ODD_OPTIONS))
        return f"sa.Column({', '.join(filter(None, said))})"

    def created(self, table: str, others: list[str]) -> str:
        count = self.random.randint(1, 6)
        names = list(dict.fromkeys(self.name() for _ in range(count)))
        items = [self.column(name) for name in names]
        first = self.random.randint(0, 99)
        kinds = [kind for kind in "pufcu" if self.random.random() < 0.4]
        for number, kind in enumerate(kinds, first):
            some = [self.one(names, ODD) for _ in range(self.random.choice([1, 1, 2]))]
            some = some if self.random.random() < self.oddness else list(dict.fromkeys(some))
            said = ", ".join(map(repr, some))
            name = self.one(
                [f", name='c_{number}'", f", name=op.f('c_{number}')", ""],
                (f", name={'x' * 61!r}",),
            )
            if kind == "p" and "primary_key=True" in "".join(items):
                continue
            match kind:
                case "p":
                    items.append(f"sa.PrimaryKeyConstraint({said}{name})")
                case "u":
                    items.append(f"sa.UniqueConstraint({said}{name})")
                case "f":
                    target = self.one([*others, table])
                    theirs = ", ".join(
                        repr(f"{target}.{self.one(names, PLAIN) if target == table else 'id'}")
                        for _ in some
                    )
                    rest = self.one(["", ", ondelete='CASCADE'"], (", use_alter=True",))
                    items.append(f"sa.ForeignKeyConstraint([{said}], [{theirs}]{name}{rest})")
                case _:
                    items.append(f"sa.CheckConstraint('{number} >= 0'{name})")
        rest = self.one([""], (", comment='a table'", ", sqlite_autoincrement=True"))
        return f"op.create_table({table!r},\n    {', '.join(items)}{rest}\n    )"

    def done(self, tables: list[str]) -> str:
        table, name, added = self.one(tables), self.name(), f"added_{self.random.randint(0, 99)}"
        return self.one(
            [
                f"op.add_column({table!r}, {self.column(added)})",
                f"op.create_index('ix_{added}', {table!r}, [{name!r}], unique=False)",
                f"op.create_index(op.f('ix_{added}'), {table!r}, [{name!r}], unique=True)",
                f"op.create_index('ix_{added}', {table!r}, [sa.text('lower(name)')])",
                f"op.drop_table({table!r})",
                f"op.drop_column({table!r}, {name!r})",
                f"op.rename_table({table!r}, {added!r})",
                f"op.create_unique_constraint('uq_{added}', {table!r}, [{name!r}])",
                f"op.create_foreign_key(None, {table!r}, {tables[0]!r}, [{name!r}], ['id'])",
                f"op.alter_column({table!r}, {name!r}, nullable=False)",
                f"op.alter_column({table!r}, {name!r}, new_column_name={added!r})",
                f"op.create_table_comment({table!r}, 'said of it')",
                "op.execute('CREATE VIEW v AS SELECT 1 AS one')",
                "'a text that is no statement'",
                "pass",
            ],
            (
                "op.execute('UPDATE task SET id = 1')",
                f"op.drop_constraint('c_1', {table!r}, 'unique')",
            ),
        )


def body(random: Random) -> str:
    """What a revision does: it creates tables, and does something to them.

    :param random: the lots.
    """
    drawn = _Drawn(random)
    count = random.choice([1, 1, 2, 3])
    tables = list(dict.fromkeys(drawn.one(("task", "account", "line"), ODD) for _ in range(count)))
    said = [drawn.created(table, tables[:number]) for number, table in enumerate(tables)]
    said += [drawn.done(tables) for _ in range(random.choice([0, 0, 1, 2]))]
    return "\n    ".join(said)
