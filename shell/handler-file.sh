# shellcheck shell=bash
# What a handler file does with its decorators: collect them, and register them with the engine. What finds their
# functions here is in find-functions.sh, what runs them in run-functions.sh, what answers without an engine in
# without-engine.sh, and what refuses a file in refusals.sh: each is sourced when it is needed. The words that go over
# the channel are listed in src/handlers/bash/process.ts. Sourced by charms.reactive.sh.

# Usage: _reactive_load [ARGUMENT...]
# Find out who runs this file, with the file's own arguments. Sets
#   _reactive_channel    the engine around us, if there is one
#   _reactive_process    our number, when the engine runs this file as a handler file
#   _reactive_mode       --test or --invoke, _reactive_asked what follows it
#   _reactive_registers  this file, while it registers with the engine, and _reactive_last its last line with a function
#   _reactive_words      what the decorators said, for the engine
#   _reactive_names, _reactive_places, _reactive_specs, _reactive_guards
#                        for each function that was found here its name, `LINE FILE`, its conditions for
#                        `charms.reactive test`, and where the words of its @not_unless begin
#   _reactive_file, _reactive_first, _reactive_found, _reactive_latest
#                        the file of the last function, the line of its first decorator, its own, and its place
#   _reactive_bodies     the text of functions whose name is given away to a later one
#   _reactive_start      the working directory of now
#   _reactive_libs       the files that layer_lib has sourced, each between colons
#   _reactive_alone      the process that may ask for short replies, and _reactive_answers their pipe
#   _reactive_stdout     where the answer to --test goes
#   _reactive_notice     where a refusal at the top level is noted, without an engine
_reactive_load() {
  _reactive_channel=${CHARMS_REACTIVE_CHANNEL-}
  _reactive_process=${CHARMS_REACTIVE_PROCESS-}
  _reactive_mode=${_reactive_process#*:} _reactive_process=${_reactive_process%%:*}
  _reactive_last=${_reactive_mode##*[!0-9]} _reactive_mode=${_reactive_mode%%:*}
  _reactive_words=() _reactive_names=() _reactive_places=() _reactive_specs=() _reactive_guards=() _reactive_bodies=()
  _reactive_file='' _reactive_first=0 _reactive_found=0 _reactive_latest='' _reactive_line='' _reactive_erred='' _reactive_registers='' _reactive_start=$PWD
  _reactive_stdout='' _reactive_notice='' _reactive_libs='' _reactive_running='' _reactive_capture='' _reactive_endpoint='' _reactive_kind='' _reactive_alone=''
  # What this file starts is not this file.
  builtin unset CHARMS_REACTIVE_PROCESS
  # With such a level of compatibility here-strings are files, and the engine's answers could not reach us.
  case ${_reactive_process:+${BASH_COMPAT-}} in
  [34]* | 5.0 | 50) _reactive_deaf || builtin exit 3 ;;
  esac
  # A script that the handler file runs has another parent, and a subshell of the file is not the file.
  if [[ -z $_reactive_process || $BASHPID != "$$" || $_reactive_channel != "/proc/$PPID/"* || ! -p $_reactive_channel ]]; then
    _reactive_process=''
    # shellcheck source=shell/without-engine.sh
    builtin source "$_reactive_home/without-engine.sh"
    _reactive_prepare "$@"
    builtin return
  fi
  builtin printf '%s\0' '' "$$!" =_loaded "=$_reactive_process" '' >"$_reactive_channel"
  if [[ $_reactive_mode == --test ]]; then
    _reactive_registers=$0 _reactive_words=(file "$0")
    # A trap of the file's own comes behind ours, and finds the same status.
    _reactive_trapped EXIT
    _reactive_own_trap=$_reactive_trap
    builtin trap '{ _reactive_ended "$?" "$BASH_COMMAND" && :; } 2>/dev/null'$'\n'"$_reactive_own_trap" EXIT
    builtin trap '{ _reactive_missing "$?" "${BASH_SOURCE[0]}" "$LINENO" "$BASH_COMMAND"; } 2>/dev/null' ERR
    _reactive_watch
  fi
}

# Usage: _reactive_trapped SIGNAL
# Sets _reactive_trap to the command of a trap. A pipe of our own takes the place of a substitution's fork.
_reactive_trapped() {
  builtin local _reactive_text=''
  {
    builtin trap -p "$1" >/proc/self/fd/0
    builtin printf '\0' >/proc/self/fd/0
    IFS= builtin read -r -d '' _reactive_text
  } <<<'' <>/proc/self/fd/0
  # Safe: the text is what `trap -p` printed, quoted by bash.
  builtin eval "\\builtin set -- ${_reactive_text#?}"
  _reactive_trap=${3-}
}

# Usage: _reactive_tell WORD...
# Say something to the engine about this process, if it runs it; only the status comes back.
_reactive_tell() {
  if [[ -n $_reactive_process ]]; then
    _reactive_call "$_reactive_channel" "$1" "$_reactive_process" "${@:2}"
  fi
}

# Notice decorators that do not exist. bash calls this for a command that it finds nowhere, in a process of its
# own: neither text in a here-document nor a function of the charm gets here. One that the charm has is kept.
_reactive_watch() {
  _reactive_own_handle=''
  if builtin declare -F command_not_found_handle >/dev/null; then
    _reactive_own_handle=$(builtin declare -f command_not_found_handle)
  fi
  # shellcheck disable=SC2317
  command_not_found_handle() {
    { builtin local - && builtin set +xe; } 2>/dev/null
    if [[ $1 == @* ]]; then
      _reactive_no_decorator "${BASH_SOURCE[1]}" "${BASH_LINENO[0]}" "$@"
    elif [[ -n $_reactive_own_handle ]]; then
      # Safe: the text is what `declare -f` printed of a function of the file itself, and replaces this one.
      builtin eval "$_reactive_own_handle"
      command_not_found_handle "$@"
      builtin return
    else
      builtin printf '%s: line %s: %s: command not found\n' "${BASH_SOURCE[1]}" "${BASH_LINENO[0]}" "$1" >&2
    fi
    builtin return 127
  }
}

# Usage: _reactive_decorate NAME [WORD...]
# Note a decorator of the function that follows it. The caller is a decorator, the frame above it the handler file,
# or a function of the charm that wraps decorators. Of a file that registers the engine has the text, and finds the function.
_reactive_decorate() {
  if [[ ${BASH_SOURCE[2]-} == "$_reactive_registers" && ${FUNCNAME[2]-} == main && ${BASH_LINENO[1]} -le $_reactive_last ]]; then
    _reactive_words+=(here "$1" "${BASH_LINENO[1]}" "$(($# - 1))" "${@:2}")
  else
    _reactive_attach "$@"
  fi
}

# Usage: _reactive_attach NAME [WORD...]
# Find the function of a decorator: what it takes comes with the first time, and replaces this function.
_reactive_attach() {
  _reactive_part find-functions.sh
  _reactive_attach "$@"
}

# Usage: _reactive_refuse RULE FILE LINE
# End the file by an error in it.
_reactive_refuse() {
  _reactive_part refusals.sh
  _reactive_say_refusal "$@"
  if [[ -n $_reactive_process ]]; then _reactive_end; fi
  builtin exit 3
}

# Usage: _reactive_no_decorator FILE LINE COMMAND [WORD...]
# A command that looks like a decorator and is none.
_reactive_no_decorator() {
  _reactive_part refusals.sh
  _reactive_say_no_decorator "$@"
}

# The file has come to its end: our traps have nothing more to say.
_reactive_end() {
  _reactive_done=yes
  builtin trap - ERR
}

# The top level of the file ended before reactive_handler_main.
_reactive_ended() {
  [[ -n ${_reactive_done-} ]] || _reactive_tell _ended "$1" "${_reactive_erred:-$0}" "${_reactive_line-}" "$2"
  builtin return "$1"
}

# A file that cannot be sourced is an error also where errexit is off; bash has said why on stderr.
_reactive_missing() {
  case $1:$4 in
  127:@*) _reactive_no_decorator "$2" "$3" "$4" ;;
  *:'source '* | *:'. '*) _reactive_tell _source "${@:2}" ;;
  esac
  if [[ $- == *e* ]]; then
    # Under errexit this is the end, also where an EXIT trap of the file has replaced ours.
    _reactive_erred=$2 _reactive_line=$3
    _reactive_ended "$1" "$4"
  fi
}

