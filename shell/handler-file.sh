# shellcheck shell=bash
# What a handler file does with its decorators: register them with the engine, run the functions that it
# asks for, or answer `--test` and `--invoke` by itself where there is no engine around. The words that go
# over the channel are listed in src/handlers/bash/processes.ts. Sourced by charms.reactive.sh.

# Usage: _reactive_load [ARGUMENT...]
# Find out who runs this file, with the file's own arguments. Sets
#   _reactive_channel    the engine around us, if there is one
#   _reactive_process    our number, when the engine runs this file as a handler file
#   _reactive_mode       --test or --invoke, _reactive_asked what follows it
#   _reactive_words      what the decorators said, for the engine
#   _reactive_names, _reactive_places, _reactive_specs, _reactive_guards
#                        for each decorated function its name, `LINE FILE`, its conditions for
#                        `charms.reactive test`, and its number among _reactive_words' guards
#   _reactive_file, _reactive_first, _reactive_found
#                        the file of the last function, the line of its first decorator, and its own
#   _reactive_bodies     the text of functions whose name is given away to a later one
#   _reactive_start      the working directory of now
#   _reactive_libs       the files that layer_lib has sourced, each between colons
#   _reactive_stdout     where the answer to --test goes
_reactive_load() {
  _reactive_channel=${CHARMS_REACTIVE_CHANNEL-}
  _reactive_process=${CHARMS_REACTIVE_PROCESS-}
  _reactive_mode=${1:---test}
  _reactive_asked=${2-}
  _reactive_words=() _reactive_names=() _reactive_places=() _reactive_specs=() _reactive_guards=() _reactive_bodies=()
  _reactive_file='' _reactive_first=0 _reactive_found=0 _reactive_line='' _reactive_erred='' _reactive_start=$PWD _reactive_stdout='' _reactive_libs=''
  # What this file starts is not this file.
  unset CHARMS_REACTIVE_PROCESS
  if [[ -z $_reactive_process ]]; then
    [[ ${1-} != --test ]] || _reactive_reserve
    return 0
  fi
  # A script that the handler file runs has another PID.
  if ! _reactive_tell _loaded "$$" 2>/dev/null; then
    _reactive_process=
  elif [[ $_reactive_mode == --test ]]; then
    # A trap of the file's own comes behind ours, and finds the same status.
    _reactive_trapped EXIT
    _reactive_own_trap=$_reactive_trap
    trap '{ _reactive_ended "$?" "$BASH_COMMAND" && :; } 2>/dev/null'$'\n'"$_reactive_own_trap" EXIT
    trap '{ _reactive_missing "$?" "${BASH_SOURCE[0]}" "$LINENO" "$BASH_COMMAND"; } 2>/dev/null' ERR
  fi
}

# Usage: _reactive_trapped SIGNAL
# Sets _reactive_trap to the command of a trap. A pipe of our own takes the place of a substitution's fork.
_reactive_trapped() {
  local _reactive_text=''
  {
    trap -p "$1" >/proc/self/fd/0
    printf '\0' >/proc/self/fd/0
    IFS= read -r -d '' _reactive_text
  } <<<'' <>/proc/self/fd/0
  # Safe: the text is what `trap -p` printed, quoted by bash.
  eval "set -- ${_reactive_text#?}"
  _reactive_trap=${3-}
}

# Take our traps back; one that the file has set since stays.
_reactive_untrap() {
  trap - ERR
  _reactive_trapped EXIT
  [[ $_reactive_trap == '{ _reactive_ended '* ]] || return 0
  trap - EXIT
  [[ -z $_reactive_own_trap ]] || trap -- "$_reactive_own_trap" EXIT
}

# Keep stdout for the answer to --test: what the top level prints goes to stderr. Sets _reactive_stdout.
_reactive_reserve() {
  [[ -e /proc/self/fd/1 ]] || return 0
  exec {_reactive_stdout}>&1 >&2
}

# Usage: _reactive_tell WORD...
# Say something to the engine about this process, if it runs it; only the status comes back.
_reactive_tell() {
  [[ -n $_reactive_process ]] || return 0
  _reactive_call "$_reactive_channel" "$1" "$_reactive_process" "${@:2}"
}

