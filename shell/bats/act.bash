# shellcheck shell=bash
# What happens to the unit. These functions set what bats' `run --separate-stderr` sets - $status, $output,
# $stderr, $lines, $stderr_lines - and succeed whatever the charm did. Only a request that makes no sense fails.

# Usage: run_event NAME [--relation ID] [--unit UNIT | --app] [--departing UNIT] [--storage ID]
#        [--secret ID|LABEL] [--env NAME=VALUE] [--timeout SECONDS]
# Run a hook. --app: the data of the other application changed, not that of a unit.
# Example: run_event db-relation-changed --relation db:1 --unit mysql/0
run_event() { _reactive_kit_act run_event "$@"; }

# Usage: run_events 'NAME [KEY=VALUE...]'...
# Run one hook after the other, until one fails. The keys are relation, unit and departing, others are data of that
# unit; those of config-changed are options, those of action:NAME parameters. Values are quoted as for a shell.
# Example: run_events install "config-changed title='My app'" 'db-relation-changed unit=mysql/0 host=10.0.0.1'
run_events() { _reactive_kit_act run_events "$@"; }

# Usage: run_action NAME [KEY=VALUE...] [--env NAME=VALUE] [--timeout SECONDS]
# Run an action with these parameters; actions.yaml says their types.
run_action() { _reactive_kit_act run_action "$@"; }

# Usage: fail_tool TOOL [STATUS [MESSAGE]]
# Let each call of a hook tool fail in what runs next.
# Example: fail_tool relation-set 1 'connection is shut down'
fail_tool() { _reactive_kit fail_tool "$@"; }

# Usage: kill_during HANDLER|TOOL|COMMAND
# Let the unit die in what runs next: when a handler has done its work, but nothing of the hook is kept yet, or
# when a hook tool or a stubbed command is called.
kill_during() { _reactive_kit kill_during "$@"; }

# Usage: _reactive_kit_act FUNCTION WORD...
_reactive_kit_act() {
  local - _reactive_capture=true _reactive_text='' _reactive_head='' LC_ALL=C
  set +eETx
  _reactive_kit "$@" || {
    printf '%s' "$_reactive_text" >&2
    return 1
  }
  # The status, the size of stdout in bytes, both streams.
  _reactive_head=${_reactive_text%%$'\n'*}
  _reactive_text=${_reactive_text#*$'\n'}
  status=${_reactive_head% *}
  output=${_reactive_text:0:${_reactive_head#* }}
  stderr=${_reactive_text:${_reactive_head#* }}
  # As bats does: empty lines are dropped.
  IFS=$'\n' read -r -d '' -a lines <<<"$output" || :
  IFS=$'\n' read -r -d '' -a stderr_lines <<<"$stderr" || :
}
