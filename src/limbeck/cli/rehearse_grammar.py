"""The words of the command line about rehearsing revisions."""

from __future__ import annotations

from limbeck.cli.arguments import option, switch

__all__ = ["REHEARSE_ARGUMENTS"]

REHEARSE_ARGUMENTS = (
    option(
        "revisions",
        help="revisions to rehearse, or ranges such as ae10:head (default: what the database has "
        "not applied yet)",
        nargs="*",
    ),
    switch("--all", help="rehearse every revision", dest="all_revisions"),
    option(
        "--only",
        help="only let statements fail, or only kill the process",
        choices=("fail", "kill"),
    ),
    option(
        "--at-most",
        help="interruptions of each revision to try, at equal distances; 0 for all (default: 40)",
        type=int,
        metavar="N",
    ),
    option("--moment", help="try one moment only, from 1", type=int, metavar="N"),
)
