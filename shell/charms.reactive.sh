# shellcheck shell=bash
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
# Decorators, in any order and number before a function:
#
#   @hook PATTERN...              in the hooks that match, such as {provides:http}-relation-{joined,changed}
#   @action NAME...               in the actions of these names
#   @when FLAG...                 when all of the flags are set (also @when_all)
#   @when_any FLAG...             when at least one of the flags is set
#   @when_not FLAG...             when none of the flags is set (also @when_none)
#   @when_not_all FLAG...         when at least one of the flags is not set
#   @when_file_changed FILE...    when a file differs from what the function saw when it last succeeded
#   @only_once                    once in the life of the unit
#   @not_unless FLAG...           warn when the function is called without the flags
#   @collect_metrics              in the hook collect-metrics
#   @meter_status_changed         in the hook meter-status-changed
#   @at_start                     at the start of each hook, before any handler
#   @at_exit                      at the end of each hook, when all handlers have succeeded
#   @method [--json]              in an interface layer: relation_call may call the function
#
# In a file of an interface layer (reactive/relations/INTERFACE/provides.sh, requires.sh, peers.sh) functions
# run once for each endpoint that uses it: {endpoint_name} in decorators and $endpoint_name in functions.
# What a method prints is its answer: text without the last line ends, or JSON. It ends with its standard
# output, so a background job must not keep that. `return 1` says no; any other status, exit with one, and a
# command that fails under errexit are errors: there write `is_flag_set FLAG || return 1`.
#
# Helpers:
#
#   set_flag FLAG                 set a flag
#   clear_flag FLAG               clear a flag
#   toggle_flag FLAG true|false   set or clear a flag
#   is_flag_set FLAG              succeed if the flag is set
#   all_flags_set FLAG...         succeed if all of the flags are set
#   any_flags_set FLAG...         succeed if one of the flags is set
#   get_flags                     print the flags that are set, one per line
#   register_trigger --when FLAG | --when_not FLAG, --set_flag FLAG and/or --clear_flag FLAG
#                                 tie a change of one flag to changes of others
#   layer_option LAYER OPTION     print a layer's option; a boolean answers by status
#   relation_call --flag FLAG METHOD [ARG...]
#                                 call a method of a relation's endpoint
#   state_relation_call FLAG METHOD [ARG...]
#                                 the same, under its old name
#   name_relation_get NAME UNIT [KEY]
#                                 relation-get by the name of the relation
#   relation_id NAME REMOTE       print the id of the relation of a unit or an application
#   endpoint_relations ENDPOINT   print the ids of the endpoint's relations
#   endpoint_units ENDPOINT       print the names of the remote units that are joined
#   endpoint_departed ENDPOINT [--clear]
#                                 print the names of the units that have left, and forget them
#   endpoint_get ENDPOINT [KEY]   print what the other side has published (--from UNIT, --relation, --app)
#   endpoint_set ENDPOINT KEY=VALUE...
#                                 publish at the end of the hook (--relation, --app, --as-json)
#   request_create ENDPOINT FIELD=VALUE...
#                                 send a request, and print its id (--relation, --request-id, --as-json)
#   request_list ENDPOINT [--new] [REQUEST_ID [FIELD]]
#                                 print the ids of requests, one request, or a field of it
#   request_respond ENDPOINT REQUEST_ID FIELD=VALUE...
#                                 answer a request (--relation, --as-json)
#   request_response ENDPOINT REQUEST_ID [FIELD]
#                                 print a response, or a field of it (--match FIELD=VALUE instead of the id)
#   render_template SOURCE TARGET [k=v...]
#                                 render a template with the environment and all shell variables
#   data_changed ID VALUE         succeed if the value differs from the last call, and remember it
#   is_data_changed ID VALUE      the same, remembering nothing
#   any_file_changed FILE...      succeed if a file changed since the last call, and remember it
#   was_invoked ID, mark_invoked ID
#                                 whether something was marked as done
#   juju_reboot [--now]           keep what has changed so far, then juju-reboot
#   set_state, remove_state, is_state, all_states, any_states
#                                 deprecated names of set_flag, clear_flag, is_flag_set, ...
#   layer_lib NAME                source lib/charms/layer/NAME.sh, what the layer NAME offers to others
#   charms.reactive COMMAND...    every other command; see charms.reactive --help
#   config_get, status_set, ...   Juju's hook tools under names with underscores
#
# The library works under any shell options and changes none of them. Its private names begin with
# _reactive_. How it finds the function behind a decorator: it reads on in the file, from the decorator's
# line to the next definition. How it talks to the engine: shell/channel.sh.

