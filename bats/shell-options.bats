#!/usr/bin/env bats
# The library as a guest in somebody's shell: silent and correct under any options, and nothing of that shell
# is changed but by the documented names.

setup() {
  load helpers
  make_charm
}

# Everything that the library gives: used once, with an exact answer. Works with errexit on.
use_everything() {
  cat <<'END'
set_flag 'a b'
is_flag_set 'a b' && echo yes
is_flag_set '*' || echo no
set_flag '*'
get_flags
clear_flag '*'
data_changed id 'x y' && echo changed
data_changed id - <<<'from stdin' && echo changed
any_flags_set c 'a b' && echo any
toggle_flag 'a b' false
charms.reactive get_unset_flags b 'a  a'
render_template t.j2 "$CHARM_DIR/target" 'given=*  *' && echo rendered
END
}
everything=(yes no '*' 'a b' changed changed any 'a  a' b rendered)

# The file with decorators around it.
decorated() {
  printf '%s\n' '#!/bin/bash' "$@" 'source charms.reactive.sh' '@hook install' "@when_not 'no  such' '*'" \
    "@not_unless '?'" 'f() {'
  use_everything
  printf '}\n@hook install\nf() { echo second; }\nreactive_handler_main\n'
}

# Usage: assert_works_under OPTION...
# The library is silent and right below these lines, sourced in a shell and in a handler file.
assert_works_under() {
  echo '{{ given }}' >"$charm/templates/t.j2"
  decorated "$@" | executable "$charm/reactive/app.sh"
  rm -f "$charm/.reactive-state.db" "$charm/target"
  run_hook 0 install
  assert_printed "${everything[@]}" second
  assert_equal "$(<"$charm/target")" '*  *'

  rm -f "$charm/.reactive-state.db" "$charm/target"
  { printf '%s\n' "$@" 'source charms.reactive.sh' && use_everything; } >"$BATS_TEST_TMPDIR/script"
  run --separate-stderr outside bash --norc -euo pipefail "$BATS_TEST_TMPDIR/script"
  assert_printed "${everything[@]}"
}

@test "under set -euo pipefail" {
  assert_works_under 'set -euo pipefail'
}

# bats test_tags=full
@test "under inherit_errexit, set -E and set -T" {
  assert_works_under 'set -eETuo pipefail' 'shopt -s inherit_errexit'
}

@test "under a changed IFS" {
  assert_works_under "IFS=',/_0123456789='"
}

# bats test_tags=full
@test "under an empty and an unset IFS" {
  assert_works_under 'IFS='
  assert_works_under 'unset IFS'
}

@test "under nullglob, dotglob, extglob, globstar" {
  assert_works_under 'shopt -s nullglob dotglob extglob globstar'
}

# bats test_tags=full
@test "under failglob, nocaseglob" {
  assert_works_under 'shopt -s failglob extglob nocaseglob'
}

# bats test_tags=full
@test "under nocasematch, lastpipe, localvar_inherit and other shopts" {
  assert_works_under 'shopt -s nocasematch lastpipe localvar_inherit'
  assert_works_under 'shopt -u extquote interactive_comments patsub_replacement 2>/dev/null || :' 'shopt -s expand_aliases xpg_echo'
}

# bats test_tags=full
@test "under noclobber, noglob and the rest of set" {
  assert_works_under 'set -Cf'
  assert_works_under 'set -ahm'
}

@test "under the locale C" {
  assert_works_under 'export LC_ALL=C'
}

# bats test_tags=full
@test "under other locales" {
  assert_works_under 'export LC_ALL=C.UTF-8'
  assert_works_under 'unset LANG' 'LC_ALL=C'
}

# bats test_tags=full
@test "with TMOUT, and with odd values in variables that bash reads" {
  assert_works_under 'TMOUT=1' 'REPLY=kept' 'OPTIND=7' 'GLOBIGNORE=*' 'CDPATH=/'
}

# bats test_tags=full
@test "with readonly and exported names like ours, and functions that shadow commands" {
  assert_works_under 'readonly text=1 name=2 index=3 status=4 line=5 i=6' 'kill() { echo mine; }' 'cd() { echo mine; }'
}

# bats test_tags=full
@test "with stdin closed" {
  assert_works_under 'exec <&-'
}

@test "with stdout closed the flags are set, and nothing is said" {
  printf '%s\n' 'exec >&-' 'source charms.reactive.sh' 'set_flag a' 'is_flag_set a' 'exit 0' >"$BATS_TEST_TMPDIR/script"
  run --separate-stderr -0 outside bash --norc -euo pipefail "$BATS_TEST_TMPDIR/script"
  assert_printed ''
  assert_flags a
  handlers app.sh <<'END'
exec >&-
@hook install
f() { set_flag b; is_flag_set b && set_flag c; }
END
  run_hook 0 install
  assert_printed ''
  assert_flags a b c
}

