"""What a new revision is to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from limbeck.errors import UsageError
from limbeck.value import Value

if TYPE_CHECKING:
    import os

    from limbeck.autogenerate.fills import Ask
    from limbeck.diff.rename_choices import Choices
    from limbeck.workflow.missing_models import Confirm
    from limbeck.workflow.renames import DecideRename

Announce = Callable[..., AbstractContextManager[None]]
Names = str | Sequence[str]


class RevisionOptions(Value):
    """What a new revision is to be, and who is asked about it.

    :param message: what the revision does.
    :param autogenerate: fill it with what differs between the models and the database.
    :param sql: run ``env.py`` offline; only with the setting ``revision_environment``.
    :param head: what the revision builds on.
    :param splice: allow a ``head`` that is not a head.
    :param branch_label: label of the new revision's branch.
    :param version_path: folder for the file, of ``version_locations``.
    :param rev_id: the identifier; None makes a random one.
    :param depends_on: revisions that must be applied before.
    :param process_revision_directives: edits what is about to be written.
    :param drop_unowned: drop also tables and columns that no revision has created.
    :param from_history: compare the models with what the revisions make of an empty database, and
        not with the project's own; None does so in limbeck's own projects where that one is behind
        or cannot be reached.
    :param scratch: the address of the scratch database for that; by default one is made.
    :param drop_most_tables: go on where more than half of the tables would be dropped.
    :param fill: what rows get where a column becomes NOT NULL, as ``users.age=0``; any SQL.
    :param no_fill: columns such as ``users.age`` whose rows get nothing, as there are none.
    :param ask_fill: asks a person what rows get where neither the models nor ``fill`` say it.
    :param confirm: asks a person whether most tables are to be dropped.
    :param announce: entered around each step that takes a moment, with what it does.
    :param choices: what was said about renames.
    :param decide_rename: asked about what may have been renamed; returns the new name, or None for
        what is dropped. None refuses instead.
    """

    message: str | None = None
    autogenerate: bool = False
    sql: bool = False
    head: Names = "head"
    splice: bool = False
    branch_label: Names | None = None
    version_path: str | os.PathLike[str] | None = None
    rev_id: str | None = None
    depends_on: Names | None = None
    process_revision_directives: Callable[..., None] | None = None
    drop_unowned: bool = False
    from_history: bool | None = False
    scratch: str | None = None
    drop_most_tables: bool = False
    fill: Sequence[str] | None = None
    no_fill: Sequence[str] | None = None
    ask_fill: Ask | None = None
    confirm: Confirm | None = None
    announce: Announce | None = None
    choices: Choices | None = None
    decide_rename: DecideRename | None = None

    def arguments(self) -> Mapping[str, Any]:
        """What ``env.py`` and hooks know of it: the arguments of Alembic's command."""
        names = (
            *("message", "autogenerate", "sql", "head", "splice", "branch_label"),
            *("version_path", "rev_id", "depends_on"),
        )
        return {name: getattr(self, name) for name in names}

    def refuse_contradictions(self) -> None:
        """Refuse what says something about a comparison where nothing is compared.

        :raises UsageError: so it is.
        """
        if self.autogenerate:
            return
        if self.choices:
            raise UsageError(
                "--rename and --drop say what is meant by what differs, and nothing is compared",
                hint="give --autogenerate too",
            )
        if self.from_history:
            raise UsageError(
                "--from-history is for what --autogenerate writes", hint="give --autogenerate too"
            )
