"""Changes of functions, procedures and triggers."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, Computed, Integer, MetaData, Table

from limbeck.schema import Function, Procedure, SchemaObject, Trigger, View
from tests.loop.case import Build, Case, on

# ------------------------------------------------------------------------------- PostgreSQL

TOUCH = """RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- 100% of "it"; it's :word \\ {version}
    NEW.total := {version};
    RETURN NEW;
END
$$"""
GREET = "RETURNS text LANGUAGE sql {volatility} AS $body$ SELECT '{word}: ' || who $body$"


def orders(*objects: SchemaObject, more: tuple[Column[int], ...] = ()) -> Build:
    """A table, and what is declared beside it."""

    def build(m: MetaData) -> None:
        copies = [column._copy() for column in more]
        Table(
            "orders",
            m,
            Column("id", Integer, primary_key=True),
            Column("total", Integer),
            *copies,
        )
        for item in objects:
            item.attach(m)

    return build


def touch(version: int = 1) -> Function:
    """A function for triggers."""
    return Function("touch", "", TOUCH.format(version=version))


def greet(word: str = "hello", volatility: str = "IMMUTABLE") -> Function:
    """A function with a text."""
    return Function("greet", "who text", GREET.format(word=word, volatility=volatility))


TOUCHED = Trigger("touched", "orders", "BEFORE UPDATE", "FOR EACH ROW EXECUTE FUNCTION touch()")
WATCHED = Trigger(
    "touched",
    "orders",
    "before insert or update of total",
    "FOR EACH ROW WHEN (NEW.total > 7) EXECUTE FUNCTION touch()",
)
TWICE = Function("twice", "n integer", "RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n * 2'")
THRICE = Function("twice", "n integer", "RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT n * 3'")


def checked(*functions: Function, extra: bool = True) -> Build:
    """A table that needs a function in a CHECK, a default and a computed column."""

    def build(m: MetaData) -> None:
        more = [
            Column("many", Integer, server_default=sa.text("twice(4)")),
            Column("most", Integer, Computed("twice(id)", persisted=True)),
            CheckConstraint("twice(id) > 0", name="positive"),
        ]
        Table("t", m, Column("id", Integer, primary_key=True), *(more if extra else ()))
        for function in functions:
            function.attach(m)

    return build


POSTGRESQL = (
    Case(
        "add a function",
        orders(),
        orders(greet()),
        expected=("op.create_function(", 'op.drop_function("greet", "text")'),
    ),
    Case(
        "change the body of a function",
        orders(greet("hello")),
        orders(greet("good morning")),
        expected=("op.replace_function(",),
    ),
    Case(
        "change what a function promises",
        orders(greet(volatility="IMMUTABLE")),
        orders(greet(volatility="STABLE STRICT COST 7 SET search_path = public")),
    ),
    Case(
        "change what a function returns under a view",
        orders(TWICE, View("v", "SELECT twice(id) AS n FROM orders")),
        orders(
            Function("twice", "n integer", "RETURNS bigint LANGUAGE sql AS 'SELECT 2::bigint * n'"),
            View("v", "SELECT twice(id) AS n FROM orders"),
        ),
    ),
    Case(
        "functions of one name",
        orders(TWICE),
        orders(
            TWICE,
            Function("twice", "n text", "RETURNS text LANGUAGE sql AS $$ SELECT n || n $$"),
            Function(
                "twice",
                "n int, m varchar DEFAULT 'a, b) = c', VARIADIC more int[] = '{}'",
                "RETURNS int LANGUAGE sql AS $$ SELECT n $$",
            ),
        ),
    ),
    Case(
        "a function with other arguments",
        orders(TWICE),
        orders(
            Function("twice", "n bigint", "RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$"),
            View("v", "SELECT twice('5') AS n"),
        ),
        compares=("view",),
    ),
    Case("drop the last function", orders(greet()), orders(), compares=("function",)),
    Case(
        "a function before what needs it, and after",
        checked(extra=False),
        checked(TWICE),
        compares=("function",),
    ),
    Case("change a function under a check", checked(TWICE), checked(THRICE)),
    Case(
        "a function of a new table",
        orders(),
        orders(
            Function("an_order", "", "RETURNS SETOF big LANGUAGE sql AS $$ SELECT id FROM big $$"),
            View("big", "SELECT id FROM orders"),
        ),
        compares=("function", "view"),
    ),
    Case(
        "a trigger with its function",
        orders(),
        orders(touch(), TOUCHED),
        compares=("function", "trigger"),
    ),
    Case("change when a trigger runs", orders(touch(), TOUCHED), orders(touch(), WATCHED)),
    Case(
        "change the function of a trigger",
        orders(touch(1), TOUCHED),
        orders(touch(2), TOUCHED),
        expected=("op.replace_function(",),
    ),
    Case(
        "a constraint trigger",
        orders(touch()),
        orders(
            touch(),
            Trigger(
                "late",
                "orders",
                "AFTER INSERT",
                "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch()",
                constraint=True,
                comment="it's late",
            ),
        ),
        compares=("trigger",),
    ),
    Case(
        "a trigger instead of a view's",
        orders(touch(), View("v", "SELECT id FROM orders")),
        orders(
            touch(),
            View("v", "SELECT total AS id FROM orders"),
            Trigger("i", "v", "INSTEAD OF INSERT", "FOR EACH ROW EXECUTE FUNCTION touch()"),
        ),
        compares=("trigger",),
    ),
    Case(
        "a procedure",
        orders(Procedure("clear", "", "LANGUAGE sql AS $$ DELETE FROM orders $$")),
        orders(
            Procedure("clear", "", "LANGUAGE sql AS $$ DELETE FROM orders WHERE id > 7 $$"),
            Procedure("clear", "most int", "LANGUAGE plpgsql AS $$ BEGIN NULL; END $$"),
        ),
    ),
    Case(
        "comments of routines",
        orders(touch()),
        orders(
            Function("touch", "", TOUCH.format(version=1), comment="it's 100% :sure"),
            Function(
                "other",
                "a int, b text = 'x'",
                "RETURNS int LANGUAGE sql AS 'SELECT 1'",
                comment="new",
            ),
        ),
    ),
)

# ------------------------------------------------------------------------------------ MariaDB

COUNT = """RETURNS INTEGER DETERMINISTIC
BEGIN
    DECLARE found INTEGER; -- it's :word, 100%
    SELECT count(*) + {more} INTO found FROM orders WHERE total > least;
    RETURN found;
