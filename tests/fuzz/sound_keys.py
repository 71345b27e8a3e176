"""Keys, foreign keys and names that can be."""

from __future__ import annotations

from dataclasses import replace

from tests.fuzz.catalogue import Catalogue
from tests.fuzz.model import Column, ForeignKey, Model, Table, Unique
from tests.fuzz.names import stored
from tests.fuzz.source import kind_of


def with_key(table: Table, catalogue: Catalogue) -> Table:
    """The table with a primary key that can be, and with columns that fit it."""
    columns = {column.name: column for column in table.columns}
    # SQLite: "Generated columns may not be used as part of the PRIMARY KEY"
    # (https://www.sqlite.org/gencol.html); MariaDB neither
    # (https://mariadb.com/kb/en/generated-columns/); PostgreSQL 18 not where they are virtual.
    key = tuple(
        name
        for name in table.key
        if name in columns and columns[name].type.keyed and columns[name].computed is None
    )
    made = tuple(_in_key(c) if c.name in key else _beside_key(c) for c in table.columns)
    table = replace(table, columns=made, key=key, key_name=table.key_name if key else None)
    return _counting(table, catalogue)


def _in_key(column: Column) -> Column:
    if column.default is not None and "null" in column.default.text.lower():
        column = replace(column, default=None)  # it would say of a key that it is empty
    return replace(column, nullable=False, unique=False, index=False)


def _beside_key(column: Column) -> Column:
    # SQLAlchemy takes autoincrement=True for a column of a primary key only.
    return replace(column, autoincrement=None)


def _counting(table: Table, catalogue: Catalogue) -> Table:
    """``autoincrement=True`` for one integer at most, without a default."""
    found = False
    columns = []
    for column in table.columns:
        fits = column.type.family == "integer" and column.default is column.identity is None
        if column.autoincrement and (not fits or found or not _counts(table, column, catalogue)):
            column = replace(column, autoincrement=None)
        found = found or bool(column.autoincrement)
        columns.append(column)
    return replace(table, columns=tuple(columns))


def counted(table: Table) -> frozenset[str]:
    """The columns that may count by themselves: SQLAlchemy lets a key of one integer do so."""
    alone = len(table.key) == 1
    return frozenset(
        column.name
        for column in table.columns
        if column.autoincrement
        or (alone and column.name in table.key and column.type.family in ("integer", "tiny"))
    )


def _counts(table: Table, column: Column, catalogue: Catalogue) -> bool:
    kind = kind_of(catalogue.database)
    if kind == "sqlite":
        # "AUTOINCREMENT is only allowed on an INTEGER PRIMARY KEY":
        # https://www.sqlite.org/autoinc.html
        return len(table.key) == 1
    # InnoDB: "the AUTO_INCREMENT column must be the first one of a key":
    # https://mariadb.com/kb/en/auto_increment/
    return kind != "mariadb" or table.key[0] == column.name


def with_foreign_keys(model: Model, catalogue: Catalogue) -> Model:
    """The model with foreign keys that refer to whole primary keys, in columns of their types."""
    for _ in range(4):  # a change of type may change what others refer to
        tables = tuple(_referring(table, model, catalogue) for table in model.tables)
        if tables == model.tables:
            break
        model = replace(model, tables=tables)
    # A column may refer to columns of different types.
    tables = tuple(
        replace(t, foreign_keys=tuple(f for f in t.foreign_keys if _same_types(t, f, model)))
        for t in model.tables
    )
    return replace(model, tables=tables)


def _referring(table: Table, model: Model, catalogue: Catalogue) -> Table:
    found: list[ForeignKey] = []
    for foreign_key in table.foreign_keys:
        fixed = _to_key(table, foreign_key, model, catalogue)
        taken = {(f.columns, f.table) for f in found}
        if fixed is not None and (fixed.columns, fixed.table) not in taken:
            found.append(fixed)
            table = _with_types(table, fixed, model)
    return with_key(replace(table, foreign_keys=tuple(found)), catalogue)


def _to_key(
    table: Table, foreign_key: ForeignKey, model: Model, catalogue: Catalogue
) -> ForeignKey | None:
    """The foreign key with what it refers to, None where that cannot be."""
    other = model.table(foreign_key.table)
    columns = [table.column(name) for name in foreign_key.columns]
    if other is None or not other.key or len(columns) < len(other.key):
        return None
    # A value that the database makes is not one that it can look for elsewhere first; MariaDB:
    # https://mariadb.com/kb/en/foreign-keys/ ("a foreign key on a virtual column", "on stored").
    plain = [c for c in columns if c and c.computed is None and c.identity is None]
    if len(plain) < len(columns):
        return None
    chosen = foreign_key.columns[: len(other.key)]
    if other.name == table.name and set(chosen) & set(other.key):
        return None
    if kind_of(catalogue.database) == "mariadb" and table.schema and not other.schema:
        # SQLAlchemy says no schema of the other table, and the server takes that for the one of
        # this table: https://mariadb.com/kb/en/foreign-keys/
        return None
    if any(_never_referred(other.column(name)) for name in other.key):
        return None
    if kind_of(catalogue.database) == "mariadb" and not foreign_key.name and len(table.name) > 56:
        return None  # create_all leaves the name to the server: the table's with _ibfk_1, too long
    fixed = replace(foreign_key, columns=chosen, referred=other.key)
    kind = kind_of(catalogue.database)
    not_null = any(not c.nullable or c.name in table.key for c in plain)
    if kind == "mariadb" and not_null and "SET NULL" in str(fixed.options):
        # "SET NULL … the column must be nullable": https://mariadb.com/kb/en/foreign-keys/
        return replace(fixed, options=())
    return fixed


