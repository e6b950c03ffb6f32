#!/bin/bash
#
# Reactive handlers in bash: decorators, flag helpers and hook tools for a charm's handler files.
#
# Usage:
#
#     source charms.reactive.sh
#
#     @when 'db.ready' 'cache.ready'
#     function write_configuration() {
#         db_dsn=$(relation_call --flag 'db.ready' uri)
#         render_template 'app.conf.j2' '/etc/app.conf'
#         set_flag 'app.configured'
#     }
#
#     reactive_handler_main
#
# Decorators stand before a function, in any order and number.
#
# In a file of an interface layer (reactive/relations/INTERFACE/provides.sh, requires.sh, peers.sh) functions
# run once for each endpoint that uses it: {endpoint_name} in decorators and $endpoint_name in functions.
# What a method prints is its answer: text without the last line ends, or JSON. It ends with its standard
# output, so a background job must not keep that. `return 1` says no; any other status, exit with one, and a
# command that fails under errexit are errors: there write `is_flag_set FLAG || return 1`.
#
# The library works under any shell options and changes none of them, and takes no notice of functions of the
# charm that are called like builtins. Its private names begin with _reactive_. How it finds the function behind
# a decorator: it reads on in the file, from the decorator's line to the next definition. How it talks to the
# engine: shell/channel.sh. Run as a program it prints this comment and those of its functions.

{
  _reactive_xtrace=${-//[!x]/} _reactive_aliases=$BASHOPTS
  # Quoted: no alias either.
  \builtin shopt -u expand_aliases
  \builtin set +x
} 2>/dev/null
((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] > 500)) || { builtin printf 'charms.reactive: bash 5.1 or newer is needed: %s\n' "$BASH_VERSION" >&2 && builtin exit 3; }

# Sourced again in this process: all is there. Only an array tells, since no process inherits one.
if [[ -n ${_reactive_loaded-} && ${_reactive_loaded@a} == *a* ]]; then
  {
    if [[ :$_reactive_aliases: == *:expand_aliases:* ]]; then builtin shopt -s expand_aliases; fi
    if [[ -n $_reactive_xtrace ]]; then builtin set -x; fi
    builtin return 0
  } 2>/dev/null
fi

# Usage: _reactive_stop RULE VALUE
# End the shell with a line, whatever functions it has: in posix mode `exit` is always the builtin.
_reactive_stop() {
  /bin/cat <<<"charms.reactive: $1: $2" >&2
  POSIXLY_CORRECT=true
  exit 3
}

# The library needs one builtin under its own name: a function of this name declares nothing here.
_reactive_check_builtin() {
  builtin local _reactive_here=yes || :
  if [[ -z ${_reactive_here-} ]]; then _reactive_stop 'the charm must not have a function of this name' builtin; fi
}

if [[ -o posix ]]; then
  _reactive_stop "in posix mode bash takes no functions like @when: write 'set +o posix' above" "${BASH_SOURCE[1]-bash}:${BASH_LINENO[0]}"
fi
_reactive_check_builtin

# Run as a program: print the comments at the top, and of the sections and public functions below.
if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  _reactive_indent='' _reactive_printed=true
  while IFS= read -r _reactive_line; do
    case $_reactive_line in
    '#!'*) ;;
    '## '*) printf '\n%s\n\n' "${_reactive_line#'## '}" && _reactive_indent='    ' ;;
    '# Usage: _'* | '# shellcheck'*) _reactive_printed='' ;;
    '# Usage: '*) printf '  %s\n' "${_reactive_line#'# Usage: '}" && _reactive_printed=true ;;
    '#') [[ -n $_reactive_indent ]] || printf '\n' ;;
    '# '*) [[ -z $_reactive_printed ]] || printf '%s%s\n' "$_reactive_indent" "${_reactive_line#'# '}" ;;
    *) _reactive_printed='' ;;
    esac
  done <"$0"
  exit 0
fi

