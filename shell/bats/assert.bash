# shellcheck shell=bash
# Assertions: each is silent when it holds, else it prints why on stderr and returns 1. They are about the last
# run_event, run_events or run_action, or about the state as it is now. A text is compared as bats-assert does
# it: as a whole, --partial (-p) as a part, --regexp (-e) as an extended regular expression, `-` from standard
# input; `--` ends options. Each refute_ function fails where its assert_ function would hold.

# How the event ended

# Usage: assert_hook_success
# The last event ended with status 0.
assert_hook_success() { _reactive_kit assert_hook_success "$@"; }

# Usage: assert_hook_failure [STATUS]
# The last event failed, with that status.
assert_hook_failure() { _reactive_kit assert_hook_failure "$@"; }

# Usage: assert_log LEVEL [--partial | --regexp] [TEXT | -]
# Something is logged at a level: by juju-log, on stdout (DEBUG) or stderr (WARNING).
assert_log() { _reactive_kit assert_log "$@"; }

# Usage: refute_log LEVEL [--partial | --regexp] [TEXT | -]
refute_log() { _reactive_kit refute_log "$@"; }

# Usage: assert_no_warning
# Nothing is logged at WARNING or above.
assert_no_warning() { _reactive_kit assert_no_warning "$@"; }

# Usage: assert_action_result KEY [--partial | --regexp] [VALUE | -]
# The action has set a result; dots lead into nested ones.
assert_action_result() { _reactive_kit assert_action_result "$@"; }

# Usage: refute_action_result KEY [--partial | --regexp] [VALUE | -]
refute_action_result() { _reactive_kit refute_action_result "$@"; }

# Usage: assert_action_failed [--partial | --regexp] [MESSAGE | -]
# The action failed, with that message.
assert_action_failed() { _reactive_kit assert_action_failed "$@"; }

# Usage: refute_action_failed
refute_action_failed() { _reactive_kit refute_action_failed "$@"; }

# Flags, key/value data and handlers: a failure shows the decision record

# Usage: assert_flag_set FLAG...
# All of the flags are set.
assert_flag_set() { _reactive_kit assert_flag_set "$@"; }

# Usage: refute_flag_set FLAG...
# None of them is.
refute_flag_set() { _reactive_kit refute_flag_set "$@"; }

# Usage: assert_flags_equal [--all] [FLAG... | -]
# Exactly these flags are set, one per line from stdin. Automatic flags count with --all.
assert_flags_equal() { _reactive_kit assert_flags_equal "$@"; }

# Usage: assert_kv KEY [VALUE]
# The key is there, with that value: JSON if it parses, else text.
assert_kv() { _reactive_kit assert_kv "$@"; }

# Usage: refute_kv KEY [VALUE]
refute_kv() { _reactive_kit refute_kv "$@"; }

# Usage: assert_handlers_ran [--only] HANDLER...
# All of the handlers ran; with --only no others. `render` is short for `reactive/app.sh:render`.
assert_handlers_ran() { _reactive_kit assert_handlers_ran "$@"; }

# Usage: assert_handler_ran [--times N] HANDLER
# The handler ran, that often.
assert_handler_ran() { _reactive_kit assert_handler_ran "$@"; }

# Usage: refute_handler_ran HANDLER...
# None of the handlers ran.
refute_handler_ran() { _reactive_kit refute_handler_ran "$@"; }

# Usage: assert_any_handler_ran
# At least one handler ran.
assert_any_handler_ran() { _reactive_kit assert_any_handler_ran "$@"; }

# Usage: refute_any_handler_ran
refute_any_handler_ran() { _reactive_kit refute_any_handler_ran "$@"; }

# Usage: assert_handler_order HANDLER HANDLER...
# The handlers ran in this order, others may stand between them.
assert_handler_order() { _reactive_kit assert_handler_order "$@"; }

# What Juju knows

# Usage: assert_status [--app] STATUS [--partial | --regexp] [MESSAGE | -]
# The unit, or the application, has the status, with that message.
assert_status() { _reactive_kit assert_status "$@"; }

# Usage: refute_status [--app] STATUS [--partial | --regexp] [MESSAGE | -]
refute_status() { _reactive_kit refute_status "$@"; }

