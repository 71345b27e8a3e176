"""What is read without configparser is what configparser reads."""

from __future__ import annotations

from configparser import (
    MAX_INTERPOLATION_DEPTH,
    ConfigParser,
    DuplicateOptionError,
    InterpolationDepthError,
    InterpolationError,
)
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from limbeck.config import Config
from limbeck.errors import ConfigurationError
from limbeck.project.ini_parser import parsed_ini
from limbeck.project.interpolation import UnresolvedReference, interpolated, interpolated_deeply
from limbeck.project.plain_ini import PlainIni, parse_plain_ini

_PIECES = st.sampled_from(
    [
        *("a", "B", "key", "here", "=", ":", " = ", " : ", "\n", "\n\n", "\r", "\t", " ", "\x0b"),
        *("[a]\n", "[B]\n", "[DEFAULT]\n", "[", "]", "[]", "# words\n", "; words\n", " # no\n"),
        *(
            "%",
            "%%",
            "%(a)s",
            "%(B)s",
            "%(here)s",
            "%(Here)s",
            "%(none)s",
            "%(",
            ")s",
            "é",
            "\u3000",
        ),
        *("a = 1\n", "b: %(a)s/x\n", "c =\n", "d = x # y ; z\n", "e = %(e)s\n", "f = %(b)s\n"),
    ]
)
_NAMES = {"here": "/x/100%%", "Given": "%(here)s!"}


@given(st.lists(_PIECES, max_size=14).map("".join))
@example("[a]\na:x=1\nb=x:1\n")
@example("[a]\n[b = 1\nc = %(A)s%(HERE)s\n\x0b# words\n")
def test_plain_is_what_configparser_says(text: str) -> None:
    sections = parse_plain_ini(text)
    if sections is None:
        return
    plain, parser = PlainIni(sections, _NAMES), parsed_ini("x.ini", text, _NAMES)
    assert list(sections) == parser.sections()
    for section in (*sections, "DEFAULT", "", "absent"):
        assert plain.has_section(section) == parser.has_section(section)
        for option in (
            "a",
            "A",
            "b",
            "here",
            "Here",
            "given",
            "absent",
            *_options(parser, section),
        ):
            assert plain.has_option(section, option) == parser.has_option(section, option)
            if plain.has_option(section, option) and section:
                assert _value(plain, section, option) == _value(parser, section, option)
        if plain.has_section(section):
            assert plain.options(section) == parser.options(section)


def _options(parser: ConfigParser, section: str) -> list[str]:
    return parser.options(section) if parser.has_section(section) else []


def _value(ini: PlainIni | ConfigParser, section: str, option: str) -> str | None:
    try:
        return ini.get(section, option)
    except (UnresolvedReference, InterpolationError):
        return None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[alembic]\nscript_location = %(here)s/migrations\n# words\n\nsqlalchemy.url = a:b=c\n",
        "[loggers]\nkeys = root\n[handler_x]\nargs = (sys.stderr,)\nformatter=\n",
    ],
)
def test_usual_settings_are_plain(text: str) -> None:
    assert parse_plain_ini(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "a = 1",
        "[a]\na = 1\n  more",
        "[a]\na = 1\n\x0bb = 2",
        "[a]b]",
        "[a]\n[a]",
        "[a]\na = 1\nA = 2",
        "[DEFAULT]",
        "[a] x",
        "[a]\nword",
        "[a]\n= 1",
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert parse_plain_ini(text) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("%(a)s%%%(a)s%", "1%1%"),
        ("%%(a)s %%%(a)s", "%(a)s %1"),
        ("%()s %(", "%()s %("),
        ("%(a)d %(a b", "%(a)d %(a b"),
        ("%(a(b)s %(a)b)s %(a%(a)s", "%(a(b)s %(a)b)s %(a1"),
        ("%(a\nb)s", "%(a\nb)s"),
    ],
)
def test_what_is_a_reference(value: str, expected: str) -> None:
    assert interpolated(value, {"a": "1"}) == expected


def test_references_lead_as_far_as_in_configparser() -> None:
    names = {f"k{at}": f"%(k{at + 1})s" for at in range(MAX_INTERPOLATION_DEPTH)}
    names[f"k{MAX_INTERPOLATION_DEPTH}"] = "100%%"
    assert interpolated_deeply(names["k1"], names) == "100%"
    with pytest.raises(UnresolvedReference):
        interpolated_deeply(names["k0"], names)
    parser = ConfigParser()
    parser.read_dict({"a": names})
    assert parser.get("a", "k1") == "100%"
    with pytest.raises(InterpolationDepthError):
        parser.get("a", "k0")


