# Sourced by the findings: a virtual environment with pinned packages in a temporary folder.
set -euo pipefail
support=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
install() { venv/bin/pip install --quiet --disable-pip-version-check "$@"; }
python() { PYTHONPATH="$support" venv/bin/python "$@"; }
