"""What the authors of four libraries show in their manuals, run from beginning to end."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.libraries.project import ENV_PY, Project

pytestmark = pytest.mark.timeout(600)  # the first test makes the environment


@pytest.fixture
def project(engine: sa.Engine, tmp_path: Path) -> Project:
    return Project(tmp_path, engine.url.render_as_string(hide_password=False))


FLASK_APP = """
import os
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"]
db = SQLAlchemy(app)
migrate = Migrate(app, db)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(128))
"""


@pytest.mark.databases("sqlite")
def test_flask_migrate(project: Project, engine: sa.Engine) -> None:
    def flask(*words: str) -> str:
        return project.run("flask", "--app", "app", "db", *words)

    project.write("app.py", FLASK_APP)
    flask("init")
    assert "Detected added table 'user'" in flask("migrate", "-m", "users")
    flask("upgrade")
    assert {column["name"] for column in sa.inspect(engine).get_columns("user")} == {"id", "name"}
    project.write("app.py", FLASK_APP.replace("String(128)", "String(10)"))
    said = flask("migrate")
    assert "type change from VARCHAR(length=128) to String(length=10) on 'user.name'" in said
    flask("upgrade")
    flask("downgrade", "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]


UTILS_MODELS = """
import sqlalchemy as sa
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView
from alembic_utils.replaceable_entity import register_entities

metadata = sa.MetaData()
account = sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("email", sa.String(100)),
)
"""
UTILS_ENTITIES = """
register_entities(
    [
        PGFunction(
            "public",
            "loud(words text)",
            "returns text as $$ select upper(words) || '!' $$ language sql",
        ),
        PGView("public", "loud_account", "select id, public.loud(email) as email from account"),
        PGFunction(
            "public",
            "trimmed()",
            "returns trigger language plpgsql as "
            "$$ begin new.email := trim(new.email); return new; end $$",
        ),
        PGTrigger(
            "public",
            "trimming",
            on_entity="public.account",
            definition="BEFORE INSERT ON public.account FOR EACH ROW "
            "EXECUTE FUNCTION public.trimmed()",
        ),
    ]
)
"""


@pytest.mark.databases("postgresql15")
def test_alembic_utils(project: Project, engine: sa.Engine) -> None:
    def emails() -> list[str]:
        with engine.begin() as connection:
            connection.exec_driver_sql("INSERT INTO account (email) VALUES (' a@b ')")
            return list(connection.scalars(sa.text("SELECT email FROM loud_account")))

    project.write("models.py", UTILS_MODELS)
    project.begin()
    project.generate("table")
    project.write("models.py", UTILS_MODELS + UTILS_ENTITIES)
    assert "op.create_entity(public_loud_account)" in project.generate("first")
    assert emails() == ["A@B!"]
    project.write("models.py", UTILS_MODELS + UTILS_ENTITIES.replace("|| '!'", "|| '?'"))
    assert "op.replace_entity(public_loud)" in project.generate("second")
    assert emails() == ["A@B?"] * 2
    project.run("alembic", "downgrade", "-1")
    assert emails() == ["A@B!"] * 3
    project.run("alembic", "downgrade", "base")
    assert sa.inspect(engine).get_view_names() == []
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]


ENUM_MODELS = """
import enum
import alembic_postgresql_enum
import sqlalchemy as sa

metadata = sa.MetaData()


class Color(enum.Enum):
    red = 1
    green = 2
    # more


paint = sa.Table(
    "paint",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("color", sa.Enum(Color), nullable=False, server_default="red"),
)
"""


@pytest.mark.databases("postgresql15")
def test_alembic_postgresql_enum(project: Project, engine: sa.Engine) -> None:
    def labels() -> dict[str, list[str]]:
        found = sa.inspect(engine).get_enums()  # type: ignore[attr-defined]  # PostgreSQL's own
        return {each["name"]: each["labels"] for each in found}

    project.write("models.py", ENUM_MODELS)
    project.begin()
    assert "sa.Enum('red', 'green', name='color').create(op.get_bind())" in project.generate("one")
    assert labels() == {"color": ["red", "green"]}
    project.write("models.py", ENUM_MODELS.replace("# more", "blue = 3"))
    assert "op.sync_enum_values(" in project.generate("two")
    assert labels() == {"color": ["red", "green", "blue"]}
    project.run("alembic", "downgrade", "-1")
    assert labels() == {"color": ["red", "green"]}
    project.run("alembic", "downgrade", "base")
    assert labels() == {}


PYTEST_ALEMBIC = {
    "models.py": """
import sqlalchemy as sa

metadata = sa.MetaData()
person = sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True))
""",
    "migrations/env.py": ENV_PY.replace(
        'sa.create_engine(os.environ["DATABASE_URL"])', 'context.config.attributes["connection"]'
    ),
    "migrations/script.py.mako": "",
    "conftest.py": """
import os
import pytest
import sqlalchemy as sa


@pytest.fixture
def alembic_config():
    return {"script_location": "migrations"}


@pytest.fixture
def alembic_engine():
    engine = sa.create_engine(os.environ["DATABASE_URL"])
    yield engine
    with engine.begin() as connection:
        for name in sa.inspect(engine).get_table_names():
            connection.exec_driver_sql(f"DROP TABLE {name}")
""",
    "pytest.ini": """
[pytest]
pytest_alembic_tests_path = conftest.py
pytest_alembic_include_experimental = downgrade_leaves_no_trace
""",
    "test_steps.py": """
def test_step_by_step(alembic_runner):
    assert alembic_runner.heads == ["one"]
    alembic_runner.migrate_up_one()
    alembic_runner.insert_into("person", {"id": 3})
    assert alembic_runner.current == "one"
    alembic_runner.migrate_down_one()
    assert alembic_runner.current == "base"
""",
}
REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "one"
down_revision = None


def upgrade():
    op.create_table("person", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("person")
"""


@pytest.mark.databases("sqlite", "postgresql15")
def test_pytest_alembic(project: Project) -> None:
    for name, text in PYTEST_ALEMBIC.items():
        project.write(name, text)
    words = ["pytest", "--test-alembic", "-p", "no:cacheprovider", "-W", "ignore"]
    project.write("migrations/versions/one.py", REVISION)
    assert "6 passed" in project.run(*words)
    project.write("migrations/versions/one.py", REVISION.replace('op.drop_table("person")', "pass"))
    said = project.run(*words, code=1)
    assert "test_downgrade_leaves_no_trace" in said
    assert "test_up_down_consistency" in said