# Usage: assert_status_history [--app] STATUS|'STATUS: MESSAGE'...
# The last event set exactly these statuses, in this order.
assert_status_history() { _reactive_kit assert_status_history "$@"; }

# Usage: refute_status_history [--app] STATUS|'STATUS: MESSAGE'...
# The last event set none of them.
refute_status_history() { _reactive_kit refute_status_history "$@"; }

# Usage: assert_relation_data RELATION [--unit | --app] KEY [--partial | --regexp] [VALUE | -]
# The unit, or the application, has published that. A relation is db:1, or the first one of db.
assert_relation_data() { _reactive_kit assert_relation_data "$@"; }

# Usage: refute_relation_data RELATION [--unit | --app] KEY [--partial | --regexp] [VALUE | -]
refute_relation_data() { _reactive_kit refute_relation_data "$@"; }

# Usage: assert_port_open PORT[/PROTOCOL]...
# All of the ports are open.
assert_port_open() { _reactive_kit assert_port_open "$@"; }

# Usage: refute_port_open PORT[/PROTOCOL]...
# None of them is.
refute_port_open() { _reactive_kit refute_port_open "$@"; }

# Usage: assert_app_version [--partial | --regexp] VERSION
# The charm has told this version of the application.
assert_app_version() { _reactive_kit assert_app_version "$@"; }

# Usage: refute_app_version [--partial | --regexp] VERSION
refute_app_version() { _reactive_kit refute_app_version "$@"; }

# What it did to the machine

# Usage: assert_called [--times N] [--partial] [--glob | --regexp] COMMAND [WORD...]
# The last event called a stub with exactly these words, that often; without words, in any way. --partial lets
# more words follow, --glob and --regexp compare each word. --times N may also stand at the end.
assert_called() { _reactive_kit assert_called "$@"; }

# Usage: refute_called [--times N] [--partial] [--glob | --regexp] COMMAND [WORD...]
refute_called() { _reactive_kit refute_called "$@"; }

# Usage: assert_hook_tool_called [--times N] [--partial] [--glob | --regexp] COMMAND [WORD...]
# The same for hook tools.
assert_hook_tool_called() { _reactive_kit assert_hook_tool_called "$@"; }

# Usage: refute_hook_tool_called [--times N] [--partial] [--glob | --regexp] COMMAND [WORD...]
refute_hook_tool_called() { _reactive_kit refute_hook_tool_called "$@"; }

# Usage: assert_file FILE [--mode MODE] [--partial | --regexp] [TEXT | -]
# There is such a file, below the unit's root or, with a relative name, in the charm, with that text.
assert_file() { _reactive_kit assert_file "$@"; }

# Usage: refute_file FILE [--mode MODE] [--partial | --regexp] [TEXT | -]
refute_file() { _reactive_kit refute_file "$@"; }

# Usage: assert_rendered FILE [--mode MODE] [--partial | --regexp] [TEXT | -]
# The same, and the last event has written it.
assert_rendered() { _reactive_kit assert_rendered "$@"; }

# Usage: refute_rendered FILE
# The last event has not written it.
refute_rendered() { _reactive_kit refute_rendered "$@"; }

# Usage: assert_state_unchanged [flags] [kv] [files] [juju]
# The last event changed nothing: flags, key/value data, files below the root, what Juju knows.
assert_state_unchanged() { _reactive_kit assert_state_unchanged "$@"; }

# Usage: refute_state_unchanged [flags] [kv] [files] [juju]
refute_state_unchanged() { _reactive_kit refute_state_unchanged "$@"; }

# Usage: assert_idempotent [--ignore COMMAND]...
# The last event happens again: it succeeds, changes nothing and calls no stub but those to ignore.
assert_idempotent() { _reactive_kit assert_idempotent "$@"; }

# Usage: refute_idempotent [--ignore COMMAND]...
refute_idempotent() { _reactive_kit refute_idempotent "$@"; }

# The charm's own files

# Usage: assert_lint_clean [--strict]
# charms.reactive lint finds no error in the charm; with --strict no warning either.
assert_lint_clean() { _reactive_kit assert_lint_clean "$@"; }
