"""What is read without tomllib is what tomllib reads."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limbeck.project.plain_toml import parse_plain_toml

_PIECES = st.sampled_from(
    [
        *("a", "b-1", "_", "=", " = ", '"', '"x"', '"é # x"', "''", "'x'", "[", "]", ",", ", "),
        *("true", "false", "True", "0", "1", "12", "01", "1_0", "+1", "1.5", "1979-05-27", "inf"),
        *(
            " ",
            "\t",
            "#",
            "# words",
            "\\",
            "\n",
            "\r",
            "\x00",
            "\x7f",
            "\x85",
            "\u2028",
            '""',
            '"""',
        ),
        *('a = "x"\n', "b = true\n", "c = 7 # seven\n", 'd = ["x", "y"]\n', "[t]\n", "e.f = 1\n"),
    ]
)


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_plain_is_what_tomllib_says(text: str) -> None:
    found = parse_plain_toml(text)
    if found is not None:
        assert found == tomllib.loads(text)
        assert [type(value) for value in found.values()] == [
            type(value) for value in tomllib.loads(text).values()
        ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        'url = "${DATABASE_URL}"\n# words\n\nprove = false',
        'models = ["a:b", "c:d",]\nlock_wait = 300 # seconds\n',
        "models = [ ]\n",
    ],
)
def test_usual_settings_are_plain(text: str) -> None:
    assert parse_plain_toml(text) == tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        *('a = "\\u0041"', "a = 1\na = 2", "[t]", "a.b = 1", "a = 1_000", "a = 01"),
        *("a = ['x']", "a"),
        *('a = "\x01"', "# \x7f", "é = 1", "a = \u0661", "a = \u00b2", "a = 9999999999999999999"),
        *('a = ["b",]"', 'a = ["b""c"]', 'a = ["b" # ]', 'a = """b"""', 'a = ["b"] ,'),
    ],
)
def test_anything_else_is_not(text: str) -> None:
    assert parse_plain_toml(text) is None
