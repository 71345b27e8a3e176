"""Runs a tool over a project's history."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from measures.corpus.databases import addresses
from measures.corpus.tools import Tool, packages_of, project_environment

if TYPE_CHECKING:
    from sqlalchemy import URL

    from measures.corpus.recipe import Recipe, Step


class Failed(Exception):
    """A step did not end well. The message says which, and where its output is."""


class Project:
    """A project, its database and the folder of a run.

    :param recipe: how it is migrated.
    :param database: the kind of its database.
    :param url: the database's address.
    :param folder: for the project's files and what the tools print; made new.
    """

    def __init__(self, recipe: Recipe, database: str, url: URL, folder: Path) -> None:
        self.recipe, self.url, self.folder = recipe, url, folder
        self._words = {
            **addresses(url, database, recipe.drivers),
            "site": str(packages_of(recipe)),
            "run": str(folder),
            "database": database,
        }
        for name, content in recipe.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self._filled(content))
        if recipe.ini or recipe.settings:
            self._write_settings(folder / "alembic.ini")

    def take(self, steps: Sequence[Step], tool: Tool) -> float:
        """Take steps one after the other.

        :param steps: of the recipe.
        :param tool: who takes them.
        :returns: how many seconds it took.
        :raises Failed: a step did not end well.
        """
        begun = time.monotonic()
        for step in steps:
            done = self._run(step, tool)
            if done.returncode:
                shown = step if isinstance(step, str) else " ".join(step)
                raise Failed(f"{tool.name}, {shown}: exit code {done.returncode}, {self._log}")
        return time.monotonic() - begun

    def ask(self, words: Sequence[str], tool: Tool) -> str:
        """What a command prints, and before it whether it ended well.

        :param words: the command.
        :param tool: who is asked.
        """
        done = self._run(words, tool)
        lines = done.stdout.replace(self._words["site"], "SITE").splitlines()
        lines = [line.rstrip().replace(str(self.folder), "RUN") for line in lines]
        # Alembic prints branches in the order of a set.
        if words[0] in ("heads", "branches", "current"):
            lines.sort()
        text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+", "<moment>", "\n".join(lines))
        text = re.sub(r" at 0x[0-9a-f]+", " at <address>", text)
        # limbeck's exit codes say more than Alembic's.
        return f"{'failed' if done.returncode else 'done'}\n{text}\n"

    @property
    def _log(self) -> Path:
        return self.folder / "log.txt"

    def _run(self, step: Step, tool: Tool) -> subprocess.CompletedProcess[str]:
        programs = project_environment(self.recipe) / "bin"
        if isinstance(step, str):
            program, *words = shlex.split(step)
            command = [str(programs / program), *words]
        else:
            command = [str(programs / "python"), "-m", tool.module, *self.recipe.arguments, *step]
        command = [self._filled(word) for word in command]
        with self._log.open("a") as log:
            log.write(f"$ {tool.name}: {' '.join(command)}\n")
            log.flush()
            done = subprocess.run(
                command, cwd=self._filled(self.recipe.folder), env=self._environment(tool),
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                check=False,
            )  # fmt: skip
            log.write(done.stdout)
        return done

    def _environment(self, tool: Tool) -> Mapping[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
        return {
            **kept,
            "HOME": str(self.folder),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join(map(str, tool.path)),
            **{key: self._filled(value) for key, value in self.recipe.environment.items()},
        }

    def _filled(self, words: str) -> str:
        return Template(words).safe_substitute(self._words)

    def _write_settings(self, path: Path) -> None:
        ini = configparser.RawConfigParser()
        ini.optionxform = str  # type: ignore[assignment,method-assign]  # as the documentation of configparser says
        if self.recipe.ini:
            ini.read(self._filled(self.recipe.ini))
        for section, options in self.recipe.settings.items():
            if section != "DEFAULT" and not ini.has_section(section):
                ini.add_section(section)
            for key, value in options.items():
                ini.set(section, key, self._filled(value))
        with path.open("w") as file:
            ini.write(file)


def new_folder(path: Path) -> Path:
    """Make a folder, without what an earlier run has left in it."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path
