#!/usr/bin/env bats
# How a handler ends: what fails the hook, with which status and message, and what is only a warning.
#
# What stands in single quotes is for another shell, or is text.
# shellcheck disable=SC2016

setup() {
  load helpers
  make_charm
}

# Usage: assert_fails STATUS LINE COMMAND [HANDLER]
# The hook fails with the status, and says handler, line and command in one line of the log.
assert_fails() {
  run_hook "$1" install
  local message="handler reactive/app.sh:${4-f} failed with status $1 at reactive/app.sh:$2: $3"
  assert_record "$message"
  assert_flags ''
}

# Usage: assert_warns STATUS LINE COMMAND
# The hook goes on, with one warning.
assert_warns() {
  run_hook 0 install
  assert_equal "$(messages WARNING)" "reactive/app.sh:f returned $1 at reactive/app.sh:$2: $3"
  assert_equal "${lines[-1]}" next
  assert_flags here
}

# The handler after the one in question.
next_handler() {
  cat
  printf '@hook install\nnext() { echo next; }\n'
}

@test "under set -e a failing command fails the hook, and nothing of it is kept" {
  handlers app.sh < <(
    next_handler <<'END'
set -e
@hook install
f() {
  set_flag here
  test -e /no/such
  echo unreachable
}
END
  )
  assert_fails 1 7 'test -e /no/such'
  assert_equal "$output" ''
}

# bats test_tags=full
@test "under set -e: a status of its own, in a nested function" {
  handlers app.sh <<'END'
set -e
g() {
  bash -c 'exit 42'
}
@hook install
f() {
  g
}
END
  assert_fails 42 5 "bash -c 'exit 42'"
}

# bats test_tags=full
@test "under set -e: a function that returns non-zero" {
  handlers app.sh <<'END'
set -e
@hook install
f() {
  return 7
}
END
  assert_fails 7 5 'return 7'
}

# bats test_tags=full
@test "under set -e: a command substitution in an assignment" {
  handlers app.sh <<'END'
set -e
@hook install
f() {
  value=$(exit 9)
}
END
  assert_fails 9 6 'value=$(exit 9)'
}

# bats test_tags=full
@test "under set -e and pipefail: a pipeline" {
  handlers app.sh <<'END'
set -eo pipefail
@hook install
f() {
  true
  bash -c 'exit 5' | cat
}
END
  run_hook 5 install
  assert_record -e '^handler reactive/app\.sh:f failed with status 5 at reactive/app\.sh:7: '
}

# bats test_tags=full
@test "under set -e: a group, a subshell and a loop" {
  handlers app.sh <<'END'
set -e
@hook install
f() {
  for i in 1; do
    { ( exit 3 ); }
  done
}
END
  run_hook 3 install
  assert_record -e '^handler reactive/app\.sh:f failed with status 3 at reactive/app\.sh:7: '
}

@test "under set -e: conditions, lists and negations fail nothing" {
  handlers app.sh < <(
    next_handler <<'END'
set -e
@hook install
f() {
  if false; then :; fi
  while false; do :; done
  false || true
  ! true
  false && true
  is_flag_set never || set_flag here
  is_flag_set never && exit 1
  true
}
END
  )
  run_hook 0 install
  assert_printed next
  assert_flags here
  assert_equal "$(messages WARNING)" ''
}

@test "under set -u: an unbound variable, also without set -e" {
  handlers app.sh <<'END'
set -u
@hook install
f() {
  set_flag here
  echo "$unbound"
}
END
  run_hook 1 install
  assert_record 'handler reactive/app.sh:f failed with status 1 at reactive/app.sh:7: echo "$unbound"'
  assert_regex "$stderr" 'app\.sh: line 7: unbound: unbound variable'
  assert_flags ''
}

# bats test_tags=full
@test "under set -e: a command that does not exist" {
  handlers app.sh <<'END'
set -e
@hook install
f() {
  no-such-command --really
}
END
  assert_fails 127 6 'no-such-command --really'
}

@test "exit N always fails the hook with that status, exit 0 never" {
  handlers app.sh <<'END'
@hook install
f() {
  set_flag here
  exit 11
}
END
  run_hook 11 install
  assert_only_record -e '^handler reactive/app\.sh:f failed with status 11 at reactive/app\.sh:[46]: exit 11$'
  handlers app.sh < <(
    next_handler <<'END'
@hook install
f() {
  set_flag here
  exit
}
END
  )
  run_hook 0 install
  assert_printed next
  assert_flags here
}

# bats test_tags=full
@test "exit in a nested function and in a sourced file" {
  echo 'exit 12' >"$charm/stop.sh"
  handlers app.sh <<'END'
g() { exit 13; }
@hook install
f() {
  source stop.sh
}
@hook start
h() {
  g
}
END
  run_hook 12 install
  assert_only_record -e '^handler reactive/app\.sh:f failed with status 12 at reactive/app\.sh:6: source stop\.sh$'
  run_hook 13 start
  assert_only_record 'handler reactive/app.sh:h failed with status 13 at reactive/app.sh:3: exit 13'
}

