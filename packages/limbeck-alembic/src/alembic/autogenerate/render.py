"""Operations as Python source, piece by piece."""

import sys

from limbeck.autogenerate import render as _render
from limbeck.autogenerate.render import *  # noqa: F403  # the whole module under the other name

# The same module and no copy: what is set here, as MAX_PYTHON_ARGS, holds there.
sys.modules[__name__] = _render
