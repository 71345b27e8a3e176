"""The import name ``alembic``, answered by limbeck."""

from pathlib import Path as _Path

from alembic._limbeck import refuse_to_share as _refuse_to_share
from alembic._limbeck import set_up_plugins as _set_up_plugins
from alembic._limbeck import share_loggers as _share_loggers

_refuse_to_share(_Path(__file__).parent.parent)
_share_loggers()

from alembic import context as context  # noqa: E402  # nothing of a mixture is to be imported
from alembic import op as op  # noqa: E402  # as above
from alembic._version import __version__ as __version__  # noqa: E402  # as above

#: Tells limbeck that this package is its own.
__limbeck__ = True

_set_up_plugins()
