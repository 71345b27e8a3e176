"""Makes a pair that fails small: less and less of it is kept while it goes on failing alike.

Hypothesis would shrink the choices from which a pair was drawn, a hundred times for what is one
table less; here whole tables, columns and words are left out, on all sides at once.
"""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass, replace
from typing import Any

from tests.fuzz.catalogue import Catalogue
from tests.fuzz.loop import DrawnLoop
from tests.fuzz.model import Column, Model, Spelled, Table
from tests.fuzz.pair import Pair
from tests.fuzz.sound import PLAIN, sound

SECONDS = 30.0
"""How long one failure is worked on."""

Edit = Callable[[Model], Model]


def reduced(
    pair: Pair, error: Exception, loop: DrawnLoop, catalogue: Catalogue
) -> tuple[Pair, Exception]:
    """The smallest pair that was found to fail like ``pair``, and its error."""
    end = time.monotonic() + SECONDS
    wanted = kind_of_failure(error)
    shorter = True
    while shorter and time.monotonic() < end:
        shorter = False
        for candidate in _candidates(pair, catalogue):
            if time.monotonic() > end:
                break
            found = _failure(candidate, loop)
            if found is not None and kind_of_failure(found) == wanted:
                pair, error, shorter = candidate, found, True
                break
    return pair, error


def kind_of_failure(error: BaseException) -> tuple[str, ...]:
    """What makes two failures alike: the error, and where it came up."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "/limbeck/" in f.filename]
    last = frames[-1].name if frames else ""
    names = [f.name for f in traceback.extract_tb(error.__traceback__) if "/fuzz/" in f.filename]
    return (type(error).__name__, last, *names[-1:], *_words(error))


def _words(error: BaseException) -> Iterator[str]:
    """What the database said, without names and values; which kinds of things differ."""
    said = str(getattr(error, "orig", None) or error).partition("\nafter\n")[0]
    plain = re.sub(r'"[^"]*"|\'[^\']*\'|`[^`]*`|\d+|\(.*\)', "", said)
    first = plain.strip().partition("\n")[0]
    if not isinstance(error, AssertionError):
        yield first[:60]
    else:
        pairs = re.findall(r"kind='(\w+)'|^[-+] .*?(\w+Fact)\(", said, re.MULTILINE)
        yield from sorted({"".join(pair) for pair in pairs})


def _failure(pair: Pair, loop: DrawnLoop) -> Exception | None:
    try:
        loop.hold(pair.before, pair.after, pair.respelled)
    except Exception as error:
        return error
    return None


def _candidates(pair: Pair, catalogue: Catalogue) -> Iterator[Pair]:
    """Pairs that are a little smaller, those that save most first."""
    seen = {pair}
    alike = _alike(pair.before, pair.respelled)

    def fresh(*models: Model) -> Iterator[Pair]:
        made = Pair(*models)
        # What is the same in other words has to stay the same.
        strayed = alike and not _alike(made.before, made.respelled)
        if made not in seen and not strayed:
            seen.add(made)
            yield made

    sides = (pair.before, pair.respelled, pair.after)
    yield from fresh(pair.before, pair.before, pair.after)
    yield from fresh(pair.before, pair.respelled, pair.before)
    for edit in _edits(*sides):
        yield from fresh(*(sound(edit(model), catalogue) for model in sides))
    for edit in _edits(pair.after):
        yield from fresh(pair.before, pair.respelled, sound(edit(pair.after), catalogue))
    for edit in _edits(pair.before):
        same = (sound(edit(model), catalogue) for model in sides[:2])
        yield from fresh(*same, pair.after)


def _alike(model: Model, respelled: Model) -> bool:
    """Whether two models differ in how something is spelled, and in nothing else."""
    return _unspelled(model) == _unspelled(replace(respelled, qualified=model.qualified))


def _unspelled(value: Any) -> Any:
    """A description with everything in its first spelling."""
    if isinstance(value, tuple):
        return tuple(_unspelled(each) for each in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    plain = {f.name: _unspelled(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Spelled):
        plain["chosen"] = 0
    return replace(value, **plain)


def _edits(*models: Model) -> Iterator[Edit]:
    """What can be left out of some of the models."""
    names = sorted({table.name for model in models for table in model.tables})
    for name in names:
        yield lambda m, n=name: replace(m, tables=tuple(t for t in m.tables if t.name != n))  # type: ignore[misc]  # mypy infers no lambda with a default
    yield lambda m: replace(m, sequences=())
    yield lambda m: replace(m, convention="")
    yield lambda m: replace(m, qualified=False)
    for name in names:
        found = [t for model in models for t in model.tables if t.name == name]
        for edit in _table_edits(found):
            yield _in_table(name, edit)


def _table_edits(tables: list[Table]) -> Iterator[Callable[[Table], Table]]:
    columns = sorted({column.name for table in tables for column in table.columns})
    for part in ("indexes", "uniques", "checks", "foreign_keys", "excludes"):
        for one in dict.fromkeys(one for table in tables for one in getattr(table, part)):
            yield _without(part, one)
    for name in columns:
        yield lambda t, n=name: replace(t, columns=tuple(c for c in t.columns if c.name != n))  # type: ignore[misc]  # as above
    for field in ("key_name", "key", "comment", "schema", "options"):
        yield lambda t, f=field: replace(t, **{f: Table.__dataclass_fields__[f].default})  # type: ignore[misc]  # as above
    for name in columns:
        for edit in _column_edits():
            yield _in_column(name, edit)
    for part in ("indexes", "uniques", "checks", "foreign_keys", "excludes"):
        for one in dict.fromkeys(one for table in tables for one in getattr(table, part)):
            for simple in _simpler(one):
                yield _instead(part, one, simple)


def _column_edits() -> Iterator[Callable[[Column], Column]]:
    for field in fields(Column):
        if field.default is not MISSING:
            yield lambda c, f=field: replace(c, **{f.name: f.default})  # type: ignore[misc]  # as above
    yield lambda c: replace(c, type=PLAIN, default=None)
    yield lambda c: replace(c, type=replace(c.type, chosen=0))


def _simpler(one: Any) -> Iterator[Any]:
    for field in fields(one):
        value = getattr(one, field.name)
        if field.default is not MISSING and value != field.default:
            yield replace(one, **{field.name: field.default})
        if isinstance(value, Spelled) and value.chosen:
            yield replace(one, **{field.name: replace(value, chosen=0)})
        if field.name in ("elements", "options", "columns") and len(value) > 1:
            for place in range(len(value)):
                yield replace(one, **{field.name: value[:place] + value[place + 1 :]})


def _in_table(name: str, edit: Callable[[Table], Table]) -> Edit:
    return lambda m: replace(m, tables=tuple(edit(t) if t.name == name else t for t in m.tables))


def _in_column(name: str, edit: Callable[[Column], Column]) -> Callable[[Table], Table]:
    return lambda t: replace(t, columns=tuple(edit(c) if c.name == name else c for c in t.columns))


def _without(part: str, one: Any) -> Callable[[Table], Table]:
    return lambda t: replace(t, **{part: tuple(o for o in getattr(t, part) if o != one)})


def _instead(part: str, one: Any, simple: Any) -> Callable[[Table], Table]:
    return lambda t: replace(
        t, **{part: tuple(simple if o == one else o for o in getattr(t, part))}
    )
