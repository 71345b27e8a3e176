"""What becomes of a column's values when it gets another type.

PostgreSQL, and standard SQL, refuse a value that does not fit and round one that is too exact.
MySQL and MariaDB refuse too, unless ``sql_mode`` is not strict: then they cut, and say so in a
warning that nobody reads (https://dev.mysql.com/doc/refman/8.4/en/sql-mode.html#sql-mode-strict).
So what fails elsewhere counts as lost there.
"""

from __future__ import annotations

from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from limbeck.dialects.standard.type_words import LONG_TEXT, TypeWords, type_words
from limbeck.operations.risk import fails, loses
from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from limbeck.operations.risk import Risk

# Characters that values of a family take as text at most; None for as many as you like.
_WIDTHS = {"boolean": 5, "date": 10, "time": 21, "timestamp": 32, "uuid": 36, "float": 25}
_DIGITS = {8: 3, 16: 5, 24: 8, 32: 10, 64: 19}
_EXACT_DIGITS = {24: 6, 53: 15}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_NUMBERS = ("integer", "decimal", "float")
# Each has the characters of those before it: https://mariadb.com/kb/en/supported-character-sets-and-collations/
_CHARSETS = ("ascii", "latin1", "utf8", "utf8mb4")
_SAME_CHARSET = {
    "utf8mb3": "utf8",
    "ucs2": "utf8",
    "utf16": "utf8mb4",
    "utf16le": "utf8mb4",
    "utf32": "utf8mb4",
    "gb18030": "utf8mb4",
}
_OTHER_CHARSETS = frozenset(
    {
        "armscii8",
        "big5",
        "binary",
        "cp1250",
        "cp1251",
        "cp1256",
        "cp1257",
        "cp850",
        "cp852",
        "cp866",
        "cp932",
        "dec8",
        "eucjpms",
        "euckr",
        "gb2312",
        "gbk",
        "geostd8",
        "greek",
        "hebrew",
        "hp8",
        "keybcs2",
        "koi8r",
        "koi8u",
        "latin2",
        "latin5",
        "latin7",
        "macce",
        "macroman",
        "sjis",
        "swe7",
        "tis620",
        "ujis",
    }
)


class ValueRules(Value, slots=True):
    """How a database treats values that do not fit.

    :param cuts: whether it may cut them silently.
    :param sizes: how much types have that say no size, where it is not what they have elsewhere.
    :param timestamp_is_short: whether TIMESTAMP has only the years from 1970 to 2038.
    :param is_cast: whether the step casts explicitly, which cuts texts:
        https://www.postgresql.org/docs/current/datatype-character.html
    """

    cuts: bool = False
    sizes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    timestamp_is_short: bool = False
    is_cast: bool = False


def type_risk(before: str, after: str, column: str, rules: ValueRules) -> Risk | None:
    """Say what a change of type may do to a column's values.

    :param before: the text of the old type.
    :param after: the text of the new one.
    :param column: the column for people, such as ``users.name``.
    :param rules: how the database treats values that do not fit.
    :returns: None where every value fits.
    """
    old, new = type_words(before), type_words(after)
    if rules.timestamp_is_short and _is(before, "datetime") and _is(after, "timestamp"):
        return _Judge(old, new, column, rules).misfit("times before 1970 or after 2038")
    old, new = _with_own_size(old, before, rules), _with_own_size(new, after, rules)
    judge = _Judge(old, new, column, rules)
    if old.family == new.family:
        return judge.within_family()
    is_text = new.family == "text" and new.size is None
    if "[" in old.family + new.family and not is_text:
        return judge.misfit(f"values that are no {after}")
    return judge.across_families(after)


def _with_own_size(words: TypeWords, text: str, rules: ValueRules) -> TypeWords:
    name = text.strip().lower().partition(" ")[0]
    return replace(words, size=rules.sizes[name]) if name in rules.sizes else words


def _is(text: str, name: str) -> bool:
    return text.strip().lower().startswith(name)


