"""What can be typed that makes no sense, and messages and names that would like to be code."""

from __future__ import annotations

from tests.bad_input.case import NEW, UPGRADE, Case, Fine, native, third, with_revisions
from tests.cli.project import Project

ODD = "\x1b]0;owned\x07\u202e"


def _two_heads(project: Project) -> None:
    with_revisions(project)
    project.revision("bbbb3333", "aaaa1111")


def _label(project: Project) -> None:
    with_revisions(project)
    project.revision("cccc4444", "aaab2222", branch_labels='"web"')


def _applied(project: Project) -> None:
    with_revisions(project)
    assert project.run("upgrade", "head").code == 0


def _no_downgrade(project: Project) -> None:
    third("def upgrade():\n    pass\n")(project)
    assert project.run("upgrade", "head").code == 0


def _hostile_message(project: Project) -> None:
    native(project)
    project.revision("r003", None)
    project.edit("migrations/versions/r003.py", '"""r003"""', '"""a \\x1b[2J\\r\\u202e \\x9bJ b"""')


CASES: tuple[Case, ...] = (
    # names
    Case("nearly right", with_revisions, ("upgrade", "aaaa1112"), 8, ("aaaa1111",)),
    Case("+99", with_revisions, ("upgrade", "+99"), 8, ("+99",)),
    Case("-99", with_revisions, ("downgrade", "-99"), 8, ("-99",)),
    Case("+0", with_revisions, ("upgrade", "+"), 8, ("+",)),
    Case("+1+1", with_revisions, ("upgrade", "+1+1"), 8, ("+1",)),
    Case("head+1", with_revisions, ("upgrade", "head+1"), 8, ("+1",)),
    Case("head-99", with_revisions, ("upgrade", "head-99"), 8, ("-99",)),
    Case("+ and many digits", with_revisions, ("upgrade", "+" + "9" * 5000), 8, ("999",)),
    Case("nothing", with_revisions, ("upgrade", ""), 8, ()),
    Case("a blank", with_revisions, ("upgrade", " "), 8, ()),
    Case("@", with_revisions, ("upgrade", "@"), 8, ("@",)),
    Case("@head", with_revisions, ("upgrade", "@head"), 8, ("@head",)),
    Case("label@", _label, ("upgrade", "web@"), 8, ("web@",)),
    Case("a@b@c", _label, ("upgrade", "web@web@head"), 8, ("web@",)),
    Case("unknown label", _label, ("upgrade", "wob@head"), 8, ("wob",)),
    Case("range", with_revisions, ("upgrade", "a:b"), 2, ("--sql",)),
    Case("three ends", with_revisions, ("upgrade", "a:b:c", "--sql"), 8, ()),
    Case("a path", with_revisions, ("upgrade", "../../etc/passwd"), 8, ("etc/passwd",)),
    Case("SQL", with_revisions, ("upgrade", "'; DROP TABLE x; --"), 8, ("DROP TABLE",)),
    Case("a format", with_revisions, ("upgrade", "%s%(x)s{0}"), 8, ("%s%(x)s{0}",)),
    Case("escapes", with_revisions, ("upgrade", ODD), 8, ("owned",)),
    Case("lines", with_revisions, ("upgrade", "a\nerror b\nhint c"), 8, ()),
    Case("half a character", with_revisions, ("upgrade", "\udcff"), 8, ("udcff",)),
    Case("long", with_revisions, ("upgrade", "x" * 60_000), 8, ()),
    Case("two heads, upgrade", _two_heads, UPGRADE, 8, ("aaab2222", "bbbb3333", "merge")),
    Case("two heads, new revision", _two_heads, NEW, 8, ("aaab2222", "bbbb3333")),
    Case("downgrade ahead", with_revisions, ("downgrade", "aaab2222"), 8, ("aaab2222",)),
    Case("downgrade unknown", with_revisions, ("downgrade", "nope"), 8, ("nope",)),
    Case("no downgrade()", _no_downgrade, ("downgrade", "-1"), 8, ("r003.py", "downgrade")),
    Case("stamp unknown", with_revisions, ("stamp", "nope"), 8, ("nope",)),
    Case("stamp nothing", with_revisions, ("stamp", ""), 8, ()),
    Case("show unknown", with_revisions, ("show", "nope"), 8, ("nope",)),
    Case("history of unknown", with_revisions, ("history", "-r", "nope:head"), 8, ("nope",)),
    Case("history of three ends", with_revisions, ("history", "-r", "a:b:c"), 8, ("b:c",)),
    Case(
        "history of the wrong way",
        with_revisions,
        ("history", "-r", "aaab2222:aaaa1111"),
        8,
        ("aaab2222",),
    ),
    Case("edit unknown", with_revisions, ("edit", "nope"), 8, ("nope",)),
    Case("merge unknown", with_revisions, ("merge", "nope"), 8, ("nope",)),
    Case("merge nothing", with_revisions, ("merge",), 2, ("revisions",)),
    Case("merge the same", with_revisions, ("merge", "head", "head", "-m", "x"), 2, ()),
    Case("prove unknown", with_revisions, ("prove", "nope"), 8, ("nope",)),
    Case(
        "prove on nonsense",
        with_revisions,
        ("prove", "--scratch", "nonsense"),
        11,
        ("1 of 1 could not be tried",),
    ),
    # new revisions
    Case("id that exists", with_revisions, (*NEW, "--rev-id", "aaab2222"), 2, ("aaab2222",)),
    Case("id with a path", with_revisions, (*NEW, "--rev-id", "../../escaped"), 2, ("/",)),
    Case("id with a quote", with_revisions, (*NEW, "--rev-id", 'a"b'), 2, ('"',)),
    Case("id with a minus", with_revisions, (*NEW, "--rev-id", "a-b"), 8, ("-",)),
    Case("id that is a word", with_revisions, (*NEW, "--rev-id", "head"), 2, ("head",)),
    Case("id with an escape", with_revisions, (*NEW, "--rev-id", ODD), 2, ()),
    Case("id with half a character", with_revisions, (*NEW, "--rev-id", "\udcff"), 2, ()),
    Case("id is long", with_revisions, (*NEW, "--rev-id", "x" * 300), 2, ()),
    Case("id of dots", with_revisions, (*NEW, "--rev-id", ".."), 2, ("dots",)),
    Case("label with a colon", with_revisions, (*NEW, "--branch-label", "a:b"), 8, ("a:b",)),
    Case("label with an escape", with_revisions, (*NEW, "--branch-label", ODD), 8, ("owned",)),
    Case(
        "label that is an id",
        with_revisions,
        (*NEW, "--branch-label", "aaaa1111"),
        8,
        ("aaaa1111",),
    ),
    Case("head is unknown", with_revisions, (*NEW, "--head", "nope"), 8, ("nope",)),
    Case("head is none", with_revisions, (*NEW, "--head", "aaaa1111"), 8, ("--splice",)),
    Case("dependency is unknown", with_revisions, (*NEW, "--depends-on", "nope"), 8, ("nope",)),
    Case("folder is another", with_revisions, (*NEW, "--version-path", "/etc"), 2, ("/etc",)),
    # the words themselves
    Case("no command", with_revisions, ("--sql",), 2, ("--sql",)),
    Case("unknown command", with_revisions, ("upgarde", "head"), 2, ("`upgrade`",)),
    Case("hostile command", with_revisions, (ODD,), 2, ("owned",)),
    Case("hostile option", with_revisions, ("upgrade", "head", f"--{ODD}"), 2, ("owned",)),
    Case("unknown option", with_revisions, ("upgrade", "head", "--dry-run"), 2, ("--dry-run",)),
    Case("argument is missing", with_revisions, ("upgrade",), 2, ("revision",)),
    Case("too many arguments", with_revisions, ("upgrade", "head", "head"), 2, ("head",)),
    Case("colour", with_revisions, ("--color", "pink", "heads"), 2, ("pink",)),
    Case("settings with an escape", with_revisions, ("-c", ODD, "heads"), 2, ("owned",)),
    Case("settings with half a character", with_revisions, ("-c", "\udcff.ini", "heads"), 2, ()),
    Case("-c without a file", with_revisions, ("heads", "-c"), 2, ("-c",)),
    Case("init of a full folder", native, ("init", "shop"), 2, ("shop",)),
    Case("init of a file", native, ("init", "shop/models.py"), 2, ("shop/models.py",)),
    Case("init where nobody may write", native, ("init", "/proc/x"), 2, ("/proc/x",)),
    Case("init with an unknown template", native, ("init", "y", "-t", "genric"), 2, ("generic",)),
    Case(
        "init with a template that climbs out",
        native,
        ("init", "y", "-t", "../.."),
        2,
        ("generic",),
    ),
    Case("downgrade on paper", with_revisions, ("downgrade", "base", "--sql"), 2, ("<fromrev>",)),
    Case(
        "rename without a colon",
        with_revisions,
        (*NEW, "--autogenerate", "--rename", "x"),
        2,
        ("x",),
    ),
    Case(
        "fill without a value", with_revisions, (*NEW, "--autogenerate", "--fill", "x"), 2, ("x",)
    ),
    Case("current --check-heads", with_revisions, ("current", "--check-heads"), 1, ()),
)

