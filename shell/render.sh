# shellcheck shell=bash
# What `render_template` in bash needs: all shell variables for the template. Sourced by request.sh when a template is
# rendered.

# Usage: _reactive_render SOURCE TARGET [WORD...]
# Hand all shell variables along, also those that are local to the caller or not exported.
_reactive_render() {
  builtin local _reactive_name='' _reactive_prefix='' _reactive_size=0
  builtin local -a _reactive_names _reactive_variables
  _reactive_names=() _reactive_variables=()
  for _reactive_prefix in {a..z} {A..Z} _; do
    # Safe: the word is one letter or an underscore from the list above.
    builtin eval "_reactive_names+=(\"\${!${_reactive_prefix}@}\")"
  done
  for _reactive_name in ${_reactive_names[@]+"${_reactive_names[@]}"}; do
    case $_reactive_name in
    _ | _reactive_* | BASH* | FUNCNAME | PIPESTATUS | DIRSTACK | GROUPS) ;;
    *) _reactive_variable "$_reactive_name" ;;
    esac
  done
  _reactive_unassigned
  # In front, where no word of the caller can be taken for them.
  _reactive_request render_template --shell-variables "${#_reactive_variables[@]}" ${_reactive_variables[@]+"${_reactive_variables[@]}"} "$@"
}

# Usage: _reactive_is_plain REFERENCE
# Whether a reference leads to a variable: to look at `a[$(…)]` through one runs what its subscript says.
_reactive_is_plain() {
  builtin local "_reactive_target=$1" _reactive_steps=0
  while [[ -R $_reactive_target ]]; do
    _reactive_target=$(builtin declare -p "$_reactive_target")
    _reactive_target=${_reactive_target#*=\"}
    _reactive_target=${_reactive_target%\"}
    [[ $_reactive_target == [[:alpha:]_]*([[:alnum:]_]) ]] && ((_reactive_steps++ < 8)) || builtin return 1
  done
}

# Usage: _reactive_variable NAME
# Append to _reactive_variables: text NAME VALUE, list NAME COUNT WORD..., or map NAME COUNT KEY VALUE...
# Count in _reactive_size the characters of arrays, and an element as some more.
_reactive_variable() {
  if [[ -R $1 ]]; then _reactive_is_plain "$1" || builtin return 0; fi
  builtin local -n "_reactive_variable=$1" 2>/dev/null || builtin return 0
  builtin local "_reactive_attributes=${_reactive_variable@a}" _reactive_key=''
  # By length: under nocasematch `a` and `A` are equal.
  if [[ ${_reactive_attributes%%A*} != "$_reactive_attributes" ]]; then
    _reactive_variables+=(map "$1" "${#_reactive_variable[@]}")
    for _reactive_key in "${!_reactive_variable[@]}"; do
      _reactive_variables+=("$_reactive_key" "${_reactive_variable[$_reactive_key]}")
      _reactive_size=$((_reactive_size + ${#_reactive_key} + ${#_reactive_variable[$_reactive_key]} + 4))
    done
  elif [[ ${_reactive_attributes%%a*} != "$_reactive_attributes" ]]; then
    _reactive_variables+=(list "$1" "${#_reactive_variable[@]}" "${_reactive_variable[@]}")
    _reactive_key="${_reactive_variable[*]}"
    _reactive_size=$((_reactive_size + ${#_reactive_key} + 4 * ${#_reactive_variable[@]}))
  elif [[ -n ${_reactive_variable+set} ]]; then
    _reactive_variables+=(text "$1" "$_reactive_variable")
  fi
}

# Append the arrays that were declared and never got an element: only `declare -p` lists these.
_reactive_unassigned() {
  builtin local _reactive_line='' _reactive_name='' _reactive_listed=''
  builtin local -
  builtin set -f
  _reactive_list_arrays || _reactive_list_many
  builtin local IFS=$'\n'
  for _reactive_line in $_reactive_listed; do
    # The simple pattern first: the other one is slow where a value is long.
    [[ $_reactive_line != *=* && $_reactive_line == 'declare -'+([[:alpha:]])' '[[:alpha:]]*([[:alnum:]_]) ]] || builtin continue
    _reactive_name=${_reactive_line##* } _reactive_line=${_reactive_line% *}
    # The rest of a value with a line end may look like one.
    if [[ $_reactive_name != @(BASH*|FUNCNAME|GROUPS|DIRSTACK) ]] && builtin declare -p "$_reactive_name" &>/dev/null; then
      if [[ ${_reactive_line%%A*} != "$_reactive_line" ]]; then
        _reactive_variables+=(map "$_reactive_name" 0)
      else
        _reactive_variables+=(list "$_reactive_name" 0)
      fi
    fi
  done
}

# Sets _reactive_listed to what `declare -p` prints of arrays, through the pipe of a here-string, where that surely
# fits: a character is at most 4 bytes, each written as 4 characters.
_reactive_list_arrays() {
  _reactive_name="${BASH_ALIASES[*]-}${BASH_CMDS[*]-}${BASH_REMATCH[*]-}${BASH_SOURCE[*]-}${FUNCNAME[*]-}${BASH_ARGV[*]-}${DIRSTACK[*]-}${GROUPS[*]-}"
  _reactive_size=$((_reactive_size + ${#_reactive_name}))
  ((_reactive_size + 64 * (${#BASH_ALIASES[@]} + ${#BASH_CMDS[@]} + ${#BASH_ARGV[@]} + ${#FUNCNAME[@]}) + 4 * ${#GROUPS[@]} < 3000)) || builtin return
  # The library's own would be most of it.
  for _reactive_name in "${!_reactive_@}"; do
    [[ $_reactive_name == @(_reactive_name|_reactive_listed) ]] || builtin local -a "$_reactive_name"
  done
  {
    [[ -p /proc/self/fd/0 ]] && { builtin declare -pa && builtin declare -pA; } >/proc/self/fd/0 || builtin return
    IFS='' builtin read -r -N 65536 _reactive_listed || :
  } 2>/dev/null <<<''
}

# The same where it may be long: by the file that bash makes for a long here-string, since a pipe would block.
_reactive_list_many() {
  builtin printf -v _reactive_line '%65537s' ''
  {
    [[ -f /proc/self/fd/0 ]] && { builtin declare -pa && builtin declare -pA; } >/proc/self/fd/0 &&
      { IFS='' builtin read -r -d '' _reactive_listed || :; }
  } 2>/dev/null <<<"$_reactive_line" || _reactive_listed=$(builtin declare -pa && builtin declare -pA)
}
