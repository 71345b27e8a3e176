"""What modules need of ``typing`` when they run, without the import of it.

Importing ``typing`` costs 16 M instructions, an eighth of all that ``limbeck heads`` does. Modules
that such a command loads import from here; type checkers see ``typing`` itself.
"""

from __future__ import annotations

import sys
from collections import namedtuple

TYPE_CHECKING = False

# Python 3.14 keeps annotations where only ``typing`` should look for them: PEP 649.
if TYPE_CHECKING or sys.version_info >= (3, 14):
    from typing import Any as Any
    from typing import ClassVar as ClassVar
    from typing import Literal as Literal
    from typing import NamedTuple as NamedTuple
    from typing import NoReturn as NoReturn
    from typing import Self as Self
    from typing import TextIO as TextIO
    from typing import TypeAlias as TypeAlias
    from typing import TypedDict as TypedDict
    from typing import TypeVar as TypeVar
    from typing import cast as cast
    from typing import dataclass_transform as dataclass_transform
    from typing import overload as overload
else:
    # These stand in annotations only, which nobody evaluates.
    Any = ClassVar = Literal = NoReturn = Self = TextIO = TypeAlias = None

    def TypeVar(name, **_):  # noqa: N802  # its name in typing
        return name

    def cast(_, value):
        return value

    def dataclass_transform(**_):
        return lambda kind: kind

    def overload(function):
        return function

    class _NamedTupleType(type):
        """Makes of a class with annotations what ``typing.NamedTuple`` makes of it."""

        def __new__(cls, name, bases, namespace):
            if not bases:
                return super().__new__(cls, name, bases, namespace)
            fields = namespace.pop("__annotations__")
            defaults = [namespace.pop(field) for field in fields if field in namespace]
            made = namedtuple(name, fields, defaults=defaults, module=namespace["__module__"])
            made.__annotations__ = fields
            for attribute, value in namespace.items():
                setattr(made, attribute, value)
            return made

    class NamedTuple(metaclass=_NamedTupleType):
        """A tuple whose values have names."""

    class TypedDict(dict):
        """A dict whose keys are known."""

        def __init_subclass__(cls, *, total=True):
            pass
