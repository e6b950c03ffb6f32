#!/usr/bin/env bats
# What happens to the unit: events, actions, failures of Juju's tools, and crashes.

setup_file() {
  load kit-charm
  make_kit_charm
}

setup() {
  load kit-charm
  new_unit
}

@test "run_event sets what run --separate-stderr sets, and succeeds whatever the charm did" {
  run_event install
  assert_success
  assert_output 'on stdout'
  assert_stderr 'on stderr'
  assert_line --index 0 'on stdout'
  assert_stderr_line 'on stderr'
  given_flag kit.fail
  run_event start
  assert_failure 7
  assert_output ''
  assert_stderr ''
  assert_log ERROR --partial 'handler reactive/kit.sh:break_it failed with status 7'
}

@test "run_event hands everything to the hook, and refuses what Juju cannot do" {
  given_relation db:1 --remote mysql
  given_relation db:1 --unit mysql/1
  given_relation db:1 --app version=8
  run_event db-relation-changed --relation db:1 --unit mysql/1
  assert_log INFO -p 'unit mysql/1'
  run_event db-relation-changed --app
  assert_log INFO -p 'unit none'
  run_event db-relation-departed --departing mysql/1
  assert_log INFO -p 'unit mysql/1'
  run_event update-status --env EXTRA=more
  assert_log INFO 'extra more'
  run run_event db-relation-departed --relation db:4
  assert_refused 'run_event: db-relation-departed: there is no relation: db:4: let it begin first, or call given_relation db:4'
  run run_event instal
  assert_refused 'run_event: Juju has no hook instal: did you mean install?'
  run run_event backup
  assert_refused 'run_event: backup is an action of the charm, not a hook: call run_action backup'
  run run_event cache-relation-changed
  assert_refused 'run_event: cache-relation-changed: '
  run run_event action:backup
  assert_refused 'run_event: use run_action to run an action: action:backup'
  run run_event start --timeout soon
  assert_refused 'run_event: --timeout takes seconds: soon'
  run run_event start --relation
  assert_refused 'run_event: the option needs a value: --relation'
  run run_event start stop
  assert_refused 'run_event: too many words: stop, the usage is: run_event NAME'
}

# bats test_tags=full
@test "run_event ends a hook that takes too long" {
  stub --run 'sleep 20' systemctl
  run_event install --timeout 0.5
  assert_failure 137
  run assert_hook_success
  assert_refused 'status : 137 (SIGKILL) (timed out)'
}

@test "run_events goes on until a hook fails, and the functions see all of them" {
  given_relation db:1 --remote mysql host=h
  run_events install 'config-changed port=81' 'db-relation-changed relation=db:1 unit=mysql/0'
  assert_success
  assert_log INFO 'port 81'
  assert_handlers_ran install_kit count_changes look_at_data
  run_events "config-changed title='two words'" "db-relation-changed unit=mysql/3 motto='a b'"
  assert_log INFO -p 'unit mysql/3: motto: a b'
  given_flag kit.fail
  run_events start update-status
  assert_hook_failure 7
  refute_handler_ran look
  run run_events 'start now'
  assert_refused 'run_events: expected KEY=VALUE in an event: now'
}

@test "run_action hands typed parameters to the action" {
  run_action backup target=5 count=5 'tags=["a", "b"]'
  assert_success
  assert_action_result file 5
  assert_action_result nested.count 5
  assert_action_result tags '["a","b"]'
  run run_action restore
  assert_refused 'run_action: ' 'restore'
  run run_action backup 'tags=a, b'
  assert_refused 'run_action: the parameter tags must be JSON: a, b'
}

# bats test_tags=full
@test "fail_tool lets a hook tool fail in what runs next, and only there" {
  fail_tool open-port 5 'no ports today'
  run_event install
  assert_hook_failure 5
  assert_stderr --partial 'ERROR no ports today'
  refute_flag_set kit.installed
  run_event install
  assert_hook_success
  run fail_tool systemctl
  assert_refused 'fail_tool: not a hook tool (for a command, use stub with --exit): systemctl'
  run fail_tool open-port 0
  assert_refused 'fail_tool: a failing status is 1 to 255: 0'
}

@test "a failure that the hook does not meet is said, with what the hook did" {
  fail_tool leader-set
  run run_event install
  assert_refused 'run_event: fail_tool: leader-set was not called in install' 'ran reactive/kit.sh:install_kit'
}

@test "kill_during a handler keeps what it did to the machine, and nothing of what it said" {
  given_flag kit.installed
  kill_during configure
  run_event config-changed
  assert_failure 137
  assert_file /etc/kit/kit.conf 'title = Kit'
  assert_state_unchanged flags kv
  run_event config-changed
  assert_hook_success
}

@test "kill_during a command or a hook tool ends the hook before that does anything" {
  kill_during systemctl
  run_event install
  assert_failure 137
  assert_status maintenance
  refute_hook_tool_called open-port
  kill_during open-port
  run_event install
  assert_failure 137
  assert_called systemctl
  refute_port_open 80
  run_event install
  assert_hook_success
  assert_port_open 80
}

# bats test_tags=full
@test "a crash that the hook does not come to is said, and so is a second one" {
  kill_during configure
  run kill_during systemctl
  assert_refused 'kill_during: a unit dies only once: let it run before it is killed again'
  run run_event start
  assert_refused 'run_event: kill_during: the handler configure did not run in start'
}