{
  _reactive_xtrace=${-//[!x]/}
  set +x
} 2>/dev/null

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  while IFS= read -r _reactive_line; do
    case $_reactive_line in
    '# shellcheck'* | '#') [[ $_reactive_line != '#' ]] || echo ;;
    '# '*) printf '%s\n' "${_reactive_line#'# '}" ;;
    *) break ;;
    esac
  done <"$0"
  exit 0
fi

# Where the library lives. In a dispatch the engine says it; a link is followed only where there is one.
_reactive_home=${CHARMS_REACTIVE_SHELL:-}
if [[ -z $_reactive_home ]]; then
  _reactive_home=${BASH_SOURCE[0]}
  [[ ! -L $_reactive_home ]] || _reactive_home=$(readlink -f "$_reactive_home")
  [[ $_reactive_home == /* ]] || _reactive_home=$PWD/$_reactive_home
  _reactive_home=${_reactive_home%/*}
fi

# shellcheck source=shell/channel.sh
source "$_reactive_home/channel.sh"
# shellcheck source=shell/request.sh
source "$_reactive_home/request.sh"
# shellcheck source=shell/handler-file.sh
source "$_reactive_home/handler-file.sh"

# Decorators

@hook() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate hook "$@"
}

@action() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate action "$@"
}

@when() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate when "$@"
}

@when_all() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate when_all "$@"
}

@when_any() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate when_any "$@"
}

@when_not() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate when_not "$@"
}

@when_none() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate when_none "$@"
}

@when_not_all() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate when_not_all "$@"
}

@when_file_changed() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate when_file_changed "$@"
}

@only_once() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate only_once "$@"
}

@not_unless() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate not_unless "$@"
}

@collect_metrics() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate collect_metrics "$@"
}

@meter_status_changed() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate meter_status_changed "$@"
}

@at_start() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate at_start "$@"
}

@at_exit() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate at_exit "$@"
}

@method() {
  { local - && set +x; } 2>/dev/null
  _reactive_decorate method "$@"
}

# Helpers

# Usage: charms.reactive COMMAND [WORD...]
# Any command of the toolkit. In a dispatch it starts nothing.
charms.reactive() {
  { local - && set +x; } 2>/dev/null
  case ${1-} in
  render_template) _reactive_render "${@:2}" ;;
  data_changed | is_data_changed) _reactive_data "$@" ;;
  set_flag | clear_flag | set_state | remove_state) _reactive_change "$@" ;;
  *) _reactive_request "$@" ;;
  esac
}

set_flag() {
  { local - && set +x; } 2>/dev/null
  _reactive_change set_flag "$@"
}

clear_flag() {
  { local - && set +x; } 2>/dev/null
  _reactive_change clear_flag "$@"
}

toggle_flag() {
  { local - && set +x; } 2>/dev/null
  _reactive_request toggle_flag "$@"
}

is_flag_set() {
  { local - && set +x; } 2>/dev/null
  _reactive_request is_flag_set "$@"
}

all_flags_set() {
  { local - && set +x; } 2>/dev/null
  _reactive_request all_flags_set "$@"
}

any_flags_set() {
  { local - && set +x; } 2>/dev/null
  _reactive_request any_flags_set "$@"
}

get_flags() {
  { local - && set +x; } 2>/dev/null
  _reactive_request get_flags "$@"
}

# In an interface layer {endpoint_name} is expanded: at top level for each endpoint, in a function for its own.
register_trigger() {
  { local - && set +x; } 2>/dev/null
  if [[ $* != *'{endpoint_name}'* || -z ${_reactive_process-} ]]; then
    _reactive_request register_trigger "$@"
  elif [[ -n ${_reactive_given[1]-} ]]; then
    _reactive_request register_trigger "${@//'{endpoint_name}'/"${_reactive_given[1]}"}"
  else
    _reactive_call "$_reactive_channel" _each "$_reactive_process" register_trigger "$@"
  fi
}

layer_option() {
  { local - && set +x; } 2>/dev/null
  _reactive_request layer_option "$@"
}

relation_call() {
  { local - && set +x; } 2>/dev/null
  _reactive_request relation_call "$@"
}

endpoint_relations() {
  { local - && set +x; } 2>/dev/null
  _reactive_request endpoint_relations "$@"
}

endpoint_units() {
  { local - && set +x; } 2>/dev/null
  _reactive_request endpoint_units "$@"
}

endpoint_departed() {
  { local - && set +x; } 2>/dev/null
  _reactive_request endpoint_departed "$@"
}

endpoint_get() {
  { local - && set +x; } 2>/dev/null
  _reactive_request endpoint_get "$@"
}

endpoint_set() {
  { local - && set +x; } 2>/dev/null
  _reactive_request endpoint_set "$@"
}

request_create() {
  { local - && set +x; } 2>/dev/null
  _reactive_request request_create "$@"
}

request_list() {
  { local - && set +x; } 2>/dev/null
  _reactive_request request_list "$@"
}

request_respond() {
  { local - && set +x; } 2>/dev/null
  _reactive_request request_respond "$@"
}

request_response() {
  { local - && set +x; } 2>/dev/null
  _reactive_request request_response "$@"
}

any_file_changed() {
  { local - && set +x; } 2>/dev/null
  _reactive_request any_file_changed "$@"
}

was_invoked() {
  { local - && set +x; } 2>/dev/null
  _reactive_request was_invoked "$@"
}

mark_invoked() {
  { local - && set +x; } 2>/dev/null
  _reactive_request mark_invoked "$@"
}

data_changed() {
  { local - && set +x; } 2>/dev/null
  _reactive_data data_changed "$@"
}

is_data_changed() {
  { local - && set +x; } 2>/dev/null
  _reactive_data is_data_changed "$@"
}

render_template() {
  { local - && set +x; } 2>/dev/null
  _reactive_render "$@"
}

# Usage: layer_lib NAME
# Source lib/charms/layer/NAME.sh of the charm, once per process; an underscore stands for each hyphen.
# Variables that it declares are global only with `declare -g`, since a function sources it.
layer_lib() {
  { local - _reactive_options=$- _reactive_lib=${1-} && set +x; } 2>/dev/null
  _reactive_lib=lib/charms/layer/${_reactive_lib//-/_}.sh
  [[ $_reactive_libs != *":$_reactive_lib:"* ]] || return 0
  if [[ ! -f ${CHARM_DIR:-${JUJU_CHARM_DIR:-$PWD}}/$_reactive_lib || $_reactive_lib == */../* ]]; then
    printf 'charms.reactive: layer_lib: no layer has such a file: %s\n' "$_reactive_lib" >&2
    return 3
  fi
  _reactive_libs+=:$_reactive_lib:
  set --
  [[ $_reactive_options != *x* ]] || set -x
  # shellcheck source=/dev/null
  source "${CHARM_DIR:-${JUJU_CHARM_DIR:-$PWD}}/$_reactive_lib"
}

# Usage: juju_reboot [--now]
# Keep what has changed so far, then ask Juju to reboot the machine: the hook starts again after it.
juju_reboot() {
  { local - && set +x; } 2>/dev/null
  _reactive_request checkpoint && juju-reboot "$@"
}

# Deprecated names, the most used of all

set_state() {
  { local - && set +x; } 2>/dev/null
  _reactive_change set_state "$@"
}

remove_state() {
  { local - && set +x; } 2>/dev/null
  _reactive_change remove_state "$@"
}

is_state() {
  { local - && set +x; } 2>/dev/null
  _reactive_request is_state "$@"
}

all_states() {
  { local - && set +x; } 2>/dev/null
  _reactive_request all_states "$@"
}

any_states() {
  { local - && set +x; } 2>/dev/null
  _reactive_request any_states "$@"
}

# Usage: state_relation_call FLAG METHOD [ARG...]
state_relation_call() {
  { local - && set +x; } 2>/dev/null
  _reactive_request relation_call --flag "$@"
}

# Usage: relation_id NAME UNIT_OR_APPLICATION
relation_id() {
  { local - && set +x; } 2>/dev/null
  _reactive_request relation_id "$@"
}

# Usage: name_relation_get NAME UNIT [KEY] [--format=FORMAT]
name_relation_get() {
  { local - && set +x; } 2>/dev/null
  _reactive_request name_relation_get "$@"
}

# Hook tools

# Usage: config_get [KEY]
# Answered from the one config-get of the hook; other forms go to the tool itself.
config_get() {
  { local - && set +x; } 2>/dev/null
  if [[ -n $_reactive_channel && $# -eq 1 && $1 != -* ]]; then
    _reactive_call "$_reactive_channel" config_get "$1"
  else
    config-get "$@"
  fi
}

relation_ids() {
  { local - && set +x; } 2>/dev/null
  relation-ids "$@"
}

relation_list() {
  { local - && set +x; } 2>/dev/null
  relation-list "$@"
}

relation_get() {
  { local - && set +x; } 2>/dev/null
  relation-get "$@"
}

relation_set() {
  { local - && set +x; } 2>/dev/null
  relation-set "$@"
}

is_leader() {
  { local - && set +x; } 2>/dev/null
  is-leader "$@"
}

# Usage: leader_get [KEY]
# Answered from the one leader-get of the hook; other forms go to the tool itself.
leader_get() {
  { local - && set +x; } 2>/dev/null
  if [[ -n $_reactive_channel && $# -le 1 && ${1-} != -* ]]; then
    _reactive_call "$_reactive_channel" leader_get "$@"
  else
    leader-get "$@"
  fi
}

# Usage: leader_set KEY=VALUE...
# Written at once. In a dispatch the flags leadership.set.KEY and leadership.changed.KEY move at once, too.
leader_set() {
  { local - && set +x; } 2>/dev/null
  [[ ${1-} != -- ]] || shift
  if [[ -n $_reactive_channel && $# -gt 0 && $1 != -* ]]; then
    _reactive_call "$_reactive_channel" leader_set -- "$@"
  else
    leader-set "$@"
  fi
}

status_set() {
  { local - && set +x; } 2>/dev/null
  status-set "$@"
}

status_get() {
  { local - && set +x; } 2>/dev/null
  status-get "$@"
}

state_get() {
  { local - && set +x; } 2>/dev/null
  state-get "$@"
}

state_set() {
  { local - && set +x; } 2>/dev/null
  state-set "$@"
}

state_delete() {
  { local - && set +x; } 2>/dev/null
  state-delete "$@"
}

unit_get() {
  { local - && set +x; } 2>/dev/null
  unit-get "$@"
}

network_get() {
  { local - && set +x; } 2>/dev/null
  network-get "$@"
}

open_port() {
  { local - && set +x; } 2>/dev/null
  open-port "$@"
}

close_port() {
  { local - && set +x; } 2>/dev/null
  close-port "$@"
}

opened_ports() {
  { local - && set +x; } 2>/dev/null
  opened-ports "$@"
}

resource_get() {
  { local - && set +x; } 2>/dev/null
  resource-get "$@"
}

storage_list() {
  { local - && set +x; } 2>/dev/null
  storage-list "$@"
}

storage_get() {
  { local - && set +x; } 2>/dev/null
  storage-get "$@"
}

storage_add() {
  { local - && set +x; } 2>/dev/null
  storage-add "$@"
}

secret_add() {
  { local - && set +x; } 2>/dev/null
  secret-add "$@"
}

secret_set() {
  { local - && set +x; } 2>/dev/null
  secret-set "$@"
}

secret_get() {
  { local - && set +x; } 2>/dev/null
  secret-get "$@"
}

secret_grant() {
  { local - && set +x; } 2>/dev/null
  secret-grant "$@"
}

secret_revoke() {
  { local - && set +x; } 2>/dev/null
  secret-revoke "$@"
}

secret_remove() {
  { local - && set +x; } 2>/dev/null
  secret-remove "$@"
}

secret_ids() {
  { local - && set +x; } 2>/dev/null
  secret-ids "$@"
}

secret_info_get() {
  { local - && set +x; } 2>/dev/null
  secret-info-get "$@"
}

action_get() {
  { local - && set +x; } 2>/dev/null
  action-get "$@"
}

action_set() {
  { local - && set +x; } 2>/dev/null
  action-set "$@"
}

action_log() {
  { local - && set +x; } 2>/dev/null
  action-log "$@"
}

action_fail() {
  { local - && set +x; } 2>/dev/null
  action-fail "$@"
}

goal_state() {
  { local - && set +x; } 2>/dev/null
  goal-state "$@"
}

juju_log() {
  { local - && set +x; } 2>/dev/null
  juju-log "$@"
}

application_version_set() {
  { local - && set +x; } 2>/dev/null
  application-version-set "$@"
}

add_metric() {
  { local - && set +x; } 2>/dev/null
  add-metric "$@"
}

credential_get() {
  { local - && set +x; } 2>/dev/null
  credential-get "$@"
}

relation_model_get() {
  { local - && set +x; } 2>/dev/null
  relation-model-get "$@"
}

_reactive_load "$@"
if [[ -n $_reactive_xtrace ]]; then
  unset _reactive_xtrace
  set -x
else
  unset _reactive_xtrace
fi
