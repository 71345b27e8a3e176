"""What a dialect's ``DefaultImpl`` subclass overrides, and for whom statements are made then."""

from __future__ import annotations

from typing import Any

from limbeck.dialects.backend import EmitTarget

_BATCH_HOOKS = ("requires_recreate_in_batch", "prep_table_for_batch", "cast_for_batch_migrate")


def is_overridden(impl: Any, method: str) -> bool:
    """True where a dialect's subclass has a method of its own, and not limbeck's.

    Some projects put a method of theirs into limbeck's class instead; it is one of their own too.
    """
    owner = next((cls for cls in type(impl).__mro__ if method in vars(cls)), object)
    module = getattr(vars(owner).get(method), "__module__", None) or owner.__module__
    return owner is not object and not module.startswith("limbeck.")


def emit_target(impl: Any) -> EmitTarget:
    """For whom the statements of a migration are made, one value for the whole of it."""
    target: EmitTarget | None = vars(impl).get("_target")
    if target is None:
        batch_hooks = None
        if any(is_overridden(impl, each) for each in _BATCH_HOOKS):
            from limbeck.runtime.batch_answers import BatchAnswers

            batch_hooks = BatchAnswers(impl)
        target = impl._target = EmitTarget(
            dialect=impl.dialect,
            connection=impl.connection,
            as_sql=impl.as_sql,
            opts=impl.opts,
            transactional_ddl=impl.transactional_ddl,
            batch_hooks=batch_hooks,
        )
    return target
