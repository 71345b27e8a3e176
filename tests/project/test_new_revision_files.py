"""Writing new revision files: whatever the message is, it stays a message."""

from __future__ import annotations

import ast
import datetime
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from limbeck.errors import CommandError, ConfigurationError, UsageError
from limbeck.project.files import parse_source
from limbeck.project.new_revision import (
    FileNaming,
    check_new_id,
    created_at,
    file_path,
    make_folder,
    new_revision_id,
    slug,
    write_revision,
)
from limbeck.project.revision_text import BUILT_IN_TEMPLATE, render_revision
from limbeck.revisions.errors import RevisionError
from limbeck.revisions.revision import check_id

WHEN = datetime.datetime(2026, 11, 22, 9, 38, 15, 371887)
TEMPLATES = BUILT_IN_TEMPLATE.parent
KINDS = ("generic", "async", "multidb", "pyproject", "pyproject_async")


class Databases:
    """Stands for the settings of a multidb project."""

    def get_main_option(self, name: str, default: str) -> str:
        assert name == "databases"
        return "engine1, engine2"


def variables(**more: Any) -> dict[str, Any]:
    return {
        "up_revision": "ae1027a6acf",
        "down_revision": None,
        "branch_labels": None,
        "depends_on": None,
        "create_date": WHEN,
        "imports": "",
        "upgrades": "",
        "downgrades": "",
        "config": None,
        **more,
    }


def formatted(text: str) -> str:
    """What ``ruff format`` makes of a text with its own settings."""
    return subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "parent": {"down_revision": "1975ea83b712", "depends_on": "abc"},
    "merge": {"down_revision": ("aaaa11111111", "bbbb11111111"), "branch_labels": ("shop",)},
    "long merge": {"down_revision": tuple(f"{n:012x}" for n in range(9))},
    "with operations": {
        "imports": "from sqlalchemy.dialects import postgresql",
        "upgrades": 'op.drop_table("a")\n    op.drop_table("b")',
        "downgrades": 'op.drop_table("c")',
        "engine1_upgrades": 'op.drop_table("d")',
        "config": Databases(),
    },
}


@pytest.mark.parametrize("kind", [*KINDS, None])
@pytest.mark.parametrize("variant", VARIANTS)
def test_a_formatter_changes_nothing(kind: str | None, variant: str) -> None:
    template = None if kind is None else TEMPLATES / kind / "script.py.mako"
    text = render_revision(template, variables(**VARIANTS[variant]), 'say "hello" to everybody')
    assert formatted(text) == text
    file = parse_source(Path("x.py"), text)
    assert file is not None
    assert file.revision == "ae1027a6acf"
    assert file.down_revision == VARIANTS[variant].get("down_revision")
    assert file.branch_labels == VARIANTS[variant].get("branch_labels")
    assert file.depends_on == VARIANTS[variant].get("depends_on")


def test_the_docstring() -> None:
    text = render_revision(None, variables(down_revision=("a1", "b1")), "merge both")
    assert ast.get_docstring(ast.parse(text), clean=False) == (
        "merge both\n\nRevision ID: ae1027a6acf\nRevises: a1, b1\n"
        "Create Date: 2026-11-22 09:38:15.371887\n\n"
    )
    assert render_revision(None, variables(), None).startswith('"""empty message\n')


@pytest.mark.parametrize("kind", ["generic", "multidb"])
def test_each_database_gets_functions_of_its_own(kind: str) -> None:
    text = render_revision(TEMPLATES / kind / "script.py.mako", variables(config=Databases()), "m")
    names = {one.name for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)}
    of_each = {f"{way}_engine{n}" for way in ("upgrade", "downgrade") for n in (1, 2)}
    assert names == {"upgrade", "downgrade"} | (of_each if kind == "multidb" else set())


NASTY = st.text(
    st.sampled_from("\"'\\\n\r\t\0\x0c\x1b\u2028\u202e${}%<>#ab é\ufeff\ud800"), max_size=24
)


@given(NASTY | st.text(max_size=30))
@example('"""\nimport os\n"""')
@example("\\")
@example('"')
@example('""""')
@example('end\\"')
@example("'''")
@example("${1/0} <% raise %> ## %(x)s \\N{BULLET} \\x00 {x}")
@example("line one\nrevision = 'other'\n")
@example("% if True:\n")
@example("\r\nrevision = 1")
def test_no_message_becomes_code(message: str) -> None:
    text = render_revision(None, variables(), message)
    harmless = render_revision(None, variables(), "message")
    tree, expected = ast.parse(text), ast.parse(harmless)
    docstring = ast.get_docstring(tree, clean=False) or ""
    shown = docstring.split("\n\nRevision ID: ")[0]
    lines = message.strip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    wanted = "\n".join(line.rstrip().replace("\t", " ") for line in lines)
    assert shown == (wanted or "empty message")
    tree.body[0] = expected.body[0]
    assert ast.dump(tree) == ast.dump(expected)