@test "with traps of the user on ERR, DEBUG and RETURN" {
  assert_works_under 'set -e' 'trap : ERR' 'trap : DEBUG' 'trap : RETURN' 'trap : EXIT USR1'
}

# bats test_tags=full
@test "with inherited traps of the user" {
  assert_works_under 'set -eET' 'trap : ERR DEBUG RETURN'
}

@test "with set -x only the lines of the user show, in a shell" {
  cat >"$BATS_TEST_TMPDIR/script" <<'END'
set -x
source charms.reactive.sh
set_flag 'a b'
if is_flag_set c; then
  echo unreachable
fi
value=$(get_flags)
function ready() { is_flag_set "$1"; }
ready 'a b' && charms.reactive clear_flag 'a b'
data_changed id - <<<text
END
  run --separate-stderr -0 outside bash --norc "$BATS_TEST_TMPDIR/script"
  assert_equal "$stderr" "+ source charms.reactive.sh
+ set_flag 'a b'
+ is_flag_set c
++ get_flags
+ value='a b'
+ ready 'a b'
+ is_flag_set 'a b'
+ charms.reactive clear_flag 'a b'
+ data_changed id -"
}

@test "with set -x only the lines of the user show, in a handler file" {
  echo 'options: {absent: {type: string}}' >"$charm/config.yaml"
  executable "$charm/reactive/app.sh" <<'END'
#!/bin/bash
set -x
source charms.reactive.sh
@hook install
@when_not 'a b'
first() {
  guarded 1
  config_get absent
  charms.reactive set_flag "$1x"
}
@not_unless x
guarded() {
  : "in $1"
}
@hook install
first() {
  render_template t.j2 "target"
}
reactive_handler_main
END
  : >"$charm/templates/t.j2"
  run_hook 0 install
  local top="+ source charms.reactive.sh
+ @hook install
+ @when_not 'a b'
+ @not_unless x
+ @hook install
+ reactive_handler_main"
  assert_equal "$stderr" "$top
$top
+ first
+ guarded 1
+ : 'in 1'
+ config_get absent
+ charms.reactive set_flag x
+ first
+ render_template t.j2 target"
}

# bats test_tags=full
@test "with set -x an error shows its own line and ours, not the library" {
  executable "$charm/reactive/app.sh" <<'END'
#!/bin/bash
set -ex
source charms.reactive.sh
@hook install
f() {
  is_flag_set a || false
}
reactive_handler_main
END
  run_hook 1 install
  assert_equal "$stderr" '+ source charms.reactive.sh
+ @hook install
+ reactive_handler_main
+ source charms.reactive.sh
+ @hook install
+ reactive_handler_main
+ f
+ is_flag_set a
+ false'
  assert_record 'handler reactive/app.sh:f failed with status 1 at reactive/app.sh:6: false'
}

# Everything of a shell that a guest could change; what the library documents, and its _reactive_ names, aside.
inventory() {
  cat <<'END'
inventory() {
  set -o
  shopt
  trap -p
  umask
  pwd
  alias
  ulimit -a
  echo "$-" "$#" "$*" "$IFS" "$PATH" "${OPTIND-}" "${REPLY-}" "${MAPFILE-}"
  local name
  for name in $(compgen -v); do
    case $name in
    _ | name | BASH_* | FUNCNAME | LINENO | RANDOM | SRANDOM | EPOCH* | SECONDS | PIPESTATUS | BASHPID | _reactive_* | PPID) ;;
    *) declare -p "$name" 2>/dev/null || : ;;
    esac
  done
  ls /proc/self/fd
  jobs
}
functions() { compgen -A function; }
END
}

# bats test_tags=full
@test "in a shell nothing is changed but the documented functions and _reactive_ names" {
  {
    inventory
    cat <<'END'
trap 'echo user-err' ERR
trap 'echo user-exit >/dev/null' EXIT
trap 'echo user-usr1' USR1
trap : RETURN
set -uo pipefail
shopt -s nullglob extglob
OPTIND=3 REPLY=kept
MAPFILE=(kept)
set -- one 'two words'
hash ls
inventory >"$CHARM_DIR/before"; functions >"$CHARM_DIR/functions.before"
source charms.reactive.sh
set_flag a
is_flag_set b || :
get_flags >/dev/null
value=$(charms.reactive get_flags)
render_template t.j2 "$CHARM_DIR/target" >/dev/null
data_changed id - <<<text
unset value
@when a
f() { :; }
unset -f f
inventory >"$CHARM_DIR/after"; functions >"$CHARM_DIR/functions.after"
END
  } >"$BATS_TEST_TMPDIR/script"
  : >"$charm/templates/t.j2"
  run --separate-stderr -0 outside bash --norc "$BATS_TEST_TMPDIR/script"
  assert_equal "$output" ''
  assert_equal "$stderr" ''
  run diff "$charm/before" "$charm/after"
  assert_output ''
  run diff "$charm/functions.before" "$charm/functions.after"
  refute_output --regexp '^<'
  assert_equal "$(sed -n 's/^> //p' <<<"$output" | grep -v ^_reactive_ | sort)" "$(documented_functions)"
}

