# Shared by compose/run, compose/test and .ci/run (sourced, not run): tools, ports, keys.
# Every failure is one line on stderr and an exit code of sysexits(3): 64 usage, 75 the machine lacks something.
# shellcheck shell=bash disable=SC2034

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
program=compose/$(basename -- "$0")

say() { printf '%s: %s\n' "$program" "$*"; }

die() {
    local code=$1
    shift
    printf '%s: %s\n' "$program" "$*" >&2
    exit "$code"
}

# The Debian packages the build needs and does not find, one a line. Asks for what is used, not for how it came here.
missing_packages() {
    [[ -e /usr/include/stdio.h ]] || echo libc6-dev
    [[ -e /usr/include/crypt.h ]] || echo libcrypt-dev
    if ! command -v pkg-config >/dev/null; then
        echo pkg-config
        [[ -e /usr/include/librdkafka/rdkafka.h ]] || echo librdkafka-dev
    elif ! pkg-config --exists rdkafka; then
        echo librdkafka-dev
    fi
}

# Runs apt-get as root, by sudo where need be; without a terminal sudo must not ask for a password.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif [[ -t 0 ]]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

install_packages() {
    local packages=("$@") apt=(apt-get install -y -q --no-install-recommends)
    command -v apt-get >/dev/null ||
        die 75 "missing: ${packages[*]} (Debian's names), and there is no apt-get to install them"
    ((EUID == 0)) || command -v sudo >/dev/null ||
        die 75 "missing: ${packages[*]}; install them as root: ${apt[*]} ${packages[*]}"
    say "installing by apt-get: ${packages[*]}"
    # A fresh machine has no package lists yet, an old one stale ones.
    as_root apt-get update -q >/dev/null || say "the package lists can't be refreshed, trying with those at hand"
    as_root env DEBIAN_FRONTEND=noninteractive "${apt[@]}" "${packages[@]}" >/dev/null ||
        die 75 "apt-get could not install: ${packages[*]}"
}

# After it everything the build needs is there. Without anything missing it asks nobody: it works offline.
need_tools() {
    command -v swift >/dev/null ||
        die 75 "swift is missing: install Swift 6.2 or later (https://www.swift.org/install/linux) and put it in PATH"
    local packages
    mapfile -t packages < <(missing_packages)
    ((${#packages[@]} == 0)) || install_packages "${packages[@]}"
}

# Whether something listens on this TCP port, on any address. The kernel's table answers without a connection; state 0A
# is LISTEN.
is_taken() {
    local hex
    printf -v hex ':%04X' "$1"
    cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port="$hex" '
        $4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }'
}

is_port() { [[ $1 =~ ^[0-9]{1,5}$ ]] && ((10#$1 >= 1 && 10#$1 <= 65535)); }

# 32 random bytes in base64; from the kernel, so that no tool need be installed.
random_key() { head -c 32 /dev/urandom | base64 -w 0; }

# 64 hexadecimal digits: a token that fits into a header, a URL and a shell unquoted.
random_token() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }

# swift with these arguments. It waits where another one works in the same folder, and says so without ending the line,
# which nobody sees behind a pipe: then a line of ours says it. Its own status, after all it had to say.
patient_swift() {
    local status=0
    { swift "$@" || status=$?; } 2> >(tell_waiting >&2)
    wait "$!"
    return "$status"
}

# Passes lines on, and the part of one that stands still because swift waits.
tell_waiting() {
    local part line='' status
    while :; do
        part='' status=0
        IFS= read -r -t 0.5 part || status=$?
        line+=$part
        if ((status == 0)); then
            printf '%s\n' "$line"
        elif ((status <= 128)); then
            printf '%s' "$line"
            return
        elif [[ $line == *"Another instance of SwiftPM"* ]]; then
            say "another swift is at work in this folder (a build, or tests): waiting until it has ended"
        else
            continue
        fi
        line=''
    done
}
