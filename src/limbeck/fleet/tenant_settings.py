"""The settings of a project with one tenant in the place of the database that they name."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from limbeck.workflow.project_address import pointed_at

if TYPE_CHECKING:
    from argparse import Namespace

    from limbeck.config import Config
    from limbeck.project.tenant import Tenant
    from limbeck.script import ScriptDirectory

__all__ = ["settings_of"]


def settings_of(config: Config, script: ScriptDirectory, tenant: Tenant) -> Config:
    """The settings with a tenant in the place of the database that they name.

    An ``env.py`` finds the address where it always is, as ``sqlalchemy.url``, the tenant itself as
    ``config.tenant``, and its name and schema as ``-x tenant=…`` and ``-x schema=…``.

    :param config: the settings; nothing reaches them.
    :param script: the revisions, which are read once for all tenants.
    :param tenant: the tenant.
    """
    from sqlalchemy import make_url

    if config.is_native:
        meant = copy(config)
        meant.__dict__["attributes"] = dict(config.attributes)
    else:
        meant = pointed_at(config, make_url(tenant.address))
        meant.cmd_opts = _with_tenant(config.cmd_opts, tenant)
    meant.tenant = tenant
    meant.revisions_read = script
    return meant


def _with_tenant(options: Namespace | None, tenant: Tenant) -> Namespace:
    from argparse import Namespace

    meant = Namespace(**({} if options is None else vars(options)))
    said = [f"tenant={tenant.name}"]
    said += [f"schema={tenant.schema}"] if tenant.schema is not None else []
    meant.x = [*(getattr(meant, "x", None) or ()), *said]
    return meant
