"""Leave out what a case says is not for a database."""

from __future__ import annotations

import pytest

from tests.risks.cases import Retyped


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect a case on the databases that it is not meant for."""
    left_out = [item for item in items if not _is_meant(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _is_meant(item: pytest.Item) -> bool:
    values = getattr(getattr(item, "callspec", None), "params", {})
    case = values.get("case")
    return not isinstance(case, Retyped) or case.runs_on(str(values.get("database_name")))
