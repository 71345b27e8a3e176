"""The revisions of a project on disk."""

from alembic.script.base import Script as Script
from alembic.script.base import ScriptDirectory as ScriptDirectory
