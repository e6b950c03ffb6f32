# shellcheck shell=bash
# The client side of the channel (specified in src/system/channel.ts), in builtins alone: no call forks.
# Sourced by charms.reactive.sh and by the executables beside it. Callers have turned xtrace off.
#
# Here and in the other files `builtin` stands before every builtin, since a charm may have functions called
# `read` or `return`. `builtin local` takes its values as words, so they are quoted.

# Usage: _reactive_call CHANNEL WORD...
# Ask the process behind CHANNEL (/proc/PID/fd/N). Prints the answer's text and returns its status;
# one line and 3 when nobody answers. With _reactive_capture the text is left in _reactive_text instead.
# This is the hot path: few commands, and functions only for what is rare.
_reactive_call() {
  if [[ -n ${_reactive_asking-} ]]; then
    # In a trap, in the middle of another question, whose reply comes to descriptor 0: another process has its own.
    # shellcheck disable=SC2030,SC2031
    (
      builtin trap - ERR
      _reactive_asking='' _reactive_capture=''
      _reactive_call "$@"
    )
    builtin return "$?"
  fi
  builtin local _reactive_asking=yes "_reactive_at=$1" _reactive_long='' _reactive_reply='' IFS=
  builtin shift
  if [[ ! -p $_reactive_at ]]; then
    _reactive_nobody
    builtin return 3
  fi
  _reactive_long=$*
  # 800 characters are at most 3,200 bytes: with the frame still one atomic write. At a line end bash would begin another.
  if ((${#_reactive_long} + $# > 800)) || [[ $_reactive_long == *$'\n'* ]]; then
    _reactive_measure "$@"
    {
      builtin printf '%s\0' '' "$BASHPID:3" '' >"$_reactive_at"
      _reactive_receive || builtin return 3
    } <<<'' <>/proc/self/fd/0 3<<<"$_reactive_long"
  else
    {
      builtin printf '%s\0' '' "$BASHPID" "${@/#/=}" '' >"$_reactive_at"
      builtin read -r -t 0.5 -N 5 _reactive_reply && [[ $_reactive_reply == ????. ]] || _reactive_receive || builtin return 3
    } <<<'' <>/proc/self/fd/0
  fi
  # The here-string's line end, the status, `.` or the stream; then eight digits of length and the text.
  # shellcheck disable=SC2031
  case ${_reactive_reply:4:1}${_reactive_capture-} in
  .*) ;;
  *true) _reactive_text=${_reactive_reply:13} ;;
  '>') builtin printf '%s' "${_reactive_reply:13}" || builtin return ;;
  '!') builtin printf '%s' "${_reactive_reply:13}" >&2 || builtin return ;;
  esac
  builtin return "${_reactive_reply:1:3}"
}

# Usage: _reactive_measure WORD...
# Put a line with the sizes of the words in bytes in front of _reactive_long.
_reactive_measure() {
  builtin local LC_ALL=C _reactive_word='' _reactive_sizes=''
  for _reactive_word; do
    _reactive_sizes+="${#_reactive_word} "
  done
  _reactive_long=$_reactive_sizes$'\n'$_reactive_long
}

# Fill _reactive_reply from descriptor 0, where it may have begun. Each return says its status: in a trap a
# bare one gives back the status from before the trap.
_reactive_receive() {
  _reactive_read 5 -t 0.5 || builtin return 3
  if [[ $_reactive_reply == ????. ]]; then builtin return 0; fi
  _reactive_read 13 -t 0.5 || builtin return 3
  builtin local LC_ALL=C "_reactive_size=$((10#${_reactive_reply:5:8} + 13))"
  # What fits one atomic write is there as a whole; without a timeout bash reads it in blocks.
  if ((_reactive_size < 4096)); then
    _reactive_read "$_reactive_size"
  else
    _reactive_read "$_reactive_size" -t 0.5
  fi
}

# Usage: _reactive_read LENGTH [-t SECONDS]
# Fill _reactive_reply up to LENGTH. Every SECONDS, see whether the rest may still come; the loop ends where
# it may not, and where nothing can be read at all.
_reactive_read() {
  builtin local _reactive_part=''
  until ((${#_reactive_reply} == $1)) ||
    builtin read -r "${@:2}" -N "$(($1 - ${#_reactive_reply}))" _reactive_part || ! _reactive_may_come; do
    _reactive_reply+=$_reactive_part _reactive_part=''
  done
  _reactive_reply+=$_reactive_part
  ((${#_reactive_reply} == $1))
}

# Whether an answer can reach us, and somebody lives who may send it.
_reactive_may_come() {
  builtin local "_reactive_pid=${_reactive_at#/proc/}"
  if [[ ! -p /proc/self/fd/0 ]]; then
    _reactive_deaf
  elif ! builtin kill -0 "${_reactive_pid%%/*}" 2>/dev/null; then
    _reactive_nobody
  fi
}

# Where here-strings are files, no answer can reach us.
_reactive_deaf() {
  builtin printf 'charms.reactive: here-strings are no pipes before bash 5.1 and with such a BASH_COMPAT: %s\n' \
    "${BASH_COMPAT:-$BASH_VERSION}" >&2
  builtin return 3
}

# Say why nobody answers: the kernel opens the channel to the user of its process alone.
_reactive_nobody() {
  if [[ -e ${_reactive_at%/fd/*} && ! -O ${_reactive_at%/fd/*} ]]; then
    builtin printf 'charms.reactive: the channel belongs to another user, and this process runs as user %s: %s\n' "$EUID" "$_reactive_at" >&2
  else
    builtin printf 'charms.reactive: no dispatch answers at the channel: %s\n' "$_reactive_at" >&2
  fi
  builtin return 3
}
