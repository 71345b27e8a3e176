#!/bin/sh
# Make the virtual environment: environment.sh PYTHON FOLDER
set -eu
python=$1
venv=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "error: limbeck needs Python 3.11 or newer; $python is $("$python" --version 2>&1)" >&2
    echo "hint: make PYTHON=/path/to/python3.11" >&2
    exit 2
}
# Debian's own Python comes without ensurepip, which a virtual environment needs.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
    else
        echo "error: $python has no ensurepip" >&2
        echo "hint: install your system's package for Python's venv (Debian: python3-venv)" >&2
        exit 2
    fi
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
echo "installing into $venv ..."
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -e .