class _Judge(Value, slots=True):
    old: TypeWords
    new: TypeWords
    column: str
    rules: ValueRules

    def misfit(self, rows: str) -> Risk:
        """Rows that the new type has no place for."""
        if self.rules.cuts:
            return loses(f"{rows} in {self.column}, unless sql_mode is strict and refuses them")
        return fails(f"where {self.column} holds {rows}")

    def rounded(self, what: str) -> Risk:
        return loses(f"{what} in {self.column}")

    # ------------------------------------------------------------------------- one family

    def within_family(self) -> Risk | None:
        old, new = self.old, self.new
        match old.family:
            case "text":
                return self._shorter("characters") or self._fewer_characters()
            case "bytes":
                return self._shorter("bytes")
            case "integer":
                return None if _in_range(old, new) else self.misfit("numbers that are out of range")
            case "decimal":
                return self._fewer_digits()
            case "float":
                exact = _EXACT_DIGITS[new.size or 53]
                coarser = (new.size or 53) < (old.size or 53)
                return self.rounded(f"digits after the {exact}th") if coarser else None
            case "timestamp" | "time":
                return self._coarser()
            case "enum" | "set":
                gone = [f"'{value}'" for value in old.values if value not in new.values]
                return self.misfit(" or ".join(gone)) if gone else self._fewer_characters()
            case family if family in ("interval", "json", "jsonb", "uuid", "date", "boolean"):
                return None
            case _ if old != new:
                return self.misfit("values that the new type has no place for")
        return None

    def _shorter(self, unit: str) -> Risk | None:
        old, new = self.old.size, self.new.size
        if new is None or (old is not None and old <= new):
            return None
        if self.rules.is_cast:
            return loses(f"what is beyond {new} {unit} in {self.column}")
        return self.misfit(f"more than {new} {unit}")

    def _fewer_characters(self) -> Risk | None:
        old, new = (_SAME_CHARSET.get(c or "", c) for c in (self.old.charset, self.new.charset))
        known = {*_CHARSETS, *_OTHER_CHARSETS}
        if old == new or old not in known or new not in known or new == _CHARSETS[-1]:
            return None
        if old in _CHARSETS and new in _CHARSETS[_CHARSETS.index(old) :]:
            return None
        return self.misfit(f"characters that {self.new.charset} does not have")

    def _fewer_digits(self) -> Risk | None:
        old, new = self.old, self.new
        if new.scale is not None and (old.scale is None or new.scale < old.scale):
            what = f"digits after the {_ordinal(new.scale)} behind the decimal point"
            return self.rounded(what if new.scale else "fractions")
        if new.size is None or new.scale is None:
            return None
        if old.size is None or old.size - (old.scale or 0) > new.size - new.scale:
            return self.misfit("numbers that are out of range")
        return None

    def _coarser(self) -> Risk | None:
        old, new = self.old, self.new
        if old.is_zoned and not new.is_zoned:
            return loses(
                f"the time zone of the values in {self.column}, which become those of the session's"
            )
        most = 0 if self.rules.cuts else 6
        before, after = (most if words.size is None else words.size for words in (old, new))
        return self.rounded("fractions of a second") if after < before else None

    # ------------------------------------------------------------------------- another family

    def across_families(self, after: str) -> Risk | None:
        old, new = self.old, self.new
        if new.family == "text":
            return self._as_text()
        pair = (old.family, new.family)
        if old.family in _NUMBERS and new.family in _NUMBERS:
            return self._between_numbers()
        match pair:
            case ("json", "jsonb"):
                return loses(f"white space, repeated keys and the order of keys in {self.column}")
            case ("jsonb", "json") | ("boolean", "integer" | "decimal") | ("date", "timestamp"):
                return None
            case ("timestamp", "date"):
                return self.rounded("the time of day")
            case ("timestamp", "time"):
                return self.rounded("the date")
            case ("integer" | "decimal", "boolean"):
                return self.rounded("numbers other than 0 and 1")
            case ("enum" | "set", "set" | "enum"):
                gone = [f"'{value}'" for value in old.values if value not in new.values]
                return self.misfit(" or ".join(gone)) if gone else None
            case ("text", "bytes") | ("uuid", "bytes"):
                return None if new.size is None else self.misfit(f"more than {new.size} bytes")
            case ("text", "enum") if new.values:
                return self.misfit("anything but the values of the enumeration")
            case _:
                return self.misfit(f"values that are no {after}")

    def _as_text(self) -> Risk | None:
        old, new = self.old, self.new
        if old.family == "bytes":
            return self.misfit("bytes that are no text")
        if new.size is None or new.size >= LONG_TEXT:
            return None
        width = _width(old)
        if width is not None and width <= new.size:
            return None
        if self.rules.is_cast:
            return loses(f"what is beyond {new.size} characters in {self.column}")
        return self.misfit(f"more than {new.size} characters as text")

    def _between_numbers(self) -> Risk | None:
        old, new = self.old, self.new
        if new.family == "float":
            digits = _DIGITS[old.size or 64] if old.family == "integer" else old.size
            exact = _EXACT_DIGITS[new.size or 53]
            return (
                None if digits and digits <= exact else self.rounded(f"digits after the {exact}th")
            )
        if old.family == "integer":
            room = None if new.size is None else new.size - (new.scale or 0)
            fits = room is None or _DIGITS[old.size or 64] <= room
            return None if fits else self.misfit("numbers that are out of range")
        if new.family == "integer" and old.scale == 0:
            fits = old.size is not None and old.size < _DIGITS[new.size or 32]
            return None if fits else self.misfit("numbers that are out of range")
        if new.family == "decimal" and new.scale is None:
            return None
        return self.rounded("fractions" if new.family == "integer" else "digits that have no place")


def _in_range(old: TypeWords, new: TypeWords) -> bool:
    before, after = old.size or 64, new.size or 64
    if old.is_unsigned == new.is_unsigned:
        return before <= after
    return old.is_unsigned and before < after


def _width(words: TypeWords) -> int | None:
    """How many characters the values take as text at most; None for no limit."""
    match words.family:
        case "integer":
            return _DIGITS[words.size or 64] + 1
        case "decimal":
            return None if words.size is None else words.size + 2
        case "enum":
            return max((len(value) for value in words.values), default=None)
        case family:
            return _WIDTHS.get(family)


def _ordinal(number: int) -> str:
    return f"{number}{_ENDINGS.get(number, 'th')}"
