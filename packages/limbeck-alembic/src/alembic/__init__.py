"""The import name ``alembic``, answered by limbeck."""

from alembic import context as context
from alembic import op as op
from alembic._version import __version__ as __version__

#: Tells limbeck that this package is its own.
__limbeck__ = True
