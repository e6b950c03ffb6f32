#!/usr/bin/env bats
# Assertions on how an event ended, what it logged and answered: each with what it says when it does not hold.

setup_file() {
  load kit-charm
  make_kit_charm
}

setup() {
  load kit-charm
  new_unit
}

@test "assert_hook_success, assert_hook_failure of any status or one, and what they show; before anything has run they say so" {
  run assert_hook_success
  assert_refused 'assert_hook_success: nothing has run yet: call run_event first'
  run assert_handlers_ran x
  assert_refused 'assert_handlers_ran: nothing has run yet: call run_event first'
  run_event install
  assert_hook_success
  given_flag kit.fail
  run_event start
  run assert_hook_success
  assert_refused '-- hook failed --' 'start' 'status : 7' \
    'ERROR handler reactive/kit.sh:break_it failed with status 7 at reactive/kit.sh:' \
    'start failed with status 7, nothing of it is kept: handler reactive/kit.sh:break_it'
  assert_hook_failure
  assert_hook_failure 7
  run assert_hook_failure 8
  assert_refused '-- hook failed with a different status --' 'expected : 8' 'status   : 7'
  given_no_flag kit.fail
  run_event update-status
  run assert_hook_failure
  assert_block <<'TEXT'
-- hook succeeded, but it was expected to fail --
event  : update-status
status : 0
--

update-status:
  ran reactive/kit.sh:look
TEXT
}

@test "assertions on the log, by level, as a whole, in part or as a pattern, and on warnings" {
  run_event update-status
  assert_no_warning
  run_event install
  assert_log WARNING
  assert_log WARNING 'something odd'
  assert_log WARNING --partial odd
  assert_log WARNING -e '^some[[:alpha:]]+ odd$'
  assert_log DEBUG 'on stdout'
  assert_log WARNING - <<<'on stderr'
  refute_log ERROR
  refute_log WARNING odd
  run assert_log ERROR 'something odd'
  assert_refused '-- no such message is logged --' 'ERROR something odd' 'WARNING something odd' 'DEBUG on stdout'
  run assert_log LOUD x
  assert_refused "assert_log: not a level of Juju's log: LOUD"
  run refute_log WARNING -p odd
  assert_refused '-- such a message is logged --' 'WARNING something odd'
  run assert_log WARNING -e '('
  assert_refused 'assert_log: invalid regular expression: ('
  run assert_log WARNING -e -p x
  assert_refused 'assert_log: --partial and --regexp are mutually exclusive'
  run assert_no_warning
  assert_block <<'TEXT'
-- there are warnings --
event (1 lines):
  install
log (2 lines):
  WARNING something odd (juju-log)
  WARNING on stderr (stderr)
--
TEXT
}

@test "assertions on actions: their results, and that they failed" {
  run_action backup target=/x count=3
  assert_action_result file
  assert_action_result file /x
  assert_action_result nested.count -e '^[0-9]$'
  refute_action_result size
  refute_action_result file /y
  run assert_action_result size
  assert_refused '-- action result is missing --' 'key     : size' 'results : {"file":"/x"'
  run assert_action_result file /y
  assert_block <<'TEXT'
-- action result differs --
key      : file
expected : /y
actual   : /x
--
TEXT
  run refute_action_result file
  assert_refused '-- action has the result --' 'value : /x'
  run refute_action_result file -p x
  assert_refused '-- action result contains substring --' 'substring : x'
  run_event start
  run assert_action_result file
  assert_refused 'assert_action_result: the last event is not an action: start'
  run_action stop
  assert_action_failed
  assert_action_failed 'not now'
  run assert_action_failed 'never'
  assert_refused '-- message of the action differs --' 'expected : never' 'actual   : not now'
  run refute_action_failed
  assert_refused '-- action failed --' 'message : not now'
  run_action backup
  refute_action_failed
  run assert_action_failed
  assert_refused '-- action did not fail --' 'ran reactive/kit.sh:back_up'
}

@test "a hook whose changes Juju refuses has failed, although it exited 0" {
  given_file --mode 755 reactive/more.sh - <<'BASH'
#!/bin/bash
source charms.reactive.sh
@hook stop
function add_storage() {
  storage-add other
}
reactive_handler_main
BASH
  run_event stop
  assert_success
  assert_hook_failure
  run assert_hook_success
  assert_refused '-- hook failed --' 'status          : 0' 'refused by Juju : charm storage "other" not found'
}
