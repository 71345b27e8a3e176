"""A folder of revisions: what is asked of it, and new revisions in it."""

from __future__ import annotations

import compileall
import datetime
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from limbeck.config import Config
from limbeck.errors import CommandError, ConfigurationError, HistoryError, UsageError
from limbeck.revisions.errors import RangeNotAncestorError, ResolutionError
from limbeck.script import Script, ScriptDirectory
from limbeck.workflow.heads import heads

MOMENT = datetime.datetime(2026, 11, 22, 9, 38, 15, 371887, tzinfo=datetime.UTC)


@pytest.fixture
def script(tmp_path: Path) -> ScriptDirectory:
    (tmp_path / "versions").mkdir()
    return ScriptDirectory(tmp_path, timezone="UTC", clock=lambda: MOMENT)


def again(script: ScriptDirectory) -> ScriptDirectory:
    """The same folder, read anew."""
    return ScriptDirectory(script.dir, version_locations=script.version_locations)


def fill(script: ScriptDirectory) -> None:
    """A branch point, a labelled branch and a merge."""
    script.generate_revision("aaaa1", "create account table")
    script.generate_revision("bbbb2", "branch b", branch_labels="shop")
    script.generate_revision("cccc2", "branch c", head="aaaa1", splice=True)
    script.generate_revision("dddd3", "merge both", head=("bbbb2", "cccc2"))
    script.generate_revision("eeee1", None, head="base", depends_on="shop")


def test_new_revisions_are_known_at_once_and_later(script: ScriptDirectory) -> None:
    fill(script)
    for one in (script, again(script)):
        assert one.get_heads() == ["dddd3", "eeee1"]
        assert one.get_bases() == ["aaaa1", "eeee1"]
        merge = one.get_revision("shop@head")
        assert merge is not None
        assert merge.down_revision == ("bbbb2", "cccc2")
        assert merge.branch_labels == {"shop"}
        last = one.get_revision("eeee1")
        assert last is not None
        assert (last.dependencies, last.required_ids) == ("shop", ("bbbb2",))
        assert one.as_revision_number("heads") == ("dddd3", "eeee1")
        assert one.as_revision_number("shop@head") == "dddd3"
        assert one.as_revision_number("shop@heads") == "dddd3"
        assert one.as_revision_number("shop@bbbb2") == "bbbb2"
        assert one.as_revision_number("base") is None


def test_ranges_are_refused_by_the_graph_and_walks_in_words(script: ScriptDirectory) -> None:
    fill(script)
    with pytest.raises(RangeNotAncestorError):
        list(script.iterate_revisions("bbbb2", "dddd3"))
    with pytest.raises(ResolutionError):
        list(script.iterate_revisions("nowhere", "base"))
    with pytest.raises(CommandError, match="Requested range dddd3:bbbb2 does not refer to"):
        list(script.walk_revisions("dddd3", "bbbb2"))
    with pytest.raises(CommandError, match="Can't locate revision identified by 'nowhere'"):
        list(script.walk_revisions("nowhere"))


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        (tmp_path / name / "versions").mkdir(parents=True)
        one = ScriptDirectory(tmp_path / name, timezone="UTC", clock=lambda: MOMENT)
        fill(one)
        contents.append({path.name: path.read_bytes() for path in Path(one.versions).glob("*.py")})
    assert contents[0] == contents[1]
    assert (
        b"Create Date: 2026-11-22 09:38:15.371887+00:00"
        in contents[0]["aaaa1_create_account_table.py"]
    )