# Where the library lives. In a dispatch the engine says it; a link is followed only where there is one.
_reactive_home=${CHARMS_REACTIVE_SHELL:-}
if [[ -z $_reactive_home ]]; then
  _reactive_home=${BASH_SOURCE[0]}
  if [[ -L $_reactive_home ]]; then _reactive_home=$(readlink -f "$_reactive_home"); fi
  if [[ $_reactive_home != /* ]]; then _reactive_home=$PWD/$_reactive_home; fi
  _reactive_home=${_reactive_home%/*}
fi

# shellcheck source=shell/channel.sh
builtin source "$_reactive_home/channel.sh"
# shellcheck source=shell/request.sh
builtin source "$_reactive_home/request.sh"
# shellcheck source=shell/handler-file.sh
builtin source "$_reactive_home/handler-file.sh"

## Decorators

# Usage: @hook PATTERN...
# In the hooks that match, such as {provides:http}-relation-{joined,changed}.
@hook() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate hook "$@"; }

# Usage: @action NAME...
# In the actions of these names.
@action() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate action "$@"; }

# Usage: @when FLAG...
# When all of the flags are set.
@when() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate when "$@"; }

# Usage: @when_all FLAG...
# The same as @when.
@when_all() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate when_all "$@"; }

# Usage: @when_any FLAG...
# When at least one of the flags is set.
@when_any() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate when_any "$@"; }

# Usage: @when_not FLAG...
# When none of the flags is set.
@when_not() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate when_not "$@"; }

# Usage: @when_none FLAG...
# The same as @when_not.
@when_none() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate when_none "$@"; }

# Usage: @when_not_all FLAG...
# When at least one of the flags is not set.
@when_not_all() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate when_not_all "$@"; }

# Usage: @when_file_changed FILE...
# When a file differs from what the function saw when it last succeeded.
@when_file_changed() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate when_file_changed "$@"; }

# Usage: @only_once
# Once in the life of the unit.
@only_once() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate only_once "$@"; }

# Usage: @not_unless FLAG...
# Warn when the function is called without the flags.
@not_unless() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate not_unless "$@"; }

# Usage: @collect_metrics
# In the hook collect-metrics.
@collect_metrics() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate collect_metrics "$@"; }

# Usage: @meter_status_changed
# In the hook meter-status-changed.
@meter_status_changed() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate meter_status_changed "$@"; }

# Usage: @at_start
# At the start of each hook, before any handler.
@at_start() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate at_start "$@"; }

# Usage: @at_exit
# At the end of each hook, when all handlers have succeeded.
@at_exit() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate at_exit "$@"; }

# Usage: @method [--json]
# In an interface layer: relation_call may call the function.
@method() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_decorate method "$@"; }

## Handler files

# Usage: reactive_handler_main
# The last line of a handler file: see handler-file.sh, which defines it.

## Flags

# Usage: set_flag FLAG
# Set a flag.
set_flag() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_change set_flag "$@"; }

# Usage: clear_flag FLAG
# Clear a flag.
clear_flag() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_change clear_flag "$@"; }

# Usage: toggle_flag FLAG true|false
# Set or clear a flag.
toggle_flag() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request toggle_flag "$@"; }

# Usage: is_flag_set FLAG
# Succeed if the flag is set.
is_flag_set() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_ask_flag is_flag_set "$@"; }

# Usage: all_flags_set FLAG...
# Succeed if all of the flags are set.
all_flags_set() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request all_flags_set "$@"; }

# Usage: any_flags_set FLAG...
# Succeed if at least one of the flags is set.
any_flags_set() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request any_flags_set "$@"; }

# Usage: get_flags
# Print the flags that are set, one per line.
get_flags() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request get_flags "$@"; }

# Usage: register_trigger --when FLAG | --when_not FLAG, --set_flag FLAG and/or --clear_flag FLAG
# Tie a change of one flag to changes of others. In an interface layer {endpoint_name} is expanded: at top level
# for each endpoint, in a function for its own.
register_trigger() {
  { builtin local - && builtin set +x; } 2>/dev/null
  if [[ $* != *'{endpoint_name}'* || -z $_reactive_process ]]; then
    _reactive_request register_trigger "$@"
  elif [[ -n $_reactive_endpoint ]]; then
    _reactive_request register_trigger "${@//'{endpoint_name}'/"$_reactive_endpoint"}"
  else
    _reactive_call "$_reactive_channel" _each "$_reactive_process" register_trigger "$@"
  fi
}

## Relations

# Usage: relation_call --flag FLAG METHOD [ARG...]
# Call a method of a relation's endpoint (also --endpoint NAME).
relation_call() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request relation_call "$@"; }

# Usage: state_relation_call FLAG METHOD [ARG...]
# The same, under its old name.
state_relation_call() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request relation_call --flag "$@"; }

# Usage: name_relation_get NAME UNIT [KEY] [--format=FORMAT]
# relation-get by the name of the relation.
name_relation_get() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request name_relation_get "$@"; }

# Usage: relation_id NAME UNIT|APPLICATION
# Print the id of the relation of a unit or an application.
relation_id() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request relation_id "$@"; }

# Usage: endpoint_relations ENDPOINT
# Print the ids of the endpoint's relations.
endpoint_relations() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request endpoint_relations "$@"; }

# Usage: endpoint_units ENDPOINT
# Print the names of the remote units that are joined.
endpoint_units() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request endpoint_units "$@"; }

# Usage: endpoint_departed ENDPOINT [--clear]
# Print the names of the units that have left, and forget them.
endpoint_departed() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request endpoint_departed "$@"; }

# Usage: endpoint_get ENDPOINT [KEY]
# Print what the other side has published (--from UNIT, --relation, --app).
endpoint_get() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request endpoint_get "$@"; }

# Usage: endpoint_set ENDPOINT KEY=VALUE...
# Publish at the end of the hook (--relation, --app, --as-json).
endpoint_set() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request endpoint_set "$@"; }

# Usage: request_create ENDPOINT FIELD=VALUE...
# Send a request, and print its id (--relation, --request-id, --as-json).
request_create() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request request_create "$@"; }

# Usage: request_list ENDPOINT [--new] [REQUEST_ID [FIELD]]
# Print the ids of requests, one request, or a field of it.
request_list() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request request_list "$@"; }

# Usage: request_respond ENDPOINT REQUEST_ID FIELD=VALUE...
# Answer a request (--relation, --as-json).
request_respond() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request request_respond "$@"; }

# Usage: request_response ENDPOINT REQUEST_ID [FIELD]
# Print a response, or a field of it (--match FIELD=VALUE instead of the id).
request_response() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request request_response "$@"; }

## The charm

# Usage: layer_option LAYER OPTION
# Print a layer's option; a boolean answers by status.
layer_option() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request layer_option "$@"; }

# Usage: render_template SOURCE TARGET [KEY=VALUE...]
# Render a template with the environment and all shell variables.
render_template() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_render "$@"; }

# Usage: data_changed ID VALUE
# Succeed if the value differs from the last call, and remember it.
data_changed() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_data data_changed "$@"; }

# Usage: is_data_changed ID VALUE
# The same, remembering nothing.
is_data_changed() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_data is_data_changed "$@"; }

# Usage: any_file_changed FILE...
# Succeed if a file changed since the last call, and remember it.
any_file_changed() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request any_file_changed "$@"; }

# Usage: was_invoked ID
# Succeed if all of the ids are marked as done.
was_invoked() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request was_invoked "$@"; }

# Usage: mark_invoked ID
# Mark something as done.
mark_invoked() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request mark_invoked "$@"; }

# Usage: layer_lib NAME
# Source lib/charms/layer/NAME.sh of the charm, once per process: what the layer NAME offers to others. An
# underscore stands for each hyphen. Variables that it declares are global only with `declare -g`, since a
# function sources it.
layer_lib() {
  { builtin local - "_reactive_options=$-" "_reactive_lib=${1-}" && builtin set +x; } 2>/dev/null
  _reactive_lib=lib/charms/layer/${_reactive_lib//-/_}.sh
  if [[ $_reactive_libs == *":$_reactive_lib:"* ]]; then builtin return 0; fi
  if [[ ! -f ${CHARM_DIR:-${JUJU_CHARM_DIR:-$PWD}}/$_reactive_lib || $_reactive_lib == */../* ]]; then
    builtin printf 'charms.reactive: layer_lib: no layer has such a file: %s\n' "$_reactive_lib" >&2
    builtin return 3
  fi
  _reactive_libs+=:$_reactive_lib:
  builtin set --
  if [[ $_reactive_options == *x* ]]; then builtin set -x; fi
  # shellcheck source=/dev/null
  builtin source "${CHARM_DIR:-${JUJU_CHARM_DIR:-$PWD}}/$_reactive_lib"
}

# Usage: charms.reactive COMMAND [WORD...]
# Any command of the toolkit: see charms.reactive --help. In a dispatch it starts nothing.
charms.reactive() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_command "$@"; }

## Deprecated names, the most used of all

# Usage: set_state FLAG
# set_flag.
set_state() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_change set_state "$@"; }

# Usage: remove_state FLAG
# clear_flag.
remove_state() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_change remove_state "$@"; }

# Usage: is_state FLAG
# is_flag_set.
is_state() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_ask_flag is_state "$@"; }

# Usage: all_states FLAG...
# all_flags_set.
all_states() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request all_states "$@"; }

# Usage: any_states FLAG...
# any_flags_set.
any_states() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request any_states "$@"; }

## Juju's hook tools, under names with underscores

# Usage: config_get [KEY]
# Answered from the one config-get of the hook; other forms go to the tool itself.
config_get() {
  { builtin local - && builtin set +x; } 2>/dev/null
  if [[ -n $_reactive_channel && $# -eq 1 && $1 != -* ]]; then
    _reactive_call "$_reactive_channel" config_get "$1"
  else
    config-get "$@"
  fi
}

# Usage: leader_get [KEY]
# Answered from the one leader-get of the hook; other forms go to the tool itself.
leader_get() {
  { builtin local - && builtin set +x; } 2>/dev/null
  if [[ -n $_reactive_channel && $# -le 1 && ${1-} != -* ]]; then
    _reactive_call "$_reactive_channel" leader_get "$@"
  else
    leader-get "$@"
  fi
}

# Usage: leader_set KEY=VALUE...
# Written at once, under Juju 4 when the hook succeeds. In a dispatch the flags leadership.set.KEY and
# leadership.changed.KEY move at once.
leader_set() {
  { builtin local - && builtin set +x; } 2>/dev/null
  if [[ ${1-} == -- ]]; then builtin shift; fi
  if [[ -n $_reactive_channel && $# -gt 0 && $1 != -* ]]; then
    _reactive_call "$_reactive_channel" leader_set -- "$@"
  else
    leader-set "$@"
  fi
}

# Usage: juju_reboot [--now]
# Keep what has changed so far, then ask Juju to reboot the machine: the hook starts again after it.
juju_reboot() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request checkpoint && juju-reboot "$@"; }

# Usage: is_leader
# Print whether this unit leads its application; the status is 0 for both answers.
is_leader() { { builtin local - && builtin set +x; } 2>/dev/null && is-leader "$@"; }

# Usage: relation_ids [NAME]
# Print the ids of the relations of an endpoint.
relation_ids() { { builtin local - && builtin set +x; } 2>/dev/null && relation-ids "$@"; }

# Usage: relation_list [-r ID] [--app]
# Print the remote units of a relation.
relation_list() { { builtin local - && builtin set +x; } 2>/dev/null && relation-list "$@"; }

# Usage: relation_get [-r ID] [--app] [KEY|-] [UNIT]
# Print what a unit has published in a relation.
relation_get() { { builtin local - && builtin set +x; } 2>/dev/null && relation-get "$@"; }

# Usage: relation_set [-r ID] [--app] KEY=VALUE...
# Publish in a relation.
relation_set() { { builtin local - && builtin set +x; } 2>/dev/null && relation-set "$@"; }

# Usage: status_set STATUS [MESSAGE]
# Set the unit's status, at once. What was proposed before no longer counts.
status_set() {
  { builtin local - && builtin set +x; } 2>/dev/null
  status-set "$@" || builtin return
  if [[ -n $_reactive_channel ]]; then _reactive_call "$_reactive_channel" _status-set "$@"; fi
}

# Usage: status_candidate STATUS [MESSAGE]
# Propose a status of the unit. At the end of the hook the worst is set: error, blocked, maintenance, waiting, active.
status_candidate() { { builtin local - && builtin set +x; } 2>/dev/null && _reactive_request status_candidate "$@"; }

# Usage: status_get
# Print the unit's status.
status_get() { { builtin local - && builtin set +x; } 2>/dev/null && status-get "$@"; }

# Usage: state_get [KEY]
# Print what Juju's controller keeps for this unit.
state_get() { { builtin local - && builtin set +x; } 2>/dev/null && state-get "$@"; }

# Usage: state_set KEY=VALUE...
# Let Juju's controller keep something for this unit.
state_set() { { builtin local - && builtin set +x; } 2>/dev/null && state-set "$@"; }

# Usage: state_delete KEY
# Delete what Juju's controller keeps for this unit.
state_delete() { { builtin local - && builtin set +x; } 2>/dev/null && state-delete "$@"; }

# Usage: unit_get private-address|public-address
# Print an address of this unit.
unit_get() { { builtin local - && builtin set +x; } 2>/dev/null && unit-get "$@"; }

# Usage: network_get BINDING
# Print the addresses of a binding.
network_get() { { builtin local - && builtin set +x; } 2>/dev/null && network-get "$@"; }

# Usage: open_port PORT[/PROTOCOL]
# Open a port once the application is exposed.
open_port() { { builtin local - && builtin set +x; } 2>/dev/null && open-port "$@"; }

# Usage: close_port PORT[/PROTOCOL]
# Close a port.
close_port() { { builtin local - && builtin set +x; } 2>/dev/null && close-port "$@"; }

# Usage: opened_ports
# Print the ports that this unit has opened.
opened_ports() { { builtin local - && builtin set +x; } 2>/dev/null && opened-ports "$@"; }

# Usage: resource_get NAME
# Fetch a resource, and print its path.
resource_get() { { builtin local - && builtin set +x; } 2>/dev/null && resource-get "$@"; }

# Usage: storage_list [NAME]
# Print the unit's storage.
storage_list() { { builtin local - && builtin set +x; } 2>/dev/null && storage-list "$@"; }

# Usage: storage_get [-s ID] [KEY]
# Print facts about a storage.
storage_get() { { builtin local - && builtin set +x; } 2>/dev/null && storage-get "$@"; }

# Usage: storage_add NAME[=COUNT]...
# Ask for more storage.
storage_add() { { builtin local - && builtin set +x; } 2>/dev/null && storage-add "$@"; }

# Usage: secret_add KEY=VALUE...
# Add a secret, and print its id.
secret_add() { { builtin local - && builtin set +x; } 2>/dev/null && secret-add "$@"; }

# Usage: secret_set ID KEY=VALUE...
# Write a new revision of a secret.
secret_set() { { builtin local - && builtin set +x; } 2>/dev/null && secret-set "$@"; }

# Usage: secret_get ID [KEY]
# Print a secret.
secret_get() { { builtin local - && builtin set +x; } 2>/dev/null && secret-get "$@"; }

# Usage: secret_grant ID -r RELATION
# Let the other side of a relation read a secret.
secret_grant() { { builtin local - && builtin set +x; } 2>/dev/null && secret-grant "$@"; }

# Usage: secret_revoke ID -r RELATION
# Take back a grant.
secret_revoke() { { builtin local - && builtin set +x; } 2>/dev/null && secret-revoke "$@"; }

# Usage: secret_remove ID
# Remove a secret.
secret_remove() { { builtin local - && builtin set +x; } 2>/dev/null && secret-remove "$@"; }

# Usage: secret_ids
# Print the ids of the secrets of this application.
secret_ids() { { builtin local - && builtin set +x; } 2>/dev/null && secret-ids "$@"; }

# Usage: secret_info_get ID
# Print facts about a secret.
secret_info_get() { { builtin local - && builtin set +x; } 2>/dev/null && secret-info-get "$@"; }

# Usage: action_get [KEY]
# Print a parameter of the action.
action_get() { { builtin local - && builtin set +x; } 2>/dev/null && action-get "$@"; }

# Usage: action_set KEY=VALUE...
# Add to the action's results.
action_set() { { builtin local - && builtin set +x; } 2>/dev/null && action-set "$@"; }

# Usage: action_log MESSAGE
# Report the progress of the action.
action_log() { { builtin local - && builtin set +x; } 2>/dev/null && action-log "$@"; }

# Usage: action_fail [MESSAGE]
# Let the action fail at its end.
action_fail() { { builtin local - && builtin set +x; } 2>/dev/null && action-fail "$@"; }

# Usage: goal_state
# Print what the model shall become.
goal_state() { { builtin local - && builtin set +x; } 2>/dev/null && goal-state "$@"; }

# Usage: juju_log [-l LEVEL] MESSAGE
# Write to Juju's log.
juju_log() { { builtin local - && builtin set +x; } 2>/dev/null && juju-log "$@"; }

# Usage: application_version_set VERSION
# Say which version of the software runs.
application_version_set() { { builtin local - && builtin set +x; } 2>/dev/null && application-version-set "$@"; }

# Usage: add_metric KEY=VALUE...
# Record metrics, in the hook collect-metrics.
add_metric() { { builtin local - && builtin set +x; } 2>/dev/null && add-metric "$@"; }

# Usage: credential_get
# Print the credentials of the cloud.
credential_get() { { builtin local - && builtin set +x; } 2>/dev/null && credential-get "$@"; }

# Usage: relation_model_get [-r ID]
# Print facts about the model of a relation.
relation_model_get() { { builtin local - && builtin set +x; } 2>/dev/null && relation-model-get "$@"; }

_reactive_load "$@"
_reactive_loaded=(yes)
# In one piece: bash has read it before there are aliases again.
{
  if [[ :$_reactive_aliases: == *:expand_aliases:* ]]; then builtin shopt -s expand_aliases; fi
  if [[ -n $_reactive_xtrace ]]; then builtin set -x; fi
}
