"""The words for revisions that people type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from limbeck.revisions.errors import MultipleHeads, ResolutionError, RevisionError
from limbeck.revisions.names import Name, parse_name
from tests.revisions.histories import BRANCHED, DEPENDENT, map_of

if TYPE_CHECKING:
    from limbeck.revisions.resolve import Names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ae10", Name("ae10", symbol="ae10")),
        ("v3.2.0.a", Name("v3.2.0.a", symbol="v3.2.0.a")),
        ("+2", Name("+2", steps=2)),
        ("-1", Name("-1", steps=-1)),
        ("ae10+2", Name("ae10+2", symbol="ae10", steps=2)),
        ("shop@head", Name("shop@head", branch="shop", symbol="head")),
        ("shop@-1", Name("shop@-1", branch="shop", steps=-1)),
        ("shop@ae10-3", Name("shop@ae10-3", branch="shop", symbol="ae10", steps=-3)),
        ("0.98.0+1", Name("0.98.0+1", symbol="0.98.0", steps=1)),
    ],
)
def test_words_are_taken_apart(text: str, name: Name) -> None:
    assert parse_name(text) == name


@pytest.mark.parametrize(
    ("word", "ids"),
    [
        ("heads", ["gggg5", "zzzz3"]),
        ("base", []),
        (None, []),
        ("aaaa1", ["aaaa1"]),
        ("aa", ["aaaa1"]),
        ("a", ["aaaa1"]),
        ("shop", ["bbbb2"]),
        ("sho", ["bbbb2"]),
        ("net", ["xxxx1"]),
        ("shop@head", ["gggg5"]),
        ("shop@heads", ["gggg5"]),
        ("net@head", ["zzzz3"]),
        ("net@base", []),
        ("cccc3@head", ["gggg5"]),
        ("net@zzzz", ["zzzz3"]),
        ("shop@aaaa1", ["aaaa1"]),
        ("-1", ["ffff4", "yyyy2"]),
        ("net@-1", ["yyyy2"]),
        ("net@head-1", ["yyyy2"]),
        ("aaaa1+1", None),
        ("shop@aaaa1+2", ["cccc3"]),
        ("bbbb2+2", ["ffff4"]),
        (("aaaa1", "xxxx1", "aaaa1"), ["aaaa1", "xxxx1", "aaaa1"]),
    ],
)
def test_words_and_what_they_stand_for(word: str | None, ids: list[str] | None) -> None:
    map_ = map_of(BRANCHED)
    if ids is None:
        with pytest.raises(RevisionError, match="Ambiguous walk"):
            map_.get_revisions(word)
        return
    assert [one.revision for one in map_.get_revisions(word)] == ids


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("nowhere", "No such revision or branch 'nowhere'"),
        # labels of three letters: whole only
        (
            "ne",
            "No such revision or branch 'ne'; please ensure at least four characters are "
            "present for partial revision identifier matches",
        ),
        ("net@aaaa1", "Revision aaaa1 is not a member of branch 'net'"),
        ("shop@eeee3", "Revision eeee3 is not a member of branch 'shop'"),
        ("nowhere@head", "No such branch: 'nowhere'"),
        ("shop@", "'shop@' names no revision"),
        ("", "'' names no revision"),
        ("+1", "'+1' counts from where the database is, which is not known here"),
    ],
)
def test_words_that_stand_for_nothing(word: str, message: str) -> None:
    with pytest.raises(ResolutionError) as caught:
        map_of(BRANCHED).get_revisions(word)
    assert caught.value.message == message


def test_several_heads_where_one_is_meant() -> None:
    with pytest.raises(MultipleHeads) as caught:
        map_of(BRANCHED).get_revisions("head")
    assert caught.value.heads == ("gggg5", "zzzz3")
    assert "gggg5, zzzz3" in caught.value.message
    assert caught.value.hint is not None
    assert "merge" in caught.value.hint


def test_an_abbreviation_of_several_names_them() -> None:
    map_ = map_of([("abcd1", None, None, None), ("abcd2", "abcd1", None, None)])
    with pytest.raises(ResolutionError) as caught:
        map_.get_revision("abc")
    assert caught.value.candidates == ("abcd1", "abcd2")
    assert "abcd1, abcd2" in caught.value.message


def test_an_abbreviation_of_several_means_the_one_on_the_branch() -> None:
    map_ = map_of([("abcd1", None, None, None), ("abcd2", None, None, "two")])
    found = map_.get_revision("two@abc")
    assert found is not None
    assert found.revision == "abcd2"


@pytest.mark.parametrize(
    ("words", "shown"), [(b"aaaa1", "b'aaaa1'"), ((b"aaaa1",), "(b'aaaa1',)"), (7, "7")]
)
def test_ids_that_a_driver_gives_as_something_else_than_text(words: Any, shown: str) -> None:
    with pytest.raises(RevisionError) as caught:
        map_of(BRANCHED).get_revision(words)
    assert caught.value.message == (
        f"revision identifier {shown} is not a string; ensure database driver settings are correct"
    )


def test_an_unknown_id_that_is_close_to_a_known_one() -> None:
    map_ = map_of([("ae1027a6acf", None, None, None)])
    with pytest.raises(ResolutionError) as caught:
        map_.get_revision("ae1027a6abf")
    assert caught.value.hint == "did you mean ae1027a6acf?"


def test_heads_are_the_effective_ones_and_branches_keep_their_own() -> None:
    map_ = map_of(DEPENDENT)
    assert [one.revision for one in map_.get_revisions("heads")] == ["nnnn2"]
    assert [one.revision for one in map_.get_revisions("abc@head")] == ["aaaa3"]


def test_everything_that_rows_stand_for() -> None:
    map_ = map_of(DEPENDENT)
    assert [one.revision for one in map_.get_all_current(["nnnn2"])] == ["aaaa3", "nnnn2"]


def test_ids_of_three_letters_are_found_whole() -> None:
    map_ = map_of([("001", None, None, None), ("002", "001", None, None)])
    assert map_.get_current_head() == "002"
    found = map_.get_revision("001")
    assert found is not None
    assert found.revision == "001"


@pytest.mark.parametrize(
    ("targets", "against", "kept"),
    [
        (["eeee3", "gggg5", "zzzz3"], "shop", ["gggg5"]),
        (["eeee3", "gggg5", "zzzz3"], "shop@head", ["eeee3", "gggg5"]),  # gggg5 merges eeee3
        (["eeee3", "gggg5", "zzzz3"], "shop@base", ["gggg5"]),
        (["eeee3", "zzzz3"], "base", ["eeee3", "zzzz3"]),
        (["eeee3", "zzzz3"], None, ["eeee3", "zzzz3"]),
    ],
)
def test_filtering_by_lineage(targets: list[str], against: str | None, kept: list[str]) -> None:
    map_ = map_of(BRANCHED)
    assert map_.filter_for_lineage(targets, against) == tuple(kept)
    revisions = map_.get_revisions(targets)
    assert map_.filter_for_lineage(revisions, against) == map_.get_revisions(kept)


def test_filtering_by_lineage_with_what_depends() -> None:
    map_ = map_of(BRANCHED)
    assert map_.filter_for_lineage(["zzzz3"], "shop") == ()
    assert map_.filter_for_lineage(["zzzz3"], "shop", include_dependencies=True) == ("zzzz3",)


@pytest.mark.parametrize(
    ("upper", "lower", "newer", "older"),
    [
        (("gggg5", "bbbb2"), None, "gggg5", "bbbb2"),
        (("zzzz3", "bbbb2"), None, "zzzz3", "bbbb2"),
        ("gggg5", ("aaaa1", "bbbb2"), "bbbb2", "aaaa1"),
    ],
)
@pytest.mark.parametrize("implicit_base", [False, True])
def test_ends_of_a_range_of_which_one_contains_another(
    upper: Names, lower: Names, newer: str, older: str, implicit_base: bool
) -> None:
    found = map_of(BRANCHED).iterate_revisions(upper, lower, implicit_base=implicit_base)
    message = f"Requested revision {newer} overlaps with other requested revisions {older}"
    with pytest.raises(RevisionError, match=message):
        list(found)


@pytest.mark.parametrize(
    ("upper", "lower", "inclusive", "ids"),
    [
        ("ffff4", "bbbb2", False, ["ffff4", "cccc3"]),
        ("ffff4", "bbbb2", True, ["ffff4", "cccc3", "bbbb2"]),
        ("zzzz3", "xxxx1", True, ["zzzz3", "yyyy2", "xxxx1"]),
        ("gggg5", ("bbbb2", "dddd2"), False, ["gggg5", "ffff4", "cccc3", "eeee3"]),
        ("heads", "-1", False, ["gggg5", "zzzz3"]),
        # A whole branch, with what it needs of others.
        ("heads", "net@base", True, ["zzzz3", "yyyy2", "xxxx1", "cccc3", "bbbb2", "aaaa1"]),
        ("net@head-1", "net@base", True, ["yyyy2", "xxxx1", "cccc3", "bbbb2", "aaaa1"]),
        # Alembic ends with an AssertionError here: the way leads over a dependency.
        ("zzzz3", "aaaa1", False, ["zzzz3", "yyyy2", "cccc3", "bbbb2"]),
    ],
)
def test_ranges(upper: str, lower: str | tuple[str, ...], inclusive: bool, ids: list[str]) -> None:
    found = map_of(BRANCHED).iterate_revisions(upper, lower, inclusive=inclusive)
    assert [one.revision for one in found] == ids


@pytest.mark.parametrize(
    ("upper", "lower", "options", "ids"),
    [
        # What an upgrade runs, with where it begins.
        ("zzzz3", "xxxx1", {"implicit_base": True}, ["zzzz3", "yyyy2", "cccc3", "bbbb2", "aaaa1"]),
        (
            "cccc3",
            "xxxx1",
            {"implicit_base": True, "inclusive": True},
            ["cccc3", "bbbb2", "aaaa1", "xxxx1"],
        ),
        # What a downgrade undoes, with where it ends, and with all else that this does not need.
        ("gggg5", "cccc3", {"select_for_downgrade": True}, ["gggg5", "ffff4"]),
        (
            "gggg5",
            "cccc3",
            {"select_for_downgrade": True, "inclusive": True},
            ["gggg5", "ffff4", "cccc3"],
        ),
        (
            "gggg5",
            "cccc3",
            {"select_for_downgrade": True, "implicit_base": True},
            ["gggg5", "ffff4", "eeee3", "dddd2"],
        ),
    ],
)
def test_ranges_of_ways_up_and_down(
    upper: str, lower: str, options: dict[str, bool], ids: list[str]
) -> None:
    found = map_of(BRANCHED).iterate_revisions(upper, lower, **options)
    assert [one.revision for one in found] == ids


def test_a_range_that_is_longer_than_the_history_may_end_with_it() -> None:
    map_ = map_of([("aaaa1", None, None, None), ("bbbb2", "aaaa1", None, None)])
    with pytest.raises(RevisionError, match="Relative revision -5 didn't produce 5 migrations"):
        list(map_.iterate_revisions("bbbb2", "-5"))
    found = map_.iterate_revisions("bbbb2", "-5", assert_relative_length=False)
    assert [one.revision for one in found] == ["bbbb2", "aaaa1"]
