"""Runs over tenants within this process, and what has to be the same in each of them."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.config import Config
from limbeck.database.history_table import HistoryTable
from limbeck.fleet import FleetAnswer, fleet_of, upgrade
from limbeck.revisions.history_row import HistoryRow, broken_at
from tests.fleet.tenants import Tenants


def upgraded(tenants: Tenants, monkeypatch: pytest.MonkeyPatch, **more: Any) -> FleetAnswer:
    """Upgrade a fleet.

    :param tenants: the fleet.
    :param monkeypatch: the fixture.
    :param more: of the arguments of ``fleet_of()``.
    """
    monkeypatch.chdir(tenants.project.folder)
    monkeypatch.setenv("DATABASE_URL", tenants.url)
    monkeypatch.syspath_prepend(str(tenants.project.folder))
    name, value = tenants.source
    source = {name.removeprefix("--"): value}
    answer = upgrade(fleet_of(Config.find(), **source, **more), "head")
    os.chdir("/")
    return answer


def history_of(tenants: Tenants, name: str) -> list[HistoryRow]:
    """The history of a tenant, whose chain is whole, without times."""
    with tenants.connected(name) as connection:
        table = HistoryTable("limbeck_history", tenants.addresses[name][1])
        rows = table.read(connection, full=True)
    assert rows is not None
    assert broken_at(rows) is None
    anywhen = {"started": "", "finished": "", "milliseconds": 0, "previous": None, "hash": ""}
    return [replace(row, **anywhen) for row in rows]


def schema_of(tenants: Tenants, name: str) -> list[tuple[Any, ...]]:
    """The tables of a tenant."""
    schema = tenants.addresses[name][1]
    with tenants.connected(name) as connection:
        if schema is None:
            query = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
        else:
            query = (
                "SELECT table_name, column_name, column_default, is_nullable, data_type, "
                "character_maximum_length, ordinal_position FROM information_schema.columns "
                f"WHERE table_schema = '{schema}' ORDER BY 1, 2"
            )
        return [tuple(row) for row in connection.execute(sa.text(query))]


def tables_of(tenants: Tenants, name: str) -> dict[str, list[str]]:
    """The tables of a tenant and their columns, as the inspector finds them."""
    with tenants.connected(name) as connection:
        inspector = sa.inspect(connection)
        return {
            table: [str(sorted(each.items(), key=str)) for each in inspector.get_columns(table)]
            for table in sorted(inspector.get_table_names())
        }
