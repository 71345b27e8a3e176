"""Views, routines, triggers and the like: three operations for all kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from limbeck.operations.ops.base import MigrateOperation

if TYPE_CHECKING:
    from limbeck.facts.schema_objects import SchemaObject


class CreateObjectOp(MigrateOperation):
    """Create an object.

    :param item: the object.
    :param if_not_exists: do nothing where it is there already.
    """

    def __init__(self, item: SchemaObject, *, if_not_exists: bool | None = None) -> None:
        self.item = item
        self.if_not_exists = if_not_exists

    @property
    def schema(self) -> str | None:
        """The object's schema."""
        return self.item.schema

    def reverse(self) -> DropObjectOp:
        return DropObjectOp(self.item)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return (f"add_{self.item.kind}", self.item)

    def describe(self) -> str:
        from limbeck.facts.kind_words import kind_words
        from limbeck.facts.rights import Grant, RowSecurity

        item = self.item
        if isinstance(item, Grant):
            return f"grant {', '.join(item.privileges)} on {item.address} to {item.to}"
        if isinstance(item, RowSecurity):
            return f"enable row security of {item.key}"
        return f"create {kind_words(item.kind)} {item.key}"


class ReplaceObjectOp(MigrateOperation):
    """Give an object that stays another definition.

    :param item: what it becomes.
    :param before: what it was, None where that is not known.
    """

    def __init__(self, item: SchemaObject, before: SchemaObject | None = None) -> None:
        self.item = item
        self.before = before

    @property
    def schema(self) -> str | None:
        """The object's schema."""
        return self.item.schema

    def reverse(self) -> ReplaceObjectOp:
        if self.before is None:
            raise ValueError(
                f"what {self.item.kind} {self.item.key} was before it was replaced is not known"
            )
        comment = "" if self.item.comment and not self.before.comment else self.before.comment
        return ReplaceObjectOp(replace(self.before, comment=comment), self.item)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return (f"modify_{self.item.kind}", self.before, self.item)

    def describe(self) -> str:
        from limbeck.facts.kind_words import kind_words

        return f"replace {kind_words(self.item.kind)} {self.item.key}"


class DropObjectOp(MigrateOperation):
    """Drop an object.

    :param item: the object; one that is dropped by hand has nothing but its name.
    :param if_exists: do nothing where it is not there.
    :param is_whole: whether ``item`` says all that is needed to create it again.
    """

    def __init__(
        self, item: SchemaObject, *, if_exists: bool | None = None, is_whole: bool = True
    ) -> None:
        self.item = item
        self.if_exists = if_exists
        self.is_whole = is_whole

    @property
    def schema(self) -> str | None:
        """The object's schema."""
        return self.item.schema

    def reverse(self) -> CreateObjectOp:
        if not self.is_whole:
            raise ValueError(f"the definition of {self.item.kind} {self.item.key} is not known")
        return CreateObjectOp(self.item)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return (f"remove_{self.item.kind}", self.item)

    def describe(self) -> str:
        from limbeck.facts.kind_words import kind_words
        from limbeck.facts.rights import Grant, RowSecurity

        item = self.item
        if isinstance(item, Grant):
            return f"revoke {', '.join(item.privileges)} on {item.address} from {item.to}"
        if isinstance(item, RowSecurity):
            return f"disable row security of {item.key}"
        return f"drop {kind_words(item.kind)} {item.key}"
