"""Plugins: groups of comparators that are switched on and off by name."""

from __future__ import annotations

from importlib import metadata as metadata

from limbeck.runtime.plugins import Plugin as Plugin
from limbeck.runtime.plugins import _pattern as _make_re
from limbeck.runtime.plugins import _present_name as _translate_legacy_name
from limbeck.runtime.plugins import _registered as _all_plugins
from limbeck.runtime.plugins import set_up_entry_points as _setup

__all__ = ["Plugin", "_all_plugins", "_make_re", "_setup", "_translate_legacy_name"]
