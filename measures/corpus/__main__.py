"""``make corpus``: published projects' histories, by Alembic and by limbeck.

Downloads the projects, and keeps nothing of them. Exits with 1 where something fails or differs
that a recipe does not list.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from measures.corpus.comparison import Outcome, compare
from measures.corpus.databases import SERVERS, server
from measures.corpus.recipe import Recipe, all_recipes
from measures.corpus.tools import Tool, alembic, limbeck, pin
from measures.environments import CACHE


def main() -> int:
    """Run what is asked for, or all of it."""
    wanted = _arguments()
    recipes = [one for one in all_recipes() if not wanted.projects or one.name in wanted.projects]
    if wanted.pin:
        for recipe in recipes:
            pin(recipe)
        return 0
    surprises = 0
    for database in SERVERS:
        if wanted.on and database not in wanted.on:
            continue
        mine = [recipe for recipe in recipes if database in recipe.databases]
        if mine:
            surprises += _on(database, mine, wanted.way)
    return 1 if surprises else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="corpus", description=(__doc__ or "").splitlines()[0])
    names = [recipe.name for recipe in all_recipes()]
    parser.add_argument("projects", nargs="*", metavar="PROJECT", help=", ".join(names))
    parser.add_argument("--on", action="append", choices=list(SERVERS), help="only this database")
    parser.add_argument(
        "--way", choices=["alone", "beside", "package"], default="alone",
        help="the command limbeck alone (the default), the same where Alembic is installed too, "
        "or limbeck-alembic and its command",
    )  # fmt: skip
    parser.add_argument("--pin", action="store_true", help="install anew, and note the versions")
    wanted = parser.parse_args()
    unknown = set(wanted.projects) - set(names)
    if unknown:
        parser.error(f"no recipe for {', '.join(sorted(unknown))}")
    return wanted


def _on(database: str, recipes: Sequence[Recipe], way: str) -> int:
    surprises = 0
    with server(database) as address:
        for recipe in recipes:
            tools = (alembic(), _tool(recipe, way))
            folder = CACHE / "corpus" / "runs" / f"{recipe.name}-{database}-{way}"
            outcome = compare(recipe, database, address, tools, folder)
            surprises += _tell(recipe, database, outcome)
    return surprises


def _tool(recipe: Recipe, way: str) -> Tool:
    # A project that calls Alembic from code imports the name.
    return limbeck("package" if recipe.from_code else way)


def _tell(recipe: Recipe, database: str, outcome: Outcome) -> int:
    known = [
        one
        for one in outcome.differences
        if any(f"{database} {one}".startswith(listed) for listed in recipe.differences)
    ]
    surprises = [one for one in outcome.differences if one not in known]
    words = [f"differs: {one}" for one in surprises]
    words += [f"differs, known: {one}" for one in known]
    if outcome.failure:
        words.insert(0, f"FAILED {outcome.failure}")
    else:
        words.insert(0, f"{outcome.tables} tables")
        words += ["{:.1f} s by Alembic, {:.1f} s by limbeck".format(*outcome.seconds or ())]
    print(f"{recipe.project} on {database}: {', '.join(words)}", flush=True)
    return len(surprises) + bool(outcome.failure)


if __name__ == "__main__":
    sys.exit(main())
