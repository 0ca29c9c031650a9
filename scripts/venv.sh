# Sourced by scripts/run and scripts/test, in the project's folder: makes .venv and fills it.

say() { printf 'tilltui: %s\n' "$*" >&2; }

# Hash of requirement files: another one than the last means that .venv must be filled anew.
stamp() { cat "$@" scripts/venv.sh | sha256sum | cut -d ' ' -f 1; }

find_python() {
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null 2>&1 \
            && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    say "Python 3.11 or newer is needed. On Debian 12 or Raspberry Pi OS: sudo apt install python3 python3-venv"
    return 1
}

# Makes .venv unless a working one is there. Debian keeps the part of Python that makes one in a package of its own.
prepare_venv() {
    if .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        return
    fi
    local python
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        if [ "$(id -u)" -eq 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null 2>&1; then
            say "python3-venv is missing: installing it with apt-get"
            apt-get update -qq >&2
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >&2
        else
            say "python3-venv is missing. Install it, then run this again: sudo apt install python3-venv"
            return 1
        fi
    fi
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
}

# Installs a locked requirement file; every download must have one of the hashes in it.
install_locked() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps -r "$1" >&2
}
