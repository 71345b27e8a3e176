"""The words of the command line about many databases at once."""

from __future__ import annotations

from limbeck.cli.arguments import option, switch

__all__ = ["FLEET_NAMES", "FLEET_ROLLOUT", "FLEET_SOURCES"]

FLEET_SOURCES = (
    option(
        "--schemas",
        help="over every schema whose name matches, as in tenant_*; may be repeated "
        "(settings: [fleet] schemas)",
        action="append",
        metavar="PATTERN",
    ),
    option(
        "--databases",
        help="over every address in a file, one a line; - for stdin (settings: [fleet] databases)",
        metavar="FILE",
    ),
    option(
        "--databases-from-command",
        help="over every address that a command prints (settings: [fleet] databases_from_command)",
        metavar="COMMAND",
    ),
    option(
        "--databases-from-query",
        help="over every address that a query gives, asked of the database in the settings "
        "(settings: [fleet] databases_from_query)",
        metavar="SQL",
    ),
    option(
        "--tenant",
        help="of these databases only the one of that name; may be repeated",
        action="append",
        metavar="NAME",
    ),
    option(
        "--part",
        help="every N-th of these databases, from the I-th, counted from 0: for pods and machines "
        "that share the work",
        metavar="I/N",
    ),
    switch("--no-fleet", help="the one database in the settings, whatever [fleet] says"),
    option(
        "--jobs",
        help="how many databases at the same time (default: 1; settings: [fleet] jobs)",
        type=int,
        metavar="N",
    ),
    option(
        "--report",
        help="write what came of each database into a file, as JSON",
        metavar="FILE",
    ),
)
"""Which databases there are."""

FLEET_ROLLOUT = (
    option(
        "--canary",
        help="so many databases first; unless all of them succeed, no other one is begun "
        "(settings: [fleet] canary)",
        metavar="N|N%",
    ),
    option(
        "--wave",
        help="then so many together, and the next when they are done (settings: [fleet] wave)",
        metavar="N|N%",
    ),
    switch(
        "--fail-fast",
        help="begin no other database once one has failed (settings: [fleet] fail_fast)",
    ),
    option(
        "--max-failures",
        help="begin no other database once more than so many have failed "
        "(settings: [fleet] max_failures)",
        type=int,
        metavar="N",
    ),
)
"""In which order, and when to stop."""

FLEET_NAMES = tuple(each.name for each in (*FLEET_SOURCES, *FLEET_ROLLOUT))
"""Options of limbeck alone."""
