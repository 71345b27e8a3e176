"""What is told of a revision by its text alone, where the text is large as where it is small."""

from __future__ import annotations

import pytest

from limbeck.project.code_pieces import code_pieces
from limbeck.project.proof_reading import read_revision
from limbeck.project.proof_stamp import Stamp, stamped

_HEAD = '"""many tables"""\n\nfrom limbeck import op\n\n\ndef upgrade() -> None:\n    """Up."""\n'
_FILLING = "    op.create_table('t{}', sa.Column('id', sa.Integer()), comment='cursor')\n"
_SMALL, _LARGE = 2, 4000
_STAMP = Stamp("0" * 32, "sqlite 3.40")


def _source(count: int, downgrade: str, *, in_upgrade: str = "pass") -> str:
    many = "".join(map(_FILLING.format, range(count)))
    return f"{_HEAD}{many}    {in_upgrade}\n\n\ndef downgrade() -> None:\n{downgrade}"


_DROPS = "    op.drop_table('t0')\n"
_WAYS_BACK = {
    "drops": (_DROPS, None),
    "nothing": ("    pass\n", "its downgrade() does nothing"),
    "a docstring": ('    """Down."""\n    return\n', "its downgrade() does nothing"),
    "raises": ("    raise Exception('no  way')\n", "its downgrade() raises: no way"),
    "another one": (f"{_DROPS}\ndef downgrade():\n    pass\n", "its downgrade() does nothing"),
    "something in brackets behind it": (f"{_DROPS}\n\n(a, b) = 1, 2\n", None),
    "much and something in brackets": (f"{_DROPS * 4000}\n\n(a, b) = 1, 2\n", None),
    "much": (_DROPS * 4000, None),
    "much of nothing": ("    'words'\n" * 9000, "its downgrade() does nothing"),
    "drops after much of nothing": ("    'words'\n" * 9000 + _DROPS, None),
}


@pytest.mark.parametrize("count", [_SMALL, _LARGE])
@pytest.mark.parametrize("name", _WAYS_BACK)
def test_the_way_back(name: str, count: int) -> None:
    downgrade, refusal = _WAYS_BACK[name]
    source = _source(count, downgrade)
    assert len(tuple(code_pieces(source))) > 1 or count == _SMALL
    found = read_revision(source)
    assert (found.refusal, found.has_no_way_back) == (refusal, refusal is not None)


@pytest.mark.parametrize("count", [_SMALL, _LARGE])
@pytest.mark.parametrize("spelled", ["cursor", "cur\N{FULLWIDTH LATIN SMALL LETTER S}or"])
def test_the_driver_is_touched_by_names_and_not_by_texts(spelled: str, count: int) -> None:
    touching = f"op.get_bind().connection.{spelled}()"
    assert not read_revision(_source(count, _DROPS)).touches_driver
    assert not read_revision(_source(count, _DROPS, in_upgrade=f"{touching!r}")).touches_driver
    assert read_revision(_source(count, _DROPS, in_upgrade=touching)).touches_driver
    assert read_revision(_source(count, f"{_DROPS}    {touching}\n")).touches_driver


def test_what_is_no_python_is_not_read() -> None:
    for count in (_SMALL, _LARGE):
        with pytest.raises(SyntaxError):
            read_revision(_source(count, "    raise )\n"))


@pytest.mark.parametrize("count", [_SMALL, _LARGE])
def test_the_stamp_stands_behind_the_docstring(count: int) -> None:
    source = _source(count, _DROPS)
    lines = stamped(source, "sqlite", _STAMP).split("\n")
    assert lines[:4] == ['"""many tables"""', "", str(_STAMP), ""]
    bare = source.partition("\n\n")[2]
    assert stamped(f"# words\n{bare}", "sqlite", _STAMP).split("\n")[:3] == [
        "# words",
        "",
        str(_STAMP),
    ]
