# shellcheck shell=bash
# What the tests share: a small charm for each test, hook tools that are stubs, hooks run as Juju would run
# them, and commands outside of a hook. Every test file calls make_charm in its setup.

bats_require_minimum_version 1.5.0
load assertions

# Make a charm without handlers. Sets
#   shell    the toolkit's directory of executables
#   charm    the charm dir
#   tools    the directory of hook tools
#   log      what juju-log was told, a line each: LEVEL MESSAGE
#   calls    which other hook tools were called, a line each, with their arguments
make_charm() {
  shell=$(cd "$BATS_TEST_DIRNAME/../shell" && pwd)
  charm=$BATS_TEST_TMPDIR/charm
  tools=$BATS_TEST_TMPDIR/tools
  log=$BATS_TEST_TMPDIR/log
  calls=$BATS_TEST_TMPDIR/calls
  mkdir -p "$charm/reactive" "$charm/templates"
  # Stubs: each finds the files of its test beside its own directory.
  cp -r "$BATS_TEST_DIRNAME/tools" "$tools"
  printf 'name: app\n' >"$charm/metadata.yaml"
  : >"$log"
  : >"$calls"
  echo '{}' >"$BATS_TEST_TMPDIR/config.json"
}

# Usage: executable FILE <TEXT
executable() {
  mkdir -p "${1%/*}"
  cat >"$1"
  chmod +x "$1"
}

# Usage: handlers FILE <TEXT
# A handler file below reactive/: the text stands between the `source` line, the second, and
# reactive_handler_main.
handlers() {
  {
    printf '#!/bin/bash\nsource charms.reactive.sh\n'
    cat
    printf 'reactive_handler_main\n'
  } | executable "$charm/reactive/$1"
}

# What bats has open is not the charm's, and would be waited for.
close_descriptors() {
  local descriptor
  for descriptor in /proc/self/fd/*; do
    descriptor=${descriptor##*/}
    # Safe: it is a number.
    ((descriptor < 3)) || eval "exec $descriptor>&-"
  done
}

# Usage: hook NAME [VARIABLE=VALUE...]
# Run a hook of the charm in Juju's environment.
hook() {
  (
    close_descriptors
    cd "$charm" && exec env -i PATH="$tools:$PATH" LANG=C.UTF-8 CHARM_DIR="$charm" JUJU_CHARM_DIR="$charm" \
      JUJU_UNIT_NAME=app/0 JUJU_CONTEXT_ID=context JUJU_HOOK_NAME="$1" "${@:2}" \
      "$shell/charms.reactive" main </dev/null
  )
}

# Usage: run_hook STATUS NAME [VARIABLE=VALUE...]
# Run a hook that ends with the status; then $output and $stderr are what it printed.
run_hook() {
  run --separate-stderr "-$1" hook "${@:2}" || fail "the hook ended with status $status, not $1
stdout: $output
stderr: $stderr
log: $(<"$log")"
}

# Usage: outside COMMAND [WORD...]
# Run a command outside of any hook, with the toolkit on PATH.
outside() {
  (
    close_descriptors
    cd "$charm" && exec env -i PATH="$shell:$tools:$PATH" LANG=C.UTF-8 CHARM_DIR="$charm" "$@"
  )
}

# Usage: outside_bash [OPTION...] <SCRIPT
outside_bash() {
  local script
  script=$(cat)
  outside bash --norc "$@" -c "$script" bash
}

# Usage: assert_printed LINE...
# What the last `run --separate-stderr` printed: these lines on stdout, nothing on stderr.
assert_printed() {
  local expected
  printf -v expected '%s\n' "$@"
  assert_equal "$output" "${expected%$'\n'}"
  assert_equal "$stderr" ''
}

# Usage: assert_flags FLAG...
# Exactly these flags are set, those of Juju's configuration left aside.
assert_flags() {
  local expected
  # No command needs to say so of a unit state that has no flag anywhere.
  [[ $* ]] || grep -qs flag: "$charm"/.reactive-state.db* || return 0
  printf -v expected '%s\n' "$@"
  assert_equal "$(outside get_flags)" "${expected%$'\n'}"
}

# Usage: assert_logged LEVEL MESSAGE
assert_logged() {
  grep -qxF -- "$1 $2" "$log" || fail "not logged: $1 $2
log: $(<"$log")"
}

# Usage: assert_record [-e] MESSAGE
# The last record of a failed hook, or with -e a pattern for it: it is in the log at ERROR, and not on stderr as
# well, which Juju would log once more.
assert_record() {
  local assert=assert_equal
  [[ $1 != -e ]] || { assert=assert_regex && shift; }
  "$assert" "$(messages ERROR | tail -n 1)" "$1"
  refute_regex "$stderr" 'charms\.reactive: (main|ERROR): '
}

# Usage: assert_only_record [-e] MESSAGE
# The same, and nothing at all is on stderr.
assert_only_record() {
  assert_record "$@"
  assert_equal "$stderr" ''
}

# Usage: messages LEVEL
# Print the messages of that level.
messages() {
  sed -n "s/^$1 //p" "$log"
}
