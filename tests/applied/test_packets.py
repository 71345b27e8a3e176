"""MariaDB: what is read from the driver's packets is what the driver would have made of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from limbeck.database.bare_statements import do_execute_all
from limbeck.database.packets import answer_of, has_packets
from limbeck.dialects.standard.recovery import Objects
from limbeck.runtime.resent.literals import (
    objects_within_quotes,
    where_backslashes_are_plain,
    within_quotes,
)

pytestmark = pytest.mark.databases("mariadb")


@pytest.fixture
def driver(database_url: str) -> Iterator[Any]:
    """The driver's connection."""
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    connection = engine.raw_connection()
    yield connection.driver_connection
    connection.invalidate()


_MESSAGES = (
    "DO 1",
    "BEGIN NOT ATOMIC SELECT 1, NULL, '', 'größe 字'; DO 0; SELECT 2 WHERE 0; END",
    "BEGIN NOT ATOMIC SELECT REPEAT('x', 250), REPEAT('y', 251), REPEAT('z', 70000); END",
    "BEGIN NOT ATOMIC SELECT REPEAT('x', 5); SELECT REPEAT('x', 3) UNION SELECT ''; END",
    "BEGIN NOT ATOMIC CREATE TABLE t (a INT); INSERT INTO t VALUES (1); SHOW CREATE TABLE t; END",
    "SELECT seq, REPEAT('x', seq) FROM seq_1_to_400",
    "SELECT " + ", ".join(map(str, range(240))),
)


@pytest.mark.parametrize("message", _MESSAGES)
def test_every_result_is_as_the_driver_has_it(driver: Any, message: str) -> None:
    assert has_packets(driver)
    cursor = driver.cursor()
    found = []
    for reads_packets in (True, False):
        cursor.execute("DROP TABLE IF EXISTS t")
        found.append(do_execute_all(cursor, message, reads_packets))
        cursor.execute("SELECT 5")
        assert cursor.fetchall() == ((5,),)
    assert found[0] == found[1]


def test_an_error_leaves_the_connection_as_it_was(driver: Any) -> None:
    cursor = driver.cursor()
    for message in (
        "nonsense",
        "BEGIN NOT ATOMIC SELECT 1; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END",
        "BEGIN NOT ATOMIC SELECT 1; SELECT (SELECT 1 UNION SELECT 2); END",
    ):
        errors = []
        for reads_packets in (True, False):
            with pytest.raises(driver.Error) as raised:
                do_execute_all(cursor, message, reads_packets)
            errors.append((type(raised.value), raised.value.args))
            cursor.execute("SELECT 5")
            assert cursor.fetchall() == ((5,),)
        assert errors[0] == errors[1]


def test_the_driver_knows_the_state_of_the_session(driver: Any) -> None:
    answer_of(driver, "SET autocommit = 1")
    assert driver.get_autocommit()
    answer_of(driver, "BEGIN NOT ATOMIC SELECT 1; SET autocommit = 0; END")
    assert not driver.get_autocommit()


def test_a_connection_that_is_lost_is_closed(driver: Any) -> None:
    for message in ("BEGIN NOT ATOMIC SELECT 1; KILL CONNECTION_ID(); SELECT 2; END", "DO 1"):
        with pytest.raises(driver.OperationalError):
            answer_of(driver, message)
    assert not driver.open


def test_whoever_interrupts_the_reading_closes_the_connection(
    driver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of an answer must not be taken for the next one."""

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("limbeck.database.packets._packets", interrupted)
    with pytest.raises(KeyboardInterrupt):
        answer_of(driver, "SELECT 1")
    assert not driver.open


def test_an_answer_that_takes_too_long_is_an_error_of_the_driver(driver: Any) -> None:
    driver._read_timeout = 0.3
    with pytest.raises(driver.OperationalError) as raised:
        answer_of(driver, "BEGIN NOT ATOMIC SELECT 1; DO SLEEP(2); SELECT REPEAT('x', 9); END")
    assert raised.value.args[0] == 2013
    assert not driver.open


def test_a_driver_of_another_kind_is_left_alone(driver: Any) -> None:
    assert not has_packets(object())
    other: Any = type("Connection", (type(driver),), {})
    assert not has_packets(other.__new__(other))


_ODD = "".join(map(chr, range(1, 128))) + "\\n \\\\ '' ''' \\"


@pytest.mark.parametrize("mode", ["", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES"])
@pytest.mark.parametrize("text", [_ODD, _ODD + "größe 字 \U0001f600", "CREATE\n`t`\n'x'", ""])
def test_definitions_arrive_as_they_are(driver: Any, mode: str, text: str) -> None:
    objects = Objects({"table `a`.`b'\"c`": text, "table `ä`": "x"}, ("table `ä`",))
    said = objects_within_quotes(objects)
    if mode == "NO_BACKSLASH_ESCAPES":
        said = where_backslashes_are_plain(said)
    cursor = driver.cursor()
    cursor.execute(f"SET SESSION sql_mode = '{mode}'")
    cursor.execute(f"SELECT CONCAT('{said}')")
    ((found,),) = cursor.fetchall()
    assert json.loads(found) == {"definitions": objects.definitions, "filled": ["table `ä`"]}


def test_quotes_are_doubled_and_backslashes(driver: Any) -> None:
    cursor = driver.cursor()
    cursor.execute(f"SELECT '{within_quotes(_ODD)}'")
    assert cursor.fetchall() == ((_ODD,),)
