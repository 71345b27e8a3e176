"""Settings that make no sense, in every kind of file."""

from __future__ import annotations

from collections.abc import Callable

from tests.bad_input.case import (
    NEW,
    SECRET,
    UPGRADE,
    Case,
    Fine,
    classic_with_revisions,
    with_ini,
)
from tests.cli.project import Project

INI = "limbeck.ini"
TOML = "limbeck.toml"
URL = "sqlalchemy.url = sqlite:///test.db"
LOCATION = "script_location = %(here)s/mig"


def _ini_bytes(change: Callable[[bytes], bytes]) -> Callable[[Project], None]:
    def setup(project: Project) -> None:
        classic_with_revisions(project)
        path = project.folder / INI
        path.write_bytes(change(path.read_bytes()))

    return setup


def _ini_is_a_folder(project: Project) -> None:
    classic_with_revisions(project)
    (project.folder / INI).unlink()
    (project.folder / INI).mkdir()


CASES: tuple[Case, ...] = (
    # an ini file
    Case("no section", with_ini("[limbeck]", "[limback]"), UPGRADE, 2, (INI, "script_location")),
    Case("unknown -n", classic_with_revisions, ("-n", "nope", *UPGRADE), 2, ("nope", INI)),
    Case("no script_location", with_ini(LOCATION, ""), UPGRADE, 2, ("script_location", INI)),
    Case(
        "script_location is missing",
        with_ini(LOCATION, "script_location = no"),
        UPGRADE,
        2,
        ("no", "init"),
    ),
    Case(
        "no section header", _ini_bytes(lambda data: b"x = 1\n" + data), UPGRADE, 2, (INI, "line 1")
    ),
    Case(
        "byte-order mark and logging",
        _ini_bytes(lambda data: b"\xef\xbb\xbf" + data),
        UPGRADE,
        2,
        (INI, "mig/env.py:14"),
    ),
    Case("not UTF-8", _ini_bytes(lambda data: data + b"# caf\xe9\n"), UPGRADE, 2, (INI, "UTF-8")),
    Case("NUL bytes", _ini_bytes(lambda data: data.replace(b"mig", b"m\0g")), UPGRADE, 2, ("m",)),
    Case("folder instead of an ini file", _ini_is_a_folder, UPGRADE, 2, (INI,)),
    Case("key twice", with_ini(URL, f"{URL}\n{URL}"), UPGRADE, 2, (INI, "twice")),
    Case(
        "section twice",
        _ini_bytes(lambda data: data + b"\n[limbeck]\n"),
        UPGRADE,
        2,
        (INI, "twice"),
    ),
    Case("no address", with_ini(URL, ""), UPGRADE, 2, ("sqlalchemy.url",)),
    Case("empty address", with_ini(URL, "sqlalchemy.url ="), UPGRADE, 2, ("address",)),
    Case(
        "address is none", with_ini(URL, f"sqlalchemy.url = x {SECRET}"), UPGRADE, 2, ("address",)
    ),
    Case(
        "percent in a password",
        with_ini(URL, f"sqlalchemy.url = postgresql+psycopg://me:%{SECRET}@127.0.0.1:9/x"),
        UPGRADE,
        4,
        ("does not answer",),
    ),
    Case(
        "name of a value in a password",
        with_ini(URL, f"sqlalchemy.url = postgresql+psycopg://me:%({SECRET})s@127.0.0.1:9/x"),
        UPGRADE,
        2,
        ("%(name)s",),
    ),
    Case(
        "password in the query",
        with_ini(URL, f"sqlalchemy.url = postgresql+psycopg://me@127.0.0.1:9/x?password={SECRET}"),
        UPGRADE,
        4,
        ("does not answer",),
    ),
    Case(
        "unknown database",
        with_ini(URL, f"sqlalchemy.url = postgrez://me:{SECRET}@h/x"),
        UPGRADE,
        2,
        ("postgrez",),
    ),
    Case(
        "postgres://",
        with_ini(URL, f"sqlalchemy.url = postgres://me:{SECRET}@h/x"),
        UPGRADE,
        2,
        ("postgresql://",),
    ),
    Case(
        "driver is missing",
        with_ini(URL, f"sqlalchemy.url = oracle+oracledb://me:{SECRET}@h/x"),
        UPGRADE,
        4,
        ("oracledb",),
    ),
    Case(
        "port is a word",
        with_ini(URL, f"sqlalchemy.url = postgresql://me:{SECRET}@h:port/x"),
        UPGRADE,
        2,
        ("address",),
    ),
    Case(
        "port is too large",
        with_ini(URL, f"sqlalchemy.url = postgresql+psycopg://me:{SECRET}@127.0.0.1:99999/x"),
        UPGRADE,
        4,
        ("port",),
    ),
    Case(
        "separator",
        with_ini("path_separator = os", "path_separator = bogus"),
        UPGRADE,
        2,
        ("path_separator", "bogus"),
    ),
    Case(
        "time zone",
        with_ini(LOCATION, f"{LOCATION}\ntimezone = Mars/Olympus"),
        NEW,
        2,
        ("Mars/Olympus",),
    ),
    Case(
        "time zone climbs out",
        with_ini(LOCATION, f"{LOCATION}\ntimezone = ../../etc/passwd"),
        NEW,
        2,
        ("timezone",),
    ),
    Case(
        "length of a slug",
        with_ini(LOCATION, f"{LOCATION}\ntruncate_slug_length = many"),
        NEW,
        2,
        ("many",),
    ),
    Case(
        "names in file_template",
        with_ini(LOCATION, f"{LOCATION}\nfile_template = %%(nope)s"),
        NEW,
        2,
        ("nope", "file_template"),
    ),
    Case(
        "file_template climbs out",
        with_ini(LOCATION, f"{LOCATION}\nfile_template = ../../%%(rev)s"),
        NEW,
        2,
        ("file_template",),
    ),
    Case(
        "file_template is absolute",
        with_ini(LOCATION, f"{LOCATION}\nfile_template = /tmp/%%(rev)s"),
        NEW,
        2,
        ("file_template",),
    ),
    Case(
        "file_template has a NUL",
        _ini_bytes(lambda data: data.replace(b"[limbeck]", b"[limbeck]\nfile_template = a\0b")),
        NEW,
        2,
        ("file_template",),
    ),
    Case(
        "encoding of new files",
        with_ini(LOCATION, f"{LOCATION}\noutput_encoding = klingon"),
        NEW,
        2,
        ("klingon",),
    ),
    Case(
        "sourceless is a word",
        with_ini(LOCATION, f"{LOCATION}\nsourceless = perhaps"),
        UPGRADE,
        2,
        ("sourceless", "perhaps"),
    ),
    Case(
        "hook is not there",
        with_ini("[post_write_hooks]", "[post_write_hooks]\nhooks = nope"),
        NEW,
        2,
        ("nope",),
    ),
)

FINE: tuple[Fine, ...] = (
    Fine("percent in the path", with_ini(URL, "sqlalchemy.url = sqlite:///a%b.db"), at=None),
    Fine(
        "line ends of Windows", _ini_bytes(lambda data: data.replace(b"\n", b"\r\n")), at="aaab2222"
    ),
)
