"""Plugins: how they are named, chosen, made of modules and found in installed distributions."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.autogenerate import compare_metadata
from limbeck.errors import CommandError
from limbeck.runtime import plugins
from limbeck.runtime.dispatch import DispatchPriority, PriorityDispatcher, PriorityDispatchResult
from limbeck.runtime.migration import MigrationContext
from limbeck.runtime.plugins import Plugin, chosen_plugins


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    before = dict(plugins._registered)
    yield
    plugins._registered.clear()
    plugins._registered.update(before)


def module(setup: Any) -> ModuleType:
    made = ModuleType("acme")
    made.setup = setup  # type: ignore[attr-defined]  # a module gets what it defines
    return made


BUILT_IN = ["schemas", "tables", "types", "constraints", "defaults", "comments"]


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["alembic.autogenerate.*"], [f"alembic.autogenerate.{name}" for name in BUILT_IN]),
        (["acme.*"], ["acme.views", "acme.views.deep"]),
        (["acme.views"], ["acme.views"]),
        (["*.deep"], ["acme.views.deep"]),
        (["acme.*", "~acme.views"], ["acme.views.deep"]),
        (["acme.*", "~acme.*.deep"], ["acme.views"]),
        (["*", "~alembic.*"], ["acme.views", "acme.views.deep"]),
        (["alembic.autogenerate.checkconstraint_byname"], ["alembic.ext.checkconstraint_byname"]),
        (["alembic.ext.*", "~alembic.autogenerate.checkconstraint_byname"], []),
        ([], []),
    ],
)
def test_patterns_choose(patterns: list[str], chosen: list[str]) -> None:
    Plugin("acme.views")
    Plugin("acme.views.deep")
    assert [plugin.name for plugin in chosen_plugins(patterns)] == chosen


def test_a_pattern_that_fits_nothing_is_named_as_it_was_written() -> None:
    with pytest.raises(CommandError, match=r"^Did not locate plugins: acme\.views, other\.\*$"):
        chosen_plugins(["alembic.autogenerate.*", "acme.views", "other.*"])


def test_taking_out_what_is_not_there_is_no_mistake() -> None:
    assert len(chosen_plugins(["alembic.autogenerate.*", "~acme.views"])) == len(BUILT_IN)


@pytest.mark.parametrize("pattern", ["acme.my-plugin", "acme..views", "~acme.a b", "acme.vie*"])
def test_a_pattern_that_is_not_well_formed(pattern: str) -> None:
    with pytest.raises(ValueError, match="Invalid plugin expression"):
        chosen_plugins([pattern])


def test_a_name_is_there_once_and_free_again_after_removal() -> None:
    first = Plugin("acme.views")
    with pytest.raises(ValueError, match=r"A plugin named acme\.views is already registered"):
        Plugin("acme.views")
    first.remove()
    Plugin("acme.views")


def test_stop_keeps_back_the_same_element_only() -> None:
    called: list[str] = []

    def answering(name: str, answer: PriorityDispatchResult) -> Any:
        def compare() -> PriorityDispatchResult:
            called.append(name)
            return answer

        return compare

    plugin = Plugin("acme.views")
    go_on, stop = PriorityDispatchResult.CONTINUE, PriorityDispatchResult.STOP
    plugin.add_autogenerate_comparator(
        answering("last", go_on), "table", "views", priority=DispatchPriority.LAST
    )
    plugin.add_autogenerate_comparator(answering("general", stop), "table", "views")
    plugin.add_autogenerate_comparator(answering("other", go_on), "table", "rules")
    plugin.add_autogenerate_comparator(
        answering("ours", go_on), "table", "views", qualifier="postgresql"
    )
    plugin.add_autogenerate_comparator(
        answering("first", go_on), "table", "views", priority=DispatchPriority.FIRST
    )
    dispatcher = PriorityDispatcher()
    Plugin.populate_autogenerate_priority_dispatch(dispatcher, ["acme.*"])
    dispatcher.dispatch("table", qualifier="postgresql")()
    assert called == ["first", "ours", "general", "other"]


class Offer(metadata.EntryPoint):
    """An entry point that is there without a distribution."""

    offered: Any

    def load(self) -> Any:
        return self.offered


def offers(monkeypatch: pytest.MonkeyPatch, offered: Any) -> None:
    entry_point = Offer("acme.views", "acme", "alembic.plugins")
    monkeypatch.setattr(Offer, "offered", offered, raising=False)

    def entry_points(*, group: str) -> list[metadata.EntryPoint]:
        return [entry_point] if group == "alembic.plugins" else []

    monkeypatch.setattr(metadata, "entry_points", entry_points)


def test_an_entry_point_names_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Plugin] = []
    offers(monkeypatch, module(made.append))
    plugins.set_up_entry_points()
    assert [plugin.name for plugin in made] == ["acme.views"]


def test_an_entry_point_may_still_name_a_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Plugin] = []
    offers(monkeypatch, [module(made.append)])
    with pytest.warns(DeprecationWarning, match=r"'acme\.views' refers to a collection"):
        plugins.set_up_entry_points()
    assert [plugin.name for plugin in made] == ["acme.views"]


def test_limbeck_looks_for_them_when_it_compares(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def setup(plugin: Plugin) -> None:
        plugin.add_autogenerate_comparator(lambda *_: called.append(plugin.name), "schema")

    offers(monkeypatch, module(setup))
    plugins.discover_plugins.cache_clear()
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        opts = {"autogenerate_plugins": ["alembic.autogenerate.*", "acme.*"]}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, sa.MetaData()) == []
        assert compare_metadata(context, sa.MetaData()) == []
    engine.dispose()
    assert called == ["acme.views"] * 2
