# shellcheck shell=bash
# Runs decorated functions, each in a subshell of its own, and says how they end. Sourced by handler-file.sh.

# Run what the engine asks for, until the end of the iteration.
_reactive_serve() {
  builtin local _reactive_index=0 _reactive_trap='' _reactive_text=''
  builtin local -a _reactive_ran _reactive_given
  _reactive_ran=()
  _reactive_wrap
  # A trap on ERR of the file's own goes before ours, which only finds out where a command failed.
  _reactive_trap=$(builtin trap -p ERR)
  builtin trap - ERR
  while _reactive_next; do
    _reactive_cut
    # What is next: its line and file, its endpoint or nothing, and `method` and its arguments, or `function` and a
    # descriptor of the engine.
    _reactive_asked=${_reactive_given[0]} _reactive_endpoint=${_reactive_given[1]-} _reactive_kind=${_reactive_given[2]-}
    for _reactive_index in "${!_reactive_places[@]}"; do
      [[ ${_reactive_places[_reactive_index]} != "$_reactive_asked" ]] || builtin break
    done
    if [[ ${_reactive_places[_reactive_index]-} != "$_reactive_asked" ]]; then
      _reactive_ran=(3)
      _reactive_fault 'the function is not decorated this time'
    elif [[ $_reactive_kind == method ]]; then
      _reactive_text=$(_reactive_run "$_reactive_index" "${_reactive_given[@]:3}")
      _reactive_ran=("$?" "$_reactive_text")
    else
      (_reactive_run "$_reactive_index")
      _reactive_ran=("$?")
    fi
  done
}

