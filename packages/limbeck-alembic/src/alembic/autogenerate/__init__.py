"""From models to revisions."""

from alembic.autogenerate import render as render
from alembic.autogenerate.api import *  # noqa: F403  # the whole module under the other name
from alembic.autogenerate.api import AutogenContext as AutogenContext
from alembic.autogenerate.api import _render_migration_diffs as _render_migration_diffs
from alembic.autogenerate.api import render_python_code as render_python_code
from alembic.autogenerate.compare import _produce_net_changes as _produce_net_changes