# Tell the engine of all functions: in one word, where no word has the separator, since to measure hundreds takes long.
# It answers with the names of those that it has found in the text of the file.
_reactive_register() {
  builtin local IFS='' _reactive_separator=$'\037' _reactive_capture=true _reactive_text='' _reactive_status=0
  builtin local -a _reactive_asked
  if [[ ${#_reactive_words[@]} -gt 0 && "${_reactive_words[*]}" != *"$_reactive_separator"* ]]; then
    IFS=$_reactive_separator
    _reactive_tell _register "${_reactive_words[*]}"
  else
    _reactive_tell _register ${_reactive_words[@]+"${_reactive_words[@]}"}
  fi
  _reactive_status=$?
  if [[ -z $_reactive_text ]]; then builtin return "$_reactive_status"; fi
  IFS=' ' builtin read -r -a _reactive_asked <<<"$_reactive_text"
  builtin declare -F -- "${_reactive_asked[@]}" &>/dev/null || for _reactive_text in ${_reactive_asked[@]+"${_reactive_asked[@]}"}; do
    builtin declare -F -- "$_reactive_text" &>/dev/null || _reactive_tell _undefined "$_reactive_text"
  done
  builtin return "$_reactive_status"
}

# Usage: reactive_handler_main
# The last line of a handler file: register its functions, or run those that are asked for.
reactive_handler_main() {
  { builtin local - "_reactive_options=$-" && builtin set +xe; } 2>/dev/null
  _reactive_check_builtin
  builtin local _reactive_index=0
  # All at once; which of them it is matters only where one is missing.
  ((${#_reactive_names[@]} == 0)) || builtin declare -F -- "${_reactive_names[@]}" &>/dev/null || for _reactive_index in "${!_reactive_names[@]}"; do
    builtin declare -F -- "${_reactive_names[_reactive_index]}" &>/dev/null ||
      _reactive_refuse 'a decorator without a function' "${_reactive_places[_reactive_index]#* }" "${_reactive_places[_reactive_index]%% *}"
  done
  case ${_reactive_process:+engine}$_reactive_mode in
  engine--test)
    _reactive_end
    _reactive_register
    builtin exit
    ;;
  --test) _reactive_test ;;
  *)
    _reactive_part run-functions.sh
    if [[ -n $_reactive_process ]]; then _reactive_serve; else _reactive_invoke; fi
    ;;
  esac
}
