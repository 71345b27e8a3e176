#!/bin/sh
# Build the wheels and the source distributions, then use the wheels in an empty environment.
set -eu
python=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$python" -m build --outdir "$folder/dist" . >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
"$python" -m build --outdir "$folder/dist" packages/limbeck-alembic >"$folder/log" 2>&1 ||
    { cat "$folder/log" >&2; exit 1; }
"$python" -m venv "$folder/venv"
install() {
    "$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}
install "$folder"/dist/limbeck-[0-9]*.whl
cd "$folder"
"$folder/venv/bin/limbeck" --version
mkdir project
cd project
cat >models.py <<'END'
from sqlalchemy import Column, Integer, MetaData, String, Table

metadata = MetaData()
person = Table("person", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)))
END
export DATABASE_URL=sqlite:///shop.db
"$folder/venv/bin/limbeck" init
"$folder/venv/bin/limbeck" revision --autogenerate -m "first"
"$folder/venv/bin/limbeck" upgrade head
"$folder/venv/bin/limbeck" check
"$folder/venv/bin/limbeck" downgrade base
echo "the wheel works in an empty environment"

# The import name and the command alembic, from the other distribution.
install --no-deps "$folder"/dist/limbeck_alembic-*.whl
"$folder/venv/bin/alembic" --version
mkdir ../classic
cd ../classic
"$folder/venv/bin/alembic" init migrations >log
sed -i.bak 's|^sqlalchemy.url = .*|sqlalchemy.url = sqlite:///classic.db|' alembic.ini
"$folder/venv/bin/alembic" revision -m "first" >>log
"$folder/venv/bin/alembic" upgrade head
"$folder/venv/bin/alembic" current
"$folder/venv/bin/alembic" downgrade base
for template in async multidb pyproject pyproject_async; do
    "$folder/venv/bin/alembic" -c "$template.ini" init --template "$template" "$template" >>log
done
echo "limbeck-alembic works in an empty environment"