def test_the_words_about_revisions(script: ScriptDirectory) -> None:
    fill(script)
    lines = [
        one.cmd_format(False, include_branches=True, include_doc=True, include_parents=True)
        for one in script.walk_revisions()
    ]
    assert lines == [
        "bbbb2, cccc2 -> dddd3 (shop) (head) (mergepoint), merge both",
        "<base> (shop) -> eeee1 (head), empty message",
        "aaaa1 -> bbbb2 (shop), branch b",
        "aaaa1 -> cccc2, branch c",
        "<base> -> aaaa1 (branchpoint), create account table",
    ]
    assert [str(one) for one in script.walk_revisions()][1:3] == [
        "<base> -> eeee1 (head), empty message",
        "aaaa1 -> bbbb2, branch b",
    ]
    merge = script.get_revision("dddd3")
    assert merge is not None
    assert merge.cmd_format(False, include_branches=True) == "dddd3 (shop) (head) (mergepoint)"
    assert merge.cmd_format(False, include_doc=True, tree_indicators=False) == (
        "dddd3 (head), merge both"
    )
    assert merge.log_entry == (
        "Rev: dddd3 (head) (mergepoint)\n"
        "Merges: bbbb2, cccc2\n"
        "Branch names: shop\n"
        f"Path: {merge.path}\n"
        "\n"
        "    merge both\n"
        "    \n"
        "    Revision ID: dddd3\n"
        "    Revises: bbbb2, cccc2\n"
        "    Create Date: 2026-11-22 09:38:15.371887+00:00\n"
    )
    assert merge.cmd_format(True) == merge.log_entry
    first = script.get_revision("aaaa1")
    assert first is not None
    assert "Parent: <base>\nBranches into: bbbb2, cccc2\n" in first.log_entry


def test_a_head_that_another_depends_on(script: ScriptDirectory) -> None:
    script.generate_revision("aaaa1", "a")
    script.generate_revision("bbbb1", "b", head="base", depends_on="aaaa1")
    revision = script.get_revision("aaaa1")
    assert revision is not None
    assert revision.cmd_format(False) == "aaaa1 (effective head)"
    assert revision.log_entry.startswith("Rev: aaaa1 (head)\n")
    assert str(revision).startswith("<base> -> aaaa1 (head), ")
    assert script.get_heads() == ["aaaa1", "bbbb1"]
    assert script.get_heads(consider_depends_on=True) == ["bbbb1"]
    assert {one.revision for one in script.get_all_current("bbbb1")} == {"aaaa1", "bbbb1"}


def test_the_name_and_the_place_of_the_file(script: ScriptDirectory) -> None:
    new = script.generate_revision("aaaa1", "Add users!")
    assert new.path == f"{script.dir}/versions/aaaa1_add_users.py"
    other = script.generate_revision("bbbb1", "x", file_template="%(year)d_%(rev)s")
    assert Path(other.path).name == "2026_bbbb1.py"


def test_plans_carry_the_loaded_scripts(script: ScriptDirectory) -> None:
    script.generate_revision("aaaa1", "a", upgrades="return 5")
    steps = script._upgrade_revs("head", ())
    assert [step.id for step in steps] == ["aaaa1"]
    revision = steps[0].revision
    assert isinstance(revision, Script)
    assert "module" in revision.__dict__
    assert revision.module.upgrade() == 5
    assert [step.id for step in script._downgrade_revs("base", ("aaaa1",))] == ["aaaa1"]
    assert [step.is_stamp for step in script._stamp_revs("head", ())] == [True]


def test_a_file_that_does_not_load_is_found_before_anything_runs(
    script: ScriptDirectory,
) -> None:
    script.generate_revision("aaaa1", "a")
    second = script.generate_revision("bbbb1", "b")
    text = Path(second.path).read_text()
    Path(second.path).write_text(text + "\n\ndef broken(:\n")
    fresh = again(script)
    assert fresh.get_heads() == ["bbbb1"]
    line = text.count("\n") + 3
    with pytest.raises(HistoryError, match=f"line {line} is not Python: invalid syntax"):
        fresh._upgrade_revs("head", ())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"revid": "aaaa1"}, UsageError, "Revision aaaa1 exists already"),
        ({"revid": "../x"}, UsageError, "characters that may not be in it"),
        ({"revid": "a-b"}, HistoryError, "not allowed in revision identifier"),
        ({"head": "head"}, HistoryError, "Multiple heads are present; please specify the head"),
        ({"head": "aaaa1"}, HistoryError, "Revision aaaa1 is not a head revision; please specify"),
        ({"head": ("dddd3", "aaaa1")}, HistoryError, "Revision aaaa1 is not a head revision"),
        ({"head": ("dddd3", "dddd3")}, UsageError, "Duplicate head revisions specified"),
        ({"head": "nowhere"}, HistoryError, "Can't locate revision identified by 'nowhere'"),
        ({"head": "dddd3", "depends_on": "no"}, HistoryError, "Can't locate revision identified"),
        ({"head": "dddd3", "branch_labels": "shop"}, HistoryError, "'shop' in revision new"),
        ({"head": "dddd3", "depends_on": "new"}, HistoryError, "Can't locate revision"),
        ({"head": "dddd3", "version_path": "/tmp"}, UsageError, "is not represented in current"),
        ({"head": "dddd3", "file_template": "../%(rev)s"}, ConfigurationError, "leads out of"),
    ],
)
def test_new_revisions_that_are_refused(
    script: ScriptDirectory,
    arguments: dict[str, object],
    error: type[CommandError],
    message: str,
) -> None:
    fill(script)
    before = sorted(Path(script.dir).rglob("*"))
    values = {"revid": "new1", "message": "m", **arguments}
    with pytest.raises(error, match=message) as caught:
        script.generate_revision(**values)  # type: ignore[arg-type]  # each case is right
    assert "\n" not in caught.value.message
    assert sorted(Path(script.dir).rglob("*")) == before
    assert script.get_heads() == again(script).get_heads() == ["dddd3", "eeee1"]


