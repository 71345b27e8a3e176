"""The examples: what a project writes beside its models, and what comes of it.

``{tool}`` stands for ``limbeck`` or ``alembic``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

MODELS = """
import sqlalchemy as sa

metadata = sa.MetaData()
order = sa.Table(
    "purchase",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("paid", sa.Integer, nullable=False),
)
"""

VIEWS = """
import sqlalchemy as sa
from {tool}.autogenerate import comparators, renderers
from {tool}.operations import MigrateOperation, Operations
from {tool}.util import DispatchPriority

WANTED = {{"big_purchase": "SELECT id FROM purchase WHERE paid > 100"}}


@Operations.register_operation("create_view")
class CreateView(MigrateOperation):
    def __init__(self, name, query):
        self.name, self.query = name, query

    @classmethod
    def create_view(cls, operations, name, query):
        return operations.invoke(cls(name, query))

    def reverse(self):
        return DropView(self.name, self.query)

    def to_diff_tuple(self):
        return ("create_view", self.name)


@Operations.register_operation("drop_view")
class DropView(MigrateOperation):
    def __init__(self, name, query=None):
        self.name, self.query = name, query

    @classmethod
    def drop_view(cls, operations, name):
        return operations.invoke(cls(name))

    def reverse(self):
        return CreateView(self.name, self.query)

    def to_diff_tuple(self):
        return ("drop_view", self.name)


@Operations.implementation_for(CreateView)
def create_view(operations, operation):
    operations.execute(f"CREATE VIEW {{operation.name}} AS {{operation.query}}")


@Operations.implementation_for(DropView)
def drop_view(operations, operation):
    operations.execute(f"DROP VIEW {{operation.name}}")


@renderers.dispatch_for(CreateView)
def render_create_view(context, operation):
    return f"op.create_view({{operation.name!r}}, {{operation.query!r}})"


@renderers.dispatch_for(DropView)
def render_drop_view(context, operation):
    return f"op.drop_view({{operation.name!r}})"


@comparators.dispatch_for("schema", priority=DispatchPriority.LAST)
def compare_views(context, upgrade_ops, schemas):
    stored = sa.inspect(context.connection).get_view_names()
    for name, query in WANTED.items():
        if name not in stored:
            upgrade_ops.ops.append(CreateView(name, query))


options = {{}}
"""

REWRITER = """
import sqlalchemy as sa
from {tool}.autogenerate import rewriter
from {tool}.operations import ops

with_owner = rewriter.Rewriter()
without_nullable = rewriter.Rewriter()


@with_owner.rewrites(ops.CreateTableOp)
def add_owner(context, revision, operation):
    operation.columns.append(sa.Column("owner", sa.String(20), nullable=True))
    index = ops.CreateIndexOp("ix_owner", operation.table_name, ["owner"])
    return [operation, index]


@without_nullable.rewrites(ops.CreateTableOp)
def fill_owner(context, revision, operation):
    operation.columns[-1].server_default = sa.DefaultClause("nobody")
    return operation


def numbered(context, revision, directives):
    directives[0].message = "numbered"
    with_owner.chain(without_nullable)(context, revision, directives)


options = {{
    "process_revision_directives": numbered,
    "include_name": lambda name, kind, parents: name not in ("owner", "ix_owner"),
}}
"""

FILTERS = """
import sqlalchemy as sa
import models

sa.Table("elsewhere", models.metadata, sa.Column("id", sa.Integer), info={{"skip": True}})

def include_name(name, kind, parents):
    return not (kind == "table" and name.startswith("theirs"))


def include_object(item, name, kind, reflected, compare_to):
    return not item.info.get("skip", False)


options = {{"include_name": include_name, "include_object": include_object}}
"""

TYPES = """
import sqlalchemy as sa
import models


class Cents(sa.TypeDecorator):
    impl = sa.Integer
    cache_ok = True


models.order.append_column(sa.Column("tip", Cents()))
models.order.append_column(sa.Column("note", sa.Text()))


def render_item(kind, item, context):
    if kind == "type" and isinstance(item, Cents):
        context.imports.add("from {tool}_types import Cents")
        return "Cents()"
    if kind == "type" and isinstance(item, sa.Text):
        return "sa.String(9)"
    return False


