"""All kinds of schema objects, and in which order they are usually created."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from limbeck.facts.rights import Domain, Extension, Grant, Policy, RowSecurity
from limbeck.facts.routines import Function, Procedure, Trigger
from limbeck.facts.schema_objects import MaterializedView, SchemaObject, View

OBJECT_KINDS: Mapping[str, type[SchemaObject]] = MappingProxyType(
    {
        each.kind: each
        for each in (
            Extension,
            Domain,
            Function,
            Procedure,
            View,
            MaterializedView,
            Trigger,
            Policy,
            RowSecurity,
            Grant,
        )
    }
)
"""The class of each kind; those before a kind can be created before it unless a text objects."""
