# shellcheck shell=bash
#
# The test kit: charms tested in bats, without Juju. See docs/testing.md for all functions.
#
# Usage:
#
#     setup() {
#       # The directory of this file.
#       load "${REACTIVE_BATS:?set it to the directory shell/bats of charms.reactive}/load"
#       charm_new "$BATS_TEST_DIRNAME/.."
#     }
#
#     @test "it waits for the database" {
#       run_event install
#       assert_hook_success
#       assert_status waiting
#     }
#
# The charm is copied, and runs in processes of its own. A server (src/simulator/test-kit/server.ts) holds the simulated
# unit and ends with the test; the functions here only hand their words to it, by builtins. Private names begin
# with _reactive_.

_reactive_bats_dir=${BASH_SOURCE[0]%/*}
[[ $_reactive_bats_dir == /* ]] || _reactive_bats_dir=$PWD/$_reactive_bats_dir
_reactive_kit_channel=
# Where a page of each failed test goes.
_reactive_kit_reports=${CHARMS_REACTIVE_REPORT-}
[[ -z $_reactive_kit_reports || $_reactive_kit_reports == /* ]] || _reactive_kit_reports=$PWD/$_reactive_kit_reports

# shellcheck source=shell/channel.sh
source "$_reactive_bats_dir/../channel.sh"
# shellcheck source=shell/bats/arrange.bash
source "$_reactive_bats_dir/arrange.bash"
# shellcheck source=shell/bats/act.bash
source "$_reactive_bats_dir/act.bash"
# shellcheck source=shell/bats/assert.bash
source "$_reactive_bats_dir/assert.bash"

# Usage: charm_new DIR [--unit UNIT] [--juju-version VERSION]
# Begin with a unit of the charm in DIR that was just deployed. Sets
#   charm_dir    where its copy of the charm is
#   unit_root    what stands for / where the charm writes
#   unit_isolation
#                empty when all that the charm writes stays there; else why something may not
charm_new() {
  local - _reactive_fd='' _reactive_line='' _reactive_owner=$BASHPID
  set +eETx
  _reactive_kit_end
  # Nothing that bats has open reaches the server, or bats would wait for it.
  exec {_reactive_fd}< <(_reactive_kit_serve "$_reactive_owner" "$@")
  _reactive_kit_pid=$!
  IFS= read -r -u "$_reactive_fd" _reactive_line || :
  if [[ $_reactive_line != /* ]]; then
    # The toolkit's own line says test-kit, which nobody has called.
    printf '%s\n' "charm_new: ${_reactive_line#charms.reactive: test-kit: }" >&2
    cat <&"$_reactive_fd" >&2
    exec {_reactive_fd}<&-
    return 1
  fi
  _reactive_kit_channel=$_reactive_line
  IFS= read -r -u "$_reactive_fd" charm_dir
  IFS= read -r -u "$_reactive_fd" unit_root
  IFS= read -r -u "$_reactive_fd" unit_isolation || :
  exec {_reactive_fd}<&-
  # What fails is the line of the test, and not one of these files.
  ! declare -F bats_add_debug_exclude_path >/dev/null || bats_add_debug_exclude_path "$_reactive_bats_dir"
  _reactive_kit_at_teardown
}

# Usage: _reactive_kit_serve PID WORD...
# Become the server. What it prints before it is ready goes to charm_new.
_reactive_kit_serve() {
  local _reactive_open=''
  trap - ERR DEBUG
  for _reactive_open in /proc/self/fd/*; do
    _reactive_open=${_reactive_open##*/}
    # Safe: it is a number.
    ((_reactive_open < 3)) || eval "exec $_reactive_open>&-"
  done
  unset CHARMS_REACTIVE_CHANNEL "${!JUJU_@}" CHARM_DIR
  TMPDIR=$BATS_TEST_TMPDIR exec "$_reactive_bats_dir/../charms.reactive" test-kit --owner "$@" </dev/null 2>&1
}

# Usage: _reactive_kit FUNCTION WORD...
# Hand the words to the server. It prints why where it refuses. For `-` standard input goes along.
_reactive_kit() {
  local - _reactive_word='' _reactive_input=''
  set +eETx
  if [[ -z $_reactive_kit_channel ]]; then
    printf '%s: there is no charm yet: call charm_new first\n' "$1" >&2
    return 1
  fi
  # In the arguments of a command `-` is one of them.
  if [[ $1 != @(stub|*_called) ]]; then
    for _reactive_word in "${@:2}"; do
      case $_reactive_word in
      --) break ;;
      - | --stdin)
        IFS= read -r -d '' _reactive_input || :
        while [[ $_reactive_input == *$'\n' ]]; do _reactive_input=${_reactive_input%$'\n'}; done
        set -- "$@" -- "$_reactive_input"
        break
        ;;
      esac
    done
  fi
  if [[ ! -p $_reactive_kit_channel ]]; then
    printf '%s: the server of the test kit has ended\n' "$1" >&2
    return 1
  fi
  _reactive_call "$_reactive_kit_channel" "$@"
}

# The test is over: strict stubs are verified, and the server leaves nothing behind. bats has one place for
# that, the teardown of the test file, so the kit goes behind it.
_reactive_kit_at_teardown() {
  [[ $(type -t _reactive_kit_user_teardown) != function ]] || return 0
  # Safe: the text is what `declare -f` printed of a function.
  eval "_reactive_kit_user_$(declare -f teardown || echo 'teardown () { :; }')"
  # shellcheck disable=SC2317 # bats calls it
  teardown() {
    local _reactive_status=0
    _reactive_kit_user_teardown || _reactive_status=$?
    # A test that has failed or was skipped says enough already.
    if [[ -n ${BATS_TEST_COMPLETED-} && -z ${BATS_TEST_SKIPPED-} && -n $_reactive_kit_channel ]]; then
      _reactive_kit _verify || _reactive_status=$?
    fi
    if [[ -n $_reactive_kit_reports && -n $_reactive_kit_channel ]]; then
      [[ -n ${BATS_TEST_COMPLETED-} && $_reactive_status == 0 ]] ||
        _reactive_kit _report "$_reactive_kit_reports" "$BATS_TEST_FILENAME" "$BATS_TEST_DESCRIPTION" || :
    fi
    _reactive_kit_end
    return "$_reactive_status"
  }
}

_reactive_kit_end() {
  [[ -n $_reactive_kit_channel ]] || return 0
  [[ ! -p $_reactive_kit_channel ]] || _reactive_kit _end || :
  _reactive_kit_channel=
  wait "$_reactive_kit_pid" 2>/dev/null || :
}
