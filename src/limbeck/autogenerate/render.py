"""Operations as Python source, piece by piece, for libraries that call the pieces.

The names are Alembic's, also those with an underscore, which libraries have come to call; the text
is laid out as Alembic does.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from limbeck.render import constraints, items
from limbeck.render.classic import classic_line
from limbeck.render.python import operation_lines, render_body, renderers, written_lines
from limbeck.render.types import type_expression

if TYPE_CHECKING:
    from limbeck.autogenerate.context import AutogenContext
    from limbeck.operations import ops
    from limbeck.render.context import Rendering
    from limbeck.render.nodes import Node

__all__ = ["MAX_PYTHON_ARGS", "render_op", "render_op_text", "renderers"]

MAX_PYTHON_ARGS = 255


def _rendering(autogen_context: AutogenContext) -> Rendering:
    rendering = autogen_context.rendering().in_layout("alembic")
    rendering.most_arguments = MAX_PYTHON_ARGS
    return rendering


def _text(node: Node | None) -> Any:
    return None if node is None else classic_line(node)


def _in_batch(autogen_context: AutogenContext) -> bool:
    return bool(getattr(autogen_context, "_has_batch", False))


def _alembic_autogenerate_prefix(autogen_context: AutogenContext) -> str:
    prefix = autogen_context.rendering().operations_prefix
    return "batch_op." if _in_batch(autogen_context) else prefix


def _sqlalchemy_autogenerate_prefix(autogen_context: AutogenContext) -> str:
    return autogen_context.rendering().sqlalchemy_prefix


def _ident(name: Any) -> Any:
    return None if name is None else str(name)


def render_op(autogen_context: AutogenContext, op: ops.MigrateOperation) -> list[str]:
    """The statements of an operation.

    :param autogen_context: the run, which gets the imports that they need.
    :param op: the operation.
    :returns: the text of each.
    """
    return operation_lines(op, _rendering(autogen_context), batch=_in_batch(autogen_context))


def render_op_text(autogen_context: AutogenContext, op: ops.MigrateOperation) -> str:
    """The statements of an operation as one text.

    :param autogen_context: the run, which gets the imports that they need.
    :param op: the operation.
    """
    return "\n".join(render_op(autogen_context, op))


def _render_cmd_body(op_container: ops.OpContainer, autogen_context: AutogenContext) -> str:
    text = render_body(op_container, _rendering(autogen_context), indent=0)
    return f"\n{text}\n"


def _written(autogen_context: AutogenContext, op: ops.MigrateOperation) -> str:
    batch = _in_batch(autogen_context)
    return "\n".join(written_lines(op, _rendering(autogen_context), batch=batch))


def _alter_column(autogen_context: AutogenContext, op: ops.AlterColumnOp) -> str:
    # Without the database's own options, such as USING: whoever wants them writes them behind it.
    bare = copy(op)
    bare.kw = {name: op.kw[name] for name in op.kw if name.endswith("autoincrement")}
    return _written(autogen_context, bare)


_add_table = _drop_table = _add_column = _drop_column = _written
_add_index = _drop_index = _add_constraint = _drop_constraint = _written
_add_unique_constraint = _add_fk_constraint = _add_pk_constraint = _written
_add_check_constraint = _execute_sql = _written
_render_create_table_comment = _render_drop_table_comment = _written


def _repr_type(type_: Any, autogen_context: AutogenContext, _skip_variants: bool = False) -> str:
    text: str = _text(type_expression(type_, _rendering(autogen_context)))
    return text


def _render_type_w_subtype(
    type_: Any, autogen_context: AutogenContext, attrname: str, regexp: str, prefix: str
) -> str | None:
    outer = repr(type_)
    inner = getattr(type_, attrname, None)
    if inner is None:
        return None
    before, found, after = outer.partition(repr(inner))
    if not found:
        return None
    return f"{prefix}{before}{_repr_type(inner, autogen_context)}{after}"


def _render_column(column: Any, autogen_context: AutogenContext) -> Any:
    return _text(items.column_expression(column, _rendering(autogen_context)))


def _render_server_default(
    default: Any, autogen_context: AutogenContext, repr_: bool = True
) -> Any:
    return _text(items.server_default_expression(default, _rendering(autogen_context)))


def _render_constraint(
    constraint: Any, autogen_context: AutogenContext, namespace_metadata: Any = None
) -> Any:
    rendering = _rendering(autogen_context)
    rendering.models = namespace_metadata
    return _text(constraints.constraint_expression(constraint, rendering))


_render_check_constraint = _render_unique_constraint = _render_constraint
_render_foreign_key = _render_primary_key = _render_constraint
