"""Drawing columns and what is said of them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.catalogue import AWKWARD, Catalogue
from tests.fuzz.model import Column, Enumeration, Over, Spelled, Type
from tests.fuzz.names import name


def spelled(draw: DrawFn, what: Spelled) -> Spelled:
    """``what`` in one of its spellings."""
    if len(what.variants) == 1:
        return what
    return replace(what, chosen=draw(st.integers(0, len(what.variants) - 1)))


def column_type(draw: DrawFn, catalogue: Catalogue, enums: tuple[Enumeration, ...]) -> Type:
    """A type."""
    if enums and draw(st.integers(0, 5)) == 5:
        enum = draw(st.sampled_from(enums))
        if draw(st.booleans()):
            return Type(("ENUM",), family="enum", enum=enum.name)
        return Type(("postgresql.ARRAY(ENUM)", "sa.ARRAY(ENUM)"), family="enums", enum=enum.name)
    # Two in three are of the families that most conditions and expressions are about.
    if draw(st.integers(0, 2)) < 2:
        kind = draw(
            st.sampled_from([t for t in catalogue.types if t.family in ("integer", "text")])
        )
    else:
        kind = draw(st.sampled_from(catalogue.types))
    return spelled(draw, kind)  # type: ignore[return-value]  # replace() keeps the class


def default(
    draw: DrawFn, catalogue: Catalogue, kind: Type, enums: tuple[Enumeration, ...]
) -> Spelled | None:
    """A server default for a column of a type, or none."""
    if kind.enum:
        values = next(enum.values for enum in enums if enum.name == kind.enum)
        if kind.family == "enums":
            return draw(st.sampled_from([None, Spelled(("sa.text(\"'{}'\")", '"{}"'))]))
        value = draw(st.sampled_from((None, *values)))
        return None if value is None else Spelled((repr(value),))
    known = catalogue.defaults.get(kind.family, ())
    chosen = draw(st.sampled_from([None, *known]))
    return None if chosen is None else spelled(draw, chosen)


def comment(draw: DrawFn, catalogue: Catalogue) -> str | None:
    """A comment, or none."""
    if "comments" not in catalogue.features:
        return None
    return draw(st.sampled_from([None, None, "a comment", *AWKWARD]))


def over_of(draw: DrawFn, known: tuple[Over, ...], columns: tuple[Column, ...]) -> Over | None:
    """One of the expressions that fit some of the columns, over columns that fit it."""
    by_family: dict[str, list[str]] = {}
    for column in columns:
        by_family.setdefault(column.type.family, []).append(column.name)
    fitting = [over for over in known if all(family in by_family for family in over.families)]
    if not fitting:
        return None
    chosen = spelled(draw, draw(st.sampled_from(fitting)))
    assert isinstance(chosen, Over)
    names = tuple(draw(st.sampled_from(by_family[family])) for family in chosen.families)
    return replace(chosen, columns=names)


def column(
    draw: DrawFn,
    catalogue: Catalogue,
    enums: tuple[Enumeration, ...],
    others: tuple[Column, ...] = (),
) -> Column:
    """A column, which may be computed from others."""
    called = name(draw, "c", catalogue.database)
    special = draw(st.integers(0, 9))
    if special == 9 and "identity" in catalogue.features:
        kind = draw(st.sampled_from([t for t in catalogue.types if t.family == "integer"]))
        identity = spelled(draw, draw(st.sampled_from(catalogue.identities)))
        return Column(called, kind, nullable=False, identity=identity)
    if special == 8:
        computed = computed_column(draw, catalogue, called, others)
        if computed is not None:
            return computed
    kind = column_type(draw, catalogue, enums)
    return Column(
        called,
        kind,
        nullable=draw(st.booleans()),
        default=default(draw, catalogue, kind, enums),
        comment=comment(draw, catalogue),
        unique=draw(st.integers(0, 9)) == 9,
        index=draw(st.integers(0, 9)) == 9,
    )


def computed_column(
    draw: DrawFn, catalogue: Catalogue, called: str, others: tuple[Column, ...]
) -> Column | None:
    """A column computed from others, None where nothing can be computed from those."""
    over = over_of(draw, catalogue.expressions, others)
    if over is None:
        return None
    kinds = [t for t in catalogue.types if t.family == over.result]
    stored = [word == "stored" for word in ("stored", "virtual") if word in catalogue.features]
    return Column(
        called,
        draw(st.sampled_from(kinds)),
        computed=over,
        persisted=draw(st.sampled_from([*stored, None] if len(stored) > 1 else stored)),
        comment=comment(draw, catalogue),
    )