@test "a handler that is killed gives 128 + n" {
  handlers app.sh <<'END'
@hook install
f() {
  kill -TERM "$BASHPID"
}
END
  run_hook 143 install
  assert_record -e '^handler reactive/app\.sh:f failed with status 143 at reactive/app\.sh:[45]'
  handlers app.sh <<'END'
@hook install
f() {
  kill -KILL "$BASHPID"
}
END
  run_hook 137 install
  assert_record -e '^handler reactive/app\.sh:f failed with status 137 at reactive/app\.sh:[45]'
}

# bats test_tags=full
@test "a handler that kills its whole file gives 128 + n" {
  handlers app.sh <<'END'
@hook install
f() {
  kill -KILL "$$"
}
END
  run_hook 137 install
  assert_record -e '^handler reactive/app\.sh:f failed with status 137 at reactive/app\.sh'
}

@test "without set -e: return 1 is a warning with handler and line, and the hook goes on" {
  handlers app.sh < <(
    next_handler <<'END'
@hook install
f() {
  set_flag here
  return 1
}
END
  )
  assert_warns 1 4 'return 1'
}

# bats test_tags=full
@test "without set -e: a mistyped last command is a warning" {
  handlers app.sh < <(
    next_handler <<'END'
@hook install
f() {
  false
  set_flag here
  no-such-command
}
END
  )
  assert_warns 127 7 no-such-command
}

@test "without set -e: failing commands before a successful one are nothing" {
  handlers app.sh < <(
    next_handler <<'END'
@hook install
f() {
  false
  ls /no/such 2>/dev/null
  set_flag here
}
END
  )
  run_hook 0 install
  assert_printed next
  assert_equal "$(messages WARNING)" ''
}

@test "strict: true runs every handler under set -euo pipefail" {
  printf 'includes: [layer:reactive]\noptions: {reactive: {strict: true}}\n' >"$charm/layer.yaml"
  handlers app.sh <<'END'
@hook install
f() {
  echo "${-//[^eu]/}" "$(shopt -po pipefail)"
  false
}
END
  assert_fails 1 6 false
  assert_output 'eu set -o pipefail'
}

@test "the options of the file's top level count in its handlers, those of one handler in no other" {
  handlers app.sh <<'END'
set -fu
shopt -s extglob nullglob
@hook install
one() {
  echo "${-//[^efu]/}"
  shopt -q extglob && shopt -q nullglob && echo shopt
  set -e
  set +f
  shopt -u nullglob
  cd /
  variable=one
  trap 'echo ended' EXIT
  trap 'echo interrupted' INT
}
@hook install
two() {
  echo "${-//[^efu]/}"
  shopt -q extglob && shopt -q nullglob && echo shopt
  pwd
  echo "${variable-unset}"
  trap -p INT
}
END
  run_hook 0 install
  assert_printed fu shopt ended fu shopt "$charm" unset
}

# bats test_tags=full
@test "an EXIT trap of a handler fires when that handler ends, well or badly" {
  handlers app.sh <<'END'
@hook install
f() {
  trap 'echo "trap $?"' EXIT
}
@hook install
g() {
  echo g
  trap 'echo "trap $?"; set_flag in_trap' EXIT
  exit 6
}
END
  run_hook 6 install
  assert_output $'trap 0\ng\ntrap 6'
  assert_only_record -e '^handler reactive/app\.sh:g failed with status 6'
}

# bats test_tags=full
@test "an EXIT trap does not hide the failure under set -e" {
  handlers app.sh <<'END'
set -e
@hook install
f() {
  trap 'rm -rf /no/such/place' EXIT
  false
}
END
  assert_fails 1 7 false
}

@test "an ERR trap of the file's own runs, and the hook fails all the same" {
  handlers app.sh <<'END'
set -eE
trap 'echo "own $?"' ERR
@hook install
f() {
  false
}
END
  run_hook 1 install
  assert_output 'own 1'
  assert_only_record -e '^handler reactive/app\.sh:f failed with status 1 at reactive/app\.sh:'
}

# bats test_tags=full
@test "without an ERR trap of its own a handler sees none, and may set one" {
  handlers app.sh <<'END'
@hook install
f() {
  trap 'echo "own $?"' ERR
  false
  trap - ERR
  false
  true
}
END
  run_hook 0 install
  assert_printed 'own 1'
}

