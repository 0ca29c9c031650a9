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
    mkdir .venv
    : >.venv/.tilltui-unfinished
    "$python" -m venv .venv >&2 || { rm -rf .venv; explain; return 1; }
}

# What to look at when .venv could not be filled: pip's own words say what happened, seldom what to do.
explain() {
    say "not everything could be installed. Look at these, then run this again:"
    say "- the network: the first start downloads what the till needs, later ones need none"
    say "- the clock, without which no download is trusted: here it is $(date '+%Y-%m-%d %H:%M')"
    say "- the disk: 200 MB are needed, $(df -Pm . | awk 'NR == 2 { print $4 }') MB are free in $PWD"
}

# Installs a locked requirement file; every download must have one of the hashes in it.
install_locked() {
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --no-deps -r "$1" >&2
}

filled() { [ -x .venv/bin/python ] && [ "$(cat ".venv/$1" 2>/dev/null || true)" = "$2" ]; }

# A folder of another user's, or a read-only one: Python would only say "Permission denied".
may_install() {
    if [ -w . ] && { [ ! -d .venv ] || [ -w .venv ]; }; then return; fi
    local owner
    owner=$(stat -c %U .)
    if [ "$(id -u)" -eq 0 ] || [ "$(id -un 2>/dev/null)" = "$owner" ]; then
        say "$PWD is read-only, and the till's libraries must be installed in it once"
    else
        say "$PWD belongs to $owner, and the till's libraries must be installed in it once."
        say "Do it as that user, then run this again: sudo -u $owner -H $PWD/scripts/run check"
    fi
    return 1
}

# fill_venv STAMP HASH COMMAND...: COMMAND fills .venv, and STAMP in it then holds HASH. Not twice at the same time,
# as when the service and a hand both begin. What a power cut or a kill left half done is made anew: pip takes a
# package for installed though its files may have come to nothing.
fill_venv() {
    local stamp=$1 hash=$2
    shift 2
    may_install || return
    (
        if command -v flock >/dev/null 2>&1; then
            exec 9<scripts/venv.sh
            flock -n 9 || { say "another start is installing already: waiting for it"; flock 9; }
        fi
        ! filled "$stamp" "$hash" || exit 0
        [ ! -e .venv/.tilltui-unfinished ] || { say "the last installation was cut off"; rm -rf .venv; }
        prepare_venv
        : >.venv/.tilltui-unfinished
        "$@" 9<&- || { rm -f .venv/.tilltui-unfinished; explain; exit 1; }
        sync    # else a power cut could leave the stamp and take the libraries
        printf '%s\n' "$hash" >".venv/$stamp"
        rm -f .venv/.tilltui-unfinished
    )
}
