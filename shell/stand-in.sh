# shellcheck shell=bash
# Charms of 2015 and 2016 carry a copy of the original's library and source that. The engine lets bash read this
# file first (BASH_ENV), and the library beside it stands in for the copy: each function is a handler then.

builtin unset BASH_ENV
source() { _reactive_source "$@"; }
.() { _reactive_source "$@"; }

# Usage: _reactive_source FILE [WORD...]
_reactive_source() {
  if [[ $1 == */charms.reactive.sh && -f $1 && $(<"$1") == *reactive_handler_main*'()'* ]]; then
    builtin unset -f source . _reactive_source
    builtin source "$CHARMS_REACTIVE_SHELL/charms.reactive.sh"
  elif [[ $1 == */* && ! -e $1 ]]; then
    # bash would name the line below.
    builtin printf '%s: line %s: %s: No such file or directory\n' "${BASH_SOURCE[2]}" "${BASH_LINENO[1]}" "$1" >&2
    builtin return 1
  else
    builtin source "$@"
  fi
}
