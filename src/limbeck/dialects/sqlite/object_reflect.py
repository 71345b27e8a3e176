"""Views and triggers of SQLite, cut out of the text that it keeps of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from limbeck.dialects.sqlite.schema_cursor import END, Cursor, SchemaTextError
from limbeck.dialects.sqlite.sql_tokens import meaning, quoted, text_of, tokens_of
from limbeck.facts.routines import Trigger
from limbeck.facts.schema_objects import SchemaObject, View

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from limbeck.facts.scope import Scope


def reflect_objects(connection: Connection, scope: Scope) -> tuple[SchemaObject, ...]:
    """The views and triggers of the attached databases that are looked at."""
    found = [
        item
        for schema in scope.schemas or ("",)
        for sql in _texts(connection, schema)
        for item in _read(sql, schema or None)
    ]
    return tuple(sorted(found, key=lambda item: item.key))


def _texts(connection: Connection, schema: str) -> list[str]:
    catalogue = f"{quoted(schema)}.sqlite_master" if schema else "sqlite_master"
    rows = connection.exec_driver_sql(
        f"SELECT sql FROM {catalogue} WHERE type IN ('view', 'trigger') AND sql IS NOT NULL"
    )
    return [row[0] for row in rows]


def _read(sql: str, schema: str | None) -> Iterator[SchemaObject]:
    """The object of a text; nothing where the text is something that nobody could declare."""
    try:
        yield _Reader(tokens_of(sql)).read(schema)
    except SchemaTextError:
        return


class _Reader(Cursor):
    """Reads a view or a trigger from its tokens."""

    def read(self, schema: str | None) -> View | Trigger:
        if not self.take_words("CREATE"):
            raise SchemaTextError("not a CREATE")
        if self.peek().is_word("TEMP", "TEMPORARY"):
            self.take()
        word = self.take()
        self.take_words("IF", "NOT", "EXISTS")
        if self.peek(1).text == ".":
            self.take()
            self.take()
        name = self.take_name()
        if word.is_word("VIEW"):
            return self._view(name, schema)
        return self._trigger(name, schema)

    def _view(self, name: str, schema: str | None) -> View:
        options = {"columns": self.take_brackets()} if self.peek().text == "(" else {}
        if not self.take_words("AS"):
            raise SchemaTextError("a view without AS")
        return View(name, text_of(self.tokens[self.at :]), options, schema=schema)

    def _trigger(self, name: str, schema: str | None) -> Trigger:
        start = self.at
        while not self.peek().is_word("ON"):
            if self.take() is END:
                raise SchemaTextError("a trigger without ON")
        when = text_of(self.tokens[start : self.at])
        self.take()
        table = self.take_name()
        return Trigger(name, table, when, text_of(self.tokens[self.at :]), schema=schema)


def in_stored_words(
    objects: Sequence[SchemaObject], stored: Sequence[SchemaObject]
) -> tuple[SchemaObject, ...]:
    """The objects of the models, in the text of the database's wherever that means the same.

    SQLite keeps the text that created an object, and changes nothing in it, so there is nothing to
    be learned from creating one on scratch.
    """
    known = {item.key: item for item in stored}
    return tuple(_like(item, known.get(item.key)) for item in objects)


def _meanings(settings: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {name: meaning(text) for name, text in settings.items()}


def _like(item: SchemaObject, stored: SchemaObject | None) -> SchemaObject:
    if isinstance(item, View) and isinstance(stored, View):
        if meaning(str(item.definition)) == meaning(str(stored.definition)):
            item = replace(item, definition=stored.definition)
        same = _meanings(item.settings) == _meanings(stored.settings)
        return replace(item, options=stored.options) if same else item
    if isinstance(item, Trigger) and isinstance(stored, Trigger):
        if meaning(item.when) == meaning(stored.when):
            item = replace(item, when=stored.when)
        if meaning(item.action) == meaning(stored.action):
            item = replace(item, action=stored.action)
    return item