def _never_referred(column: Column | None) -> bool:
    # PostgreSQL creates a foreign key over varchar[] and cannot use it: "operator does not exist:
    # anyarray pg_catalog.= character varying[]" at the first row, and its ALTER TYPE fails too.
    return column is not None and column.type.family == "texts" and "String" in column.type.text


def _with_types(table: Table, foreign_key: ForeignKey, model: Model) -> Table:
    other = model.table(foreign_key.table)
    assert other is not None
    kinds = {}
    for name, referred in zip(foreign_key.columns, foreign_key.referred, strict=True):
        column = other.column(referred)
        assert column is not None
        kinds[name] = column.type
    columns = tuple(
        replace(c, type=kinds[c.name], default=None, autoincrement=None)
        if c.name in kinds and kinds[c.name] != c.type
        else c
        for c in table.columns
    )
    return replace(table, columns=columns)


def _same_types(table: Table, foreign_key: ForeignKey, model: Model) -> bool:
    other = model.table(foreign_key.table)
    if other is None or foreign_key.referred != other.key:
        return False
    pairs = zip(foreign_key.columns, foreign_key.referred, strict=True)
    sides = [(table.column(name), other.column(referred)) for name, referred in pairs]
    return all(one and two and one.type == two.type for one, two in sides)


# ------------------------------------------------------------------------------------- names


def with_names(model: Model, catalogue: Catalogue) -> Model:
    """The model without constraints and indexes whose names meet."""
    taken: set[str] = {stored(table.name, catalogue.database) for table in model.tables}
    tables = tuple(_named(table, taken, model, catalogue) for table in model.tables)
    return replace(model, tables=tables)


def _named(table: Table, taken: set[str], model: Model, catalogue: Catalogue) -> Table:
    """Names of what has an index are those of relations: one to a schema in PostgreSQL."""
    own: set[str] = {
        word
        for c in table.columns
        for word in ("choice", "other", "flag")
        if f'"{word}"' in c.type.text
    }

    def free(name: str | None, among: set[str]) -> bool:
        if name is None:
            return True
        key = stored(name, catalogue.database)
        if key in among:
            return False
        among.add(key)
        return True

    if not free(table.key_name, taken):
        table = replace(table, key_name=None)
    foreign = taken if kind_of(catalogue.database) == "mariadb" else own
    checks = tuple(c for c in table.checks if free(c.name, own))
    if model.convention == "plain":
        # The convention has no name for a CHECK without one: SQLAlchemy asks for it.
        checks = tuple(c for c in checks if c.name is not None)
    return replace(
        table,
        uniques=tuple(u for u in _uniques(table, model) if free(u.name, taken)),
        indexes=tuple(i for i in table.indexes if free(i.name, taken)),
        excludes=tuple(e for e in table.excludes if free(e.name, taken)),
        checks=checks,
        foreign_keys=tuple(f for f in _foreign_keys(table, model) if free(f.name, foreign)),
    )


def _uniques(table: Table, model: Model) -> list[Unique]:
    """Unique constraints over different columns.

    PostgreSQL makes one constraint of two that are the same, and none where the primary key is
    the same (transformIndexConstraints() in parse_utilcmd.c); SQLite has one index for both.
    """
    seen = {frozenset(table.key), *(frozenset({c.name}) for c in table.columns if c.unique)}
    starts = {c.name for c in table.columns if c.unique}
    found = []
    for unique in table.uniques:
        by_start = model.convention == "plain" and unique.name is None
        if frozenset(unique.columns) in seen or (by_start and unique.columns[0] in starts):
            continue
        seen.add(frozenset(unique.columns))
        if by_start:
            starts.add(unique.columns[0])
        found.append(unique)
    return found


def _foreign_keys(table: Table, model: Model) -> list[ForeignKey]:
    """The naming convention makes names of the first column and the table referred to."""
    if not model.convention:
        return list(table.foreign_keys)
    found: dict[object, ForeignKey] = {}
    for fact in table.foreign_keys:
        start = fact.columns[0] if model.convention == "plain" else fact.columns
        found.setdefault(fact.name or (start, fact.table), fact)
    return list(found.values())
