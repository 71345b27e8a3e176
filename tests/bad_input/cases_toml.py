"""Settings in TOML that make no sense, and broken snapshots."""

from __future__ import annotations

from collections.abc import Callable

from tests.bad_input.case import NEW, SECRET, UPGRADE, Case, native, with_revisions, with_toml
from tests.cli.project import Project

TOML = "limbeck.toml"


def _toml_bytes(data: bytes) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        with_revisions(project)
        (project.folder / TOML).write_bytes(data)

    return setup


def _toml_is_a_folder(project: Project) -> None:
    with_revisions(project)
    (project.folder / TOML).unlink()
    (project.folder / TOML).mkdir()


def _pyproject(text: str) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        with_revisions(project)
        (project.folder / TOML).unlink()
        project.write("pyproject.toml", text)

    return setup


def _location_is_a_file(project: Project) -> None:
    with_toml('script_location = "shop/models.py"')(project)


def _broken_snapshot(data: bytes) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        with_revisions(project)
        (project.folder / "migrations/snapshots").mkdir()
        (project.folder / "migrations/snapshots/aaab2222.sqlite.json").write_bytes(data)

    return setup


def _two_of_a_kind(project: Project) -> None:
    native(project)
    project.write("a.ini", "[alembic]\n")
    project.write("b.ini", "[alembic]\n")


CASES: tuple[Case, ...] = (
    # a TOML file
    Case("TOML is not UTF-8", _toml_bytes(b'models = "caf\xe9"\n'), UPGRADE, 2, (TOML, "UTF-8")),
    Case("TOML has NUL bytes", _toml_bytes(b'models = "a\0"\n'), UPGRADE, 2, (TOML,)),
    Case(
        "TOML with a password is broken",
        _toml_bytes(f'url = "postgresql://me:{SECRET}@h/x\n'.encode()),
        UPGRADE,
        2,
        (TOML, "line 1"),
    ),
    Case("TOML is empty", _toml_bytes(b""), ("check",), 2, ("models",)),
    Case("folder instead of a TOML file", _toml_is_a_folder, UPGRADE, 2, (TOML,)),
    Case("address is a number", with_toml("url = 5"), UPGRADE, 2, ("url",)),
    Case("address is a list", with_toml(f'url = ["{SECRET}"]'), UPGRADE, 2, ("url",)),
    Case("address is empty", with_toml('url = ""'), UPGRADE, 2, ("url",)),
    Case("models are a number", with_toml("models = 5"), UPGRADE, 2, ("models", "5")),
    Case("models are a list of numbers", with_toml("models = [5]"), UPGRADE, 2, ("models", "5")),
    Case("models are a path", with_toml('models = "../../etc/passwd"'), UPGRADE, 2, ("models",)),
    Case("models are code", with_toml("models = \"os:system('x')\""), UPGRADE, 2, ("system",)),
    Case(
        "location is a number", with_toml("script_location = 5"), UPGRADE, 2, ("script_location",)
    ),
    Case("location is a file", _location_is_a_file, UPGRADE, 2, ("shop/models.py",)),
    Case(
        "location has a NUL",
        with_toml(r'script_location = "a\u0000b"'),
        UPGRADE,
        2,
        ("script_location",),
    ),
    Case(
        "locations are a number",
        with_toml("version_locations = 5"),
        UPGRADE,
        2,
        ("version_locations",),
    ),
    Case("file_template is a number", with_toml("file_template = 5"), NEW, 2, ("file_template",)),
    Case(
        "version_table is a number", with_toml("version_table = 5"), UPGRADE, 2, ("version_table",)
    ),
    Case("version_table is empty", with_toml('version_table = ""'), UPGRADE, 2, ("version_table",)),
    Case(
        "version_table has a NUL",
        with_toml(r'version_table = "a\u0000b"'),
        UPGRADE,
        2,
        ("version_table",),
    ),
    Case(
        "switch is a word",
        with_toml('include_schemas = "perhaps"'),
        UPGRADE,
        2,
        ("include_schemas", "perhaps"),
    ),
    Case(
        "transaction_per_migration is a word",
        with_toml('transaction_per_migration = "x"'),
        UPGRADE,
        2,
        ("transaction_per_migration",),
    ),
    Case(
        "kinds of objects", with_toml('compare_objects = ["spaceship"]'), UPGRADE, 2, ("spaceship",)
    ),
    Case(
        "kinds of objects are a number",
        with_toml("compare_objects = 5"),
        UPGRADE,
        2,
        ("compare_objects",),
    ),
    Case(
        "prepend_sys_path is a number",
        with_toml("prepend_sys_path = 5"),
        UPGRADE,
        2,
        ("prepend_sys_path",),
    ),
    Case(
        "hooks are a word", with_toml('post_write_hooks = "black"'), NEW, 2, ("post_write_hooks",)
    ),
    Case("hook without a type", with_toml('[[post_write_hooks]]\nname = "x"'), NEW, 2, ("x",)),
    Case("pyproject is no TOML", _pyproject("[tool.limbeck\n"), UPGRADE, 2, ("pyproject.toml",)),
    Case(
        "no table in pyproject",
        _pyproject('[tool]\nlimbeck = "x"\n'),
        UPGRADE,
        2,
        ("pyproject.toml",),
    ),
    Case(
        "two ini files",
        _two_of_a_kind,
        ("-c", "a.ini", "-c", "b.ini", *UPGRADE),
        2,
        ("one ini file",),
    ),
    Case("settings are a device", native, ("-c", "/dev/null", *UPGRADE), 2, ("/dev/null",)),
    # snapshots
    *(
        Case(
            f"snapshot is {words}",
            _broken_snapshot(data),
            ("snapshot", "--check"),
            2,
            ("aaab2222.sqlite.json",),
        )
        for words, data in {
            "no JSON": b"{",
            "empty": b"",
            "a list": b"[]",
            "a number": b"3",
            "not UTF-8": b'"caf\xe9"',
            "something else": b'{"a": 1}',
            "nested too deeply": b"[" * 100_000,
            "a number of many digits": b"9" * 5000,
        }.items()
    ),
)
