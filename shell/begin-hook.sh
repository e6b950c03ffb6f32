# What the launcher (charms.reactive) does before Node starts for a hook: look at the machine, ask Juju what the engine would
# ask first, let Python start, and make pipes. A file of its own: commands outside of a hook need nothing of it.
# shellcheck shell=bash

# Usage: _reactive_check_machine
# What every hook needs. A toolkit that a charm carries is compared with its checksums when a file of it is newer
# than the last time.
_reactive_check_machine() {
  local toolkit=${_reactive_home%/*} file
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)) || _reactive_give_up 'bash is older than 5.1' "$BASH_VERSION"
  [[ -d /proc/self/fd ]] || _reactive_give_up 'the channel needs /proc' 'it is not mounted'
  # Without the right to note that it was done it would be done every time.
  [[ -e $toolkit/checksums && -w $toolkit ]] || return 0
  for file in "$toolkit/checksums" "$toolkit"/bin/*/node "$toolkit"/dist/*.cjs "$toolkit"/shell/*.sh; do
    [[ $toolkit/checked -nt $file ]] && continue
    source "$_reactive_home/carried.sh"
    return
  done
}

# Usage: _reactive_ask TOOL WORD...
# Ask Juju while Node starts. src/juju/hook-tools/early-answers.ts says what comes through the descriptor.
_reactive_ask() {
  local answer
  exec {answer}< <(
    exec 3>&1
    error=$("$@" 2>&1 >&3 3>&- </dev/null)
    printf '\0%s\0%s\0' "$?" "$error"
  )
  CHARMS_REACTIVE_ASKED+="$answer $*"$'\n'
}

# Usage: _reactive_ask_endpoint NAME APPLICATION
# Ask for the relations of an endpoint and, where it has one, for its members and, unless its name is empty, what an
# application has published: the engine would ask for them next. What fails is asked again: the engine says why.
_reactive_ask_endpoint() {
  local answer
  exec {answer}< <(
    exec 2>/dev/null </dev/null
    ids=$(relation-ids --format=json "$1") || exit
    printf '%s\0' "$ids" 0 ''
    # A relation that breaks has no members.
    [[ $ids =~ ^\[\"($1:[0-9]+)\"\]$ && ${BASH_REMATCH[1]} != "$_reactive_broken" ]] || exit
    id=${BASH_REMATCH[1]}
    [[ -z $2 ]] || exec {published}< <(_reactive_go_on relation-get -r "$id" --app --format=json - "$2")
    _reactive_go_on relation-list -r "$id" --format=json
    [[ -z $2 ]] || cat <&"$published"
  )
  CHARMS_REACTIVE_ASKED+="$answer relation-ids --format=json $1"$'\n'
}

# Usage: _reactive_go_on TOOL WORD...
# Print a further question with its answer.
_reactive_go_on() {
  local answer
  answer=$("$@") && printf '%s\0' "$*" "$answer" 0 ''
}

# Usage: _reactive_ask_remote
# Ask for what the remote unit of this hook has published, and its application.
_reactive_ask_remote() {
  local id=${JUJU_RELATION_ID-} unit=${JUJU_REMOTE_UNIT-} application=${JUJU_REMOTE_APP-}
  [[ -n $id && $id != "$_reactive_broken" ]] || return 0
  [[ -z $unit ]] || _reactive_ask relation-get -r "$id" --format=json - "$unit"
  [[ -z $application ]] || _reactive_ask relation-get -r "$id" --app --format=json - "$application"
}

# Usage: _reactive_begin_hook [HOOK]
# Start what every hook needs.
_reactive_begin_hook() {
  local charm=${CHARM_DIR:-${JUJU_CHARM_DIR:-.}} _reactive_is_juju4='' _reactive_broken=''
  # It has no leader-get: src/juju/juju-version.ts.
  case ${JUJU_VERSION-} in
  [4-9]* | [1-3][0-9]*) _reactive_is_juju4=yes ;;
  [0-3]*) ;;
  *) [[ -z ${JUJU_CONTEXT_ID-} ]] || type -P leader-get >/dev/null || _reactive_is_juju4=yes ;;
  esac
  # In a restricted hook Juju answers nothing, and an action may be a plain script that asks nothing.
  [[ -n ${JUJU_CONTEXT_ID-} && -z ${JUJU_ACTION_NAME-} ]] || return 0
  case /${JUJU_HOOK_NAME-}/${JUJU_DISPATCH_PATH-}/${1-}/ in
  */collect-metrics/* | */meter-status-changed/* | */actions/*) return 0 ;;
  *-relation-broken/*) _reactive_broken=${JUJU_RELATION_ID-} ;;
  esac
  # A script that runs before the reactive part may change the answers.
  [[ ! -e $charm/exec.d ]] || return 0
  [[ ! -x $charm/dispatch ]] || _reactive_is_stub "$charm/${JUJU_DISPATCH_PATH:-hooks/none}" || return 0
  ! _reactive_has_python "$charm" || _reactive_start_python "$charm"
  _reactive_ask config-get --all --format=json
  _reactive_ask is-leader --format=json
  [[ -n $_reactive_is_juju4 ]] || _reactive_ask leader-get --format=json
  [[ ! -r $charm/metadata.yaml ]] || _reactive_ask_relations "$charm/metadata.yaml"
}

# Usage: _reactive_ask_relations FILE
# Ask for the relations of the endpoints that have a line of their own below their role, as they have in most
# charms. The engine asks for others, and for those that are too many: each costs a fork here.
_reactive_ask_relations() {
  local lines line name indent='' role='' left=6 own='' application
  # Where Juju 4 has the settings of the leader: src/endpoints/leader-settings.ts.
  [[ -z $_reactive_is_juju4 ]] || own=${JUJU_UNIT_NAME%/*}
  mapfile -t lines <"$1"
  for line in "${lines[@]}"; do
    case $line in
    provides: | requires: | peers:) role=${line%:} indent='' ;;
    [!\ \#]*) role='' ;;
    ' '*:*)
      name=${line%%:*}
      name=${name##* }
      [[ -n $role && $name == [[:alpha:]]* && $name != *[![:alnum:]_-]* ]] || continue
      : "${indent:=${line%%[! ]*}}"
      [[ ${line%%:*} == "$indent$name" ]] || continue
      [[ $name != "${JUJU_RELATION-}" ]] || _reactive_ask_remote
      ((left-- > 0)) || continue
      application=''
      if [[ $role == peers ]]; then
        # In its own hooks this application is the remote one, too.
        [[ $name == "${JUJU_RELATION-}" ]] || application=$own
        own=''
      fi
      _reactive_ask_endpoint "$name" "$application"
      ;;
    esac
  done
}

# Usage: _reactive_has_python CHARM_DIR
# Whether there are handler files in Python, as deep as interface layers have them.
_reactive_has_python() {
  local files
  shopt -s nullglob
  files=("$1"/{reactive,hooks/reactive,hooks/relations}/{,*/,*/*/}*.py)
  shopt -u nullglob
  ((${#files[@]} > 0))
}

# Usage: _reactive_start_python CHARM_DIR
# Let Python start while Node does. src/handlers/python/early-process.ts says what it finds.
_reactive_start_python() {
  local venv='' path python=${_reactive_home%/*}/python text pipe pipes=()
  [[ ! -e ${1%/*}/.venv/.charms.reactive ]] || venv=${1%/*}/.venv/bin:
  path=$_reactive_home:${_reactive_is_juju4:+$_reactive_home/juju4:}$venv$PATH:$1/bin
  PATH=$path type -P python3 >/dev/null || return 0
  for pipe in to from to-side from-side; do
    exec {text}<<<''
    [[ -p /proc/self/fd/$text ]] || return 0
    read -r -u "$text"
    # Both ends: neither process sees the end of a pipe that the other has not opened yet.
    exec {pipe}<>"/proc/self/fd/$text" {text}<&-
    pipes+=("$pipe")
  done
  local -x PATH=$path PYTHONPATH=$python${PYTHONPATH:+:$PYTHONPATH}:$1/lib CHARM_DIR=$1 JUJU_CHARM_DIR=$1
  python3 "$python/charms_reactive_host.py" "${pipes[@]}" </dev/null &
  CHARMS_REACTIVE_PYTHON="$! ${pipes[*]}"$'\n'$PATH$'\n'$PYTHONPATH
}

# Usage: _reactive_is_stub FILE
# Whether the file is not there, or leads to nothing but this command.
_reactive_is_stub() {
  local lines
  [[ -e $1 ]] || return 0
  mapfile -t -n 2 lines <"$1"
  [[ ${lines[1]-} == '# Written by charms.reactive hooks install, which replaces this file.' ]]
}

# Node has no call for a pipe that others can open: where here-strings are pipes (bash 5.1), the engine takes these,
# for the channel and for what handlers print.
_reactive_make_pipes() {
  local a b c d e f g h i
  exec {a}<<<'' {b}<<<'' {c}<<<'' {d}<<<'' {e}<<<'' {f}<<<'' {g}<<<'' {h}<<<'' {i}<<<''
  [[ ! -p /proc/self/fd/$a ]] || CHARMS_REACTIVE_PIPES="$a $b $c $d $e $f $g $h $i"
}
