"""One database of a fleet, as the settings of a run know it."""

from __future__ import annotations

from dataclasses import field

from limbeck.value import Value

__all__ = ["Tenant"]


class Tenant(Value, slots=True):
    """One database among many that have the same revisions.

    Plain values, so that it can be sent to another process.

    :param name: what it is called in every answer; no two of a fleet are called the same.
    :param address: its address, with the password, which is never shown.
    :param schema: the schema of that database that is its own; None for all of the database.
    :param shared_schemas: schemas that are searched after its own.
    """

    name: str
    address: str = field(repr=False)
    schema: str | None = None
    shared_schemas: tuple[str, ...] = ()