# Usage: _reactive_decorate NAME [WORD...]
# Note a decorator of the function that follows it. The caller is a decorator, the frame above it the
# handler file, or a function of the charm that wraps decorators.
_reactive_decorate() {
  local _reactive_frame=2
  while [[ ${FUNCNAME[_reactive_frame]:-main} != @(main|source) ]]; do
    _reactive_frame=$((_reactive_frame + 1))
  done
  local _reactive_source=${BASH_SOURCE[_reactive_frame]-} _reactive_number=${BASH_LINENO[_reactive_frame - 1]}
  _reactive_locate
  _reactive_find "$_reactive_source" "$_reactive_number" || _reactive_unknown "$_reactive_source" "$_reactive_number"
  local _reactive_last=$((${#_reactive_names[@]} - 1))
  if [[ $1 == not_unless ]]; then
    _reactive_words+=(guard "$(($# - 1))" "${@:2}")
    _reactive_guards[_reactive_last]=$((${#_reactive_words[@]} - $# - 1))
  else
    _reactive_words+=(condition "$1" "$(($# - 1))" "${@:2}")
    [[ -n $_reactive_process || $1 == method ]] || _reactive_spec "$@"
  fi
}

# Makes _reactive_source absolute: a relative name was said where the shell was then, maybe before a `cd`.
_reactive_locate() {
  local _reactive_from=''
  [[ $_reactive_source != /* ]] || return 0
  for _reactive_from in "$PWD" "${OLDPWD-}" "$_reactive_start" "$PWD"; do
    [[ ! -e $_reactive_from/$_reactive_source ]] || break
  done
  while [[ $_reactive_source == ./* ]]; do _reactive_source=${_reactive_source#./}; done
  _reactive_source=${_reactive_from%/}/$_reactive_source
}

# Usage: _reactive_find FILE LINE
# See that the last of _reactive_names is the first function defined at or behind the line.
_reactive_find() {
  local _reactive_index=$(($2 - 1)) _reactive_text='' _reactive_place=''
  local _reactive_definition='^[[:space:]]*(function[[:space:]]+([^[:space:]()]+)|([^][:space:]()"'\''`$;&|<>=#]+)[[:space:]]*\([[:space:]]*\))'
  # Between another decorator and the function that was found for that there is no other.
  (($2 <= _reactive_first || $2 > _reactive_found)) || [[ $_reactive_file != "$1" ]] || return 0
  if [[ $_reactive_file != "$1" ]]; then
    mapfile -t _reactive_lines 2>/dev/null <"$1" || return
    _reactive_file=$1
  fi
  # On the decorator's own line the function stands behind a semicolon, or `&&`.
  _reactive_text=${_reactive_lines[_reactive_index]-}
  while [[ $_reactive_text == *[\;\&]* && ! $_reactive_text =~ $_reactive_definition ]]; do
    _reactive_text=${_reactive_text#*[;&]}
  done
  # To compile the expression takes far longer than to see that a line has no definition.
  until [[ ($_reactive_text == *'('* || $_reactive_text == *function*) && $_reactive_text =~ $_reactive_definition ]]; do
    _reactive_index=$((_reactive_index + 1))
    ((_reactive_index < ${#_reactive_lines[@]})) || return
    _reactive_text=${_reactive_lines[_reactive_index]}
  done
  _reactive_first=$2 _reactive_found=$((_reactive_index + 1))
  _reactive_text=${BASH_REMATCH[2]}${BASH_REMATCH[3]}
  [[ ' printf read local declare return kill trap set unset shift eval exec exit mapfile source ' != *" $_reactive_text "* ]] ||
    _reactive_unknown "$1" "$((_reactive_index + 1))" "$_reactive_text"
  _reactive_place="$((_reactive_index + 1)) $1"
  ((${#_reactive_places[@]} == 0)) || [[ ${_reactive_places[${#_reactive_places[@]} - 1]} != "$_reactive_place" ]] || return 0
  [[ $_reactive_mode != --invoke ]] || _reactive_keep "$_reactive_text"
  _reactive_names+=("$_reactive_text")
  _reactive_places+=("$_reactive_place")
  _reactive_words+=(function "$_reactive_text" "$((_reactive_index + 1))" "$1")
}

# Usage: _reactive_keep NAME
# Two decorated functions of one name are two handlers: keep the first while it is still defined.
_reactive_keep() {
  local _reactive_index=0
  for _reactive_index in "${!_reactive_names[@]}"; do
    [[ ${_reactive_names[_reactive_index]} == "$1" && -z ${_reactive_bodies[_reactive_index]-} ]] || continue
    _reactive_bodies[_reactive_index]=$(declare -f -- "$1")
  done
}

# Usage: _reactive_spec NAME [WORD...]
# Append a condition to the last function's line for `charms.reactive test`, quoted twice as it wants.
_reactive_spec() {
  local _reactive_inner='' _reactive_word='' _reactive_quote=\'
  local _reactive_quoted=$_reactive_quote\\$_reactive_quote$_reactive_quote
  for _reactive_word in "${@:2}"; do
    _reactive_inner+=" '${_reactive_word//"$_reactive_quote"/"$_reactive_quoted"}'"
  done
  _reactive_specs[_reactive_last]+=" '$1' '${_reactive_inner//"$_reactive_quote"/"$_reactive_quoted"}'"
}

# Usage: _reactive_unknown FILE LINE [BUILTIN]
# A decorator without a function, or with one that would take the place of a builtin that the library needs.
_reactive_unknown() {
  [[ -z $_reactive_process ]] || _reactive_untrap
  [[ -z $_reactive_process ]] || _reactive_tell _unknown "$@"
  [[ -n $_reactive_process ]] ||
    printf 'charms.reactive: %s: %s\n' "${3:+a handler has the name of the builtin }${3-a decorator without a function}" "$1:$2" >&2
  exit 3
}

# The top level of the file ended before reactive_handler_main.
_reactive_ended() {
  _reactive_tell _ended "$1" "${_reactive_erred:-$0}" "${_reactive_line-}" "$2"
  return "$1"
}

# A file that cannot be sourced is an error also where errexit is off; bash has said why on stderr.
_reactive_missing() {
  case $4 in
  'source '* | '. '*) _reactive_tell _source "${@:2}" ;;
  esac
  [[ $- == *e* ]] || return 0
  # Under errexit this is the end, also where an EXIT trap of the file has replaced ours.
  _reactive_erred=$2 _reactive_line=$3
  _reactive_ended "$1" "$4"
}

# Usage: reactive_handler_main
# The last line of a handler file: register its functions, or run those that are asked for.
reactive_handler_main() {
  { local - _reactive_options=$- && set +xe; } 2>/dev/null
  local _reactive_index=0
  for _reactive_index in "${!_reactive_names[@]}"; do
    declare -F -- "${_reactive_names[_reactive_index]}" >/dev/null 2>&1 ||
      _reactive_unknown "${_reactive_places[_reactive_index]#* }" "${_reactive_places[_reactive_index]%% *}"
  done
  case ${_reactive_process:+engine}$_reactive_mode in
  engine--test)
    _reactive_untrap
    _reactive_tell _register ${_reactive_words[@]+"${_reactive_words[@]}"}
    exit
    ;;
  engine--invoke) _reactive_serve ;;
  --test) _reactive_test ;;
  --invoke) _reactive_invoke ;;
  esac
}

# Run what the engine asks for, until the end of the iteration.
_reactive_serve() {
  local _reactive_ran=() _reactive_trap='' _reactive_text='' _reactive_given=()
  _reactive_wrap
  # A trap on ERR of the file's own goes before ours, which only finds out where a command failed.
  _reactive_trap=$(trap -p ERR)
  trap - ERR
  while _reactive_next; do
    _reactive_cut
    for _reactive_index in "${!_reactive_places[@]}"; do
      [[ ${_reactive_places[_reactive_index]} != "${_reactive_given[0]}" ]] || break
    done
    if [[ ${_reactive_places[_reactive_index]-} != "${_reactive_given[0]}" ]]; then
      _reactive_ran=(3)
      _reactive_fault 'the function is not decorated this time'
    elif [[ ${_reactive_given[2]-} == method ]]; then
      _reactive_text=$(_reactive_run "${_reactive_given[@]:3}")
      _reactive_ran=("$?" "$_reactive_text")
    else
      (_reactive_run)
      _reactive_ran=("$?")
    fi
  done
}

# Tell how the function before has ended, and wait for the next one in _reactive_text.
_reactive_next() {
  _reactive_keep=true _reactive_call "$_reactive_channel" _next "$_reactive_process" ${_reactive_ran[@]+"${_reactive_ran[@]}"}
  local _reactive_status=$?
  ((_reactive_status == 2 && ${#_reactive_ran[@]} == 2)) || return "$_reactive_status"
  # The channel does not take what a method has printed.
  _reactive_ran=(3)
  _reactive_fault 'what it prints is not UTF-8, or more than 16 MiB'
  _reactive_next
}

# Usage: _reactive_fault REASON
# Say why the function that was asked for fails.
_reactive_fault() {
  _reactive_tell _failed 3 "${_reactive_given[0]#* }" "${_reactive_given[0]%% *}" "$1"
}

# Cut _reactive_text into the words _reactive_given: their sizes in bytes on a line, then all in one piece.
_reactive_cut() {
  local LC_ALL=C IFS=' ' _reactive_size='' _reactive_sizes='' _reactive_word=''
  _reactive_given=()
  {
    read -r _reactive_sizes
    for _reactive_size in $_reactive_sizes; do
      _reactive_word=''
      ((_reactive_size == 0)) || IFS='' read -r -N "$_reactive_size" _reactive_word
      _reactive_given+=("$_reactive_word")
    done
  } <<<"$_reactive_text"
}

# Usage: _reactive_run [WORD...]
# Run the function _reactive_index in this subshell, under the file's own options.
_reactive_run() {
  local _reactive_name=${_reactive_names[_reactive_index]}
  # Not local: at an unbound variable bash leaves all functions before it calls the EXIT trap.
  _reactive_place=${_reactive_places[_reactive_index]} _reactive_reported='' _reactive_failure=()
  _reactive_kind=${_reactive_given[2]-}
  # In an interface layer the function runs for one endpoint.
  [[ -z ${_reactive_given[1]-} ]] || endpoint_name=${_reactive_given[1]}
  # The engine waits for the end of this function, and so for what it asks without waiting.
  _reactive_running=$_reactive_process
  # Safe: the text is what `declare -f` printed of this function.
  [[ -z ${_reactive_bodies[_reactive_index]-} ]] || eval "${_reactive_bodies[_reactive_index]}"
  trap '{ _reactive_exited "$?" "$BASH_COMMAND"; } 2>/dev/null' EXIT
  if [[ -n $_reactive_trap ]]; then
    # Safe: the text is what `trap -p` printed.
    eval "$_reactive_trap"
  else
    set -E
    trap '{ _reactive_failed "$?" "$BASH_COMMAND"; } 2>/dev/null' ERR
  fi
  [[ -z ${CHARMS_REACTIVE_STRICT-} ]] || set -euo pipefail
  [[ $_reactive_options != *e* ]] || set -e
  [[ $_reactive_options != *x* ]] || set -x
  "$_reactive_name" "$@"
  { _reactive_returned "$?"; } 2>/dev/null
}

# Usage: _reactive_failed STATUS COMMAND
# On ERR: note where it was in the charm's own code. Under errexit this is the end, so say it.
_reactive_failed() {
  local _reactive_frame=1
  while [[ ${BASH_SOURCE[_reactive_frame]-} == "$_reactive_home"/* ]]; do
    _reactive_frame=$((_reactive_frame + 1))
  done
  if [[ ${FUNCNAME[_reactive_frame]:-main} == @(main|source) ]]; then
    # The status of the function itself: the command that gave it may be known already, with its line.
    [[ ${_reactive_failure[0]-} == "$1" && ${_reactive_failure[3]-} == "$2" ]] ||
      _reactive_failure=("$1" "${_reactive_place#* }" "${_reactive_place%% *}" "$2")
  else
    _reactive_failure=("$1" "${BASH_SOURCE[_reactive_frame]-}" "${BASH_LINENO[_reactive_frame - 1]}" "$2")
    ((_reactive_frame == 1)) || _reactive_failure[3]=${FUNCNAME[_reactive_frame - 1]}
  fi
  [[ $- != *e* ]] || _reactive_report
}

# Tell of the end of the function. One that has come back, as errexit sees it in ours, has failed all the same,
# unless it is a method: then it has answered.
_reactive_report() {
  local _reactive_word=_failed
  [[ $_reactive_kind != method || ${FUNCNAME[2]-} != _reactive_run ]] || _reactive_word=_returned
  _reactive_reported=true
  _reactive_tell "$_reactive_word" "${_reactive_failure[@]}"
}

# On EXIT: an explicit exit, or an error that no ERR announces.
_reactive_exited() {
  [[ $1 != 0 && -z $_reactive_reported ]] || return 0
  # In a substitution bash may name the one itself.
  [[ $2 != '_reactive_text='* ]] || set -- "$1" ''
  _reactive_failure=("$1" "${_reactive_place#* }" "${_reactive_place%% *}" "$2")
  _reactive_report
}

# Usage: _reactive_returned STATUS
# The function returned: with a status it is a warning, since errexit was off. A method answers by it.
_reactive_returned() {
  set +xe
  trap - ERR
  [[ $1 != 0 ]] || return 0
  [[ ${_reactive_failure[0]-} == "$1" ]] ||
    _reactive_failure=("$1" "${_reactive_place#* }" "${_reactive_place%% *}" "$_reactive_name")
  _reactive_reported=true
  _reactive_tell _returned "${_reactive_failure[@]}"
  [[ $_reactive_kind != method ]] || return "$1"
}

# Put a warning in front of each function that `@not_unless` guards.
_reactive_wrap() {
  local _reactive_body=''
  for _reactive_index in "${!_reactive_guards[@]}"; do
    _reactive_body=${_reactive_bodies[_reactive_index]:-$(declare -f -- "${_reactive_names[_reactive_index]}")}
    _reactive_body="function ${_reactive_names[_reactive_index]} { { _reactive_guard $_reactive_index; } 2>/dev/null; ${_reactive_body#*'()'}; }"
    if [[ -n ${_reactive_bodies[_reactive_index]-} ]]; then
      _reactive_bodies[_reactive_index]=$_reactive_body
    else
      # Safe: a number, what `declare -f` printed, and the name of a function that bash has accepted.
      eval "$_reactive_body"
    fi
  done
}

# Usage: _reactive_guard INDEX
_reactive_guard() {
  local -
  set +x
  local _reactive_at=${_reactive_guards[$1]}
  _reactive_tell _guard "${_reactive_places[$1]#* }" "${_reactive_names[$1]}" \
    "${_reactive_words[@]:_reactive_at+2:_reactive_words[_reactive_at + 1]}"
}

# Without an engine: print the names of the functions whose conditions hold; status 1 for none.
_reactive_test() {
  local _reactive_list=() _reactive_result='' _reactive_id=''
  for _reactive_index in "${!_reactive_names[@]}"; do
    _reactive_identify
    _reactive_list+=("'${_reactive_id##*:}' '$_reactive_id'${_reactive_specs[_reactive_index]-}")
  done
  ((${#_reactive_list[@]} > 0)) || exit 1
  _reactive_result=$(_reactive_request test "${_reactive_list[@]}") || exit
  [[ -n $_reactive_result ]] || exit 1
  printf '%s\n' "$_reactive_result" >&"${_reactive_stdout:-1}"
  exit 0
}

# Without an engine: run the functions that --invoke names, each in a subshell: NAME, or in an interface layer
# NAME:ENDPOINT.
_reactive_invoke() {
  local _reactive_id='' _reactive_trap='' _reactive_name='' _reactive_list=() _reactive_given=() _reactive_status=0
  IFS=, read -r -a _reactive_list <<<"$_reactive_asked"
  for _reactive_index in "${!_reactive_names[@]}"; do
    _reactive_identify
    for _reactive_name in ${_reactive_list[@]+"${_reactive_list[@]}"}; do
      [[ $_reactive_name: == "${_reactive_id##*:}":* ]] || continue
      _reactive_name=${_reactive_name#"${_reactive_id##*:}"}
      _reactive_given=('' "${_reactive_name#:}")
      # Not before `||`: there errexit would mean nothing.
      (_reactive_run)
      _reactive_status=$?
      ((_reactive_status == 0)) || exit "$_reactive_status"
      _reactive_request mark_invoked "$_reactive_id$_reactive_name" || exit
    done
  done
}

# Sets _reactive_id: file below the charm dir and name; the second of a name ends with #2.
_reactive_identify() {
  local _reactive_other=0 _reactive_nth=1
  _reactive_id=${_reactive_places[_reactive_index]#* }
  _reactive_id=${_reactive_id#"${CHARM_DIR:-$PWD}/"}:${_reactive_names[_reactive_index]}
  for ((_reactive_other = 0; _reactive_other < _reactive_index; _reactive_other++)); do
    [[ ${_reactive_names[_reactive_other]} != "${_reactive_names[_reactive_index]}" ]] || _reactive_nth=$((_reactive_nth + 1))
  done
  ((_reactive_nth == 1)) || _reactive_id+="#$_reactive_nth"
}
