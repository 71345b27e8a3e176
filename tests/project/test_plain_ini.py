"""What is read without configparser is what configparser reads."""

from __future__ import annotations

from configparser import ConfigParser, InterpolationError
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limbeck.config import Config
from limbeck.errors import ConfigurationError
from limbeck.project.ini_parser import parsed_ini
from limbeck.project.interpolation import UnresolvedReference
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
