# shellcheck shell=bash
# Why a handler file is refused: said to the engine, or in one line where there is none. Sourced by
# handler-file.sh when it comes to that.

# Usage: _reactive_say_refusal RULE FILE LINE
_reactive_say_refusal() {
  if [[ -n $_reactive_process ]]; then
    _reactive_tell _refused "$@"
  else
    builtin printf 'charms.reactive: %s: %s:%s\n' "$@" >&2
    # A refusal may be found by another process than the file's own.
    if [[ -n $_reactive_notice ]]; then builtin printf 'refused\n' >"/proc/self/fd/$_reactive_notice"; fi
  fi
}

# Usage: _reactive_say_no_decorator FILE LINE COMMAND [WORD...]
_reactive_say_no_decorator() {
  builtin local "_reactive_source=$1" "_reactive_name=$3" _reactive_nearest=''
  if [[ $_reactive_name == @ ]]; then _reactive_name+=" ${4-}"; fi
  _reactive_part find-functions.sh
  _reactive_locate
  _reactive_near "${_reactive_name// /}"
  _reactive_say_refusal "there is no decorator $_reactive_name, the nearest is $_reactive_nearest" "$_reactive_source" "$2"
}

# Usage: _reactive_near NAME
# Sets _reactive_nearest to the decorator that takes the fewest changes of a letter.
_reactive_near() {
  builtin local "_reactive_name=${1,,}" _reactive_other='' _reactive_distance=0 _reactive_least=99
  builtin local -a _reactive_known
  builtin mapfile -t _reactive_known < <(builtin compgen -A function @)
  for _reactive_other in "${_reactive_known[@]}"; do
    _reactive_measure_changes "${_reactive_name//-/_}" "$_reactive_other"
    if ((_reactive_distance < _reactive_least)); then
      _reactive_least=$_reactive_distance _reactive_nearest=$_reactive_other
    fi
  done
}

# Usage: _reactive_measure_changes ONE OTHER
# Sets _reactive_distance: how many letters to put in, take out or replace to make one of the other.
_reactive_measure_changes() {
  builtin local _reactive_row=0 _reactive_column=0 _reactive_corner=0 _reactive_next=0
  builtin local -a _reactive_costs
  _reactive_costs=(0)
  for ((_reactive_column = 1; _reactive_column <= ${#2}; _reactive_column++)); do
    _reactive_costs[_reactive_column]=$_reactive_column
  done
  for ((_reactive_row = 1; _reactive_row <= ${#1}; _reactive_row++)); do
    _reactive_corner=${_reactive_costs[0]} _reactive_costs[0]=$_reactive_row
    for ((_reactive_column = 1; _reactive_column <= ${#2}; _reactive_column++)); do
      _reactive_next=$_reactive_corner _reactive_corner=${_reactive_costs[_reactive_column]}
      if [[ ${1:_reactive_row-1:1} != "${2:_reactive_column-1:1}" ]]; then _reactive_next=$((_reactive_next + 1)); fi
      if ((_reactive_corner + 1 < _reactive_next)); then _reactive_next=$((_reactive_corner + 1)); fi
      if ((_reactive_costs[_reactive_column - 1] + 1 < _reactive_next)); then
        _reactive_next=$((_reactive_costs[_reactive_column - 1] + 1))
      fi
      _reactive_costs[_reactive_column]=$_reactive_next
    done
  done
  _reactive_distance=${_reactive_costs[${#2}]}
}
