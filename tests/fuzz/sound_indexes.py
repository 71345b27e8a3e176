"""Unique constraints and indexes that can be."""

from __future__ import annotations

from dataclasses import replace

from tests.fuzz.catalogue import Catalogue
from tests.fuzz.model import Column, Element, Exclude, Index, Over, Table
from tests.fuzz.sound_keys import counted

METHODS = {
    # https://www.postgresql.org/docs/current/indexes-types.html and the tables of built-in
    # operator classes in its chapters about GiST, GIN and BRIN.
    '"gin"': {"jsonb", "tsvector", "integers", "texts"},
    '"gist"': {"range", "ranges", "tsvector"},
    '"hash"': {"integer", "text", "uuid", "date", "number", "inet", "jsonb"},
    '"brin"': {"integer", "text", "date", "number", "moment", "uuid", "inet"},
}


def with_indexes(table: Table, catalogue: Catalogue, unindexed: frozenset[str]) -> Table:
    """The table with unique constraints, indexes and EXCLUDE constraints that can be.

    :param unindexed: columns that no index may mention.
    """
    usable = {
        c.name: c for c in table.columns if _indexable(c, catalogue) and c.name not in unindexed
    }
    made = tuple(
        c if c.name in usable and c.type.keyed else replace(c, unique=False, index=False)
        for c in table.columns
    )
    uniques = tuple(
        u
        for u in table.uniques
        if all(name in usable and usable[name].type.keyed for name in u.columns)
    )
    fixed = (_index(_free(index, table), usable, catalogue) for index in table.indexes)
    return replace(
        table,
        columns=made,
        uniques=uniques,
        indexes=tuple(index for index in fixed if index is not None),
        excludes=_distinct([e for e in table.excludes if _excludes(e, usable)]),
    )


def _free(index: Index, table: Table) -> Index:
    """MariaDB makes a second index for a foreign key beside one with ``USING HASH``, without which
    the key does as well; and InnoDB has no hash indexes, so the catalogue tells no difference. Nor
    may such an index be over a column that counts ("cannot be used in the USING HASH clause").
    """
    referring = {name for key in table.foreign_keys for name in key.columns} | counted(table)
    options = tuple(pair for pair in index.options if pair != ("mariadb_using", '"hash"'))
    return replace(index, options=options) if referring.intersection(_named(index)) else index


def _named(index: Index) -> set[str]:
    return {element.what for element in index.elements if isinstance(element.what, str)}


def _indexable(column: Column, catalogue: Catalogue) -> bool:
    """PostgreSQL 18: "indexes on virtual generated columns are not supported", in conditions of
    partial ones neither."""
    virtual = column.computed is not None and not column.persisted
    return not (virtual and catalogue.database == "postgresql18")


def _fits(over: Over, columns: dict[str, Column]) -> bool:
    pairs = zip(over.columns, over.families, strict=True)
    return all(name in columns and columns[name].type.family == family for name, family in pairs)


def _index(index: Index, usable: dict[str, Column], catalogue: Catalogue) -> Index | None:
    where = index.where if index.where is not None and _fits(index.where, usable) else None
    options = dict(index.options)
    method = options.get("postgresql_using", "")
    elements = _elements(index, usable, catalogue)
    if method in METHODS:
        good = [e for e in elements if _takes(method, e, usable)][:1]
        if good:
            plain = tuple(replace(e, order="", operators="") for e in good)
            return replace(
                index,
                elements=plain,
                unique=False,
                where=where,
                options=(("postgresql_using", method),),
            )
        del options["postgresql_using"]
    if options.get("mariadb_prefix"):
        # "FULLTEXT … can be created only from CHAR, VARCHAR, or TEXT columns":
        # https://mariadb.com/kb/en/full-text-index-overview/; and not from computed ones: "This is
        # not yet supported for generated columns" (error 1907).
        texts = [
            replace(e, length=0)
            for e in elements
            if usable[str(e.what)].type.family == "text" and usable[str(e.what)].computed is None
        ]
        if texts:
            plain = (("mariadb_prefix", options["mariadb_prefix"]),)
            return replace(index, elements=(texts[0],), unique=False, options=plain)
        del options["mariadb_prefix"]
    elements = [e for e in elements if _in_btree(e, usable)]
    if not elements:
        return None
    if not index.unique:
        options.pop("postgresql_nulls_not_distinct", None)
    included = options.get("postgresql_include")
    if included is not None and included[2:-2] not in usable:
        del options["postgresql_include"]
    return replace(index, elements=tuple(elements), where=where, options=tuple(options.items()))


def _elements(index: Index, usable: dict[str, Column], catalogue: Catalogue) -> list[Element]:
    found: list[Element] = []
    for element in index.elements:
        what = element.what
        there = _fits(what, usable) if isinstance(what, Over) else what in usable
        if there and what not in [e.what for e in found]:
            found.append(_element(element, usable, catalogue))
    return found


def _element(element: Element, usable: dict[str, Column], catalogue: Catalogue) -> Element:
    if isinstance(element.what, Over):
        return replace(element, operators="", length=0)
    family = usable[element.what].type.family
    # "for BLOB and TEXT columns, a prefix length must be given", and for strings it may be:
    # https://mariadb.com/kb/en/create-index/
    strings = catalogue.database == "mariadb" and family in ("text", "blob")
    needed = not usable[element.what].type.keyed
    element = replace(element, length=(5 if needed else element.length) if strings else 0)
    allowed = catalogue.operators.get(family, ())
    operators = element.operators if element.operators in allowed else ""
    return replace(element, operators=operators)


def _takes(method: str, element: Element, usable: dict[str, Column]) -> bool:
    if isinstance(element.what, Over):
        return element.what.result in METHODS[method]
    return usable[element.what].type.family in METHODS[method]


def _in_btree(element: Element, usable: dict[str, Column]) -> bool:
    if isinstance(element.what, Over):
        return True
    if element.length:
        return True
    return usable[element.what].type.keyed and element.operators != "jsonb_path_ops"


def _distinct(excludes: list[Exclude]) -> tuple[Exclude, ...]:
    """Without those that differ in their names only: PostgreSQL takes them for one in CREATE TABLE,
    so that ``create_all`` would not make what an ALTER TABLE makes.
    """
    return tuple({replace(e, name=""): e for e in reversed(excludes)}.values())


def _excludes(exclude: Exclude, usable: dict[str, Column]) -> bool:
    families = {"gist": {"range"}, "btree": {"integer", "text"}}[exclude.using]
    if exclude.where is not None and not _fits(exclude.where, usable):
        return False
    return all(
        name in usable and usable[name].type.family in families for name, _ in exclude.elements
    )
