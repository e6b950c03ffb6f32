# shellcheck shell=bash
# What the tools beside this file share. They are on PATH in a dispatch under Juju 4, before Juju's own, and started
# with `-p`, so that they take no functions and options from their caller.

# Usage: fail STATUS MESSAGE
# As Juju's tools fail.
fail() {
  printf 'ERROR %s\n' "$2" >&2
  exit "$1"
}

# Usage: ask WORD...
# The answer of the engine around this process.
ask() {
  [[ -n ${CHARMS_REACTIVE_CHANNEL-} ]] || fail 1 "only in a hook of charms.reactive: ${0##*/}"
  # shellcheck source=shell/channel.sh
  source "${BASH_SOURCE[0]%/*}/../channel.sh"
  _reactive_call "$CHARMS_REACTIVE_CHANNEL" "$@"
}
