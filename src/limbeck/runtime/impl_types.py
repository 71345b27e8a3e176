"""How a :class:`~limbeck.runtime.default_impl.DefaultImpl` compares two types: leniently, as text.

What a database does not say back, such as the length that a type has by default, is not taken for
a difference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, TypeGuard

from sqlalchemy import Enum

from limbeck.value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Column, Dialect
    from sqlalchemy.types import TypeEngine

_WORDS = re.compile(r"[\w\-_]+|\(.+?\)")


class TypeWords(Value):
    """A type as the database spells it, in parts.

    :param text: the whole of it, in lower case.
    :param name: its first word.
    :param rest: its other words, such as ``without time zone``.
    :param arguments: what stands in parentheses.
    """

    text: str
    name: str
    rest: tuple[str, ...]
    arguments: tuple[str, ...]

    @property
    def phrase(self) -> str:
        """All words, without the arguments: ``double precision``, ``float`` of ``float(53)``."""
        return " ".join((self.name, *self.rest))

    @classmethod
    def of(cls, text: str) -> TypeWords:
        """Take a type apart.

        :param text: the type in SQL.
        """
        text = text.lower()
        parts = _WORDS.findall(text)
        words = [part for part in parts if not part.startswith("(")]
        arguments = [
            argument.strip()
            for part in parts
            if part.startswith("(")
            for argument in part[1:-1].split(",")
        ]
        return cls(text, words[0] if words else "", tuple(words[1:]), tuple(arguments))


class ImplTypes:
    """What autogenerate asks about types; a dialect's subclass overrides what it knows better."""

    type_synonyms: ClassVar[Sequence[set[str]]] = ({"NUMERIC", "DECIMAL"},)
    """Sets of type names that mean the same type."""

    type_arg_extract: ClassVar[Sequence[str]] = ()
    """Regular expressions for what is compared only where both types have it, such as a charset."""

    dialect: Dialect

    def compare_type(self, inspector_column: Column[Any], metadata_column: Column[Any]) -> bool:
        """Whether two columns differ in their types, as far as their texts tell.

        Different are two names that are not synonyms, as many other words that are not the same,
        or as many arguments that are not the same. A type with more arguments than the other
        equals it.

        :param inspector_column: the column as it is.
        :param metadata_column: the column of the models.
        """
        before, after = inspector_column.type, metadata_column.type
        if self._lists_values(before) and self._lists_values(after):
            return set(before.enums) != set(after.enums)
        return self._differ(self._words(before), self._words(after))

    def _lists_values(self, type_: TypeEngine[Any]) -> TypeGuard[Enum]:
        """Whether a type is spelled with the values that a column of it can have."""
        inner = type_.dialect_impl(self.dialect)
        return isinstance(inner, Enum) and self._words(type_).name == "enum"

    def _words(self, type_: TypeEngine[Any]) -> TypeWords:
        return TypeWords.of(self.dialect.type_compiler_instance.process(type_))

    def _differ(self, before: TypeWords, after: TypeWords) -> bool:
        if before.name != after.name and not self._are_synonyms(before, after):
            return True
        if _as_many_others(before.rest, after.rest):
            return True
        return _as_many_others(before.arguments, after.arguments) or any(
            _differ_by(pattern, before.text, after.text) for pattern in self.type_arg_extract
        )

    def _are_synonyms(self, before: TypeWords, after: TypeWords) -> bool:
        return any(
            {before.name, after.name} <= names or {before.phrase, after.phrase} <= names
            for names in map(_lower, self.type_synonyms)
        )


def _lower(names: Iterable[str]) -> set[str]:
    return {name.lower() for name in names}


def _as_many_others(before: tuple[str, ...], after: tuple[str, ...]) -> bool:
    return len(before) == len(after) and before != after


def _differ_by(pattern: str, before: str, after: str) -> bool:
    found = re.search(pattern, before), re.search(pattern, after)
    return found[0] is not None and found[1] is not None and found[0].groups() != found[1].groups()
