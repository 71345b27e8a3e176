"""Nothing that looks like a password is shown, and nothing else is hidden."""

from __future__ import annotations

import pytest

from limbeck.database.secrets import without_passwords

HIDDEN = [
    ("postgresql://me:secret@host/db", "postgresql://me:***@host/db"),
    ("mysql+pymysql://me:s@cr/et@host/db?x=1", "mysql+pymysql://me:***@host/db?x=1"),
    ("host=h password=secret dbname=d", "host=h password=*** dbname=d"),
    ("password='two words'", "password=***"),
    ("CREATE ROLE r PASSWORD 'it''s secret' LOGIN", "CREATE ROLE r PASSWORD '***' LOGIN"),
    ("CREATE USER u IDENTIFIED BY 'secret'", "CREATE USER u IDENTIFIED BY '***'"),
]

SHOWN = [
    "Can't locate revision identified by 'nope'",
    "sqlite:///shop.db",
    "postgresql://host/db",
    "the user and the password in the address",
]


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_passwords_are_hidden(text: str, shown: str) -> None:
    assert without_passwords(text) == shown


@pytest.mark.parametrize("text", SHOWN)
def test_everything_else_is_shown(text: str) -> None:
    assert without_passwords(text) == text
