"""Changing generated operations one by one, as a ``process_revision_directives`` hook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from limbeck.operations import ops

RewriteFunction = Callable[..., Any]


class Rewriter:
    """A hook made of one function for each kind of operation.

    ::

        writer = Rewriter()

        @writer.rewrites(ops.AddColumnOp)
        def add_column(context, revision, op):
            return [op, …]

        context.configure(…, process_revision_directives=writer)
    """

    def __init__(self) -> None:
        self._functions: dict[type[Any], RewriteFunction] = {}
        self._chained: tuple[RewriteFunction, ...] = ()

    def chain(self, other: RewriteFunction) -> Rewriter:
        """Return a rewriter that calls this one, then the other.

        :param other: a Rewriter, or any ``process_revision_directives`` function.
        """
        joined = type(self)()
        joined._functions = dict(self._functions)
        joined._chained = (*self._chained, other)
        return joined

    def rewrites(
        self, operator: type[Any] | Sequence[type[Any]]
    ) -> Callable[[RewriteFunction], RewriteFunction]:
        """A decorator: the function changes operations of this class, or of these classes.

        It is called with the migration context, the revision and the operation, and returns
        what takes the operation's place: one, a list, or None for nothing.
        """
        classes = [operator] if isinstance(operator, type) else list(operator)

        def register(function: RewriteFunction) -> RewriteFunction:
            self._functions.update(dict.fromkeys(classes, function))
            return function

        return register

    def __call__(self, context: Any, revision: Any, directives: list[Any]) -> None:
        self.process_revision_directives(context, revision, directives)
        for other in self._chained:
            other(context, revision, directives)

    def process_revision_directives(
        self, context: Any, revision: Any, directives: list[Any]
    ) -> None:
        """Rewrite every operation in the scripts, in place."""
        for directive in list(directives):
            replaced = list(self._rewritten(context, revision, directive))
            at = directives.index(directive)
            directives[at : at + 1] = replaced

    def _rewritten(self, context: Any, revision: Any, operation: Any) -> Iterator[Any]:
        """Yield what takes an operation's place, each with its own operations rewritten."""
        for each in self._replacement(context, revision, operation):
            if isinstance(each, ops.MigrationScript):
                for container in (*each.upgrade_ops_list, *each.downgrade_ops_list):
                    self._inside(context, revision, container)
            elif isinstance(each, ops.OpContainer):
                self._inside(context, revision, each)
            yield each

    def _inside(self, context: Any, revision: Any, container: ops.OpContainer) -> None:
        # A function for the container itself may not put another one in its place here.
        if not isinstance(container, ops.ModifyTableOps):
            list(self._replacement(context, revision, container))
        container.ops[:] = [
            new for old in container.ops for new in self._rewritten(context, revision, old)
        ]

    def _replacement(self, context: Any, revision: Any, operation: Any) -> list[Any]:
        function = next(
            (self._functions[c] for c in type(operation).__mro__ if c in self._functions), None
        )
        if function is None or self in _seen_by(operation):
            return [operation]
        answer = function(context, revision, operation)
        replaced = [] if answer is None else answer if isinstance(answer, list) else [answer]
        for each in replaced:
            # What a function returns is finished: it does not see it a second time.
            each._mutations = _seen_by(each) | {self}
        return replaced


def _seen_by(operation: object) -> frozenset[Any]:
    """The rewriters that an operation, of limbeck's or of a library, comes from."""
    found: frozenset[Any] = getattr(operation, "_mutations", frozenset())
    return found
