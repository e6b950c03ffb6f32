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
    builtin printf '%s\0' '' "$BASHPID!" "=$1" "=$2" '' >"$_reactive_channel"
  else
    _reactive_request "$@"
  fi
}

# Usage: _reactive_ask_flag COMMAND FLAG
# Ask for a flag. A function of a handler gets the reply from the engine's own pipe, and asks in the usual way where
# that fails. In a trap it may be asked in the middle of a question.
_reactive_ask_flag() {
  if [[ ${_reactive_alone-} == "$BASHPID" && $# -eq 2 && $2 == [[:alnum:]]* && $2 != *[![:alnum:]._:/-]* && ${#2} -lt 200 && -p $_reactive_channel ]]; then
    builtin local _reactive_reply=''
    _reactive_alone=''
    builtin printf '%s\0' '' "$BASHPID@" "=$1" "=$2" '' >"$_reactive_channel"
    # One of a function before may be there, whose process was killed. Descriptor 0 may be the pipe of a question that
    # this one interrupts.
    while builtin read -r -N 14 -u 9 _reactive_reply 9<"$_reactive_answers"; do
      [[ ${_reactive_reply%% *} == "$BASHPID" ]] || builtin continue
      _reactive_alone=$BASHPID
      if [[ $_reactive_reply == *. ]]; then builtin return "${_reactive_reply:10:3}"; fi
      builtin break
    done
  fi
  _reactive_request "$@"
}

# Usage: _reactive_command COMMAND [WORD...]
# Any command: some need what only the caller's shell has.
_reactive_command() {
  case ${1-} in
  set_flag | clear_flag | set_state | remove_state) _reactive_change "$@" ;;
  is_flag_set | is_state) _reactive_ask_flag "$@" ;;
  render_template) _reactive_render "${@:2}" ;;
  data_changed | is_data_changed) _reactive_data "$@" ;;
  *) _reactive_request "$@" ;;
  esac
}

# Usage: _reactive_data COMMAND [OPTION...] ID VALUE
# The value `-` is read from standard input here: the engine has another one.
_reactive_data() {
  builtin local _reactive_value=''
  if [[ $# -gt 1 && ${!#} == - ]]; then
    IFS= builtin read -r -d '' _reactive_value || :
    builtin set -- "${@:1:$#-1}" "$_reactive_value"
  fi
  _reactive_request "$@"
}

# Usage: _reactive_render SOURCE TARGET [WORD...]
# Most never render: what it takes comes with the first time, and replaces this function.
_reactive_render() {
  _reactive_part render.sh
  _reactive_render "$@"
}

# Usage: _reactive_part FILE
# Source a part of the library that most have no need of, without the aliases of the charm.
_reactive_part() {
  if builtin shopt -q expand_aliases; then
    builtin shopt -u expand_aliases
    builtin source "$_reactive_home/$1"
    builtin shopt -s expand_aliases
  else
    builtin source "$_reactive_home/$1"
  fi
}
