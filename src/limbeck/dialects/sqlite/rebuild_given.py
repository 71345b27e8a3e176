"""What the author of a batch wants to be different about the table itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from limbeck.dialects.backend import EmitTarget
    from limbeck.dialects.sqlite.rebuild_draft import Draft
    from limbeck.operations.batch_value import BatchOptions


def with_batch_options(draft: Draft, options: BatchOptions, target: EmitTarget) -> Draft:
    return draft
