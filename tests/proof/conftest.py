"""Leave out what a case of the loop says is not for a database, and most of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loop.case import Case
from tests.proof.hand_written import Written
from tests.proof.sample import is_proved


@pytest.fixture
def written(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Written:
    """A project of revisions written by hand, the first of which makes the models' table."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    return Written(folder, database_url)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the cases that are not proved on a database."""
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        # pytest asks about the tests of all folders.
        is_here = item.path.is_relative_to(Path(__file__).parent)
        values = getattr(getattr(item, "callspec", None), "params", {}) if is_here else {}
        case, database = values.get("case"), str(values.get("database_name"))
        meant = not isinstance(case, Case) or (case.runs_on(database) and is_proved(case, database))
        (kept if meant else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