documented_functions() {
  printf '%s\n' @hook @action @when @when_all @when_any @when_not @when_none @when_not_all @when_file_changed \
    @only_once @not_unless @collect_metrics @meter_status_changed @at_start @at_exit @method \
    reactive_handler_main charms.reactive \
    set_flag clear_flag toggle_flag is_flag_set all_flags_set any_flags_set get_flags register_trigger \
    layer_option relation_call render_template data_changed is_data_changed any_file_changed was_invoked \
    mark_invoked state_relation_call name_relation_get relation_id endpoint_relations endpoint_units endpoint_departed \
    endpoint_get endpoint_set request_create request_list request_respond request_response layer_lib juju_reboot \
    set_state remove_state is_state all_states any_states config_get relation_ids relation_list relation_get \
    relation_set is_leader leader_get leader_set \
    status_candidate status_set status_get state_get state_set state_delete unit_get network_get open_port close_port \
    opened_ports resource_get storage_list storage_get storage_add secret_add secret_set secret_get \
    secret_grant secret_revoke secret_remove secret_ids secret_info_get action_get action_set action_log \
    action_fail goal_state juju_log application_version_set add_metric credential_get relation_model_get | sort
}

@test "in a handler file nothing is changed between the source line and its last line, and in a handler" {
  echo 'options: {x: {type: string}}' >"$charm/config.yaml"
  {
    printf '#!/bin/bash\n'
    inventory
    cat <<'END'
trap 'echo user-err' ERR
trap 'echo user-exit >>"$CHARM_DIR/exits"' EXIT
trap 'echo user-usr1' USR1
set -uo pipefail
shopt -s nullglob extglob
OPTIND=3 REPLY=kept
inventory >"$CHARM_DIR/before"
unset CHARMS_REACTIVE_PROCESS
inventory >"$CHARM_DIR/before.without"
END
  } >"$BATS_TEST_TMPDIR/start"
  # The number of the process is for the library alone.
  sed -e '/^unset CHARMS/,$d' "$BATS_TEST_TMPDIR/start" >"$charm/reactive/app.sh"
  cat >>"$charm/reactive/app.sh" <<'END'
source charms.reactive.sh
inventory >"$CHARM_DIR/after.$1"
@hook install
f() {
  inventory >"$CHARM_DIR/handler.before"
  set_flag a
  is_flag_set b || :
  charms.reactive get_flags >/dev/null
  config_get x
  inventory >"$CHARM_DIR/handler.after"
}
reactive_handler_main
inventory >"$CHARM_DIR/end"
END
  chmod +x "$charm/reactive/app.sh"
  run_hook 0 install
  assert_printed ''
  run diff <(grep -v 'CHARMS_REACTIVE_PROCESS' "$charm/before") "$charm/after.--invoke"
  assert_output ''
  run diff "$charm/after.--invoke" "$charm/end"
  assert_output ''
  run diff "$charm/handler.before" "$charm/handler.after"
  assert_output ''
  # Once when the file registered, once when it ran.
  assert_equal "$(<"$charm/exits")" $'user-exit\nuser-exit'
}

@test "an EXIT trap that a file sets behind the source line fires too" {
  handlers app.sh <<'END'
trap 'echo "bye $?" >>"$CHARM_DIR/exits"' EXIT
@hook install
f() { echo f; }
END
  run_hook 0 install
  assert_printed f
  assert_equal "$(<"$charm/exits")" $'bye 0\nbye 0'
}

# bats test_tags=full
@test "an EXIT trap of the file keeps its status, and a file that does not apply stays one" {
  executable "$charm/reactive/app.sh" <<'END'
#!/bin/bash
set -e
trap 'echo "bye $?" >>"$CHARM_DIR/exits"' EXIT
source charms.reactive.sh
exit 1
END
  run_hook 0 install
  assert_equal "$(<"$charm/exits")" 'bye 1'
}
