"""Two texts of an index's element that may mean the same, one typed and one from the catalogue.

``pg_get_indexdef()`` says casts that nobody wrote, spells keywords in capitals, adds and leaves out
brackets: https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-CATALOG. Casts
are therefore not compared at all, and neither are collations, which it does not say of one element.
"""

from __future__ import annotations

import re
from functools import lru_cache

from limbeck.value import Value

_TOKEN = re.compile(
    r"""
    (?P<string>(?:[eEbBxX]|[uU]&)?'(?:[^']|'')*')
  | (?P<name>"(?:[^"]|"")*"|[A-Za-z_\u0080-\U0010ffff][\w$]*)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<sign>::|[-+*/<>=~!@\#%^&|`?]+|\S)
    """,
    re.VERBOSE,
)
_PLAIN_QUOTED = re.compile(r'"([a-z_][a-z0-9_$]*)"')
_NUMBER = re.compile(r"'([-+]?)((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)'")
_TEXT_TYPES = frozenset(("text", "character", "varchar", "char", "bpchar", "name"))
# The words of type names that follow a first one: "timestamp without time zone".
_TYPE_WORDS = frozenset(("precision", "varying", "with", "without", "time", "zone"))
# Words before a bracket that does not hold the arguments of a function.
# fmt: off
_KEYWORDS = frozenset((
    "and", "any", "all", "array", "as", "between", "case", "collate", "else", "end", "from", "in",
    "is", "like", "ilike", "not", "or", "similar", "some", "then", "to", "when",
))
# fmt: on
_ORDERS = {
    ("asc",): "",
    ("desc",): "desc",
    ("nulls", "first"): "nulls first",
    ("nulls", "last"): "nulls last",
}


class IndexElement(Value, slots=True):
    """One element of an index, in a form in which equal means the same.

    :param words: the column or expression.
    :param order: ``desc``, ``nulls first`` and so on, without what is the default.
    :param operator_class: the operator class that stands behind it.
    """

    words: tuple[str, ...]
    order: tuple[str, ...] = ()
    operator_class: str | None = None


@lru_cache(maxsize=4096)
def element_of(text: str) -> IndexElement:
    """Read an element of an index.

    :param text: the element as it stands in ``CREATE INDEX``.
    """
    words = [_word(match) for match in _TOKEN.finditer(text)]
    words, order = _without_order(words)
    words, operator_class = _without_operator_class(words)
    words = _without_collation(_without_casts(words))
    return IndexElement(tuple(_without_brackets(words)), order, operator_class)


def _word(match: re.Match[str]) -> str:
    text = match.group()
    if match.lastgroup != "name":
        return {"!=": "<>"}.get(text, text)
    plain = _PLAIN_QUOTED.fullmatch(text)
    return plain[1] if plain else text if text.startswith('"') else text.lower()


def _without_order(words: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Ascending is the default; NULLs come last in ascending order and first in descending."""
    said: set[str] = set()
    while ending := next((end for end in _ORDERS if tuple(words[-len(end) :]) == end), None):
        if len(words) <= len(ending):
            break  # a column of that name
        said.add(_ORDERS[ending])
        words = words[: -len(ending)]
    said -= {"", "nulls first" if "desc" in said else "nulls last"}
    return words, tuple(sorted(said))


def _without_operator_class(words: list[str]) -> tuple[list[str], str | None]:
    """The words without the name of an operator class that follows a whole expression."""
    if len(words) < 2 or not words[-1].strip('"').endswith("_ops"):
        return words, None
    before = words[-2]
    if before not in (")", "]") and (not _is_name(before) or before in _KEYWORDS):
        return words, None
    return words[:-1], words[-1]


def _without_collation(words: list[str]) -> list[str]:
    if "collate" not in words[1:]:
        return words
    place = len(words) - 1 - words[::-1].index("collate")
    rest = words[place + 1 :]
    return words[:place] if rest and all(_is_name(each) or each == "." for each in rest) else words


def _is_name(word: str) -> bool:
    return word[:1] == '"' or word[:1].isalpha() or word[:1] == "_"


# casts


def _without_casts(words: list[str]) -> list[str]:
    """The words without ``::type``, and with ``(x)`` for ``CAST(x AS type)``."""
    found: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        if word == "::" and found:
            end = _end_of_type(words, place + 1)
            if words[place + 1] not in _TEXT_TYPES:
                found[-1:] = _number_in(found[-1])
            place = end
        elif word == "cast" and words[place + 1 : place + 2] == ["("]:
            end = closing(words, place + 1)
            inside = words[place + 2 : end]
            found += ["(", *_without_casts(inside[: _last_as(inside)]), ")"]
            place = end + 1
        else:
            found.append(word)
            place += 1
    return found


def _end_of_type(words: list[str], place: int) -> int:
    """Where a type's name ends: ``a.b``, ``timestamp(3) with time zone``, ``numeric(10, 2)[]``."""
    place += 1
    while place < len(words):
        word = words[place]
        if word == ".":
            place += 2
        elif word in _TYPE_WORDS:
            place += 1
        elif word == "(":
            place = closing(words, place) + 1
        elif word == "[" and words[place + 1 : place + 2] == ["]"]:
            place += 2
        else:
            break
    return place


def _number_in(word: str) -> list[str]:
    """``'-1'``, of which a number is made, as that number."""
    match = _NUMBER.fullmatch(word)
    return [word] if match is None else [part for part in match.groups() if part]


def _last_as(words: list[str]) -> int:
    """Where the type begins in what ``CAST()`` is given."""
    depth, last = 0, len(words)
    for place, word in enumerate(words):
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == "as" and depth == 0:
            last = place
    return last


# brackets


def closing(words: list[str], place: int) -> int:
    """Where the bracket that opens at a place is closed; the last place where it never is."""
    depth = 0
    for position in range(place, len(words)):
        depth += {"(": 1, ")": -1}.get(words[position], 0)
        if depth == 0:
            return position
    return len(words) - 1


def _without_brackets(words: list[str]) -> list[str]:
    """The words without brackets that change nothing."""
    place = 0
    while place < len(words):
        if words[place] == "(" and not _is_call(words, place):
            end = closing(words, place)
            inside = words[place + 1 : end]
            if _is_alone(words, place, end, inside) or _is_operand(inside):
                words = [*words[:place], *inside, *words[end + 1 :]]
                continue
        place += 1
    return words


def _is_call(words: list[str], place: int) -> bool:
    return place > 0 and _is_name(words[place - 1]) and words[place - 1] not in _KEYWORDS


def _is_alone(words: list[str], place: int, end: int, inside: list[str]) -> bool:
    """Whether nothing else stands between the brackets or commas around a pair of brackets."""
    before = words[place - 1] if place else "("
    after = words[end + 1] if end + 1 < len(words) else ")"
    return before in ("(", ",") and after in (")", ",") and not _has_comma(inside)


def _has_comma(words: list[str]) -> bool:
    depth = 0
    for word in words:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if word == "," and depth == 0:
            return True
    return False


def _is_operand(words: list[str]) -> bool:
    """Whether the words are one name, one value, one call, or something in brackets already."""
    if len(words) == 1:
        return True
    if not words or words[-1] != ")":
        return False
    start = 1 if _is_name(words[0]) and words[0] not in _KEYWORDS else 0
    return words[start] == "(" and closing(words, start) == len(words) - 1
