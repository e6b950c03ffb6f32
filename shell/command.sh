# shellcheck shell=bash
# What every executable beside this file does that has the name of a command: the same as the function of this
# name, for xargs, timeout, background jobs and other languages. They are one text: bash started with `-p`, so
# that it takes no functions and options from its caller, and this file, also through a link from elsewhere.

_reactive_home=${CHARMS_REACTIVE_SHELL:-${0%/*}}
_reactive_channel=${CHARMS_REACTIVE_CHANNEL-} _reactive_running=
if [[ ${0##*/} == state_relation_call ]]; then
  set -- relation_call --flag "$@"
else
  set -- "${0##*/}" "$@"
fi
# Outside of a dispatch the engine answers.
[[ -n $_reactive_channel ]] || exec "$_reactive_home/charms.reactive" "$@"
source "$_reactive_home/channel.sh"
source "$_reactive_home/request.sh"
_reactive_command "$@"
