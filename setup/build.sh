#!/bin/sh
# Build the wheel and the source distribution, then use the wheel in an empty environment.
set -eu
python=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$python" -m build --outdir "$folder/dist" . >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
"$python" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$folder"/dist/*.whl
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