# Tell how the function before has ended, and wait for the next one in _reactive_text.
_reactive_next() {
  _reactive_capture=true _reactive_call "$_reactive_channel" _next "$_reactive_process" ${_reactive_ran[@]+"${_reactive_ran[@]}"}
  builtin local "_reactive_status=$?"
  ((_reactive_status == 2 && ${#_reactive_ran[@]} == 2)) || builtin return "$_reactive_status"
  # The channel does not take what a method has printed.
  _reactive_ran=(3)
  _reactive_fault 'what it prints is not UTF-8, or more than 16 MiB'
  _reactive_next
}

# Usage: _reactive_fault REASON
# Say why the function that was asked for fails.
_reactive_fault() {
  _reactive_tell _failed 3 "${_reactive_asked#* }" "${_reactive_asked%% *}" "$1"
}

# Cut _reactive_text into the words _reactive_given: their sizes in bytes on a line, then all in one piece.
_reactive_cut() {
  builtin local LC_ALL=C IFS=' ' _reactive_size='' _reactive_sizes='' _reactive_word=''
  _reactive_given=()
  {
    builtin read -r _reactive_sizes
    for _reactive_size in $_reactive_sizes; do
      _reactive_word=''
      if ((_reactive_size > 0)); then IFS='' builtin read -r -N "$_reactive_size" _reactive_word; fi
      _reactive_given+=("$_reactive_word")
    done
  } <<<"$_reactive_text"
}

# Usage: _reactive_run INDEX [WORD...]
# Run a function of the file in this subshell, under the file's own options.
_reactive_run() {
  builtin local "_reactive_name=${_reactive_names[$1]}" "_reactive_descriptor=${_reactive_given[3]-}"
  # Not local: at an unbound variable bash leaves all functions before it calls the EXIT trap.
  _reactive_place=${_reactive_places[$1]} _reactive_reported='' _reactive_failure=()
  # In an interface layer the function runs for one endpoint.
  if [[ -n $_reactive_endpoint ]]; then endpoint_name=$_reactive_endpoint; fi
  # The engine waits for the end of this function, and so for what it asks without waiting.
  _reactive_running=$_reactive_process
  # Functions run one by one: the one that does may ask for short replies.
  if [[ $_reactive_kind == function && -n $_reactive_descriptor ]]; then
    _reactive_alone=$BASHPID _reactive_answers=${_reactive_channel%/*}/$_reactive_descriptor
  fi
  # Safe: the text is what `declare -f` printed of this function.
  if [[ -n ${_reactive_bodies[$1]-} ]]; then builtin eval "${_reactive_bodies[$1]}"; fi
  builtin shift
  builtin trap '{ _reactive_exited "$?" "$BASH_COMMAND"; } 2>/dev/null' EXIT
  if [[ -n $_reactive_trap ]]; then
    # Safe: the text is what `trap -p` printed.
    builtin eval "\\builtin $_reactive_trap"
  else
    builtin set -E
    builtin trap '{ _reactive_failed "$?" "$BASH_COMMAND"; } 2>/dev/null' ERR
  fi
  if [[ -n ${CHARMS_REACTIVE_STRICT-} ]]; then builtin set -euo pipefail; fi
  if [[ $_reactive_options == *e* ]]; then builtin set -e; fi
  if [[ $_reactive_options == *x* ]]; then builtin set -x; fi
  "$_reactive_name" "$@"
  { _reactive_returned "$?"; } 2>/dev/null
}

# Usage: _reactive_failed STATUS COMMAND
# On ERR: note where it was in the charm's own code. Under errexit this is the end, so say it.
_reactive_failed() {
  builtin local _reactive_frame=1
  while [[ ${BASH_SOURCE[_reactive_frame]-} == "$_reactive_home"/* ]]; do
    _reactive_frame=$((_reactive_frame + 1))
  done
  if [[ ${FUNCNAME[_reactive_frame]:-main} == @(main|source) ]]; then
    # The status of the function itself: the command that gave it may be known already, with its line.
    if [[ ${_reactive_failure[0]-} != "$1" || ${_reactive_failure[3]-} != "$2" ]]; then
      _reactive_failure=("$1" "${_reactive_place#* }" "${_reactive_place%% *}" "$2")
    fi
  else
    _reactive_failure=("$1" "${BASH_SOURCE[_reactive_frame]-}" "${BASH_LINENO[_reactive_frame - 1]}" "$2")
    # bash knows the command inside of the helper; the charm's own stands in its file.
    if ((_reactive_frame > 1)); then
      _reactive_quote_call "${FUNCNAME[_reactive_frame - 1]}" "${_reactive_failure[@]:1:2}"
      _reactive_failure[3]=$_reactive_text
    fi
  fi
  if [[ $- == *e* ]]; then _reactive_report; fi
}

# Usage: _reactive_quote_call NAME FILE LINE
# Sets _reactive_text to the call of a helper as it stands in the file, from its name to the end of the command.
_reactive_quote_call() {
  builtin local "_reactive_source=$2" "_reactive_line=$3"
  _reactive_text=$1
  _reactive_locate
  _reactive_read_lines "$_reactive_source" || builtin return 0
  builtin local "_reactive_rest=${_reactive_lines[_reactive_line - 1]-}" _reactive_next=''
  while [[ $_reactive_rest == *\\ ]] && ((_reactive_line < ${#_reactive_lines[@]})); do
    _reactive_next=${_reactive_lines[_reactive_line]}
    _reactive_rest=${_reactive_rest%\\}${_reactive_next#"${_reactive_next%%[![:space:]]*}"}
    _reactive_line=$((_reactive_line + 1))
  done
  if [[ $_reactive_rest != *"$1"* ]]; then builtin return 0; fi
  _reactive_text=$1${_reactive_rest#*"$1"}
  # Up to the next command, unless it may stand in quotes.
  _reactive_next=${_reactive_text%%[;|]*}
  _reactive_next=${_reactive_next%%&&*}
  if [[ $_reactive_next != *[\'\"\`\(]* ]]; then _reactive_text=${_reactive_next%"${_reactive_next##*[![:space:]]}"}; fi
}

# Tell of the end of the function. One that has come back, as errexit sees it in ours, has failed all the same,
# unless it is a method: then it has answered.
_reactive_report() {
  builtin local _reactive_word=_failed
  if [[ $_reactive_kind == method && ${FUNCNAME[2]-} == _reactive_run ]]; then _reactive_word=_returned; fi
  _reactive_reported=true
  _reactive_tell "$_reactive_word" "${_reactive_failure[@]}"
}

# On EXIT: an explicit exit, or an error that no ERR announces.
_reactive_exited() {
  if [[ $1 == 0 || -n $_reactive_reported ]]; then builtin return 0; fi
  # In a substitution bash may name the one itself.
  if [[ $2 == '_reactive_text='* ]]; then builtin set -- "$1" ''; fi
  _reactive_failure=("$1" "${_reactive_place#* }" "${_reactive_place%% *}" "$2")
  _reactive_find_command "$2"
  _reactive_report
}

# Usage: _reactive_find_command COMMAND
# Correct the line in _reactive_failure from the function's to the command's, which bash says no more: where its
# text stands once in the function, up to a line that begins with `}`, or else once in the file.
_reactive_find_command() {
  builtin local "_reactive_text=${1%%$'\n'*}" _reactive_line=0 _reactive_index=0 _reactive_inside=0 _reactive_anywhere=0 _reactive_ended=''
  _reactive_text=${_reactive_text//[[:space:]]/}
  if [[ -z $_reactive_text ]] || ! _reactive_read_lines "${_reactive_failure[1]}"; then builtin return 0; fi
  for _reactive_index in "${!_reactive_lines[@]}"; do
    if ((_reactive_index >= _reactive_failure[2])) && [[ ${_reactive_lines[_reactive_index]} == '}'* ]]; then _reactive_ended=true; fi
    [[ ${_reactive_lines[_reactive_index]//[[:space:]]/} == *"$_reactive_text"* ]] || builtin continue
    # A second one: -1, which stays.
    _reactive_anywhere=$((_reactive_anywhere == 0 ? _reactive_index + 1 : -1))
    if ((_reactive_index + 1 >= _reactive_failure[2])) && [[ -z $_reactive_ended ]]; then
      _reactive_inside=$((_reactive_inside == 0 ? _reactive_index + 1 : -1))
    fi
  done
  if ((_reactive_inside == 0)); then _reactive_inside=$_reactive_anywhere; fi
  if ((_reactive_inside > 0)); then _reactive_failure[2]=$_reactive_inside; fi
}

# Usage: _reactive_returned STATUS
# The function returned: with a status it is a warning, since errexit was off. A method answers by it.
_reactive_returned() {
  builtin set +xe
  builtin trap - ERR
  if [[ $1 == 0 ]]; then builtin return 0; fi
  if [[ ${_reactive_failure[0]-} != "$1" ]]; then
    _reactive_failure=("$1" "${_reactive_place#* }" "${_reactive_place%% *}" "$_reactive_name")
  fi
  _reactive_reported=true
  _reactive_tell _returned "${_reactive_failure[@]}"
  if [[ $_reactive_kind == method ]]; then builtin return "$1"; fi
}

# Put a warning in front of each function that `@not_unless` guards.
_reactive_wrap() {
  builtin local _reactive_index=0 _reactive_body=''
  for _reactive_index in "${!_reactive_guards[@]}"; do
    _reactive_body=${_reactive_bodies[_reactive_index]:-$(builtin declare -f -- "${_reactive_names[_reactive_index]}")}
    _reactive_body="function ${_reactive_names[_reactive_index]} { { _reactive_guard $_reactive_index; } 2>/dev/null; ${_reactive_body#*'()'}; }"
    if [[ -n ${_reactive_bodies[_reactive_index]-} ]]; then
      _reactive_bodies[_reactive_index]=$_reactive_body
    else
      # Safe: a number, what `declare -f` printed, and the name of a function that bash has accepted.
      builtin eval "$_reactive_body"
    fi
  done
}

# Usage: _reactive_guard INDEX
_reactive_guard() {
  builtin local -
  builtin set +x
  builtin local "_reactive_at=${_reactive_guards[$1]}"
  _reactive_tell _guard "${_reactive_places[$1]#* }" "${_reactive_names[$1]}" \
    "${_reactive_words[@]:_reactive_at+4:_reactive_words[_reactive_at + 3]}"
}
