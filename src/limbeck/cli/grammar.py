"""The words of the command line: every command, option and argument, as data.

Names, defaults and the attributes they leave on the namespace are Alembic's, because old
``env.py`` files read them from ``config.cmd_opts``.
"""

from __future__ import annotations

from limbeck.cli.arguments import YES_OR_NO, option, switch
from limbeck.cli.arguments import Argument as Argument
from limbeck.cli.fleet_grammar import FLEET_NAMES, FLEET_ROLLOUT, FLEET_SOURCES
from limbeck.cli.rehearse_grammar import REHEARSE_ARGUMENTS
from limbeck.light_typing import NamedTuple


class Command(NamedTuple):
    """One command: what it is for, and the arguments it takes.

    :param name: the word that is typed, and the function of ``limbeck.command`` that answers.
    :param examples: lines to type, for the hint when an argument is missing.
    """

    name: str
    summary: str
    arguments: tuple[Argument, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def positional_names(self) -> list[str]:
        """The attributes that are handed to the function by position."""
        return [argument.name for argument in self.arguments if not argument.is_option]

    @property
    def keyword_names(self) -> list[str]:
        """The attributes that are handed to the function by name."""
        return [
            argument.name
            for argument in self.arguments
            if argument.is_option and argument.name not in OUTSIDE_FUNCTIONS
        ]


LIMBECKS_OWN = ("drop_unowned", "drop_most_tables", "fill", "no_fill", "from_history")
"""Options of limbeck alone that say what is compared, and what becomes of rows and tables."""

OF_UPGRADES = ("accept", "allow_out_of_order", "strict")
"""Options of limbeck alone that say what may be otherwise than it was applied."""

OUTSIDE_FUNCTIONS = frozenset(
    {
        *("models", "prove", "scratch", "renames", "drops", "drift", "history", "all_questions"),
        *("lock_wait", "lock_timeout", "applied", "verify", "standing"),
        *LIMBECKS_OWN,
        *OF_UPGRADES,
        *FLEET_NAMES,
    }
)
"""Options of limbeck alone, which are not handed to the functions of ``limbeck.command``."""

OWN_OPTIONS = OUTSIDE_FUNCTIONS | {"drop_unowned"}
"""Options of commands that Alembic's command line does not have."""

GLOBAL_OPTIONS: tuple[Argument, ...] = (
    option(
        "-c",
        "--config",
        help="settings file to use, an ini or a toml file; may be given once for each kind "
        "(default: $LIMBECK_CONFIG, or the first of limbeck.ini, limbeck.toml, pyproject.toml, "
        "alembic.ini)",
        action="append",
        metavar="FILE",
    ),
    option("-n", "--name", help="section of the ini file to use", metavar="SECTION"),
    option(
        "-x",
        help="a KEY=VALUE for env.py, read there by context.get_x_argument(); may be repeated",
        action="append",
        metavar="KEY=VALUE",
    ),
    switch("--raiseerr", help="let errors out as Python exceptions, with their traceback"),
    switch("--debug", help="show the traceback below an error"),
    switch("-q", "--quiet", help="print errors only"),
    switch("-v", "--verbose", help="say more"),
    switch("--json", help="answer with one JSON object"),
    option(
        "--color",
        help="colours: auto (on a terminal), always or never",
        choices=("auto", "always", "never"),
        default="auto",
    ),
)

_SQL = switch("--sql", help="print the SQL instead of running it")
_TAG = option("--tag", help="a word for env.py, read there by context.get_tag_argument()")
_MESSAGE = option("-m", "--message", help="what the revision does, in a few words")
_BRANCH_LABEL = option("--branch-label", help="label that names the new revision's branch")
_REV_ID = option("--rev-id", help="identifier of the new revision, instead of a random one")

_LOCK_WAIT = option(
    "--lock-wait",
    help="how long to wait for another deployer that migrates the database; 0 does not wait "
    "(default: 300; settings: lock_wait)",
    type=float,
    metavar="SECONDS",
)

_LOCK_TIMEOUT = option(
    "--lock-timeout",
    help="how long a statement waits for a strong lock before it makes way and is tried again; 0 "
    "for as long as the server lets it (default: 0.5; settings: lock_timeout)",
    type=float,
    metavar="SECONDS",
)

_SCRATCH = option(
    "--scratch",
    help="address of an empty database to try on, instead of one that is made and dropped "
    "(settings: scratch_url)",
    metavar="URL",
)

COMMANDS: tuple[Command, ...] = (
    Command(
        "init",
        "set up a project: alone it finds the models and writes the settings, with a "
        "directory it makes the folder with env.py",
        (
            option("directory", help="folder to make, with env.py and versions/", nargs="?"),
            option(
                "-t", "--template", help="template of the folder", default="generic", metavar="NAME"
            ),
            switch("--package", help="also write __init__.py files"),
            option(
                "--models",
                help="where the models are, when no directory is given; may be repeated",
                action="append",
                metavar="MODULE:NAME",
            ),
        ),
    ),
    Command(
        "revision",
        "write a new revision file",
        (
            _MESSAGE,
            switch("--autogenerate", help="fill it with what differs between models and database"),
            switch("--sql", help="run env.py offline (needs revision_environment)"),
            option("--head", help="revision to build on", default="head"),
            switch("--splice", help="allow a --head that is not a head"),
            _BRANCH_LABEL,
            option("--version-path", help="folder for the new file, of version_locations"),
            _REV_ID,
            option(
                "--depends-on",
                help="revision that must be applied before; may be repeated",
                action="append",
            ),
            option(
                "--fill",
                help="what the rows that are there get in a column that becomes NOT NULL, as SQL; "
                "may be repeated",
                action="append",
                metavar="TABLE.COLUMN=SQL",
            ),
            option(
                "--no-fill",
                help="a column that becomes NOT NULL in a table without rows; may be repeated",
                action="append",
                metavar="TABLE.COLUMN",
            ),
            switch(
                "--drop-most-tables", help="go on where more than half of the tables are dropped"
            ),
            switch(
                "--drop-unowned", help="drop also tables and columns that no revision has created"
            ),
            switch(
                "--prove",
                help="prove the generated revision on a scratch database, as limbeck's own "
                "projects do (settings: prove)",
                default=None,
            ),
            Argument(
                ("--no-prove",),
                "do not prove the generated revision",
                {"dest": "prove", "action": "store_false", "default": None},
            ),
            _SCRATCH,
            option(
                "--rename",
                help="with --autogenerate: what was renamed, as in users.name:full_name or "
                "users:people; may be repeated",
                action="append",
                dest="renames",
                metavar="OLD:NEW",
            ),
            option(
                "--drop",
                help="with --autogenerate: what is dropped although something new is like it, as "
                "in users.name; may be repeated",
                action="append",
                dest="drops",
                metavar="NAME",
            ),
            option(
                "--from-history",
                help="compare the models with what the revisions make of an empty database; "
                "limbeck's own projects do so by themselves where the database is behind or "
                "cannot be reached",
                action=YES_OR_NO,
            ),
        ),
        ('limbeck revision --autogenerate -m "add users"',),
    ),
    Command(
        "upgrade",
        "bring the database up to a revision",
        (
            option("revision", help="revision to go to, as in: head, +1, ae10+2, 1975ea"),
            _SQL,
            _TAG,
            _LOCK_WAIT,
            _LOCK_TIMEOUT,
            option(
                "--accept",
                help="an applied revision that is right as it is now: edited, moved, put in below "
                "the head, or without its file; may be repeated",
                action="append",
                metavar="REVISION",
            ),
            switch(
                "--allow-out-of-order",
                help="run revisions that were put in below the head first (settings: out_of_order)",
            ),
            switch("--strict", help="exit with 8 if the database is ahead of the files"),
            *FLEET_SOURCES,
            *FLEET_ROLLOUT,
        ),
        ("limbeck upgrade head",),
    ),
    Command(
        "downgrade",
        "take the database back to a revision",
        (
            option("revision", help="revision to go back to, as in: -1, base, 1975ea"),
            _SQL,
            _TAG,
            _LOCK_WAIT,
            _LOCK_TIMEOUT,
        ),
        ("limbeck downgrade -1",),
    ),
    Command(
        "current",
        "say at which revision the database is",
        (
            switch("-c", "--check-heads", help="exit with 1 unless every head is applied"),
            switch(
                "--check",
                help="for probes: say equal, ahead, behind (exit with 1) or unknown (8)",
                dest="standing",
            ),
            switch("-v", "--verbose", help="say more"),
            *FLEET_SOURCES,
        ),
    ),
    Command(
        "history",
        "list the revisions, newest first",
        (
            option(
                "-r",
                "--rev-range",
                help="revisions to list, as in: base:ae10, -3:current, current:",
                metavar="[START]:[END]",
            ),
            switch("-v", "--verbose", help="say more"),
            switch("-i", "--indicate-current", help="mark where the database is"),
            switch(
                "--applied",
                help="list what was done to the database, when and by whom, newest last",
            ),
            switch("--verify", help="with --applied: exit with 1 if a row was changed or is gone"),
        ),
    ),
    Command(
        "heads",
        "list the newest revision of every branch",
        (
            switch("-v", "--verbose", help="say more"),
            switch("--resolve-dependencies", help="leave out heads that others depend on"),
        ),
    ),
    Command(
        "show",
        "tell all about a revision",
        (option("rev", help="the revision, as in: head, current, 1975ea"),),
        ("limbeck show head",),
    ),
    Command(
        "stamp",
        "write a revision into the database without running anything",
        (
            option("revisions", help="revisions to write, or heads", nargs="+"),
            _SQL,
            _TAG,
            switch("--purge", help="forget every revision in the database first"),
            _LOCK_WAIT,
        ),
        ("limbeck stamp head",),
    ),
    Command(
        "check",
        "exit with 1 if models and database differ; with options, ask about the history",
        (
            switch(
                "--models",
                help="exit with 9 if the models differ from what the revisions make of an empty "
                "database",
            ),
            switch(
                "--drift",
                help="exit with 10 if the database differs from what the revisions that it has "
                "make of an empty one",
            ),
            switch(
                "--history",
                help="exit with 8 if revisions are not as they were applied to the database",
            ),
            switch(
                "--all",
                help="ask all four; 12 if more than one finds something",
                dest="all_questions",
            ),
            _SCRATCH,
            switch(
                "--drop-unowned",
                help="take tables and columns that no revision has created for differences too",
            ),
            *FLEET_SOURCES,
        ),
    ),
    Command(
        "prove",
        "run revisions up, down and up on a scratch database, and stamp the files of the good ones",
        (
            option(
                "revisions",
                help="revisions to prove, or ranges such as ae10:head (default: heads)",
                nargs="*",
            ),
            switch("--all", help="prove every revision", dest="all_revisions"),
            switch("--no-stamp", help="do not write into the files"),
            _SCRATCH,
        ),
        ("limbeck prove head",),
    ),
    Command(
        "rehearse",
        "interrupt revisions at every step on a scratch database, and see whether they go on",
        (*REHEARSE_ARGUMENTS, _SCRATCH),
        ("limbeck rehearse", "limbeck rehearse head --at-most 0"),
    ),
    Command(
        "snapshot",
        "write down what the revisions make of an empty database, beside the revisions",
        (
            switch("--check", help="write nothing; exit with 1 if the file says something else"),
            _SCRATCH,
        ),
    ),
    Command(
        "repair",
        "show what an interrupted revision has left, and go on, take it back, or call it done",
        (
            switch("--resume", help="go on with it, as the same command does"),
            switch("--undo", help="take back what is in of it"),
            switch("--mark-applied", help="it was finished by hand: write its version"),
        ),
    ),
    Command(
        "merge",
        "join several heads by a new revision",
        (
            option("revisions", help="revisions to join, or heads", nargs="+"),
            _MESSAGE,
            _BRANCH_LABEL,
            _REV_ID,
            switch("--splice", help="allow revisions that are not heads"),
        ),
        ('limbeck merge heads -m "merge"',),
    ),
    Command(
        "branches",
        "list the revisions where the history branches",
        (switch("-v", "--verbose", help="say more"),),
    ),
    Command(
        "edit",
        "open a revision file in $VISUAL or $EDITOR",
        (option("rev", help="the revision, as in: head, current, 1975ea"),),
        ("limbeck edit head",),
    ),
    Command("list_templates", "list the templates that init knows"),
    Command("ensure_version", "create the version table if there is none", (_SQL,)),
)
