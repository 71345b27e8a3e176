"""What models can declare beside tables: views, functions, triggers, policies, rights.

::

    from limbeck.schema import View

    View("recent_orders", "SELECT id, total FROM orders WHERE age < 30").attach(metadata)

An object that is attached to the ``MetaData`` of the models is compared with the database, and
created, replaced, dropped and put back by generated revisions. See ``docs/schema-objects.md``.
"""

from __future__ import annotations

from limbeck.facts.rights import Domain, Extension, Grant, Policy, RowSecurity
from limbeck.facts.routines import Function, Procedure, Trigger
from limbeck.facts.schema_objects import INFO_KEY, MaterializedView, SchemaObject, View, ViewIndex

__all__ = [
    "INFO_KEY",
    "Domain",
    "Extension",
    "Function",
    "Grant",
    "MaterializedView",
    "Policy",
    "Procedure",
    "RowSecurity",
    "SchemaObject",
    "Trigger",
    "View",
    "ViewIndex",
]
