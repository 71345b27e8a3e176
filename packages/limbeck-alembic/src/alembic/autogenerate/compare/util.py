"""How the database is read."""

from limbeck.autogenerate.compare.reflection import Reflection as _InspectorConv

__all__ = ["_InspectorConv"]
