# shellcheck shell=bash
# What the option `plan` asks of a handler in bash, and what a handler sees of an endpoint: a line
# `WHO ENDPOINT WHAT JSON` for each fact. The same in JavaScript: plan.mjs.

# Usage: follow WHO [ENDPOINT]
# Say what is seen of the endpoint, then do what the plan has for this handler.
follow() {
  local line
  local -a lines
  [[ $# -lt 2 ]] || glance "$1" "$2"
  mapfile -t lines <<<"$(config_get plan)"
  for line in "${lines[@]}"; do
    [[ $line != "$1 "* ]] || act "$1" "${line#"$1 "}"
  done
}

# Usage: act WHO 'VERB WORD...'
act() {
  local verb=${2%% *} rest=${2#* }
  local -a words
  read -ra words <<<"$rest"
  case $verb in
  clear) clear_flag "$rest" ;;
  forget) endpoint_departed "$rest" --clear >/dev/null ;;
  set) endpoint_set "${words[@]}" || printf '%s refused\n' "$1" ;;
  look) look "$1" "$rest" ;;
  taste) [[ $(endpoint_get "$rest" poison) != yes ]] || exit 9 ;;
  fail) exit 7 ;;
  kill) kill -KILL "$PPID" && exit 1 ;;
  esac
}

# Usage: glance WHO ENDPOINT
# What is seen without the data.
glance() {
  printf '%s %s relations ' "$1" "$2" && endpoint_relations "$2" --format json
  printf '%s %s units ' "$1" "$2" && endpoint_units "$2" --format json
  printf '%s %s departed ' "$1" "$2" && endpoint_departed "$2" --format json
}

# Usage: look WHO ENDPOINT
# What is seen with the data.
look() {
  local relation unit
  glance "$1" "$2"
  printf '%s %s merged ' "$1" "$2" && endpoint_get "$2" --format json
  printf '%s %s application ' "$1" "$2" && endpoint_get "$2" --app --format json
  for relation in $(endpoint_relations "$2"); do
    printf '%s %s texts of %s ' "$1" "$2" "$relation"
    endpoint_get "$2" --relation "$relation" --text --format json
  done
  for unit in $(endpoint_departed "$2"); do
    printf '%s %s data of %s ' "$1" "$2" "$unit" && endpoint_get "$2" --from "$unit" --format json
  done
}