END"""
NOTE = """FOR EACH ROW
BEGIN
    SET NEW.total = coalesce(NEW.total, {total}); -- ":a" and '100%'
    SET NEW.total = NEW.total + 1;
END"""


def counted(more: int) -> Function:
    """A function of MariaDB's."""
    return Function("counted", "least INTEGER", COUNT.format(more=more))


def noted(total: int, when: str = "BEFORE INSERT") -> Trigger:
    """A trigger of MariaDB's."""
    return Trigger("noted", "orders", when, NOTE.format(total=total))


MARIADB = (
    Case("a function of mariadb's", orders(), orders(counted(0)), compares=("function",)),
    Case("change a function of mariadb's", orders(counted(0)), orders(counted(7))),
    Case(
        "a view of a function of mariadb's",
        orders(),
        orders(counted(1), View("v", "SELECT id, counted(id) AS n FROM orders")),
        compares=("function", "view"),
    ),
    Case(
        "change the arguments of a function of mariadb's",
        orders(counted(0)),
        orders(Function("counted", "a INT, b VARCHAR(10)", "RETURNS INT DETERMINISTIC RETURN a")),
    ),
    Case("a trigger of mariadb's", orders(), orders(noted(5)), compares=("trigger",)),
    Case("change a trigger of mariadb's", orders(noted(5)), orders(noted(6, "before update"))),
    Case(
        "drop a trigger of mariadb's with its table",
        orders(noted(5)),
        lambda m: None,
        compares=("trigger",),
    ),
    Case(
        "procedures of mariadb's",
        orders(Procedure("clear", "", "DELETE FROM orders")),
        orders(
            Procedure("clear", "IN most INT", "BEGIN DELETE FROM orders WHERE id > most; END"),
            Procedure("other", "OUT n INT", "SELECT count(*) INTO n FROM orders"),
        ),
    ),
    Case(
        "options of a view of mariadb's",
        orders(View("v", "SELECT id FROM orders")),
        orders(
            View(
                "v",
                "SELECT id FROM orders WHERE id > 0",
                {"security": "invoker", "algorithm": "merge", "check_option": "local"},
            )
        ),
    ),
)

# ------------------------------------------------------------------------------------- SQLite

LOG = """BEGIN
    UPDATE orders SET total = {total} WHERE id = NEW.id; -- it's; ":a" and '100%'
    SELECT 1;
END"""


def logged(total: int, when: str = "AFTER INSERT") -> Trigger:
    """A trigger of SQLite's."""
    return Trigger("logged", "orders", when, LOG.format(total=total))


SQLITE = (
    Case("a trigger of sqlite's", orders(), orders(logged(5)), compares=("trigger",)),
    Case(
        "change a trigger of sqlite's", orders(logged(5)), orders(logged(6, "AFTER UPDATE OF id"))
    ),
    Case(
        "rebuild a table under a trigger of sqlite's",
        orders(logged(5), more=(Column("x", sa.String(5)),)),
        orders(logged(5), more=(Column("x", Integer, nullable=False),)),
    ),
    Case(
        "drop a trigger of sqlite's with its column",
        orders(
            Trigger("t", "orders", "AFTER UPDATE OF x", "BEGIN SELECT NEW.x; END"),
            View("v", "SELECT x FROM orders"),
            more=(Column("x", Integer),),
        ),
        orders(logged(1), View("v", "SELECT id FROM orders")),
    ),
    Case(
        "a trigger instead of a view's of sqlite's",
        orders(View("v", "SELECT id FROM orders")),
        orders(
            View("v", "SELECT id, total FROM orders"),
            Trigger("i", "v", "INSTEAD OF INSERT", "BEGIN SELECT 1; END"),
        ),
        compares=("trigger",),
    ),
    Case(
        "a view changes under a trigger instead of it in sqlite",
        orders(
            View("v", "SELECT id FROM orders"),
            Trigger("i", "v", "INSTEAD OF INSERT", "BEGIN SELECT 1; END"),
        ),
        orders(
            View("v", "SELECT id, total FROM orders"),
            Trigger("i", "v", "INSTEAD OF INSERT", "BEGIN SELECT 1; END"),
        ),
    ),
    Case(
        "a view and its table change under another view in sqlite",
        orders(View("v", "SELECT id FROM orders"), View("w", "SELECT id FROM v")),
        orders(
            View("v", "SELECT id, total FROM orders"),
            View("w", "SELECT id FROM v"),
            more=(Column("x", Integer),),
        ),
    ),
    Case(
        "names of a view's columns in sqlite",
        orders(View("v", "SELECT id, total FROM orders", {"columns": "a, b"})),
        orders(View("v", "SELECT id, total FROM orders", {"columns": "a, c"})),
    ),
)


def _only_on(database: str, cases: tuple[Case, ...]) -> tuple[Case, ...]:
    return tuple(replace(case, databases=on(database)) for case in cases)


CASES = (
    *_only_on("postgresql", POSTGRESQL),
    *_only_on("mariadb", MARIADB),
    *_only_on("sqlite", SQLITE),
)
