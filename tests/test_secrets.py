"""Nothing that looks like a password is shown, and nothing else is hidden."""

from __future__ import annotations

import pytest

from limbeck.database.secrets import without_passwords

HIDDEN = [
    ("postgresql://me:secret@host/db", "postgresql://me:***@host/db"),
    ("mysql+pymysql://me:s@cr/et@host/db?x=1", "mysql+pymysql://me:***@host/db?x=1"),
    ("host=h password=secret dbname=d", "host=h password=*** dbname=d"),
    ("password='two words'", "password=***"),
    ("user: me\npassword: secret\nhost: h", "user: me\npassword: ***\nhost: h"),
    ("could not connect (passwd: s3cr:et)", "could not connect (passwd: ***)"),
    ("CREATE ROLE r PASSWORD 'it''s secret' LOGIN", "CREATE ROLE r PASSWORD '***' LOGIN"),
    ("CREATE USER u IDENTIFIED BY 'secret'", "CREATE USER u IDENTIFIED BY '***'"),
    ("ALTER ROLE r PASSWORD E'se\\'cret' LOGIN", "ALTER ROLE r PASSWORD '***' LOGIN"),
    ("ALTER ROLE r PASSWORD $x$secret$x$ LOGIN", "ALTER ROLE r PASSWORD '***' LOGIN"),
    ("ALTER ROLE r PASSWORD 'secret that is cut o", "ALTER ROLE r PASSWORD '***'"),
    ('CREATE USER u IDENTIFIED BY "secret"', "CREATE USER u IDENTIFIED BY '***'"),
    ("IDENTIFIED WITH ed25519 AS 'secret'", "IDENTIFIED WITH ed25519 AS '***'"),
    ("SET PASSWORD FOR u = PASSWORD('secret')", "SET PASSWORD FOR u = PASSWORD('***')"),
    ("SET PASSWORD = 'secret'", "SET PASSWORD =***"),
    ("OPTIONS (user 'x', password 'secret')", "OPTIONS (user 'x', password '***')"),
    ("postgresql://me@h/d?sslpassword=secret&x=1", "postgresql://me@h/d?sslpassword=***&x=1"),
    ("mssql+pyodbc:///?odbc_connect=PWD%3Dsecret", "mssql+pyodbc:///?odbc_connect=***"),
    ("x://h/d?token=secret", "x://h/d?token=***"),
    ("{'user': 'me', 'password': 'se\\'cret'}", "{'user': 'me', 'password': '***'}"),
    ("{'db_password': 'secret'}", "{'db_password': '***'}"),
    ("PGPASSWORD=secret psql", "PGPASSWORD=*** psql"),
    ("MASTER_PASSWORD='secret', MASTER_PORT=1", "MASTER_PASSWORD=***, MASTER_PORT=1"),
    ("ALTER ROLE r PASSWORD U&'secret'", "ALTER ROLE r PASSWORD '***'"),
    ("ALTER ROLE r PASSWORD /* new */ 'secret'", "ALTER ROLE r PASSWORD '***'"),
    ("CREATE LOGIN r WITH PASSWORD = N'secret', x", "CREATE LOGIN r WITH PASSWORD = ***, x"),
    ("dblink('host=h password=''a secret''')", "dblink('host=h password=***')"),
    ("SET PASSWORD FOR 'a b'@'h' = 'secret'", "SET PASSWORD FOR 'a b'@'h' ='***'"),
    ("IDENTIFIED VIA x USING '*secret'", "IDENTIFIED VIA x USING '***'"),
    ("IDENTIFIED BY 'new' REPLACE 'secret'", "IDENTIFIED BY '***' REPLACE '***'"),
    ("failed to resolve host 'secret@127.0.0.1'", "failed to resolve host '***@127.0.0.1'"),
    ('could not translate host name "a/secret@h"', 'could not translate host name "***@h"'),
    ("Can't connect to MySQL server on 'secret@h'", "Can't connect to MySQL server on '***@h'"),
]

SHOWN = [
    "Can't locate revision identified by 'nope'",
    "sqlite:///shop.db",
    "postgresql://host/db",
    "the user and the password in the address",
    "unexpected token=5",
    "column password: no such column",
    'password authentication failed for user "me"',
    "Access denied for user 'me'@'localhost' (using password: YES)",
    "op.add_column('users', sa.Column('password', sa.String(40)))",
]


@pytest.mark.parametrize(("text", "shown"), HIDDEN)
def test_passwords_are_hidden(text: str, shown: str) -> None:
    assert without_passwords(text) == shown


@pytest.mark.parametrize("text", SHOWN)
def test_everything_else_is_shown(text: str) -> None:
    assert without_passwords(text) == text
