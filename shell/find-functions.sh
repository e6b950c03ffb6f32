# shellcheck shell=bash
# Finds the functions behind decorators in the text of their files, where the engine does not: in a file that runs its
# functions, that another one sources, or that runs without an engine. The engine's own way, with the same rules, is
# src/handlers/bash/definitions.ts. Sourced by handler-file.sh when it comes to that.

# Usage: _reactive_attach NAME [WORD...]
# Note a decorator of the function that follows it. Our caller is _reactive_decorate, or what this has replaced; the
# handler file is the first frame that is no function.
_reactive_attach() {
  builtin local _reactive_frame=3 _reactive_source='' _reactive_number=0
  if [[ -z ${_reactive_frame-} ]]; then _reactive_check_builtin; fi
  until [[ ${FUNCNAME[_reactive_frame]:-main} == @(main|source) ]]; do
    _reactive_frame=$((_reactive_frame + 1))
  done
  _reactive_source=${BASH_SOURCE[_reactive_frame]-} _reactive_number=${BASH_LINENO[_reactive_frame - 1]}
  if [[ $_reactive_source != /* ]]; then _reactive_locate; fi
  # Between another decorator and the function that was found for that there is no other.
  if ((_reactive_number <= _reactive_first || _reactive_number > _reactive_found)) || [[ $_reactive_file != "$_reactive_source" ]]; then
    _reactive_find "$_reactive_source" "$_reactive_number" ||
      _reactive_refuse 'a decorator without a function' "$_reactive_source" "$_reactive_number"
  fi
  if [[ $1 == not_unless ]]; then
    _reactive_guards[${#_reactive_names[@]} - 1]=${#_reactive_words[@]}
  elif [[ -z $_reactive_process && $1 != method ]]; then
    _reactive_spec "$@"
  fi
  _reactive_words+=(condition "$1" "$_reactive_number" "$(($# - 1))" "${@:2}")
}

# Makes _reactive_source absolute: a relative name was said where the shell was then, maybe before a `cd`.
_reactive_locate() {
  builtin local _reactive_from=''
  if [[ $_reactive_source != /* ]]; then
    for _reactive_from in "$PWD" "${OLDPWD-}" "$_reactive_start" "$PWD"; do
      [[ ! -e $_reactive_from/$_reactive_source ]] || builtin break
    done
    while [[ $_reactive_source == ./* ]]; do _reactive_source=${_reactive_source#./}; done
    _reactive_source=${_reactive_from%/}/$_reactive_source
  fi
}

# Usage: _reactive_read_lines FILE
# Sets _reactive_lines to the lines of the file, unless they are there already.
_reactive_read_lines() {
  if [[ $_reactive_file != "$1" ]]; then
    builtin mapfile -t _reactive_lines 2>/dev/null <"$1" || builtin return 1
    _reactive_file=$1
  fi
}

# What begins the definition of a function.
_reactive_definition='^[[:space:]]*(function[[:space:]]+([^[:space:]()]+)|([^][:space:]()"'\''`$;&|<>=#]+)[[:space:]]*\([[:space:]]*\))'

# Usage: _reactive_defines LINE
# Whether the line begins a definition; sets _reactive_defined to its name. To compile the expression takes far
# longer than to see what most definitions look like.
_reactive_defines() {
  _reactive_defined=${1#function }
  _reactive_defined=${_reactive_defined%%[!a-zA-Z0-9_]*}
  if [[ -n $_reactive_defined && ($1 == "$_reactive_defined()"* || $1 == "function $_reactive_defined"[\ \(]*) ]]; then builtin return 0; fi
  [[ $1 =~ $_reactive_definition ]] || builtin return
  _reactive_defined=${BASH_REMATCH[2]}${BASH_REMATCH[3]}
}

# Usage: _reactive_find FILE LINE
# See that the last of _reactive_names is the first function defined at or behind the line.
_reactive_find() {
  builtin local "_reactive_index=$(($2 - 1))" _reactive_text='' _reactive_defined=''
  _reactive_read_lines "$1" || builtin return
  # On the decorator's own line the function stands behind a semicolon, or `&&`.
  _reactive_text=${_reactive_lines[_reactive_index]-}
  while [[ $_reactive_text == *[\;\&]* && ! $_reactive_text =~ $_reactive_definition ]]; do
    _reactive_text=${_reactive_text#*[;&]}
  done
  until [[ $_reactive_text == *'('* || $_reactive_text == *function* ]] && _reactive_defines "$_reactive_text"; do
    ((++_reactive_index < ${#_reactive_lines[@]})) || builtin return
    _reactive_text=${_reactive_lines[_reactive_index]}
  done
  _reactive_first=$2 _reactive_found=$((_reactive_index + 1))
  if [[ "$_reactive_found $1" == "$_reactive_latest" ]]; then builtin return 0; fi
  if [[ $_reactive_mode == --invoke ]]; then _reactive_keep_body "$_reactive_defined"; fi
  _reactive_latest="$_reactive_found $1"
  _reactive_names+=("$_reactive_defined") _reactive_places+=("$_reactive_latest") \
  _reactive_words+=(function "$_reactive_defined" "$_reactive_found" "$1")
}

# Usage: _reactive_keep_body NAME
# Two decorated functions of one name are two handlers: keep the first while it is still defined.
_reactive_keep_body() {
  builtin local _reactive_index=0
  for _reactive_index in "${!_reactive_names[@]}"; do
    if [[ ${_reactive_names[_reactive_index]} == "$1" && -z ${_reactive_bodies[_reactive_index]-} ]]; then
      _reactive_bodies[_reactive_index]=$(builtin declare -f -- "$1")
    fi
  done
}
