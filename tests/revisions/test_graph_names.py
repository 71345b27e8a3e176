"""The words for revisions that people type."""

from __future__ import annotations

import pytest

from limbeck.revisions.errors import MultipleHeads, ResolutionError, RevisionError
from limbeck.revisions.names import Name, parse_name
from tests.revisions.histories import BRANCHED, DEPENDENT, map_of


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
        (("aaaa1", "xxxx1", "aaaa1"), ["aaaa1", "xxxx1"]),
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
        ("nowhere", "Can't locate revision identified by 'nowhere'"),
        ("ne", "Can't locate revision identified by 'ne'"),  # labels of three letters: whole only
        ("net@aaaa1", "Revision aaaa1 is not a member of branch 'net'"),
        ("shop@eeee3", "Revision eeee3 is not a member of branch 'shop'"),
        ("nowhere@head", "Can't locate revision identified by 'nowhere'"),
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


def test_filtering_by_lineage() -> None:
    map_ = map_of(BRANCHED)
    found = map_.filter_for_lineage(["eeee3", "gggg5", "zzzz3"], "shop")
    assert [one.revision for one in found] == ["gggg5"]
    found = map_.filter_for_lineage(["zzzz3"], "shop", include_dependencies=True)
    assert [one.revision for one in found] == ["zzzz3"]


@pytest.mark.parametrize(
    ("upper", "lower", "inclusive", "ids"),
    [
        ("ffff4", "bbbb2", False, ["ffff4", "cccc3"]),
        ("ffff4", "bbbb2", True, ["ffff4", "cccc3", "bbbb2"]),
        ("zzzz3", "xxxx1", True, ["zzzz3", "yyyy2", "xxxx1"]),
        ("gggg5", ("bbbb2", "dddd2"), False, ["gggg5", "ffff4", "cccc3", "eeee3"]),
        ("heads", "-1", False, ["gggg5", "zzzz3"]),
        ("heads", "net@base", True, ["zzzz3", "yyyy2", "xxxx1"]),
        ("net@head-1", "net@base", True, ["yyyy2", "xxxx1"]),
        # Alembic ends with an AssertionError here: the way leads over a dependency.
        ("zzzz3", "aaaa1", False, ["zzzz3", "yyyy2", "cccc3", "bbbb2"]),
    ],
)
def test_ranges(upper: str, lower: str | tuple[str, ...], inclusive: bool, ids: list[str]) -> None:
    found = map_of(BRANCHED).iterate_revisions(upper, lower, inclusive=inclusive)
    assert [one.revision for one in found] == ids


def test_a_range_that_is_longer_than_the_history_may_end_with_it() -> None:
    map_ = map_of([("aaaa1", None, None, None), ("bbbb2", "aaaa1", None, None)])
    with pytest.raises(RevisionError, match="Relative revision -5 didn't produce 5 migrations"):
        map_.iterate_revisions("bbbb2", "-5")
    found = map_.iterate_revisions("bbbb2", "-5", assert_relative_length=False)
    assert [one.revision for one in found] == ["bbbb2", "aaaa1"]
