"""Print what modules define, as JSON; run with the names of modules."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from typing import Any

_NAMED = {"POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "KEYWORD_ONLY"}
_FIRST = {"self", "cls"}


def parameters(thing: Any) -> list[str] | None:
    """The names of a callable's parameters, without those that take whatever comes."""
    try:
        found = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return None
    return [each.name for each in found if each.kind.name in _NAMED and each.name not in _FIRST]


def surface(module: str) -> dict[str, dict[str, Any]]:
    """Every public name of a module and of its classes, and whether it is defined within it."""
    found: dict[str, dict[str, Any]] = {}
    for name, thing in vars(importlib.import_module(module)).items():
        if name.startswith("_") or inspect.ismodule(thing):
            continue
        own = (getattr(thing, "__module__", None) or "").startswith(module)
        found[name] = {"own": own, "parameters": parameters(thing)}
        if inspect.isclass(thing):
            for member in (key for key in dir(thing) if not key.startswith("_")):
                said = parameters(getattr(thing, member, None))
                found[f"{name}.{member}"] = {"own": own, "parameters": said}
    return found


if __name__ == "__main__":
    json.dump({module: surface(module) for module in sys.argv[1:]}, sys.stdout)
