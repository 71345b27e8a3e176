"""Values for the columns of a table that nobody has filled: plain ones, and odd ones.

Plain values are different for each number, and short, so that they fit nearly everywhere and
convert to other types: ``"7"`` is a number too. Odd ones are the limits of a type, and what trips
programs up: nothing, the empty string, other alphabets, quotes, negative numbers.
"""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import types

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

_EPOCH = datetime.datetime(2020, 1, 1)

_WORDS = (
    "",
    "ünïcødé ☃ 漢字 🜁",
    'it\'s "quoted" 100% :name %s \\ `x`',
    " blanks around ",
    "NULL",
    "line\nbreak\ttab",
)
_LONGEST = 300

_LIMITS = {
    "TINYINT": 7,
    "SMALLINT": 15,
    "MEDIUMINT": 23,
    "INTEGER": 31,
    "BIGINT": 63,
}
_BITS = 31

# types that SQLAlchemy has no common class for, by what they are called
_BY_NAME: Mapping[str, Callable[[int], Any]] = {
    "INET": lambda n: f"10.0.{n // 250}.{n % 250 + 1}",
    "CIDR": lambda n: f"10.{n % 250}.0.0/16",
    "MACADDR": lambda n: f"08:00:2b:01:{n // 250:02x}:{n % 250:02x}",
    "MONEY": lambda n: str(n + 1),
    "TSVECTOR": lambda n: f"word{n}",
    "BIT": lambda n: None,
    "YEAR": lambda n: 1970 + n % 100,
    "SET": lambda n: None,
}


def plain_value(type_: TypeEngine[Any], number: int) -> Any:
    """A value that fits nearly everywhere, another one for each number.

    :param type_: the column's type.
    :param number: from 0.
    :return: the value; None where there is none that is known.
    """
    name = type_.__visit_name__.upper()
    if name in _BY_NAME:
        return _BY_NAME[name](number)
    if isinstance(type_, types.Enum) and type_.enums:
        return type_.enums[number % len(type_.enums)]
    for kind, make in _PLAIN:
        if isinstance(type_, kind):
            return make(type_, number)
    return None


def odd_values(type_: TypeEngine[Any]) -> tuple[Any, ...]:
    """Values that trip programs up. Not every database takes every one of them.

    :param type_: the column's type.
    """
    if isinstance(type_, types.Enum):
        return tuple(type_.enums)
    if type_.__visit_name__.upper() in _BY_NAME:
        return ()
    for kind, make in _ODD:
        if isinstance(type_, kind):
            return make(type_)
    return ()


def _plain_number(type_: Any, number: int) -> decimal.Decimal | float:
    if isinstance(type_, types.Float):
        return number + 0.5
    precision, scale = type_.precision, type_.scale or 0
    if precision is not None and precision == scale:
        return decimal.Decimal(number + 1).scaleb(-scale)
    return decimal.Decimal(number + 1)


def _plain_text(type_: Any, number: int) -> str:
    text = str(number + 1)
    return text if type_.length is None else text[: type_.length]


def _plain_array(type_: Any, number: int) -> list[Any]:
    value: Any = [plain_value(type_.item_type, number)]
    for _ in range((type_.dimensions or 1) - 1):
        value = [value]
    return value  # type: ignore[no-any-return]  # lists within lists, as deep as the type says


_PLAIN: tuple[tuple[type[TypeEngine[Any]], Callable[[Any, int], Any]], ...] = (
    (types.Boolean, lambda _, n: n % 2 == 0),
    (types.Integer, lambda type_, n: n % 2 if _is_boolean(type_) else n % 120 + 1),
    (types.Numeric, _plain_number),
    (types.Float, _plain_number),
    (types.Uuid, lambda type_, n: _uuid(type_, n)),
    (types.LargeBinary, lambda _, n: bytes([n % 256])),
    (types.JSON, lambda _, n: {"number": n}),
    (types.ARRAY, _plain_array),
    (types.String, _plain_text),
    (types.DateTime, lambda _, n: _EPOCH + datetime.timedelta(seconds=n)),
    (types.Date, lambda _, n: _EPOCH.date() + datetime.timedelta(days=n)),
    (types.Time, lambda _, n: (_EPOCH + datetime.timedelta(seconds=n)).time()),
    (types.Interval, lambda _, n: datetime.timedelta(seconds=n)),
)


def _is_boolean(type_: Any) -> bool:
    return getattr(type_, "display_width", None) == 1


def _uuid(type_: Any, number: int) -> Any:
    value = uuid.UUID(int=number + 1)
    return value if type_.as_uuid else str(value)


def _odd_integers(type_: Any) -> tuple[Any, ...]:
    bits = _LIMITS.get(type_.__visit_name__.upper(), _BITS)
    if getattr(type_, "unsigned", False):
        return (0, 2 ** (bits + 1) - 1)
    return (0, -1, 2**bits - 1, -(2**bits))


def _odd_numbers(type_: Any) -> tuple[Any, ...]:
    if isinstance(type_, types.Float):
        return (0.0, -1.5, 1e15, 1e-7)
    precision, scale = type_.precision, type_.scale or 0
    if precision is None:
        return (decimal.Decimal(0), decimal.Decimal("-12345.678"))
    largest = decimal.Decimal(10**precision - 1).scaleb(-scale)
    return (decimal.Decimal(0), largest, -largest)


def _odd_texts(type_: Any) -> tuple[Any, ...]:
    length = type_.length
    longest = "x" * (_LONGEST if length is None else length)
    return (*(word if length is None else word[:length] for word in _WORDS), longest)


_ODD: tuple[tuple[type[TypeEngine[Any]], Callable[[Any], tuple[Any, ...]]], ...] = (
    (types.Boolean, lambda _: (False, True)),
    (types.Integer, _odd_integers),
    (types.Numeric, _odd_numbers),
    (types.Float, _odd_numbers),
    (types.Uuid, lambda type_: (_uuid(type_, -1), _uuid(type_, 2**128 - 2))),
    (types.LargeBinary, lambda _: (b"", b"\x00\xff" * 3)),
    (types.JSON, lambda _: ([], {"é": [1, None, "x"]}, "word", 0)),
    (types.ARRAY, lambda type_: ([], [None])),
    (types.String, _odd_texts),
    (
        types.DateTime,
        lambda _: (datetime.datetime(1970, 1, 1, 0, 0, 1), datetime.datetime(2037, 12, 31, 23, 59)),
    ),
    (types.Date, lambda _: (datetime.date(1900, 2, 28), datetime.date(9999, 12, 31))),
    (types.Time, lambda _: (datetime.time(0, 0), datetime.time(23, 59, 59))),
    (types.Interval, lambda _: (datetime.timedelta(0), datetime.timedelta(days=-3, seconds=1))),
)