def test_the_project_has_a_template_of_its_own(script: ScriptDirectory) -> None:
    template = Path(script.dir) / "script.py.mako"
    template.write_text("revision = ${repr(up_revision)}\ndown_revision = None\nx = ${extra}\n")
    assert script.generate_revision("aaaa1", "m", extra=7).module.x == 7
    with pytest.raises(CommandError, match="specified branch_labels shop, however"):
        script.generate_revision("bbbb1", "m", head="base", branch_labels="shop", extra=1)
    template.write_text("nothing of use\n")
    with pytest.raises(CommandError, match="is not Python"):
        script.generate_revision("bbbb1", "m")
    assert [path.name for path in Path(script.versions).glob("*.py")] == ["aaaa1_m.py"]


def test_several_folders(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    script = ScriptDirectory(tmp_path, version_locations=folders)
    with pytest.raises(UsageError, match="Multiple version locations present, please specify"):
        script.generate_revision("aaaa1", "m")
    script.generate_revision("aaaa1", "m", version_path=folders[1])
    after = script.generate_revision("aaaa2", "m")
    assert Path(after.path).parent == folders[1]
    assert again(script).get_heads() == ["aaaa2"]
    with pytest.raises(CommandError, match="Multiple version_locations present"):
        _ = script.versions


def test_a_folder_that_is_not_there_is_made_and_told(tmp_path: Path) -> None:
    told: list[str] = []

    @contextmanager
    def announce(what: str, newline: bool = False) -> Iterator[None]:
        told.append(what)
        yield

    folder = tmp_path / "new" / "folder"
    script = ScriptDirectory(tmp_path, version_locations=[folder])
    script.announce = announce
    script.generate_revision("aaaa1", "m")
    script.generate_revision("aaaa2", "m")
    assert told == [
        f"Creating directory {folder}",
        f"Generating {folder / 'aaaa1_m.py'}",
        f"Generating {folder / 'aaaa2_m.py'}",
    ]


def test_folders_within_folders(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    script = ScriptDirectory(
        tmp_path,
        file_template="%(year)d/%(rev)s",
        recursive_version_locations=True,
        clock=lambda: MOMENT,
    )
    assert script.generate_revision("aaaa1", "m").path.endswith("/versions/2026/aaaa1.py")
    assert ScriptDirectory(tmp_path, recursive_version_locations=True).get_heads() == ["aaaa1"]


def test_the_folders_may_be_set_before_the_first_question(tmp_path: Path) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "sqlite").mkdir()
    (tmp_path / "sqlite" / "a.py").write_text('revision = "a1"\ndown_revision = None\n')
    script = ScriptDirectory(tmp_path)
    script.version_locations = [str(tmp_path / "sqlite")]
    assert script.get_current_head() == "a1"


def test_what_is_said_meanwhile_and_hooks(script: ScriptDirectory) -> None:
    said: list[str] = []

    @contextmanager
    def announce(message: str, newline: bool = False) -> Iterator[None]:
        said.append(f"{message}\n" if newline else message)
        yield
        said.append("done")

    script.announce = announce
    code = "import sys; open(sys.argv[1], 'a').write('# formatted')"
    script.hooks = [
        {
            "_hook_name": "black",
            "type": "exec",
            "executable": sys.executable,
            "options": f'-c "{code}" REVISION_SCRIPT_FILENAME',
        }
    ]
    new = script.generate_revision("aaaa1", "m")
    assert said == [
        f"Generating {new.path}",
        "done",
        "Running post write hook 'black'\n",
        "done",
    ]
    assert Path(new.path).read_text().endswith("# formatted")


def test_questions_that_are_refused(script: ScriptDirectory) -> None:
    fill(script)
    with pytest.raises(HistoryError) as caught:
        script.get_revision("head")
    assert caught.value.message == (
        "Multiple head revisions are present for given argument 'head'; please specify a "
        "specific target revision, '<branchname>@head' to narrow to a specific head, or "
        "'heads' for all heads"
    )
    with pytest.raises(HistoryError, match="The script directory has multiple heads"):
        script.get_current_head()
    with pytest.raises(HistoryError, match="The script directory has multiple bases"):
        script.get_base()
    with pytest.raises(HistoryError) as caught:
        script._downgrade_revs("eeee1", ("aaaa1",))
    assert caught.value.message == (
        "Destination eeee1 is not a valid downgrade target from current head(s)"
    )
    with pytest.raises(HistoryError) as caught:
        list(script.walk_revisions("eeee1", "bbbb2"))
    assert caught.value.message == (
        "Requested range eeee1:bbbb2 does not refer to ancestor/descendant revisions along "
        "the same branch"
    )


def test_env_py(script: ScriptDirectory) -> None:
    answers = [script.has_env_py]
    Path(script.env_py_location).write_text("name = __name__\n")
    answers.append(script.has_env_py)
    assert answers == [False, True]
    assert script.run_env().name == "env_py"


def test_from_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "m" / "versions").mkdir(parents=True)
    (tmp_path / "limbeck.ini").write_text(
        "[limbeck]\nscript_location = %(here)s/m\nfile_template = x_%%(rev)s\n"
        "truncate_slug_length = 9\ntimezone = UTC\nprepend_sys_path = src\npath_separator = os\n"
        "recursive_version_locations = yes\n"
    )
    config = Config(tmp_path / "limbeck.ini")
    for _ in range(2):
        script = ScriptDirectory.from_config(config)
    assert script.dir == f"{tmp_path}/m"
    assert script.file_template == "x_%(rev)s"
    assert script.truncate_slug_length == 9
    assert script.timezone == "UTC"
    assert script.recursive_version_locations
    assert sys.path.count("src") == 1
    config.set_main_option("truncate_slug_length", "many")
    with pytest.raises(ConfigurationError, match="is not a number of characters: 'many'"):
        ScriptDirectory.from_config(config)


