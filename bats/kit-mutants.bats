#!/usr/bin/env bats
# The suite of the example charm finds mistakes: each mutant of the charm makes a test of it fail, with a
# message that points at the cause.

setup() {
  bats_require_minimum_version 1.5.0
  load assertions
  example=$BATS_TEST_DIRNAME/../examples/guestbook
  charm=$BATS_TEST_TMPDIR/guestbook
  cp -r "$example" "$charm"
}

# Usage: run_suite TEST
# Run the test of that title in the suite of the copy.
run_suite() {
  REACTIVE_BATS=$BATS_TEST_DIRNAME/../shell/bats TMPDIR=$BATS_TEST_TMPDIR \
    run "$BATS_TEST_DIRNAME/../node_modules/bats/bin/bats" -f "^$1\$" "$charm/tests" 3>&- 4>&-
}

# Usage: mutate SED-SCRIPT TEST
# Change the handlers, and see that the test passes before and fails after it. Sets $output.
mutate() {
  run_suite "$2"
  assert_success
  assert_line --partial "ok 1 $2"
  sed -i "$1" "$charm/reactive/guestbook.sh"
  run diff "$example/reactive/guestbook.sh" "$charm/reactive/guestbook.sh"
  assert_failure 1
  run_suite "$2"
  assert_failure
  assert_line "not ok 1 $2"
}

# Usage: assert_lines LINE...
# These lines of comment stand in the output.
assert_lines() {
  local line
  for line; do assert_line "# $line"; done
}

@test "a forgotten clear_flag: the flag is set, and nobody has cleared it" {
  mutate "/^function lose_database/,/^}/ { /clear_flag 'guestbook.database'/d }" 'without its database it waits again'
  assert_lines '-- flag is set --' 'flags in db-relation-broken:' '  guestbook.database: not changed'
}

# bats test_tags=full
@test "a wrong flag name: it stands among the flags that are set" {
  mutate "s/set_flag 'guestbook.installed'/set_flag 'guestbook.instaled'/" \
    'it installs the package and then waits for the database'
  assert_lines '-- flag is not set --' 'flag      : guestbook.installed' \
    'flags set : guestbook.instaled, leadership.is_leader' 'flags in install:' '  guestbook.installed: not changed'
}

# bats test_tags=full
@test "a missing decorator: the function is found, and that it is no handler" {
  mutate '/^@when_file_changed/d' 'with a database it writes the configuration, restarts, and is active'
  local line
  line=$(grep -n '^function restart' "$charm/reactive/guestbook.sh" | cut -d: -f1)
  assert_lines '-- handler did not run --' '  restart' 'restart is not a handler of this charm.' \
    "reactive/guestbook.sh:$line has such a function, but no decorator makes it a handler."
}

# bats test_tags=full
@test "a handler that ignores an error: the hook succeeded, and what was ignored is in the log" {
  mutate 's/apt-get install -y guestbook$/& || true/' 'an installation that fails is tried again'
  assert_lines '-- hook succeeded, but it was expected to fail --' 'event  : install' \
    'log    : WARNING E: Unable to locate package guestbook' '  ran reactive/guestbook.sh:install_guestbook' \
    '    set guestbook.installed'
}

# bats test_tags=full
@test "a restart on each hook: the handler ran, and the condition that let it" {
  mutate "s/^@when_file_changed .*/@when 'guestbook.configured'/" \
    'a hook in which nothing is new changes nothing and restarts nothing'
  assert_lines '-- handler ran --' 'handler : reactive/guestbook.sh:restart' \
    'reactive/guestbook.sh:restart in update-status:' '  other 0: ran: @when guestbook.configured holds'
}
