"""What we lay out is what ``ruff format`` would make of it."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from limbeck.render.layout import lay_out, one_line
from limbeck.render.nodes import (
    Block,
    Call,
    Code,
    DictOf,
    Keyword,
    ListOf,
    Method,
    Node,
    TupleOf,
    call,
)
from limbeck.render.values import expression, string, value

strings = st.text("ab'\"\\\n é漢%", max_size=40).map(string)
numbers = st.integers(-1000, 1000).map(lambda number: Code(repr(number)))


def _calls(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    names = st.sampled_from(["sa.Column", "sa.text", "op.f", "postgresql.VARCHAR"])
    items = st.lists(inner, max_size=4)

    def make(name: str, positional: list[Node], named: list[Node]) -> Node:
        keywords = [Keyword(f"key_{i}", node) for i, node in enumerate(named)]
        return call(name, *positional, *keywords)

    return st.builds(make, names, items, items)


def _nodes(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    items = st.lists(inner, max_size=4).map(tuple)
    methods = st.builds(
        lambda first, second, count: _chain(first, second, count),
        _calls(inner),
        inner,
        st.integers(1, 3),
    )
    pairs = st.lists(st.tuples(strings, numbers), max_size=3).map(tuple)
    return st.one_of(
        _calls(inner),
        items.map(ListOf),
        items.map(TupleOf),
        pairs.map(DictOf),
        methods,
    )


def _chain(receiver: Node, argument: Node, count: int) -> Node:
    for _ in range(count):
        receiver = Method(receiver, "with_variant", (argument,))
    return receiver


statements = st.lists(
    st.recursive(st.one_of(strings, numbers), _nodes, max_leaves=25), min_size=1, max_size=3
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(statements, min_size=10, max_size=20))
def test_a_formatter_changes_nothing(bodies: list[list[Node]]) -> None:
    lines = [lay_out(call("op.create_table", *nodes), indent=4) for nodes in bodies]
    source = "def upgrade():\n" + "".join(f"    {line}\n" for line in lines)
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
    assert done.stdout == source


@given(st.text())
def test_a_string_comes_back(text: str) -> None:
    assert eval(one_line(string(text))) == text


@given(st.one_of(st.binary(), st.integers(), st.booleans(), st.none(), st.lists(st.text())))
def test_a_value_comes_back(given_value: object) -> None:
    assert eval(one_line(value(given_value))) == given_value


def test_quotes_that_need_fewer_escapes() -> None:
    assert one_line(string('say "x"')) == "'say \"x\"'"
    assert one_line(string('it\'s "x"')) == "'it\\'s \"x\"'"
    assert one_line(string("it's")) == '"it\'s"'


def test_a_statement_with_something_before_and_after() -> None:
    head = call("op.batch_alter_table", string("t" * 60), Keyword("schema", string("s" * 10)))
    lines = lay_out(head, indent=4, before="with ", after=" as batch_op:").splitlines()
    assert lines == [
        "with op.batch_alter_table(",
        f'        "{"t" * 60}",',
        f'        schema="{"s" * 10}",',
        "    ) as batch_op:",
    ]


def test_somebody_elses_expression_is_laid_out_like_ours() -> None:
    node = expression("mytypes.Money( 'EUR',precision = 10 , tags=['a'], other={'b':1})")
    assert one_line(node) == ('mytypes.Money("EUR", precision=10, tags=["a"], other={"b": 1})')
    assert one_line(expression("a if b else c")) == "a if b else c"
    assert one_line(expression("not python (")) == "not python ("


def test_a_call_without_arguments_is_never_broken() -> None:
    assert lay_out(Call("sa." + "X" * 100)) == "sa." + "X" * 100 + "()"


@given(st.text("ab'\"\\\n\r\t \x00é漢%:${}", min_size=1, max_size=60))
@settings(max_examples=300, deadline=None)
def test_a_block_is_the_text_between_blanks(text: str) -> None:
    source = lay_out(call("f", Block(text)))
    assert eval(source, {"f": lambda found: found}) == f"\n{text}\n"


def test_a_block_stands_as_a_formatter_would_put_it() -> None:
    text = "SELECT \"a\",\n    '\\d' -- it's\nFROM b"
    source = lay_out(call("op.create_view", string("v"), Block(text), Keyword("x", Code("1"))))
    assert text in source
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "-"]
    done = subprocess.run(command, input=source + "\n", capture_output=True, text=True, check=True)
    assert done.stdout == source + "\n"