FINE: tuple[Fine, ...] = (
    Fine("stamp two of a line", with_revisions, ("stamp", "aaaa1111", "aaab2222"), "aaab2222"),
    Fine("id is empty", _applied, (*NEW, "--rev-id", ""), "aaab2222"),
    Fine("message with half a character", _applied, ("revision", "-m", "a\udcffb"), "aaab2222"),
    Fine("merge of one", _applied, ("merge", "aaab2222", "-m", "x"), "aaab2222"),
    Fine("upgrade to below", _applied, ("upgrade", "aaaa1111"), "aaab2222"),
    Fine("message is code", _applied, ("revision", "-m", 'x"""\nraise SystemExit("""'), "aaab2222"),
    Fine("message is a path", _applied, ("revision", "-m", "../../x"), "aaab2222"),
    Fine(
        "message is one of Windows",
        _applied,
        ("revision", "-m", r"fix C:\users path\N{x}"),
        "aaab2222",
    ),
    Fine("message is three quotes", _applied, ("revision", "-m", '"""'), "aaab2222"),
    Fine("message is a backslash", _applied, ("revision", "-m", "\\"), "aaab2222"),
    Fine(
        "message is Mako", _applied, ("revision", "-m", "${1/0} <% x %> ## \n% if x:"), "aaab2222"
    ),
    Fine("message is a format", _applied, ("revision", "-m", "%s %(x)s {0}"), "aaab2222"),
    Fine("message is empty", _applied, ("revision", "-m", ""), "aaab2222"),
    Fine("message is long", _applied, ("revision", "-m", "x" * 60_000), "aaab2222"),
    Fine("message is words of other letters", _applied, ("revision", "-m", "ü" * 300), "aaab2222"),
    Fine("message is escapes", _applied, ("revision", "-m", ODD), "aaab2222"),
    Fine("message is emoji", _applied, ("revision", "-m", "🐘🚀"), "aaab2222"),
    Fine("hostile message, history", _hostile_message, ("history", "-v"), None),
    Fine("hostile message, history in short", _hostile_message, ("history",), None),
    Fine("hostile message, show", _hostile_message, ("show", "head"), None),
    Fine("hostile message, upgrade", _hostile_message, ("upgrade", "head"), "r003"),
    Fine("hostile message, alone", _hostile_message, (), None),
    Fine("hostile message, --json", _hostile_message, ("--json", "history"), None),
)
