"""The commands as functions: settings in, lines out through the settings."""

import os as os

from alembic import util as _util
from limbeck.command import __all__ as __all__
from limbeck.command import branches as branches
from limbeck.command import check as check
from limbeck.command import current as current
from limbeck.command import downgrade as downgrade
from limbeck.command import ensure_version as ensure_version
from limbeck.command import heads as heads
from limbeck.command import history as history
from limbeck.command import init as init
from limbeck.command import list_templates as list_templates
from limbeck.command import merge as merge
from limbeck.command import revision as revision
from limbeck.command import show as show
from limbeck.command import stamp as stamp
from limbeck.command import upgrade as upgrade
from limbeck.config import Config as _Config
from limbeck.workflow.edit import files_to_edit as _files_to_edit


def edit(config: _Config, rev: str) -> None:
    """Open revision files in ``$EDITOR`` or ``$VISUAL``.

    :param config: the settings.
    :param rev: any name of revisions; ``current`` asks the database.
    :raises CommandError: there is no such file, or no editor.
    """
    for path in _files_to_edit(config, rev):
        _util.open_in_editor(str(path))
