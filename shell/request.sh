# shellcheck shell=bash
# Commands of the toolkit, asked from bash: over the channel in a dispatch, by starting the engine outside
# of one. Sourced by charms.reactive.sh and by the executables beside it.

# Usage: _reactive_request COMMAND [WORD...]
# In a dispatch over the channel, outside of one by the command itself.
_reactive_request() {
  if [[ -n $_reactive_channel ]]; then
    _reactive_call "$_reactive_channel" "$@"
  else
    "$_reactive_home/charms.reactive" "$@"
  fi
}

# Usage: _reactive_change COMMAND FLAG [VALUE]
# Set or clear a flag. A function that the engine runs need not wait for the answer: what it asks later is
# read later, and what is refused fails it. Names that may be refused wait all the same.
_reactive_change() {
  if [[ -n ${_reactive_running-} && $# -eq 2 && $2 == [[:alnum:]]* && $2 != *[![:alnum:]._:/-]* && ${#2} -lt 200 && -p $_reactive_channel ]]; then
    printf '%s\0' '' "$BASHPID!" "=$1" "=$2" '' >"$_reactive_channel"
  else
    _reactive_request "$@"
  fi
}

# Usage: _reactive_command COMMAND [WORD...]
# What an executable does: the same as the function of the same name.
_reactive_command() {
  _reactive_channel=${CHARMS_REACTIVE_CHANNEL-}
  [[ -n $_reactive_channel ]] || exec "$_reactive_home/charms.reactive" "$@"
  case ${1-} in
  render_template) _reactive_render "${@:2}" ;;
  data_changed | is_data_changed) _reactive_data "$@" ;;
  *) _reactive_request "$@" ;;
  esac
}

# Usage: _reactive_data COMMAND [OPTION...] ID VALUE
# The value `-` is read from standard input here: the engine has another one.
_reactive_data() {
  local _reactive_value=''
  if [[ $# -gt 1 && ${!#} == - ]]; then
    IFS= read -r -d '' _reactive_value || :
    set -- "${@:1:$#-1}" "$_reactive_value"
  fi
  _reactive_request "$@"
}

# Usage: _reactive_render SOURCE TARGET [WORD...]
# Hand all shell variables along, also those that are local to the caller or not exported.
_reactive_render() {
  local _reactive_names=() _reactive_name='' _reactive_prefix='' _reactive_variables=()
  for _reactive_prefix in {a..z} {A..Z} _; do
    # Safe: the word is one letter or an underscore from the list above.
    eval "_reactive_names+=(\"\${!${_reactive_prefix}@}\")"
  done
  for _reactive_name in ${_reactive_names[@]+"${_reactive_names[@]}"}; do
    case $_reactive_name in
    _ | _reactive_* | BASH* | FUNCNAME | PIPESTATUS | DIRSTACK | GROUPS) ;;
    *) _reactive_variable "$_reactive_name" ;;
    esac
  done
  # In front, where no word of the caller can be taken for them.
  _reactive_request render_template --shell-variables "${#_reactive_variables[@]}" ${_reactive_variables[@]+"${_reactive_variables[@]}"} "$@"
}

# Usage: _reactive_is_plain REFERENCE
# Whether a reference leads to a variable: to look at `a[$(…)]` through one runs what its subscript says.
_reactive_is_plain() {
  local _reactive_target=$1 _reactive_steps=0
  while [[ -R $_reactive_target ]]; do
    _reactive_target=$(declare -p "$_reactive_target")
    _reactive_target=${_reactive_target#*=\"}
    _reactive_target=${_reactive_target%\"}
    [[ $_reactive_target == [[:alpha:]_]*([[:alnum:]_]) ]] && ((_reactive_steps++ < 8)) || return 1
  done
}

# Usage: _reactive_variable NAME
# Append to _reactive_variables: text NAME VALUE, list NAME COUNT WORD..., or map NAME COUNT KEY VALUE...
_reactive_variable() {
  [[ ! -R $1 ]] || _reactive_is_plain "$1" || return 0
  local -n _reactive_variable=$1 2>/dev/null || return 0
  local _reactive_key=''
  case ${_reactive_variable@a} in
  *a*) _reactive_variables+=(list "$1" "${#_reactive_variable[@]}" "${_reactive_variable[@]}") ;;
  *A*)
    _reactive_variables+=(map "$1" "${#_reactive_variable[@]}")
    for _reactive_key in "${!_reactive_variable[@]}"; do
      _reactive_variables+=("$_reactive_key" "${_reactive_variable[$_reactive_key]}")
    done
    ;;
  *) [[ -z ${_reactive_variable+set} ]] || _reactive_variables+=(text "$1" "$_reactive_variable") ;;
  esac
}
