#!/usr/bin/env bats
# stub and allow_command: stand-ins for commands of the machine.
# shellcheck disable=SC2016 # words of the charm, not of the test

setup_file() {
  load kit-charm
  make_kit_charm
}

setup() {
  load kit-charm
  charm_new "$kit_charm"
}

# Usage: when_updating <SCRIPT
# What the charm does in update-status.
when_updating() {
  given_file --mode 755 reactive/update.sh - <<BASH
#!/bin/bash
source charms.reactive.sh
@hook update-status
function update() {
$(cat)
}
reactive_handler_main
BASH
}

@test "a command that would change the machine is refused, unless it is stubbed or allowed" {
  run_event install
  assert_hook_failure 126
  assert_log WARNING -p 'systemctl: not run, since it would change this machine: stub it (stub systemctl'
  assert_called systemctl restart kit 'two words'
  stub systemctl
  run_event install
  assert_hook_success
  when_updating <<<"sysctl --version"
  run_event update-status
  allow_command sysctl
  run_event update-status
  assert_hook_success
  run allow_command
  assert_refused 'allow_command: too few words, the usage is: allow_command COMMAND...'
  run allow_command /sbin/sysctl
  assert_refused 'allow_command: a command must be a plain name: /sbin/sysctl'
}

@test "a stub is a spy that succeeds, and only the charm sees it" {
  stub not-a-command
  when_updating <<<'not-a-command 1; echo "status $?"'
  run_event update-status
  assert_output 'status 0'
  assert_called not-a-command 1
  run type not-a-command
  assert_failure
  run stub /usr/bin/mysqldump
  assert_refused 'stub: a command is stubbed by its name, without a directory: /usr/bin/mysqldump'
}

@test "an option of stub behind the command is refused, unless -- says that it belongs to the call" {
  run stub apt-get --exit 4
  assert_refused 'stub: --exit comes after the command: put it before apt-get; if it belongs to the call, put -- before apt-get'
  run assert_called apt-get --partial install
  assert_refused 'assert_called: --partial comes after the command'
  stub --output 'as asked' -- tool --exit 4
  when_updating <<<'tool --exit 4'
  run_event update-status
  assert_output 'as asked'
  assert_called -- tool --exit 4
}

@test "a stub answers with a status, text on both streams, or a script" {
  stub --exit 3 --output 'to stdout' --stderr 'to stderr' answer
  stub --run 'echo "script of $0 with $# words: $2"' answer script 'a  b'
  when_updating <<<'answer; echo "status $?"; answer script "a  b"'
  run_event update-status
  assert_output $'to stdout\nstatus 3\nscript of answer with 2 words: a  b'
  assert_stderr 'to stderr'
  run stub --exit 256 answer
  assert_refused 'stub: an exit status is at most 255: 256'
  run stub --exit no answer
  assert_refused 'stub: --exit takes a number: no'
  run stub --colour answer
  assert_refused 'stub: unknown option: --colour'
}

@test "the last stub whose words fit answers" {
  stub --output any answer
  stub --output 'two words' answer a b
  stub --output more --partial answer a b
  stub --output pattern --glob answer '*.conf'
  stub --output regexp --regexp answer '^[0-9]+$' x
  when_updating <<'BASH'
  answer
  answer b a
  answer a b
  answer a b c
  answer etc.conf
  answer 12 x
  answer 12 y
  answer '*.conf' ''
BASH
  run_event update-status
  assert_output "$(printf '%s\n' any any more more pattern regexp any any)"
}

# bats test_tags=full
@test "--times lets a stub answer only so often" {
  stub --exit 0 --output well answer
  stub --times 2 --exit 1 --output ill answer
  when_updating <<<'for i in 1 2 3; do answer; done'
  run_event update-status
  assert_output $'ill\nill\nwell'
  run_event update-status
  assert_output $'well\nwell\nwell'
  run stub --times x answer
  assert_refused 'stub: --times takes a number: x'
}

# bats test_tags=full
@test "arguments come byte for byte" {
  stub answer
  when_updating <<'BASH'
  answer '' $'new\nline' "it's" '$HOME *' 'größe' $'\377'
  answer -x - --
  answer
BASH
  run_event update-status
  assert_called answer '' $'new\nline' "it's" '$HOME *' 'größe' '\xff'
  assert_called answer -x - --
  assert_called answer --times 3
  run assert_called answer x
  assert_refused "answer '' \$'new\\nline' 'it'\\''s' '\$HOME *' 'größe' '\\xff'"
}

# bats test_tags=full
@test "a strict stub lets the charm fail at calls that the test does not expect" {
  stub --strict answer a
  when_updating <<<'set -e; answer a; answer b'
  run_event update-status
  assert_hook_failure 1
  assert_stderr --partial 'answer: the test expects no such call'
  run assert_called answer c
  assert_refused 'answer b   (unexpected)'
  # What this test expects shall not fail it at its end.
  charm_new "$kit_charm"
}

@test "strict stubs are verified at the end of the test, behind its own teardown" {
  bats_file <<'BATS'
teardown() { echo 'teardown of the test'; }
call() { run_event update-status; }
given_calls() {
  given_file --mode 755 reactive/update.sh - <<<"#!/bin/bash
source charms.reactive.sh
@hook update-status
function update() { $1; }
reactive_handler_main"
}
@test "met" { stub --strict answer a; given_calls 'answer a'; call; }
@test "not met" { stub --strict answer a; call; }
@test "too few" { stub --strict --times 2 answer a; given_calls 'answer a'; call; }
@test "unexpected" { stub --strict answer a; given_calls 'answer a; answer b'; call; }
@test "failed anyway" { stub --strict answer a; false; }
@test "skipped" { stub --strict answer a; skip 'no reason'; }
BATS
  assert_failure
  assert_line 'ok 1 met'
  assert_line 'not ok 2 not met'
  assert_line 'not ok 3 too few'
  assert_line 'not ok 4 unexpected'
  assert_line 'not ok 5 failed anyway'
  assert_line 'ok 6 skipped # skip no reason'
  assert_output --partial '# -- calls of the strict stub answer differ --
# expected : answer a, at least once
# actual   : (no call)
# --'
  assert_output --partial '# expected : answer a, 2 times
# actual   : answer a'
  assert_output --partial '# actual (2 lines):
#   answer a
#   answer b   (unexpected)'
  assert_equal "$(grep -c 'calls of the strict stub' <<<"$output")" 3
  assert_equal "$(grep -c 'teardown of the test' <<<"$output")" 4
}

@test "a hook tool that the Juju of the unit lacks fails the test at its end, unless it has asserted the failure" {
  bats_file <<'BATS'
lacks() {
  charm_new "$kit_charm" --juju-version 2.9.0
  given_file --mode 755 reactive/update.sh - <<<'#!/bin/bash
source charms.reactive.sh
@hook update-status
function update() { secret-ids || :; }
reactive_handler_main'
  run_event update-status
}
@test "unnoticed" { lacks; }
@test "noticed" { lacks; assert_hook_failure; }
BATS
  assert_failure
  assert_line 'not ok 1 unnoticed'
  assert_line 'ok 2 noticed'
  assert_output --partial '# -- the charm called hook tools that this Juju does not have --
# juju  : 2.9.0
# tools : secret-ids
# --'
}
