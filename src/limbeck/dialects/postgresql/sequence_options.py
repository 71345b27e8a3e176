"""The options of sequences and identity columns, without those that are the default.

The defaults follow from the direction and the type, see
https://www.postgresql.org/docs/current/sql-createsequence.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Identity

from limbeck.dialects.standard.item_words import options_of

if TYPE_CHECKING:
    from limbeck.facts.objects import IdentityFact, Options

#: How an option that is no longer said is taken back: ``ALTER … SET`` leaves it as it is.
TAKEN_BACK: dict[str, dict[str, Any]] = {
    "cache": {"cache": 1},
    "cycle": {"cycle": False},
    "increment": {"increment": 1},
    "maxvalue": {"nomaxvalue": True},
    "minvalue": {"nominvalue": True},
    "start": {"start": 1},
}

_BITS = {"smallint": 15, "integer": 31}


def sequence_options(
    type_text: str,
    *,
    start: Any = None,
    increment: Any = None,
    minvalue: Any = None,
    maxvalue: Any = None,
    cycle: Any = None,
    cache: Any = None,
    alone: bool = False,
) -> Options:
    """The options that differ from what PostgreSQL takes by itself.

    :param type_text: the normal text of the type of the numbers.
    :param alone: True for a sequence that no column says the type of.
    :param start: each option is a number, or None where it is left open.
    """
    limit = 2 ** _BITS.get(type_text, 63)
    step = 1 if increment is None else int(increment)
    lowest, highest = (1, limit - 1) if step > 0 else (-limit, -1)
    bottom = lowest if minvalue is None else int(minvalue)
    top = highest if maxvalue is None else int(maxvalue)
    first = bottom if step > 0 else top
    return options_of(
        start=_unless(start, first),
        increment=_unless(step, 1),
        minvalue=_unless(bottom, lowest),
        maxvalue=_unless(top, highest),
        cycle=bool(cycle),
        cache=_unless(cache, 1),
        data_type=type_text if alone and type_text != "bigint" else None,
    )


def sequence_range(options: Options, type_text: str = "bigint") -> tuple[int, int]:
    """The smallest and the greatest number of a sequence with such options.

    :param type_text: the type of its numbers where the options do not say it, as they do not for
        an identity, which has its column's.
    """
    said = dict(options)
    limit = 2 ** _BITS.get(said.get("data_type", type_text), 63)
    lowest, highest = (1, limit - 1) if _step(said) > 0 else (-limit, -1)
    return int(said.get("minvalue", lowest)), int(said.get("maxvalue", highest))


def sequence_start(options: Options) -> int:
    """The number that a sequence with such options begins with."""
    said = dict(options)
    lowest, highest = sequence_range(options)
    return int(said.get("start", lowest if _step(said) > 0 else highest))


def counts_backwards(options: Options) -> bool:
    """Whether a sequence with such options goes down."""
    return _step(dict(options)) < 0


def _step(options: dict[str, str]) -> int:
    return int(options.get("increment", 1))


def _unless(value: Any, default: int) -> int | None:
    return None if value is None or int(value) == default else int(value)


def taking_back(before: IdentityFact, after: IdentityFact, model: Identity) -> Identity:
    """The model's identity, with words for what is there and it no longer says.

    So written, a revision gives the same whoever runs it: what it does not say may stay.

    :param before: the column's identity as it is.
    :param after: as it becomes.
    :param model: the same as SQLAlchemy's object.
    """
    old, new = dict(before.options), dict(after.options)
    said: dict[str, Any] = {}
    for option in old.keys() - new.keys():
        said |= TAKEN_BACK[option]
    upwards = int(new.get("increment") or 1) > 0
    # A sequence keeps where it starts, also where that came from its least number.
    moved = {option for option in old.keys() | new.keys() if old.get(option) != new.get(option)}
    if model.start is None and moved & {"start", "increment", "minvalue", "maxvalue"}:
        first = (new.get("minvalue") or 1) if upwards else (new.get("maxvalue") or -1)
        said["start"] = int(first)
    # Nor does it take the usual limits of the other direction by itself.
    if upwards != (int(old.get("increment") or 1) > 0):
        for option in ("minvalue", "maxvalue"):
            if option not in new:
                said |= TAKEN_BACK[option]
    if not said:
        return model
    options = {name: getattr(model, name) for name in _OPTIONS} | said
    return Identity(**{name: value for name, value in options.items() if value is not None})


_OPTIONS = (
    "always", "start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle",
    "cache",
)  # fmt: skip
