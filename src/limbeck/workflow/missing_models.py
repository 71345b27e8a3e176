"""Models that were not imported look like tables that are to be dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from limbeck.errors import ConfigurationError, QuestionNeeded
from limbeck.workflow.change_words import flattened

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from limbeck.autogenerate.revision import RevisionContext
    from limbeck.config import Config
    from limbeck.operations.ops import CreateTableOp, DropTableOp
    from limbeck.runtime.migration import MigrationContext

Confirm = Callable[[str], bool]
"""Asks a person whether what a line says is meant."""

_FEW = 3
"""So many tables are not dropped unasked, where they are more than half of all."""

_MOST_NAMES = 5


def refuse_empty_models(context: RevisionContext, migration_context: MigrationContext) -> None:
    """Refuse to drop everything because no model was imported.

    With ``compare="alembic"`` nothing is refused: models without tables are usual where a library
    compares views or functions only, and Alembic writes the file.

    :param context: after the comparison.
    :param migration_context: knows the models that were compared.
    :raises ConfigurationError: the models have no tables, and the settings name them or tables
        would be dropped.
    """
    from limbeck.autogenerate.scope import is_classic

    if is_classic(migration_context.opts):
        return
    if any(metadata.tables for metadata in _metadatas(migration_context)):
        return
    config = migration_context.config
    if config is not None and config.is_native:
        refuse_models_without_tables(config, ())
    if _dropped(context) or any(words.startswith("table ") for words in context.left_alone):
        raise ConfigurationError(
            "the models define no tables, so every table of the database would be dropped",
            hint="import the modules that define them where target_metadata is set",
        )


def refuse_models_without_tables(config: Config, metadatas: Iterable[MetaData]) -> None:
    """Refuse models of limbeck's own settings that define nothing to compare.

    :param config: the settings.
    :param metadatas: what they name.
    :raises ConfigurationError: there is no table in any of them.
    """
    if not any(metadata.tables for metadata in metadatas):
        raise ConfigurationError(
            f"the models at `{', '.join(config.models)}` define no tables",
            hint="name the modules that define them in the setting `models`, as a list",
        )


def refuse_to_drop_most(
    context: RevisionContext, migration_context: MigrationContext, confirm: Confirm | None
) -> None:
    """Refuse to drop most tables, as happens where a module with models was not imported.

    Two tables may always go, and so may half of all, and those that ``--drop`` names; with
    ``compare="alembic"`` nothing is refused. While it is open what was renamed, it is too early.

    :param context: after the comparison.
    :param migration_context: knows the models that were compared.
    :param confirm: asks a person; None where there is none.
    :raises QuestionNeeded: more would go, and nobody says that they are to.
    """
    from limbeck.autogenerate.scope import is_classic
    from limbeck.operations import ops

    if is_classic(migration_context.opts) or any(each.questions for each in context.comparisons):
        return
    dropped = [name for name in _dropped(context) if name not in context.choices.drops]
    created = _addresses(context, ops.CreateTableOp)
    staying = sum(len(each.tables) for each in _metadatas(migration_context)) - len(created)
    if len(dropped) < _FEW or len(dropped) <= staying:
        return
    total = len(dropped) + max(staying, 0)
    question = f"{len(dropped)} of {total} tables would be dropped: {_listed(dropped)}"
    if confirm is not None and confirm(question):
        return
    raise QuestionNeeded(
        question,
        hint="is a module with models not imported? If they are to go, add --drop-most-tables",
    )


def _metadatas(migration_context: MigrationContext) -> list[MetaData]:
    from sqlalchemy import MetaData

    given = migration_context.opts.get("target_metadata")
    return [given] if isinstance(given, MetaData) else list(given or ())


def _dropped(context: RevisionContext) -> list[str]:
    from limbeck.operations import ops

    return _addresses(context, ops.DropTableOp)


def _addresses(
    context: RevisionContext, kind: type[CreateTableOp] | type[DropTableOp]
) -> list[str]:
    from limbeck.operations.ops.base import qualified

    return [
        qualified(operation.table_name, operation.schema)
        for directive in context.generated_revisions
        for operation in flattened(directive.upgrade_ops_list)
        if isinstance(operation, kind)
    ]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more
