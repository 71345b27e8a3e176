"""Whether what is generated is proved; asked without all that a proof needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.config import Config


def proves_by_default(config: Config) -> bool:
    """Whether a generated revision is proved if nothing else is said.

    :param config: the settings; ``prove`` says it, else it is so in limbeck's own projects.
    """
    if config.get_alembic_option("prove") is None:
        return config.is_native
    return config.get_alembic_boolean_option("prove")
