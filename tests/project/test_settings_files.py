"""Where settings are found, and what is said about bad ones."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from limbeck.config import Config
from limbeck.errors import CommandError, ConfigurationError, UsageError
from limbeck.project.settings import SettingsFiles, find_settings

INI = "[alembic]\nscript_location = %(here)s/old\n"
NATIVE = '[tool.limbeck]\nmodels = "shop.models:Base.metadata"\n'
THEIRS = '[tool.alembic]\nscript_location = "%(here)s/theirs"\n'


@pytest.mark.parametrize(
    ("files", "ini", "toml"),
    [
        ({}, None, None),
        ({"alembic.ini": INI}, "alembic.ini", None),
        ({"pyproject.toml": THEIRS}, None, "pyproject.toml"),
        ({"pyproject.toml": "[tool.other]\n"}, None, None),
        ({"alembic.ini": INI, "pyproject.toml": THEIRS}, "alembic.ini", "pyproject.toml"),
        ({"alembic.ini": INI, "pyproject.toml": NATIVE}, None, "pyproject.toml"),
        ({"limbeck.toml": "", "pyproject.toml": NATIVE}, None, "limbeck.toml"),
        ({"limbeck.ini": "", "alembic.ini": INI}, "limbeck.ini", None),
        ({"limbeck.ini": "", "pyproject.toml": NATIVE}, "limbeck.ini", "pyproject.toml"),
    ],
)
def test_the_order_of_the_search(
    tmp_path: Path, files: dict[str, str], ini: str | None, toml: str | None
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert find_settings((), {}, tmp_path) == SettingsFiles(
        str(tmp_path / ini) if ini else None, str(tmp_path / toml) if toml else None
    )


def test_files_that_are_named(tmp_path: Path) -> None:
    both = SettingsFiles("a.ini", "pyproject.toml")
    assert find_settings(["a.ini", "pyproject.toml"], {}, tmp_path) == both
    assert find_settings((), {"ALEMBIC_CONFIG": "x.ini"}, tmp_path).ini == "x.ini"
    named = {"ALEMBIC_CONFIG": "x.ini", "LIMBECK_CONFIG": "y.toml"}
    assert find_settings((), named, tmp_path) == SettingsFiles(None, "y.toml")


@pytest.mark.parametrize("names", [["a.ini", "b.ini"], ["pyproject.toml", "x/pyproject.toml"]])
def test_two_files_of_one_kind(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(UsageError):
        find_settings(names, {}, tmp_path)


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_an_ini_file(tmp_path: Path) -> None:
    text = """\
        [alembic]
        script_location = %(here)s/scripts
        prepend_sys_path = .:src
        path_separator = :
        sqlalchemy.url = postgresql://scott:p%%40ss@localhost/%(name)s
        [other]
        a = 1
        """
    text = "\n".join(line.strip() for line in text.splitlines())
    config = Config(written(tmp_path, "alembic.ini", text), config_args={"name": "shop"})
    assert config.config_ini_section == "alembic"
    assert config.script_location == f"{tmp_path}/scripts"
    assert config.get_prepend_sys_paths_list() == [".", "src"]
    assert config.get_main_option("sqlalchemy.url") == "postgresql://scott:p%40ss@localhost/shop"
    assert config.get_section("other", {})["a"] == "1"
    assert config.get_section("nowhere") is None
    assert config.get_section("nowhere", {"x": "y"}) == {"x": "y"}
    assert config.get_section_option("other", "b", "default") == "default"
    assert config.get_main_option("nothing") is None
    config.set_main_option("sqlalchemy.url", "sqlite://")
    assert config.database_url() == "sqlite://"
    config.remove_main_option("sqlalchemy.url")
    assert config.get_main_option("sqlalchemy.url") is None
    assert (tmp_path / "alembic.ini").read_text() == text


@pytest.mark.parametrize(
    ("written_url", "url"),
    [
        ("mysql://u:p%40ss@h/d", "mysql://u:p%40ss@h/d"),
        ("mysql://u:p%%40ss@h/d", "mysql://u:p%40ss@h/d"),
        ("mysql://u:100%@h/d", "mysql://u:100%@h/d"),
    ],
)
def test_a_percent_sign_in_an_address(tmp_path: Path, written_url: str, url: str) -> None:
    path = written(tmp_path, "limbeck.ini", f"[limbeck]\nsqlalchemy.url = {written_url}\n")
    config = Config(path)
    assert config.config_ini_section == "limbeck"
    assert config.get_main_option("sqlalchemy.url") == url
    assert config.get_section("limbeck", {})["sqlalchemy.url"] == url


def test_settings_made_in_code() -> None:
    config = Config(attributes={"connection": 5})
    config.set_main_option("script_location", "somewhere")
    assert config.script_location == "somewhere"
    assert config.attributes == {"connection": 5}
    assert config.config_file_name is None
    assert config.get_alembic_boolean_option("sourceless") is False


@pytest.mark.parametrize("value", ["true", "True", "yes", "1", "on"])
def test_every_way_to_say_true(value: str) -> None:
    config = Config()
    config.set_main_option("recursive_version_locations", value)
    assert config.get_alembic_boolean_option("recursive_version_locations") is True


def test_the_ini_file_comes_before_the_toml_file(tmp_path: Path) -> None:
    ini = written(tmp_path, "alembic.ini", "[alembic]\nscript_location = %(here)s/ini\n")
    toml = written(
        tmp_path,
        "pyproject.toml",
        '[tool.alembic]\nscript_location = "toml"\nsourceless = true\n'
        'truncate_slug_length = 9\nversion_locations = ["%(here)s/a", "100%%"]\n',
    )
    config = Config(ini, toml)
    assert config.script_location == f"{tmp_path}/ini"
    assert config.get_alembic_boolean_option("sourceless")
    assert config.get_alembic_option("truncate_slug_length") == 9
    assert config.get_version_locations_list() == [f"{tmp_path}/a", "100%"]
    assert not config.is_native


def test_native_settings(tmp_path: Path) -> None:
    path = written(tmp_path, "limbeck.toml", 'models = ["a:b", "c:d"]\nurl = "x://u:p%40@h/d"\n')
    config = Config(toml_file=path)
    assert config.is_native
    assert config.models == ("a:b", "c:d")
    assert config.database_url() == "x://u:p%40@h/d"
    assert config.script_location == f"{tmp_path}/migrations"


def test_the_address_comes_from_the_environment(tmp_path: Path) -> None:
    config = Config(toml_file=written(tmp_path, "pyproject.toml", NATIVE))
    assert config.models == ("shop.models:Base.metadata",)
    assert config.database_url({"DATABASE_URL": "sqlite://"}) == "sqlite://"
    with pytest.raises(ConfigurationError) as caught:
        config.database_url({})
    assert caught.value.message == "the environment variable DATABASE_URL is not set"


@pytest.mark.parametrize(
    ("name", "text", "message", "hint"),
    [
        ("limbeck.toml", "modles = 1\n", "unknown setting 'modles' in ", "did you mean models?"),
        ("limbeck.toml", "zzz = 1\n", "unknown setting 'zzz' in ", "the settings are "),
        ("limbeck.toml", "models =\n", "is not TOML: ", "correct that line"),
        ("pyproject.toml", "tool.limbeck = 3\n", "[tool.limbeck] in ", "write [tool.limbeck] on"),
        ("pyproject.toml", "tool.alembic = 3\n", "Incorrect TOML format", "write [tool.alembic]"),
    ],
)
def test_bad_toml(tmp_path: Path, name: str, text: str, message: str, hint: str) -> None:
    config = Config(toml_file=written(tmp_path, name, text))
    with pytest.raises(ConfigurationError) as caught:
        _ = config.script_location
    assert message in caught.value.message
    assert caught.value.hint is not None
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("script_location = a\n", ", line 1 cannot be read as settings: a line stands before"),
        ("[alembic]\na = 1\na = 2\n", ", line 3 cannot be read as settings: a key is there twice"),
        ("[alembic]\n[alembic]\n", ", line 2 cannot be read as settings: a section is there twi"),
        ("[alembic]\nnonsense secret\n", ", line 2 cannot be read as settings: it is not an ini"),
    ],
)
def test_bad_ini_files(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, "alembic.ini", text)
    with pytest.raises(ConfigurationError) as caught:
        _ = Config(path).script_location
    assert caught.value.message.startswith(f"{path}{message}")
    assert "secret" not in str(caught.value)


def test_settings_that_are_not_text(tmp_path: Path) -> None:
    for name in ("alembic.ini", "pyproject.toml"):
        (tmp_path / name).write_bytes(b"[a]\nx = \xff\n")
    for config in (
        Config(tmp_path / "alembic.ini"),
        Config(toml_file=tmp_path / "pyproject.toml"),
    ):
        with pytest.raises(ConfigurationError, match="is not UTF-8 text"):
            _ = config.script_location


def test_no_script_location(tmp_path: Path) -> None:
    for config in (Config(), Config(tmp_path / "missing.ini")):
        with pytest.raises(CommandError) as caught:
            _ = config.script_location
        assert caught.value.message == "No 'script_location' key found in configuration."
        assert caught.value.exit_code == 2


def test_a_section_that_is_not_there(tmp_path: Path) -> None:
    config = Config(written(tmp_path, "alembic.ini", INI), ini_section="other")
    with pytest.raises(ConfigurationError, match=r"or file has no '\[other\]' section"):
        _ = config.script_location


def test_a_reference_to_nothing(tmp_path: Path) -> None:
    ini = Config(written(tmp_path, "a.ini", "[alembic]\nscript_location = %(nowhere)s\n"))
    toml = Config(
        toml_file=written(tmp_path, "x.toml", '[tool.alembic]\nscript_location = "%(nowhere)s"\n')
    )
    for config in (ini, toml):
        with pytest.raises(ConfigurationError, match=r"(which|that) is not defined"):
            _ = config.script_location


@pytest.mark.parametrize(
    ("separator", "value", "expected"),
    [
        ("os", "a:b c", ["a", "b c"]),
        ("space", "a  b", ["a", "b"]),
        ("newline", "a\n b", ["a", "b"]),
        (":", "a:b", ["a", "b"]),
        (";", "a;b ", ["a", "b"]),
    ],
)
def test_separators(separator: str, value: str, expected: list[str]) -> None:
    config = Config()
    config.set_main_option("path_separator", separator)
    config.set_main_option("version_locations", value)
    assert config.get_version_locations_list() == expected


def test_separators_of_older_files() -> None:
    config = Config()
    config.set_main_option("version_locations", "a, b c")
    with pytest.warns(DeprecationWarning, match="path_separator"):
        assert config.get_version_locations_list() == ["a", "b", "c"]
    config.set_main_option("version_path_separator", ":")
    config.set_main_option("version_locations", "a:b")
    with pytest.warns(DeprecationWarning, match="version_path_separator"):
        assert config.get_version_locations_list() == ["a", "b"]
    config.set_main_option("path_separator", "comma")
    with pytest.raises(ConfigurationError, match="'comma' is not a valid value"):
        config.get_version_locations_list()


def test_hooks_in_either_file(tmp_path: Path) -> None:
    ini = (
        "[alembic]\n[post_write_hooks]\nhooks = a, b\na.type = exec\na.executable = x\n"
        "b.type = module\n"
    )
    expected = [
        {"_hook_name": "a", "type": "exec", "executable": "x"},
        {"_hook_name": "b", "type": "module"},
    ]
    assert Config(written(tmp_path, "a.ini", ini)).get_hooks_list() == expected
    toml = (
        '[[tool.limbeck.post_write_hooks]]\nname = "a"\ntype = "exec"\nexecutable = "x"\n'
        '[[tool.limbeck.post_write_hooks]]\nname = "b"\ntype = "module"\n'
    )
    assert Config(toml_file=written(tmp_path, "pyproject.toml", toml)).get_hooks_list() == expected


def test_lines_are_printed_unless_it_shall_be_quiet() -> None:
    from argparse import Namespace

    stdout = io.StringIO()
    Config(stdout=stdout).print_stdout("%s of %d", "one", 2)
    Config(stdout=stdout, cmd_opts=Namespace(quiet=True)).print_stdout("unheard")
    Config(stdout=stdout).print_stdout("100%")
    assert stdout.getvalue() == "one of 2\n100%\n"


def test_lines_are_printed_on_whatever_the_stream_can_write() -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding="ascii", newline="\n")
    Config(stdout=stream).print_stdout("Müller → %s", "Ω")
    stream.flush()
    assert written.getvalue() == b"M?ller ? ?\n"
    text = io.StringIO()
    Config(stdout=text).print_stdout("Müller")
    assert text.getvalue() == "Müller\n"


def test_an_unknown_separator_is_a_value_error_too() -> None:
    config = Config()
    config.set_main_option("path_separator", "comma")
    config.set_main_option("prepend_sys_path", "a,b")
    with pytest.raises(ValueError, match="expected 'space', 'newline', 'os', ':', ';'"):
        config.get_prepend_sys_paths_list()
