"""Errors, and the small things that libraries take from here."""

import sys

from limbeck import util as _util
from limbeck.util import *  # noqa: F403  # the whole package under the other name

# The very modules: whoever replaces something in one of them means the one that is asked.
for _name in ("compat", "editor", "exc", "langhelpers", "messaging", "pyfiles", "sqla_compat"):
    sys.modules[f"{__name__}.{_name}"] = getattr(_util, _name)
