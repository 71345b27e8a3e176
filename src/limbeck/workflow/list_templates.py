"""The templates that ``init`` knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from limbeck.project import scaffold

if TYPE_CHECKING:
    from limbeck.config import Config


def list_templates(config: Config) -> tuple[scaffold.TemplateEntry, ...]:
    """List the templates, sorted by name.

    :param config: the settings, which may point to templates of their own.
    """
    return scaffold.list_templates(Path(config.get_template_directory()), config.tool)
