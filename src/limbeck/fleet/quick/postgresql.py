"""The quick road on PostgreSQL, by psycopg."""

from __future__ import annotations

from typing import TYPE_CHECKING

from limbeck.database.bare_statements import do_execute
from limbeck.database.deploy_lock import session_name
from limbeck.dialects.postgresql.lock import (
    CHECK_INTERVAL,
    CHECK_MILLISECONDS,
    PostgresqlDeployLocks,
)
from limbeck.dialects.registry import backend_for
from limbeck.facts.own_tables import journal_table_name
from limbeck.fleet.quick.legs import Place
from limbeck.fleet.quick.messages import literal, messages_of, one_message, sent_at, took_query
from limbeck.fleet.quick.sessions import NotAsExpected, QuickSession

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from limbeck.fleet.quick.legs import Leg
    from limbeck.fleet.quick.messages import Message

__all__ = ["PostgresqlSession"]

_NOT_ON_THIS_SYSTEM = "22023"
"""invalid_parameter_value: https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_MOST_MESSAGES = 50


class PostgresqlSession(QuickSession):
    """PostgreSQL by psycopg: many revisions are one message, see the module ``messages``."""

    _release = ""
    _short: tuple[str, ...] = ()
    _schema = ""
    _application: str | None = None
    _interval: str | None = None
    _versions: frozenset[str] = frozenset()

    def open(self) -> None:
        ground, schema = self.ground, self.tenant.schema
        if self.driver.info.server_version != ground.server:
            raise NotAsExpected
        self.driver.autocommit = True
        self.cursor = self.driver.cursor()
        if schema is not None:
            schemas = backend_for(ground.dialect).tenant_schemas
            do_execute(self.cursor, schemas.enter(schema, self.tenant.shared_schemas))
        [found] = self.ask(self._question)
        self._schema, is_elsewhere, pid, strings, lock_timeout, tables, *more = found
        self._application, self._interval = more
        expected = schema if ground.is_tenants else ground.schema
        if is_elsewhere or not self._schema or self._schema != (expected or self._schema):
            raise NotAsExpected
        # a pooler greets by another number, see limbeck.dialects.postgresql.lock
        if pid != self.driver.info.backend_pid or strings != "on":
            raise NotAsExpected
        if ground.lock_timeout and ground.timeouts.is_default(lock_timeout):
            value = ground.timeouts.value(ground.lock_timeout)
            self._short = (ground.timeouts.set(value, of_transaction=True),)
        self.tables = frozenset(tables)

    @property
    def _question(self) -> str:
        names = (*self.texts.names, journal_table_name(self.texts.names[0]))
        schema = self.ground.versions.table.schema
        where = literal(schema) if schema is not None else "current_schema()"
        place = f"(SELECT oid FROM pg_namespace WHERE nspname = {where})"
        called = f"FROM pg_class WHERE relname IN ({', '.join(map(literal, names))})"
        # one further down the search path would be taken for this schema's
        is_seen = f"pg_table_is_visible(oid) AND relnamespace <> {place}"
        elsewhere = f"EXISTS(SELECT {called} AND {is_seen})" if schema is None else "false"
        return (
            f"SELECT current_schema(), {elsewhere}, pg_backend_pid(), "
            "current_setting('standard_conforming_strings'), current_setting('lock_timeout'), "
            f"array(SELECT relname::text {called} AND relnamespace = {place}), "
            "current_setting('application_name'), "
            f"current_setting({literal(CHECK_INTERVAL)}, true)"
        )

    def lock(self, heads: tuple[str, ...]) -> None:
        locks = backend_for(self.ground.dialect).deploy_locks
        if not isinstance(locks, PostgresqlDeployLocks):
            raise NotAsExpected
        table = self.ground.versions.table
        key = locks.key_of(table.schema or self._schema, table.name)
        if self.ask(f"SELECT pg_try_advisory_lock({key})") != [(True,)]:
            raise NotAsExpected
        self._release = f"SELECT pg_advisory_unlock({key})"
        if self.tables and self.ask_versions() != heads:
            raise NotAsExpected
        if not self._application:
            do_execute(self.cursor, f"SET application_name = {literal(session_name())}")
        if self._interval == "0" and self.texts.can_watch_clients:
            try:
                do_execute(self.cursor, f"SET {CHECK_INTERVAL} = {CHECK_MILLISECONDS}")
            except Exception as error:
                if getattr(error, "sqlstate", None) != _NOT_ON_THIS_SYSTEM:
                    raise
                self.texts.can_watch_clients = False

    def portions(self, legs: Sequence[Leg], place: Place) -> Iterable[Sequence[Leg]]:
        return [message.legs for message in self._messages(legs, place)]

    def carry_out(self, portion: Sequence[Leg], place: Place) -> tuple[Place, list[float]]:
        [message] = self._messages(portion, place)
        do_execute(self.cursor, sent_at(self.ground.origin.now(), message.text))
        self.tables = frozenset(self.texts.names)
        [(versions, milliseconds)] = self.ask(
            f"SELECT array({self.texts.read_versions})::text[], "
            f"{took_query(place.number, self.texts)}"
        )
        self._versions = frozenset(versions)
        if self._versions != portion[-1].after:
            raise NotAsExpected
        return Place(place.number + len(portion)), [each / 1000 for each in milliseconds]

    def arrived(self) -> frozenset[str]:
        return self._versions

    def _messages(self, legs: Sequence[Leg], place: Place) -> Sequence[Message]:
        """What carries out some revisions, which is the same for most tenants."""
        known, creates = self.texts.messages, not self.tables
        ids = tuple(leg.id for leg in legs)
        key = (ids, legs[0].before, place.number, creates, self._short)
        found = known.get(key)
        if found is None:
            last, texts = place.number, self.texts
            if self.ground.is_each:
                found = tuple(messages_of(legs, last, texts, self._short, creates=creates))
            else:
                found = (one_message(legs, last, texts, creates=creates),)
            if len(known) >= _MOST_MESSAGES:  # tenants differ in how they came to where they are
                known.clear()
            known[key] = found
        return found

    def end_transaction(self) -> None:
        if self.driver.info.transaction_status:
            do_execute(self.cursor, "ROLLBACK")

    @property
    def is_lost(self) -> bool:
        return bool(self.driver.closed)

    def close(self) -> None:
        if self._release:
            do_execute(self.cursor, self._release)