# bats test_tags=full
@test "two handlers of one name say their own lines" {
  handlers app.sh <<'END'
set -e
@hook install
f() {
  [[ $JUJU_HOOK_NAME != install ]]
}
@hook start
f() {
  [[ $JUJU_HOOK_NAME != start ]]
}
END
  run_hook 1 install
  assert_only_record -e '^handler reactive/app\.sh:f failed with status 1 at reactive/app\.sh:[56]: \[\[ \$JUJU_HOOK_NAME != install \]\]$'
  run_hook 1 start
  assert_only_record 'handler reactive/app.sh:f#2 failed with status 1 at reactive/app.sh:10: [[ $JUJU_HOOK_NAME != start ]]'
}

@test "a command of the toolkit that fails under set -e is named with its line" {
  handlers app.sh <<'END'
set -e
@hook install
f() {
  set_flag here
  set_flag ''
}
END
  assert_fails 2 7 "set_flag ''"
}

@test "a background job left behind does not hold the hook" {
  handlers app.sh <<'END'
@hook install
f() {
  sleep 30 &
  echo "$!"
}
END
  local start=$SECONDS
  hook install >"$BATS_TEST_TMPDIR/out"
  local took=$((SECONDS - start))
  kill "$(<"$BATS_TEST_TMPDIR/out")"
  ((took < 10))
}

# bats test_tags=full
@test "a background job of the top level does not hold the hook" {
  handlers app.sh <<'END'
sleep 30 &
echo "$!" >>"$CHARM_DIR/jobs"
@hook install
f() { echo f; }
END
  local start=$SECONDS
  hook install >"$BATS_TEST_TMPDIR/out"
  local took=$((SECONDS - start))
  xargs kill <"$charm/jobs"
  ((took < 10))
  assert_equal "$(<"$BATS_TEST_TMPDIR/out")" f
}

@test "a handler and what it starts have the descriptors of a plain bash, and no others" {
  local list='list() { local fd; for fd in /proc/self/fd/*; do [[ -e $fd ]] && echo "${fd##*/}"; done; }
    echo $(list) / $(ls /proc/self/fd) / $(python3 -c "import os; print(*sorted(os.listdir(\"/proc/self/fd\")))")'
  handlers app.sh <<END
$list
@hook install
f() {
  $list
  set_flag a
  is_flag_set a
  $list
}
END
  local expected='0 1 2 / 0 1 2 3 / 0 1 2 3'
  assert_equal "$(outside bash -c "$list")" "$expected"
  run_hook 0 install
  # When the file registers, when it runs, and twice in the handler.
  assert_printed "$expected" "$expected" "$expected" "$expected"
}

@test "stdin of handlers and of top-level code is empty" {
  handlers app.sh <<'END'
cat
@hook install
f() { cat; read -r line || echo "read $?"; }
END
  run_hook 0 install
  assert_printed 'read 1'
}

@test "a failed hook shows no stack of the engine" {
  handlers app.sh <<'END'
@hook install
f() { exit 4; }
END
  run_hook 4 install
  assert_equal "$stderr" ''
}

# The top level of a file.

@test "a syntax error fails the hook with file and line" {
  handlers app.sh <<'END'
@hook install
f() {
  if true; then
}
END
  run_hook 3 install
  assert_record -e '^the file does not register, it ended with status 2 at reactive/app\.sh:6: syntax error near unexpected token'
}

@test "a missing sourced file fails the hook with file, line and command, with and without set -e" {
  local options
  for options in -e +e; do
    handlers app.sh <<END
set $options
source no/such.sh
@hook install
f() { :; }
END
    run_hook 3 install
    assert_record -e '^.*reactive/app\.sh:4: .*no/such\.sh'
  done
}

# bats test_tags=full
@test "an abort under set -e or set -u at top level fails the hook with file and line" {
  handlers app.sh <<'END'
set -e
false
END
  run_hook 3 install
  assert_record -e '^the file does not register, it ended with status 1 at reactive/app\.sh:4: false'
  handlers app.sh <<'END'
set -u
echo "$nothing_here"
END
  run_hook 3 install
  assert_record -e '^the file does not register, it ended with status 1 at reactive/app\.sh:4: nothing_here: unbound variable'
}

# bats test_tags=full
@test "set -u above the source line is fine" {
  executable "$charm/reactive/app.sh" <<'END'
#!/bin/bash
set -eu
source charms.reactive.sh
@hook install
f() { echo f; }
reactive_handler_main
END
  run_hook 0 install
  assert_printed f
}

@test "a file without reactive_handler_main fails the hook" {
  handlers app.sh <<'END'
@hook install
f() { :; }
END
  sed -i '$d' "$charm/reactive/app.sh"
  run_hook 3 install
  assert_only_record -e '^the file ends without reactive_handler_main: reactive/app\.sh:[0-9]+$'
}

@test "an explicit exit at top level says that the file does not apply here" {
  local statement
  for statement in 'exit 1' 'exit 0' 'exit' '[[ -e /no/such ]] || exit 77'; do
    handlers app.sh <<END
@hook install
f() { echo f; }
$statement
END
    run_hook 0 install
    assert_printed
  done
}
