"""``Config`` and small functions: the same answers from Alembic and from limbeck-alembic."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = os.pathsep.join((str(ROOT / "packages" / "limbeck-alembic" / "src"), str(ROOT / "src")))

PROBE = """
import json, sys, warnings
from alembic import util
from alembic.config import CommandLine, Config
from alembic.script import ScriptDirectory

def config(file=None, toml=None, args={}, **options):
    made = Config(file, toml, config_args=args)
    for name, value in options.items():
        made.set_main_option(name, value)
    return made

told = []
for expression in json.load(sys.stdin):
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            answer = repr(eval(expression))
        except Exception as error:
            kinds = (ValueError, util.CommandError, Exception)
            kind = next(kind for kind in kinds if isinstance(error, kind))
            answer = f"{kind.__name__}: {error}"
    told.append([answer, [f"{one.category.__name__}: {one.message}" for one in warned]])
json.dump(told, sys.stdout)
"""
FILES = {
    "one.ini": "[alembic]\na = 1\nb = %(a)s/%(here)s/%(given)s\nc = 50%%\n[other]\nd = 2\n",
    "hooks.ini": "[alembic]\n[post_write_hooks]\nhooks = x, y\nx.type = exec\nx.executable = z\n"
    "y.type = module\n",
    "pyproject.toml": "[tool.alembic]\nscript_location = '%(here)s/m'\nfrom_toml = 't'\n"
    "a = 'not used'\nlength = 42\nsourceless = true\nwrong = 'false'\n"
    "prepend_sys_path = ['.', '%(here)s/x']\nversion_locations = ['%(here)s/v']\n"
    "[[tool.alembic.post_write_hooks]]\nname = 'h'\ntype = 'exec'\nexecutable = '%(here)s/r'\n",
    "empty.toml": "",
}
BOTH = "config('one.ini', 'pyproject.toml', {'given': 'g'})"
EXPRESSIONS = [
    # without a file
    "config().get_main_option('x')",
    "config().get_main_option('x', 'd')",
    "config().get_alembic_option('x', 'd')",
    "config(y='5').get_main_option('y')",
    "config(y='a %% b').get_main_option('y')",
    "config().get_section('other')",
    "config().get_section('other', {'a': '1'})",
    "config().get_section_option('other', 'x')",
    "config().get_section_option('other', 'x', 'd')",
    "ScriptDirectory.from_config(config())",
    # a file that is not there
    "config('nosuch.ini').get_main_option('x')",
    "config('nosuch.ini').get_main_option('x', 'd')",
    "config('nosuch.ini').get_alembic_option('x', 'd')",
    "config('nosuch.ini').get_section('alembic')",
    "ScriptDirectory.from_config(config('nosuch.ini', 'nosuch.toml'))",
    # both files
    f"{BOTH}.get_main_option('b')",
    f"{BOTH}.get_main_option('c')",
    f"{BOTH}.get_main_option('from_toml')",
    f"{BOTH}.get_alembic_option('from_toml')",
    f"{BOTH}.get_alembic_option('a')",
    f"{BOTH}.get_alembic_option('nosuch', 3)",
    f"{BOTH}.get_alembic_option('length')",
    f"{BOTH}.get_section('other')['d']",
    f"{BOTH}.get_alembic_boolean_option('sourceless')",
    f"{BOTH}.get_alembic_boolean_option('nosuch')",
    f"{BOTH}.get_alembic_boolean_option('wrong')",
    f"{BOTH}.get_prepend_sys_paths_list()",
    f"{BOTH}.get_version_locations_list()",
    f"[sorted(hook.items()) for hook in {BOTH}.get_hooks_list()]",
    "[sorted(h.items()) for h in config('hooks.ini', 'pyproject.toml').get_hooks_list()]",
    "config(None, 'empty.toml').get_hooks_list()",
    f"{BOTH}._config_file_path",
    f"{BOTH}._toml_file_path",
    "[made := config('one.ini'), made.file_config, made.config_args['here']][-1]",
    "config().messaging_opts['quiet']",
    # lists of paths
    *(
        f"config({name}={value!r}, **{extra!r}).{method}()"
        for name, method in (
            ("version_locations", "get_version_locations_list"),
            ("prepend_sys_path", "get_prepend_sys_paths_list"),
        )
        for value in (".", "a b", "a,b", "", "a:b", "a; b")
        for extra in (
            {},
            *({"path_separator": one} for one in ("space", "os", "newline", ":", ";", "|", "")),
        )
    ),
    "config(version_locations='a b', version_path_separator='space').get_version_locations_list()",
    "config(version_locations='a b', version_path_separator='|').get_version_locations_list()",
    # which files a call means
    *(
        f"CommandLine()._inis_from_config(CommandLine().parser.parse_args({words!r}))"
        for words in (
            [],
            ["-c", "x.ini"],
            ["-c", "x/pyproject.toml"],
            ["-c", "x/pyproject.toml", "-c", "y.ini"],
            ["-c", "x.ini", "-c", "y.ini"],
            ["-c", "pyproject.toml", "-c", "x/pyproject.toml"],
        )
    ),
    # small functions
    *(
        f"util.{name}({value})"
        for name in ("to_tuple", "to_list")
        for value in ("None", "'a'", "['a', 'b']", "('x',)", "1", "None, [1]")
    ),
    *(f"util.asbool({one!r})" for one in (None, "true", "YES", "0", "off", "x", "", 1, False)),
    "util.format_as_comma(('a', 'b'))",
    "util.format_as_comma(None)",
    "util.unique_list([1, 2, 1])",
    "util.obfuscate_url_pw('postgresql://a:secret@h/d')",
    "str(util.coerce_resource_to_filename('a/b'))",
]


def told_by(folder: Path, path: str | None) -> list[Any]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment.pop("ALEMBIC_CONFIG", None)
    if path is not None:
        environment["PYTHONPATH"] = path
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=folder,
        env=environment,
        input=json.dumps(EXPRESSIONS),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    """By expression, Alembic's answer and the package's."""
    folder = tmp_path_factory.mktemp("settings")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    both = zip(told_by(folder, None), told_by(folder, OURS), strict=True)
    return dict(zip(EXPRESSIONS, both, strict=True))


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_same_answer(expression: str, answers: dict[str, tuple[Any, Any]]) -> None:
    theirs, ours = answers[expression]
    assert ours == theirs