_INI = "[alembic]\nscript_location = %(here)s/x\n[limbeck]\nurl = %(away)s\nmore ="


@pytest.mark.parametrize("ending", ["", "\n  more"], ids=["plain", "configparser"])
def test_settings_are_the_same_by_either(tmp_path: Path, ending: str) -> None:
    (tmp_path / "x.ini").write_text(_INI + ending)
    config = Config(tmp_path / "x.ini")
    assert config.config_ini_section == "limbeck"
    assert config.get_section("alembic") == {
        "script_location": f"{tmp_path}/x",
        "here": str(tmp_path),
    }
    with pytest.raises(ConfigurationError, match=r"'url' in \[limbeck\] .* not defined"):
        config.get_main_option("url")
    with pytest.raises(ConfigurationError, match="not defined"):
        config.get_section("limbeck")


def test_what_is_set_holds_and_the_file_is_read_once(tmp_path: Path) -> None:
    file = tmp_path / "x.ini"
    file.write_text("[alembic]\na = 1\n")
    config = Config(file)
    assert config.get_main_option("a") == "1"
    file.write_text("[alembic]\na = 2\n")
    config.set_main_option("b", "3")
    assert (config.get_main_option("a"), config.get_main_option("b")) == ("1", "3")
    config.file_config.set("alembic", "a", "4")
    assert config.get_main_option("a") == "4"
    config.remove_main_option("a")
    assert config.get_main_option("a") is None


def test_a_class_below_says_how_the_file_is_read(tmp_path: Path) -> None:
    class Other(Config):
        @property  # type: ignore[override]  # as somebody may
        def file_config(self) -> ConfigParser:
            return parsed_ini(None, "[alembic]\na = mine\n", {})

    (tmp_path / "x.ini").write_text("[alembic]\na = 1\n")
    assert Other(tmp_path / "x.ini").get_main_option("a") == "mine"


@pytest.mark.parametrize("ending", ["", "\n  more"], ids=["plain", "configparser"])
def test_names_are_those_of_when_the_file_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "x.ini").write_text(f"[alembic]\na = %(here)s/%(given)s\nb ={ending}")
    monkeypatch.chdir(tmp_path)
    config = Config("x.ini", config_args={"given": "before"})
    assert config.get_main_option("a") == f"{tmp_path}/before"
    monkeypatch.chdir(tmp_path / "elsewhere")
    config.config_args["given"] = "after"
    config.config_file_name = "elsewhere/x.ini"
    config.set_main_option("c", "3")
    assert config.get_main_option("a") == f"{tmp_path}/before"
    assert config.file_config.get("alembic", "a") == f"{tmp_path}/before"


def test_a_file_that_was_corrected_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "x.ini"
    file.write_text("[alembic]\nnonsense\n")
    config = Config(file)
    with pytest.raises(ConfigurationError, match="it is not an ini file"):
        config.get_main_option("a")
    file.write_text("[alembic]\na = 1\n")
    assert config.get_main_option("a") == "1"


def test_a_file_is_read_anew_without_its_parser(tmp_path: Path) -> None:
    file = tmp_path / "x.ini"
    file.write_text("[alembic]\na = 1\n")
    config = Config(file)
    assert config.get_main_option("a") == config.file_config["alembic"]["a"] == "1"
    file.write_text("[alembic]\na = 2\n")
    del config.file_config
    assert config.get_main_option("a") == config.file_config["alembic"]["a"] == "2"


def test_names_are_taken_or_refused_as_by_configparser(tmp_path: Path) -> None:
    file = tmp_path / "x.ini"
    file.write_text("[alembic]\na = %(1)s\n")
    numbered: dict[Any, str] = {1: "one"}
    assert Config(file, config_args=numbered).get_main_option("a") == "one"
    with pytest.raises(DuplicateOptionError):
        Config(file, config_args={"name": "x", "NAME": "y"}).get_main_option("b")


@pytest.mark.parametrize("name", ["path_separator", "version_path_separator"])
def test_a_separator_that_refers_to_nothing(tmp_path: Path, name: str) -> None:
    file = tmp_path / "x.ini"
    file.write_text(f"[alembic]\nversion_locations = a b\n{name} = %(away)s\n")
    with pytest.raises(ConfigurationError, match=f"'{name}' in .* not defined"):
        Config(file).get_version_locations_list()
