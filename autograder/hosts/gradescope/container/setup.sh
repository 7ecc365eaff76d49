#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image. It makes an environment beside this folder.
set -euo pipefail
source="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(dirname "$source")"

python=""
look() {
  local name
  for name in python3.13 python3.12 python3.11 python3; do
    if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      python="$name"
      return 0
    fi
  done
  return 1
}
if ! look; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install -y --no-install-recommends python3.12 python3.12-venv ||
    apt-get install -y --no-install-recommends python3.11 python3.11-venv
  look || { echo "error: no Python 3.11 to 3.13 with venv in this image" >&2; exit 1; }
fi

"$python" -m venv "$root/venv"
options=(--quiet --disable-pip-version-check -c "$source/constraints.txt")
if [ -d "$source/wheels" ]; then
  options+=(--no-index --find-links "$source/wheels")
fi
"$root/venv/bin/python" -m pip install "${options[@]}" "$source"/*.whl
"$root/venv/bin/python" -m compileall -q "$root/venv/lib" || true

# Hidden tests, solutions and the secret are the grader's alone.
chmod -R go-rwx "$source/course"
"$root/venv/bin/autograder" doctor --course "$source/course" || true
