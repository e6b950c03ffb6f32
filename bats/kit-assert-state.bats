#!/usr/bin/env bats
# Assertions on calls, on files, and on whether an event changes anything.

setup_file() {
  load kit-charm
  make_kit_charm
}

setup() {
  load kit-charm
  new_unit
}

@test "assertions on calls of commands and hook tools compare argument vectors" {
  run_event install
  assert_hook_tool_called open-port 80 --times 1
  assert_hook_tool_called --partial status-set active
  refute_hook_tool_called close-port
  run assert_hook_tool_called open-port 443
  assert_block <<'TEXT'
-- hook tool was not called like this --
expected : open-port 443
actual   : open-port 80
--

install:
  ran reactive/kit.sh:install_kit
    set kit.installed
  ran reactive/kit.sh:configure
TEXT
  run refute_hook_tool_called open-port
  assert_refused '-- hook tool was called --' 'actual     : open-port 80'
  assert_called systemctl
  assert_called systemctl restart kit 'two words'
  assert_called systemctl restart kit 'two words' --times 1
  assert_called --times 0 systemctl stop
  assert_called --partial systemctl restart
  assert_called --glob systemctl "re*" 'k?t' '*'
  assert_called --regexp systemctl '^re' kit 'two|three'
  refute_called systemctl restart
  refute_called systemctl restart kit two words
  run assert_called systemctl restart kit two words
  assert_block <<'TEXT'
-- command was not called like this --
expected : systemctl restart kit two words
actual   : systemctl restart kit 'two words'
--

install:
  ran reactive/kit.sh:install_kit
    set kit.installed
  ran reactive/kit.sh:configure
TEXT
  run assert_called --times 2 --partial systemctl restart
  assert_refused '-- command was called 1 times --' 'expected : systemctl restart (partial), 2 times'
  run refute_called --partial systemctl restart
  assert_refused '-- command was called --' 'unexpected : systemctl restart (partial)' \
    "actual     : systemctl restart kit 'two words'" 'ran reactive/kit.sh:install_kit'
  given_file --mode 644 reactive/more.sh - <<<$'#!/bin/bash\nsource charms.reactive.sh'
  run_event update-status
  run_event update-status
  run assert_called service kit restart
  assert_refused 'actual   : (no call)' 'update-status:' '  ran reactive/kit.sh:look' \
    'not a handler file: reactive/more.sh: it is not executable'
  run_event install
  run assert_called mysqldump
  assert_refused 'assert_called: calls of a command are only known when it is a stub: call stub mysqldump before the event'
  run assert_called --times many systemctl
  assert_refused 'assert_called: --times takes a number: many'
}

@test "assertions on files and on what an event has changed: by content and mode, written last, as a whole or in parts" {
  run_event install
  assert_file /etc/kit/kit.conf
  assert_file /etc/kit/kit.conf 'title = Kit'
  assert_file /etc/kit/kit.conf $'title = Kit\n'
  assert_file /etc/kit/kit.conf --mode 444 -e '^title = [A-Z]'
  assert_file metadata.yaml -p 'name: kit'
  refute_file /etc/other
  refute_file /etc/kit/kit.conf 'title = Other'
  refute_file /etc/kit/kit.conf --mode 600
  run assert_file /etc/other
  assert_refused '-- file does not exist --' 'file : /etc/other' 'ran reactive/kit.sh:configure'
  run assert_file /etc/kit/kit.conf 'title = Other'
  assert_block <<'TEXT'
-- file differs --
file     : /etc/kit/kit.conf
expected : title = Other
actual   : title = Kit
--
TEXT
  run assert_file /etc/kit/kit.conf --mode 600
  assert_refused '-- mode differs --' 'expected : 600' 'actual   : 444'
  run refute_file /etc/kit/kit.conf
  assert_refused '-- file exists --'
  run refute_file /etc/kit/kit.conf -p Kit
  assert_refused '-- file contains substring --'
  run assert_file ../../../../etc/passwd
  assert_refused 'assert_file: the file is outside of the unit: ../../../../etc/passwd'
  assert_rendered /etc/kit/kit.conf 'title = Kit'
  refute_rendered /etc/other
  run refute_rendered /etc/kit/kit.conf
  assert_refused '-- file was written --' 'file  : /etc/kit/kit.conf' 'event : install' 'ran reactive/kit.sh:configure'
  refute_state_unchanged
  refute_state_unchanged kv
  run assert_state_unchanged
  assert_refused '-- state changed --' '  flag set: kit.installed' '  key/value data: answer: (none) → 42' \
    '  file created: /etc/kit/kit.conf' '  juju: ports: [] → [{"from":80' 'ran reactive/kit.sh:install_kit'
  run_event start
  refute_rendered /etc/kit/kit.conf
  run assert_rendered /etc/kit/kit.conf
  assert_refused '-- file was not written --' 'event : start'
  run assert_rendered kit.conf
  assert_refused '-- file does not exist --'
  assert_state_unchanged
  run refute_state_unchanged files
  assert_refused '-- nothing changed --' 'event : start'
  run assert_state_unchanged everything
  assert_refused 'assert_state_unchanged: assert_state_unchanged takes one of flags, kv, files, juju: everything'
}

@test "assert_idempotent and refute_idempotent let the same happen again" {
  run_event update-status
  assert_idempotent
  run refute_idempotent
  assert_refused '-- the same event changes nothing when it runs again --' 'event : update-status'
  given_flag kit.counting
  run_event config-changed
  refute_idempotent --ignore systemctl
  run assert_idempotent
  assert_refused '-- the same event changes something when it runs again --' '  key/value data: count: ' \
    '  command called: systemctl reload kit' 'ran reactive/kit.sh:count_changes'
  given_flag kit.fail
  run_event start
  run assert_idempotent
  assert_refused 'changes : exit status: 7'
}

@test "assert_lint_clean looks at the files of the charm" {
  assert_lint_clean
  sed -i 's/^reactive_handler_main/title_of() { config_get titel; }\n&/' "$charm_dir/reactive/kit.sh"
  run assert_lint_clean
  assert_refused '-- lint finds mistakes --' 'no such option in config.yaml: titel: did you mean title? [unknown-option]'
}
