"""The settings of a project, and the command line."""

from __future__ import annotations

from typing import Any

from limbeck import config as _config
from limbeck.cli.main import CommandLine as CommandLine
from limbeck.cli.main import main as main
from limbeck.config import MessagingOptions as MessagingOptions
from limbeck.config import PostWriteHookConfig as PostWriteHookConfig


class Config(_config.Config):
    __doc__ = _config.Config.__doc__

    @property
    def environment_context_class(self) -> Any:
        """The class of the environment in which ``env.py`` runs."""
        from alembic.runtime.environment import EnvironmentContext

        return EnvironmentContext
