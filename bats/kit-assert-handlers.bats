#!/usr/bin/env bats
# Assertions on flags, key/value data and handlers; when one fails, the decision record follows.

setup_file() {
  load kit-charm
  make_kit_charm
}

setup() {
  load kit-charm
  new_unit
}

@test "assertions on flags and key/value data say what there is, and who changed a flag in which event" {
  # assert_flag_set and refute_flag_set.
  run_event install
  assert_flag_set kit.installed leadership.is_leader
  refute_flag_set kit.fail
  run assert_flag_set kit.installed kit.instaled
  assert_block <<'TEXT'
-- flag is not set --
flag      : kit.instaled
flags set : kit.installed, leadership.is_leader
--

flags in install:
  kit.instaled: not changed
TEXT
  run refute_flag_set kit.installed
  assert_refused '-- flag is set --' 'flag      : kit.installed' 'flags in install:' \
    '  kit.installed: set by reactive/kit.sh:install_kit (hooks 0)'
  run refute_flag_set leadership.is_leader
  assert_refused '  leadership.is_leader: set by the engine, before the first handler'
  # assert_flags_equal leaves automatic flags aside, unless it is told otherwise.
  assert_flags_equal kit.installed
  assert_flags_equal - <<<kit.installed
  assert_flags_equal --all kit.installed leadership.is_leader
  run assert_flags_equal kit.ready
  assert_block <<'TEXT'
-- flags differ --
expected : kit.ready
actual   : kit.installed
--

flags in install:
  kit.ready: not changed
  kit.installed: set by reactive/kit.sh:install_kit (hooks 0)
TEXT
  # assert_kv and refute_kv compare JSON.
  assert_kv answer
  assert_kv answer 42
  refute_kv question
  refute_kv answer 43
  run assert_kv question
  assert_refused '-- key is missing --' 'key  : question' 'keys : answer'
  run assert_kv answer 43
  assert_block <<'TEXT'
-- value differs --
key      : answer
expected : 43
actual   : 42
--
TEXT
  run refute_kv answer
  assert_refused '-- key has the value --' 'value : 42'
}

@test "the record of flags says so when a failed hook has kept nothing; one that was killed has none" {
  given_flag kit.fail
  run_event install
  run assert_flag_set kit.installed
  assert_refused 'install failed with status 7, nothing of it is kept: handler reactive/kit.sh:break_it failed'
  # The handlers that began are known.
  given_no_flag kit.fail
  given_flag kit.installed
  kill_during configure
  run_event config-changed
  assert_handlers_ran configure
  run assert_flag_set kit.never
  assert_refused '-- flag is not set --'
}

@test "assertions on handlers show which condition did not hold, which function is no handler, and why one ran" {
  run_event install
  assert_handlers_ran install_kit reactive/kit.sh:configure
  assert_handlers_ran --only configure install_kit
  run assert_handlers_ran install_kit never
  assert_refused '-- handler did not run --' 'handler : never' \
    'ran     : reactive/kit.sh:install_kit, reactive/kit.sh:configure' 'never in install:' \
    'other 0: did not match: @when kit.never kit.installed DOES NOT HOLD (kit.never is not set)'
  run assert_handlers_ran --only configure
  assert_refused '-- other handlers ran --' 'others : reactive/kit.sh:install_kit' \
    'hooks 0: ran: @hook install holds'
  run assert_handlers_ran undecorated
  assert_refused 'undecorated is not a handler of this charm.' \
    'has such a function, but no decorator makes it a handler.' '  reactive/kit.sh:install_kit'
  run refute_handler_ran nver
  assert_refused 'refute_handler_ran: no handler of this charm has been seen so far: nver'
  assert_handler_ran install_kit
  assert_handler_ran --times 1 install_kit
  assert_handler_ran --times 0 never
  refute_handler_ran never break_it
  run assert_handler_ran --times 2 install_kit
  assert_refused '-- handler ran a different number of times --' 'expected : 2' 'actual   : 1'
  run assert_handler_ran never
  assert_refused '-- handler did not run --'
  run refute_handler_ran configure
  assert_refused '-- handler ran --' 'configure in install:' \
    'other 0: ran: @when kit.installed config.changed.title holds'
  assert_any_handler_ran
  run refute_any_handler_ran
  assert_refused '-- handlers ran --' 'ran : reactive/kit.sh:install_kit, reactive/kit.sh:configure'
  run_event start
  refute_any_handler_ran
  run assert_any_handler_ran
  assert_refused '-- no handler ran --' 'break_it in start:' '@when kit.fail DOES NOT HOLD (kit.fail is not set)'
}

@test "assert_handler_order" {
  run_events install config-changed
  assert_handler_order install_kit configure count_changes
  run assert_handler_order configure install_kit
  assert_refused '-- handlers ran in a different order --' 'expected : configure, install_kit' \
    'actual   : reactive/kit.sh:install_kit, reactive/kit.sh:configure, reactive/kit.sh:count_changes'
  run assert_handler_order install_kit never
  assert_refused '-- handler did not run --' 'handler : never'
}

@test "handlers in Python are asserted as all others, and what they start is stubbed" {
  given_file reactive/tool.py '
import subprocess
from charms.reactive import set_flag, when, when_not

@when("kit.installed")
@when_not("tool.ready")
def install_tool():
    subprocess.check_call(["snap", "install", "the tool"])
    set_flag("tool.ready")

@when("tool.missing")
def complain():
    raise ValueError("no tool")
'
  stub snap
  run_event install
  assert_hook_success
  assert_called snap install 'the tool'
  assert_handlers_ran install_tool
  refute_handler_ran complain
  assert_flag_set tool.ready
  given_flag tool.missing
  run_event update-status
  assert_hook_failure 1
  assert_log ERROR --partial 'reactive/tool.py:complain failed with status 1 at reactive/tool.py:13: ValueError: no tool'
}
