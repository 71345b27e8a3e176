"""What one run over a fleet has sent is sent by the next one, to tenants that are new."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from limbeck.project import known_statements
from limbeck.runtime.resent.resending import Resending
from tests.fleet.tenants import COUNT, NAMES, Tenants
from tests.fleet.tenants_alike import history_of, schema_of, tables_of, upgraded

_ON = pytest.mark.databases("sqlite", "postgresql15")
_MORE = 9


@pytest.fixture(autouse=True)
def again(monkeypatch: pytest.MonkeyPatch, alembic_left_alone: None) -> Iterator[list[str]]:
    """The revisions that were sent again to the first tenant of a run."""
    sent: list[str] = []
    usual = Resending.send

    def send(self: Any, step: Any, *rest: Any) -> None:
        usual(self, step, *rest)
        sent.append(step.plan.id)

    monkeypatch.setattr(Resending, "send", send)
    monkeypatch.setattr("limbeck.runtime.resent.resending.FORETOLD", frozenset())
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    known_statements._kept._folders.clear()
    yield sent
    known_statements._kept._folders.clear()


def write_more(tenants: Tenants, **bodies: str) -> list[str]:
    """Let the project have so many revisions that a run keeps what they send."""
    before, names = "r3", []
    for number in range(4, 4 + _MORE):
        name = f"r{number}"
        body = bodies.get(name, f"op.add_column('account', sa.Column('c_{number}', sa.Text))")
        path = tenants.project.revision(name, before, body)
        path.write_text(
            path.read_text().replace("from limbeck", "import sqlalchemy as sa\nfrom limbeck")
        )
        names.append(name)
        before = name
    return ["r2", "r3", *names]


@_ON
def test_a_later_run_sends_what_was_kept(
    tenants: Tenants, again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = write_more(tenants)
    assert upgraded(tenants, monkeypatch, only=NAMES[:2]).counts == {"done": 2}
    assert again == []
    known_statements._kept._folders.clear()
    assert upgraded(tenants, monkeypatch, only=NAMES[2:]).counts == {"done": 4}
    assert again == names
    for name in NAMES[1:]:
        assert history_of(tenants, name) == history_of(tenants, NAMES[0])
        assert schema_of(tenants, name) == schema_of(tenants, NAMES[0])


@pytest.mark.databases("postgresql15")
def test_what_names_a_tenants_schema_is_not_kept(
    tenants: Tenants, again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = f"op.execute('CREATE TABLE IF NOT EXISTS {NAMES[0]}.marked (id INTEGER)')"
    names = write_more(tenants, r5=body)
    assert upgraded(tenants, monkeypatch, only=NAMES[:2]).counts == {"done": 2}
    known_statements._kept._folders.clear()
    assert upgraded(tenants, monkeypatch, only=NAMES[2:]).counts == {"done": 4}
    assert again == [name for name in names if name != "r5"]


@pytest.mark.databases("mariadb")
def test_what_the_first_tenant_sent_is_sent_to_the_others_with_their_journals(
    tenants: Tenants, again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = write_more(tenants)
    assert upgraded(tenants, monkeypatch).counts == {"done": COUNT}
    assert again == names * (COUNT - 1)
    first, *others = tenants.addresses
    for name in others:
        assert history_of(tenants, name) == history_of(tenants, first)
        assert tables_of(tenants, name) == tables_of(tenants, first)
