# shellcheck shell=bash
# Where no engine runs the file: it answers `--test` and `--invoke` by itself, for a person or another dispatcher.
# Sourced by handler-file.sh, also in a shell or script that only wants the helpers.

# Usage: _reactive_prepare [ARGUMENT...]
# Find out what the file is asked for; in a handler file, take care of its answer and of what it gets wrong.
_reactive_prepare() {
  if [[ ${1-} != --test && ${1-} != --invoke ]]; then
    # The library may be sourced by a function or a helper, whose arguments are not the file's.
    builtin mapfile -d '' -t _reactive_lines 2>/dev/null <"/proc/$$/cmdline" || :
    builtin set -- "${_reactive_lines[@]}"
    while (($# > 0)) && [[ $1 != "$0" ]]; do builtin shift; done
    if (($# > 0)); then builtin shift; fi
  fi
  _reactive_mode=--test _reactive_asked=${2-}
  case ${1-} in
  --invoke) _reactive_mode=--invoke ;;
  --test) _reactive_reserve ;;
  esac
  if _reactive_is_handler_file; then
    _reactive_make_notice
    _reactive_watch
  fi
}

# A pipe with both ends, so that it is empty and not at its end.
_reactive_make_notice() {
  builtin local _reactive_pipe=''
  builtin exec {_reactive_pipe}<<<''
  builtin read -r -u "$_reactive_pipe"
  builtin exec {_reactive_notice}<>"/proc/self/fd/$_reactive_pipe" {_reactive_pipe}<&-
}

# Whether the program that runs is a handler file.
_reactive_is_handler_file() {
  builtin local _reactive_text=''
  [[ -f $0 && -r $0 && $0 -ef ${BASH_SOURCE[${#BASH_SOURCE[@]} - 1]} ]] || builtin return 1
  IFS= builtin read -r -d '' _reactive_text <"$0"
  [[ $_reactive_text == *$'\n'reactive_handler_main* ]]
}

# Keep stdout for the answer to --test: what the top level prints goes to stderr. Sets _reactive_stdout.
_reactive_reserve() {
  if [[ ! -e /proc/self/fd/1 ]]; then builtin return 0; fi
  builtin exec {_reactive_stdout}>&1
  # Only a plain `exec` lasts; in posix mode no function comes before it.
  if builtin declare -F exec >/dev/null; then POSIXLY_CORRECT=true; fi
  exec >&2
  if builtin declare -F exec >/dev/null; then builtin unset POSIXLY_CORRECT; fi
}

# Go on unless a process has noted that the file is refused; ours does not watch any more.
_reactive_unwatch() {
  if [[ -z $_reactive_notice ]]; then builtin return 0; fi
  if builtin read -t 0 -u "$_reactive_notice"; then builtin exit 3; fi
  builtin exec {_reactive_notice}<&-
  if [[ $(builtin declare -f command_not_found_handle) == *_reactive_own_handle* ]]; then
    builtin unset -f command_not_found_handle
    # Safe: the text is what `declare -f` printed of a function of the file itself.
    builtin eval "$_reactive_own_handle"
  fi
}

# Usage: _reactive_spec NAME [WORD...]
# Append a condition to the last function's line for `charms.reactive test`, quoted twice as it wants.
_reactive_spec() {
  builtin local _reactive_inner='' _reactive_word='' _reactive_quote=\'
  builtin local "_reactive_quoted=$_reactive_quote\\$_reactive_quote$_reactive_quote"
  for _reactive_word in "${@:2}"; do
    _reactive_inner+=" '${_reactive_word//"$_reactive_quote"/"$_reactive_quoted"}'"
  done
  _reactive_specs[${#_reactive_names[@]} - 1]+=" '$1' '${_reactive_inner//"$_reactive_quote"/"$_reactive_quoted"}'"
}

# Print the names of the functions whose conditions hold; status 1 for none.
_reactive_test() {
  builtin local _reactive_index=0 _reactive_result='' _reactive_id=''
  builtin local -a _reactive_list
  _reactive_list=()
  _reactive_unwatch
  for _reactive_index in "${!_reactive_names[@]}"; do
    _reactive_identify "$_reactive_index"
    _reactive_list+=("'${_reactive_id##*:}' '$_reactive_id'${_reactive_specs[_reactive_index]-}")
  done
  ((${#_reactive_list[@]} > 0)) || builtin exit 1
  _reactive_result=$(_reactive_request test "${_reactive_list[@]}") || builtin exit
  [[ -n $_reactive_result ]] || builtin exit 1
  builtin printf '%s\n' "$_reactive_result" >&"${_reactive_stdout:-1}"
  builtin exit 0
}

# Run the functions that --invoke names, each in a subshell: NAME, or in an interface layer NAME:ENDPOINT.
_reactive_invoke() {
  builtin local _reactive_index=0 _reactive_id='' _reactive_trap='' _reactive_name='' _reactive_status=0
  builtin local -a _reactive_list
  _reactive_unwatch
  IFS=, builtin read -r -a _reactive_list <<<"$_reactive_asked"
  for _reactive_index in "${!_reactive_names[@]}"; do
    _reactive_identify "$_reactive_index"
    for _reactive_name in ${_reactive_list[@]+"${_reactive_list[@]}"}; do
      [[ $_reactive_name: == "${_reactive_id##*:}":* ]] || builtin continue
      _reactive_endpoint=${_reactive_name#"${_reactive_id##*:}"}
      _reactive_endpoint=${_reactive_endpoint#:}
      # Not before `||`: there errexit would mean nothing.
      (_reactive_run "$_reactive_index")
      _reactive_status=$?
      ((_reactive_status == 0)) || builtin exit "$_reactive_status"
      _reactive_request mark_invoked "$_reactive_id${_reactive_endpoint:+:$_reactive_endpoint}" || builtin exit
    done
  done
}

# Usage: _reactive_identify INDEX
# Sets _reactive_id: file below the charm dir and name; the second of a name ends with #2.
_reactive_identify() {
  builtin local _reactive_other=0 _reactive_nth=1
  _reactive_id=${_reactive_places[$1]#* }
  _reactive_id=${_reactive_id#"${CHARM_DIR:-$PWD}/"}:${_reactive_names[$1]}
  for ((_reactive_other = 0; _reactive_other < $1; _reactive_other++)); do
    if [[ ${_reactive_names[_reactive_other]} == "${_reactive_names[$1]}" ]]; then
      _reactive_nth=$((_reactive_nth + 1))
    fi
  done
  if ((_reactive_nth > 1)); then _reactive_id+="#$_reactive_nth"; fi
}