def test_a_location_in_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop_package" / "migrations").mkdir(parents=True)
    (tmp_path / "shop_package" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    config = Config()
    config.set_main_option("script_location", "shop_package:migrations")
    assert ScriptDirectory.from_config(config).dir == f"{tmp_path}/shop_package/migrations"
    config.set_main_option("script_location", "no_such_package:migrations")
    with pytest.raises(ConfigurationError, match="the package 'no_such_package' of the location"):
        ScriptDirectory.from_config(config)


def test_a_folder_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Path doesn't exist: .*nowhere"):
        ScriptDirectory(tmp_path / "nowhere")


def test_sqlalchemy_is_not_imported() -> None:
    code = (
        "import sys\nimport limbeck.config, limbeck.script\n"
        "import limbeck.script.base, limbeck.script.revision, limbeck.script.write_hooks\n"
        "import limbeck.project.scaffold\n"
        "assert not {'sqlalchemy', 'mako', 'rich'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("beside", [True, False])
def test_a_compiled_env_py_runs_where_sources_may_be_missing(tmp_path: Path, beside: bool) -> None:
    source = tmp_path / "env.py"
    source.write_text("ran = __name__\n")
    compileall.compile_file(source, quiet=1, legacy=beside)
    source.unlink()
    assert ScriptDirectory(tmp_path, sourceless=True).run_env().ran == "env_py"
    assert not ScriptDirectory(tmp_path).has_env_py


def test_heads_are_listed_in_the_order_of_the_folders_and_files(tmp_path: Path) -> None:
    for place, id_ in (("two/b", "aaaa1"), ("two/a", "dddd1"), ("one/z", "bbbb1")):
        file = tmp_path / f"{place}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f'revision = "{id_}"\ndown_revision = None\n')
    config = Config()
    config.set_main_option("script_location", str(tmp_path))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", f"{tmp_path}/two\n{tmp_path}/one")
    assert [each.script.revision for each in heads(config)] == ["dddd1", "aaaa1", "bbbb1"]
