"""The main job from start to end: models become a migrated database, and change, and go back.

Runs the real commands in a new temporary folder, which it names at the end and leaves there.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SHOP = Path(__file__).resolve().parent / "shop"
ADDRESS = "sqlite:///shop.db"
WIDTH = 78


class StepFailed(Exception):
    """A command of the demonstration did not end with 0."""


class Demo:
    """One run of the demonstration.

    :param folder: the project's folder, empty.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.step = 0

    def title(self, text: str) -> None:
        """Announce the next step."""
        self.step += 1
        heading = f"{self.step}. {text}"
        print(f"\n{self.paint(heading, '1')}\n{'─' * len(heading)}", flush=True)

    def paint(self, text: str, style: str) -> str:
        """Colour a text where a person looks at it."""
        if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
            return text
        return f"\x1b[{style}m{text}\x1b[0m"

    def limbeck(self, *words: str) -> None:
        """Show a command as it is typed, and run it."""
        typed = " ".join(f'"{word}"' if " " in word else word for word in words)
        print(f"\n{self.paint(f'$ limbeck {typed}'.rstrip(), '36')}", flush=True)
        script = Path(sys.executable).with_name("limbeck")
        program = [str(script)] if script.exists() else [sys.executable, "-m", "limbeck"]
        done = subprocess.run(
            [*program, *words],
            cwd=self.folder,
            env={**os.environ, "DATABASE_URL": ADDRESS},
            stderr=subprocess.STDOUT,
            check=False,
        )
        if done.returncode:
            raise StepFailed(f"`limbeck {typed}` ended with {done.returncode}")

    def show_file(self, path: Path) -> None:
        """Print a file as it is."""
        print(f"\n{self.paint(str(path.relative_to(self.folder)), '2')}")
        for line in path.read_text(encoding="utf-8").splitlines():
            print(f"    {line}".rstrip())

    def write_models(self, version: str) -> None:
        """Put one version of the models into the project."""
        package = self.folder / "shop"
        package.mkdir(exist_ok=True)
        (package / "__init__.py").touch()
        shutil.copyfile(SHOP / f"{version}.py", package / "models.py")

    def newest_revision(self) -> Path:
        """The revision file that was written last."""
        files = (self.folder / "migrations" / "versions").glob("*.py")
        return max(files, key=lambda path: path.stat().st_mtime_ns)

    def sql(self, statement: str) -> None:
        """Show a statement, run it, and print the rows."""
        print(f"\n{self.paint(f'sql> {statement}', '36')}")
        connection = sqlite3.connect(self.folder / "shop.db")
        with connection:
            for row in connection.execute(statement):
                print("    " + " | ".join("NULL" if value is None else str(value) for value in row))
        connection.close()


def run(demo: Demo) -> None:
    """Go through all steps.

    :param demo: the demonstration in its folder.
    :raises StepFailed: a command failed.
    """
    demo.title("A small shop has models, and no database yet")
    demo.write_models("before")
    demo.show_file(demo.folder / "shop" / "models.py")

    demo.title("limbeck finds the models and writes its settings")
    demo.limbeck("init")
    demo.show_file(demo.folder / "limbeck.toml")
    print(f"\n{demo.paint(f'$ export DATABASE_URL={ADDRESS}', '36')}")

    demo.title("The first revision, from the models")
    demo.limbeck("revision", "--autogenerate", "-m", "customers and products")
    demo.show_file(demo.newest_revision())

    demo.title("Carry it out")
    demo.limbeck("upgrade", "head")
    demo.sql("INSERT INTO customer (name, email, fax) VALUES ('Ada', 'ada@example.org', '0815')")
    demo.sql("INSERT INTO product (sku, title, price) VALUES ('L-1', 'Limbeck, copper', 249)")

    demo.title("The models change: a table, columns, an index, constraints")
    demo.write_models("after")
    demo.show_file(demo.folder / "shop" / "models.py")

    demo.title("The second revision, from what changed")
    # Customers without a name get one, since it becomes NOT NULL.
    named = "customer.name='unknown'"
    demo.limbeck("revision", "--autogenerate", "-m", "orders", "--fill", named)
    demo.show_file(demo.newest_revision())

    demo.title("Carry it out: SQLite cannot alter columns, limbeck rebuilds the table")
    demo.limbeck("upgrade", "head")
    demo.sql("SELECT id, name, email, country FROM customer")
    demo.limbeck("check")

    demo.title("And back")
    demo.limbeck("downgrade", "-1")
    demo.sql("SELECT id, name, email, fax FROM customer")

    demo.title("Where are we?")
    demo.limbeck("history", "--indicate-current")
    demo.limbeck()


def main() -> int:
    """Run the demonstration.

    :returns: 0, or 1 if a step failed.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    folder = Path(tempfile.mkdtemp(prefix="limbeck-demo-"))
    began = time.monotonic()
    try:
        run(Demo(folder))
    except StepFailed as failure:
        print(f"\nerror: {failure}", file=sys.stderr)
        print(f"The project is left in {folder}", file=sys.stderr)
        return 1
    print(f"\n{'─' * WIDTH}")
    print(f"Done in {time.monotonic() - began:.1f} seconds. The project is left in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