def compare_type(context, inspected, modelled, inspected_type, modelled_type):
    return False if isinstance(modelled_type, sa.Text) else None


options = {{"render_item": render_item, "compare_type": compare_type}}
"""

DIALECT = """
import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from {tool}.ddl.impl import DefaultImpl


class LedgerDialect(SQLiteDialect_pysqlite):
    name = "ledger"
    supports_statement_cache = True


class LedgerImpl(DefaultImpl):
    __dialect__ = "ledger"
    transactional_ddl = True
    type_synonyms = (*DefaultImpl.type_synonyms, {{"INTEGER", "BIGINT"}})

    def version_table_impl(self, **given):
        table = super().version_table_impl(**given)
        table.c.version_num.type = sa.String(99)
        return table

    def render_type(self, type_, context):
        return "sa.BigInteger()" if isinstance(type_, sa.Integer) else False

    def create_table(self, table, **given):
        super().create_table(table, **given)
        self._exec(f"CREATE TABLE {{table.name}}_journal (id INTEGER)")

    def drop_table(self, table, **given):
        super().drop_table(table, **given)
        self._exec(f"DROP TABLE {{table.name}}_journal")


registry.impls["ledger"] = lambda: LedgerDialect
options = {{
    "compare": "alembic",
    "include_name": lambda name, kind, parents: not (name or "").endswith("_journal"),
}}
"""

PLUGIN = """
import sqlalchemy as sa
from {tool}.operations import ops
from {tool}.runtime.plugins import Plugin

NAME = "shop.{tool}.index_everything"


def index_everything(context, modify_ops, schema, name, stored, modelled):
    if modelled is not None and (stored is None or not stored.indexes):
        modify_ops.ops.append(ops.CreateIndexOp("ix_paid", name, ["paid"]))


plugin = Plugin(NAME)
plugin.add_autogenerate_comparator(index_everything, "table", "everything")
options = {{
    "compare": "alembic",
    "autogenerate_plugins": ["alembic.autogenerate.*", "~alembic.autogenerate.constraints", NAME]
}}
"""


@dataclass(frozen=True)
class Example:
    """What a project plugs in.

    :param name: what it shows.
    :param plugged: its module, which defines ``options`` for ``context.configure()``.
    :param words: what the revision that is generated holds.
    :param unwanted: what it does not hold.
    :param made: tables, views and columns that are there after the upgrade.
    :param before: statements that make what is there already.
    :param dialect: what the address of the SQLite database begins with.
    :param databases: where it is tried.
    """

    name: str
    plugged: str
    words: tuple[str, ...]
    unwanted: tuple[str, ...] = ()
    made: frozenset[str] = field(default_factory=frozenset)
    before: tuple[str, ...] = ()
    dialect: str = "sqlite"
    databases: tuple[str, ...] = ("sqlite",)


EXAMPLES = (
    Example(
        "views",
        VIEWS,
        ("op.create_view('big_purchase', 'SELECT id FROM purchase WHERE paid > 100')",),
        made=frozenset({"purchase", "big_purchase"}),
        databases=("sqlite", "postgresql15", "mariadb"),
    ),
    Example(
        "rewriter",
        REWRITER,
        ("numbered", "ix_owner", "nobody"),
        made=frozenset({"purchase", "purchase.owner"}),
        databases=("sqlite", "postgresql15"),
    ),
    Example(
        "filters",
        FILTERS,
        ("purchase",),
        ("elsewhere", "theirs"),
        frozenset({"purchase"}),
        before=("CREATE TABLE theirs (id INTEGER)",),
    ),
    Example(
        "types",
        TYPES,
        ("Cents()", "types import Cents", "sa.String(9)"),
        made=frozenset({"purchase", "purchase.tip", "purchase.note"}),
        databases=("sqlite", "postgresql15"),
    ),
    Example(
        "dialect",
        DIALECT,
        ("sa.BigInteger()",),
        ("sa.Integer()",),
        frozenset({"purchase", "purchase_journal"}),
        dialect="ledger",
    ),
    Example("plugin", PLUGIN, ("ix_paid",), made=frozenset({"purchase"})),
)