def test_a_template_that_would_make_code_of_a_message(tmp_path: Path) -> None:
    template = tmp_path / "script.py.mako"
    template.write_text("# ${message}\nrevision = '${up_revision}'\ndown_revision = None\n")
    assert "# add users" in render_revision(template, variables(), "add users")
    with pytest.raises(CommandError, match="it would become code"):
        render_revision(template, variables(), "add users\nrevision = 'other'")


def test_a_template_that_fails(tmp_path: Path) -> None:
    template = tmp_path / "script.py.mako"
    for text, reason in (
        ("one\n${1 / 0}\n", f"{template}, line 2: ZeroDivisionError: division by zero"),
        ("% if True:\n", f"{template}, line 1: SyntaxException: "),
    ):
        template.write_text(text)
        with pytest.raises(CommandError) as caught:
            render_revision(template, variables(), "m")
        assert caught.value.details[0].startswith(reason)
        found = re.fullmatch(
            r"Template rendering failed; see (.+) for a template-oriented traceback\.",
            caught.value.message,
        )
        assert found is not None
        written = Path(found[1])
        assert reason.split(": ")[1] in written.read_text()
        written.unlink()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Add Users, please!", "add_users_please"),
        (None, ""),
        ("../../etc/passwd", "etc_passwd"),
        ("x" * 50, "x" * 40 + "_"),
        ("a word " + "b" * 40, "a_word_"),
        ("Grüße", "grüße"),
    ],
)
def test_slugs(message: str | None, expected: str) -> None:
    assert slug(message) == expected


def test_names_of_files(tmp_path: Path) -> None:
    assert file_path(tmp_path, FileNaming(), "a1", "add it", WHEN) == tmp_path / "a1_add_it.py"
    naming = FileNaming("%(year)d/%(month).2d/%(day)d%(hour)d%(minute)d%(second)d_%(rev)s")
    assert file_path(tmp_path, naming, "a1", "m", WHEN) == tmp_path / "2026/11/2293815_a1.py"
    epoch = file_path(tmp_path, FileNaming("%(epoch)s"), "a1", "m", WHEN)
    assert epoch.stem == str(int(WHEN.timestamp()))


@pytest.mark.parametrize("template", ["../%(rev)s", "/tmp/%(rev)s", "x/../../%(rev)s"])
def test_a_name_that_leads_out_of_the_folder(tmp_path: Path, template: str) -> None:
    with pytest.raises(ConfigurationError, match="leads out of"):
        file_path(tmp_path, FileNaming(template), "a1", "m", WHEN)


@pytest.mark.parametrize("template", ["%(nothing)s", "%(rev)", "%(rev)d", "%(rev"])
def test_a_name_that_cannot_be_filled_in(tmp_path: Path, template: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be filled in"):
        file_path(tmp_path, FileNaming(template), "a1", "m", WHEN)


@pytest.mark.parametrize("id_", ["a1", "v3.2.0.a", "0.98.0", "001", "ocata_expand01", "Überblick"])
def test_good_ids(id_: str) -> None:
    assert check_new_id(id_) == id_


@pytest.mark.parametrize(
    "id_", ["../x", "a/b", "a b", "head", "heads", "base", "current", "..", "a\nb", "a'b", "a\\b"]
)
def test_bad_ids(id_: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_new_id(id_)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("id_", ["", "a-b", "a@b"])
def test_ids_that_are_bad_in_files_too(id_: str) -> None:
    for check in (check_new_id, check_id):
        with pytest.raises(RevisionError):
            check(id_)


def test_new_ids_are_hexadecimal_and_differ() -> None:
    made = {new_revision_id() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) == 12 and int(one, 16) >= 0 for one in made)


def test_times_and_zones() -> None:
    moment = datetime.datetime(2026, 11, 22, 9, 0, tzinfo=datetime.UTC)
    assert str(created_at(lambda: moment, "UTC")) == "2026-11-22 09:00:00+00:00"
    assert str(created_at(lambda: moment, "utc")) == "2026-11-22 09:00:00+00:00"
    assert created_at(lambda: moment, None).tzinfo is None
    assert created_at(lambda: moment, "") == created_at(lambda: moment, None)
    with pytest.raises(ConfigurationError, match="Can't locate timezone: Mars/Crater"):
        created_at(lambda: moment, "Mars/Crater")


def test_nothing_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "deeper" / "a.py"
    make_folder(path.parent)
    write_revision(path, "one\n")
    assert path.read_bytes() == b"one\n"
    with pytest.raises(CommandError, match="exists already"):
        write_revision(path, "two\n")
    assert path.read_bytes() == b"one\n"
    with pytest.raises(CommandError, match=r"a\.py cannot be made"):
        make_folder(path)


def test_an_encoding_that_cannot_hold_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    for encoding in ("ascii", "nonsense"):
        with pytest.raises(ConfigurationError, match=f"output_encoding '{encoding}'"):
            write_revision(path, "Grüße\n", encoding)
        assert not path.exists()
