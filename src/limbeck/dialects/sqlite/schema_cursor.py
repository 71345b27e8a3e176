"""Walk over the tokens of a text, blanks and comments left aside."""

from __future__ import annotations

from limbeck.dialects.sqlite.sql_tokens import Token, text_of, tokens_of

END = Token("sign", "")
"""What comes behind the last token."""


class SchemaTextError(ValueError):
    """The text is not a ``CREATE TABLE`` with a list of columns."""


class Cursor:
    """A place in the tokens, and what can be read from there."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.at = 0
        # For each place, where the next token with a meaning is.
        self.meant = [len(tokens)] * (len(tokens) + 2)
        meant = len(tokens)
        for place in range(len(tokens) - 1, -1, -1):
            if not tokens[place].is_trivia:
                meant = place
            self.meant[place] = meant

    def next_place(self, start: int | None = None) -> int:
        """Where the next token with a meaning is."""
        return self.meant[self.at if start is None else start]

    def peek(self, ahead: int = 0) -> Token:
        """The next token with a meaning, or one behind it."""
        place = self.meant[self.at]
        for _ in range(ahead):
            place = self.meant[place + 1]
        return self.tokens[place] if place < len(self.tokens) else END

    def take(self) -> Token:
        """Step over the next token with a meaning."""
        place = self.meant[self.at]
        self.at = place + 1
        return self.tokens[place] if place < len(self.tokens) else END

    def take_words(self, *words: str) -> bool:
        """Step over these words if all of them are next."""
        if self.peek().word != words[0]:
            return False
        if not all(self.peek(i).word == word for i, word in enumerate(words)):
            return False
        for _ in words:
            self.take()
        return True

    def expect(self, sign: str) -> None:
        token = self.take()
        if token.text != sign:
            raise SchemaTextError(f"expected {sign!r}, found {token.text!r}")

    def take_name(self) -> str:
        token = self.take()
        if not token.can_be_name:
            raise SchemaTextError(f"expected a name, found {token.text!r}")
        return token.name

    def take_brackets(self) -> str:
        """Step over a pair of brackets; what stands between them, without the brackets."""
        self.expect("(")
        start, depth = self.at, 1
        while depth:
            token = self.take()
            if token is END:
                raise SchemaTextError("a bracket is not closed")
            depth += {"(": 1, ")": -1}.get(token.text, 0)
        return text_of(self.tokens[start : self.at - 1]).strip()

    def since(self, start: int) -> str:
        return text_of(self.tokens[start : self.at])

    def trivia(self) -> str:
        """Step over blanks and comments."""
        start, self.at = self.at, self.next_place()
        return self.since(start)


def names_in(columns: str) -> tuple[str, ...]:
    """The names in a list of columns, without COLLATE, ASC and DESC."""
    names, depth, fresh = [], 0, True
    for token in tokens_of(columns):
        if token.is_trivia:
            continue
        if fresh and depth == 0:
            names.append(token.name)
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        fresh = token.text == ","
    return tuple(names)
