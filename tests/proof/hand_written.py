"""A project of revisions that a person has written."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from limbeck.config import Config
from limbeck.workflow.prove import ProvedRevision, lines_of, prove

FILE = '''\
"""{name}"""

import sqlalchemy as sa
from limbeck import op

revision = "{name}"
down_revision = {down!r}


def upgrade():
    {up}


def downgrade():
    {back}
'''

MODELS = """\
import sqlalchemy as sa

metadata = sa.MetaData()
sa.Table(
    "users", metadata, sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(20)),
)
"""

USERS = (
    'op.create_table("users", sa.Column("id", sa.Integer(), nullable=False), '
    'sa.Column("name", sa.String(20)), sa.PrimaryKeyConstraint("id", name="users_pkey"))'
)


class Written:
    """A project of revisions written by hand; the first makes the models' table."""

    def __init__(self, folder: Path, url: str) -> None:
        self.versions = folder / "migrations" / "versions"
        self.versions.mkdir(parents=True)
        name = f"hand_models_{abs(hash(folder))}"
        (folder / f"{name}.py").write_text(MODELS, encoding="utf-8")
        (folder / "limbeck.toml").write_text(
            f'url = "{url}"\nmodels = "{name}:metadata"\n', encoding="utf-8"
        )
        self.config = Config(toml_file=folder / "limbeck.toml")
        self.url = url
        self.last: str | None = None
        self.add("first", USERS, 'op.drop_table("users")')

    def add(self, name: str, up: str, back: str) -> Path:
        """Write the next revision."""
        path = self.versions / f"{name}.py"
        text = FILE.format(name=name, down=self.last, up=up, back=back)
        path.write_text(text, encoding="utf-8")
        self.last = name
        return path

    def replace(self, name: str, up: str, back: str) -> None:
        """Write the last revision anew."""
        path = self.versions / f"{name}.py"
        head = path.read_text(encoding="utf-8").partition("\ndef upgrade")[0]
        path.write_text(
            f"{head}\ndef upgrade():\n    {up}\n\n\ndef downgrade():\n    {back}\n",
            encoding="utf-8",
        )

    def prove(self, *names: str, is_head: bool = True) -> tuple[ProvedRevision, ...]:
        """Prove revisions; the project's own database stays as it is.

        :param is_head: else one more comes after them, so that they are not compared with models.
        """
        after = self.versions / "after.py"
        if not is_head:
            text = FILE.format(name="after", down=self.last, up="pass", back="pass")
            after.write_text(text, encoding="utf-8")
        found = prove(self.config, names)
        after.unlink(missing_ok=True)
        engine = sa.create_engine(self.url, poolclass=sa.NullPool)
        assert sa.inspect(engine).get_table_names() == []
        return found

    def words(self, name: str) -> str:
        """What is said of one revision."""
        (found,) = self.prove(name)
        return "\n".join(lines_of(found))
