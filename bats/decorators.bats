#!/usr/bin/env bats
# Each decorator, in the hooks where its condition holds and in those where it does not.

setup() {
  load helpers
  make_charm
}

@test "every decorator runs its function when its condition holds, and not otherwise" {
  outside set_flag a
  handlers app.sh <<'END'
@hook install
hook_yes() { echo hook_yes; }
@hook start 'config-changed'
hook_no() { echo hook_no; }
@hook 'ins{tall,ulate}'
hook_braces() { echo hook_braces; }
@action backup
action_no() { echo action_no; }
@when a
when_yes() { echo when_yes; }
@when a b
when_no() { echo when_no; }
@when_all a
when_all_yes() { echo when_all_yes; }
@when_all a b
when_all_no() { echo when_all_no; }
@when_any b a
when_any_yes() { echo when_any_yes; }
@when_any b c
when_any_no() { echo when_any_no; }
@when_not b c
when_not_yes() { echo when_not_yes; }
@when_not a b
when_not_no() { echo when_not_no; }
@when_none b c
when_none_yes() { echo when_none_yes; }
@when_none a b
when_none_no() { echo when_none_no; }
@when_not_all a b
when_not_all_yes() { echo when_not_all_yes; }
@when_not_all a
when_not_all_no() { echo when_not_all_no; }
@only_once
only_once() { echo only_once; }
@when_file_changed watched
when_file_changed() { echo when_file_changed; }
@collect_metrics
collect_metrics() { echo collect_metrics; }
@meter_status_changed
meter_status_changed() { echo meter_status_changed; }
END
  echo one >"$charm/watched"
  local always=(when_yes when_all_yes when_any_yes when_not_yes when_none_yes when_not_all_yes)

  run_hook 0 install
  assert_printed hook_yes hook_braces only_once when_file_changed "${always[@]}"
  run_hook 0 install
  assert_printed hook_yes hook_braces "${always[@]}"
  echo two >"$charm/watched"
  run_hook 0 start
  assert_printed hook_no when_file_changed "${always[@]}"
  run_hook 0 '' JUJU_ACTION_NAME=backup
  assert_printed action_no "${always[@]}"
  run_hook 0 collect-metrics
  assert_printed collect_metrics
  run_hook 0 meter-status-changed
  assert_printed meter_status_changed
}

@test "several decorators of one function must all hold, in any order" {
  outside set_flag a
  handlers app.sh <<'END'
@when a
@when_not b
both() { echo both; }
@when_not b
@when c
neither() { echo neither; }
@when a
@hook install
@only_once
hook_and_flag() { echo hook_and_flag; }
@hook install
@when b
hook_without_flag() { echo hook_without_flag; }
@only_once
@when a
once_with_flag() { echo once_with_flag; }
@when_any a b
@when_any b c
two_of_a_kind() { echo two_of_a_kind; }
END
  run_hook 0 install
  assert_printed hook_and_flag both once_with_flag
  run_hook 0 install
  assert_printed both
}

@test "an action of the name of a hook fires no hook handler" {
  handlers app.sh <<'END'
@hook install
on_hook() { echo hook; }
@action install
on_action() { echo action; }
END
  run_hook 0 '' JUJU_ACTION_NAME=install
  assert_printed action
}

@test "@not_unless warns and lets the function run" {
  handlers app.sh <<'END'
@not_unless ready 'the other'
guarded() { echo "guarded $*"; }
@hook install
caller() { guarded 1 'two words'; set_flag ready; set_flag 'the other'; guarded again; }
END
  run_hook 0 install
  assert_printed 'guarded 1 two words' 'guarded again'
  assert_equal "$(messages WARNING)" 'reactive/app.sh:guarded called before its flags are set: ready, the other'
}

@test "@not_unless keeps status and arguments of its function, and triggers nothing" {
  outside set_flag ready
  handlers app.sh <<'END'
set -e
@not_unless ready
guarded() { printf '<%s>' "$@"; return 7; }
@hook install
caller() { guarded '' '*' $'a\nb' || echo "status $?"; }
END
  run_hook 0 install
  assert_printed $'<><*><a\nb>status 7'
  assert_equal "$(messages WARNING)" ''
}

@test "@not_unless guards each of two functions of one name" {
  handlers app.sh <<'END'
@hook install
@not_unless a
twice() { echo first; }
@hook install
@not_unless b
twice() { echo second; }
END
  run_hook 0 install
  assert_printed first second
  assert_equal "$(messages WARNING)" "reactive/app.sh:twice called before its flags are set: a
reactive/app.sh:twice called before its flags are set: b"
}

@test "a pattern of role and interface stands for the hooks of all such endpoints, also in files of interface layers" {
  printf 'name: app\nrequires: {db: {interface: pgsql}, cache: {interface: pgsql}}\n' >"$charm/metadata.yaml"
  executable "$charm/hooks/relations/pgsql/requires.sh" <<'END'
#!/bin/bash
source charms.reactive.sh
@hook '{requires:pgsql}-relation-{joined,changed}'
joined() { echo joined; }
reactive_handler_main
END
  run_hook 0 db-relation-joined JUJU_RELATION=db JUJU_RELATION_ID=db:1 JUJU_REMOTE_UNIT=pg/0
  assert_printed joined
  run_hook 0 cache-relation-changed JUJU_RELATION=cache JUJU_RELATION_ID=cache:2 JUJU_REMOTE_UNIT=cache/0
  assert_printed joined
}

@test "decorators that are called wrongly fail the hook and name the function" {
  handlers app.sh <<'END'
@when
nothing() { :; }
END
  run_hook 3 install
  assert_only_record 'the decorator needs words: @when, at reactive/app.sh:4 nothing'
}
