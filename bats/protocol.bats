#!/usr/bin/env bats
# A handler file that a person, or another dispatcher, asks with --test and --invoke; and the library run
# as a program.

setup() {
  load helpers
  make_charm
  handlers app.sh <<'END'
echo 'top level'
@when a
first() { echo "first in ${PWD##*/}"; set_flag b; }
@when_not a "it's 'quoted'"
second() { echo second; }
@when b
@when_not c
first() { echo 'first again'; set_flag c; }
@only_once
@when a
once() { echo once; }
@when a
fails() { echo fails; return 5; }
@when a
exits() { echo exits; exit 6; }
END
}

app() {
  outside "$charm/reactive/app.sh" "$@"
}

@test "--test prints the functions whose conditions hold, on one line, and nothing else on stdout" {
  run --separate-stderr -0 app --test
  assert_equal "$output" second
  assert_equal "$stderr" 'top level'
  outside set_flag a
  outside set_flag b
  run --separate-stderr -0 app --test
  assert_equal "$output" 'first,first#2,once,fails,exits'
}

@test "--test with none is silent and status 1" {
  outside set_flag "it's 'quoted'"
  run --separate-stderr -1 app --test
  assert_equal "$output" ''
}

@test "no argument is --test, for a person who looks at all" {
  run --separate-stderr -0 app
  assert_printed 'top level' second
}

@test "--invoke runs the named functions, in the order of the file" {
  run --separate-stderr -0 app --invoke second,first
  assert_printed 'top level' 'first in charm' second
  assert_flags b
  run --separate-stderr -0 app --invoke 'first#2'
  assert_printed 'top level' 'first again'
  assert_flags b c
}

@test "--invoke with nothing or with a strange name runs nothing" {
  run --separate-stderr -0 app --invoke ''
  assert_printed 'top level'
  run --separate-stderr -0 app --invoke 'no_such,firs'
  assert_printed 'top level'
}

@test "@only_once is remembered under the name that a dispatch uses" {
  outside set_flag a
  app --invoke once
  run -0 outside was_invoked reactive/app.sh:once
  run --separate-stderr -0 app --test
  assert_equal "$output" 'first,fails,exits'
  (cd "$charm" && outside ./reactive/app.sh --invoke first)
  run -0 outside was_invoked reactive/app.sh:first
}

@test "exit N is the status of --invoke, a return value alone is not" {
  run --separate-stderr -6 app --invoke exits
  run --separate-stderr -0 app --invoke fails,second
  assert_equal "$output" $'top level\nsecond\nfails'
}

@test "errexit of the file is the status of --invoke" {
  sed -i '2a set -e' "$charm/reactive/app.sh"
  run --separate-stderr -5 app --invoke fails,exits
  assert_equal "$output" $'top level\nfails'
}

@test "a decorator without a function is one line and status 3" {
  handlers app.sh <<<'@when a'
  run --separate-stderr -3 app --test
  assert_equal "$output" ''
  assert_equal "$stderr" "charms.reactive: a decorator without a function: $charm/reactive/app.sh:3"
}

@test "a file that another executable handler runs answers it, in the dispatch" {
  mkdir "$charm/lib"
  mv "$charm/reactive/app.sh" "$charm/lib/app.sh"
  executable "$charm/reactive/outer" <<'END'
#!/usr/bin/env python3
import os, subprocess, sys
app = os.environ['CHARM_DIR'] + '/lib/app.sh'
if sys.argv[1] == '--test':
    sys.exit(subprocess.call([app, '--test'], stderr=subprocess.DEVNULL))
sys.exit(subprocess.call([app, '--invoke', sys.argv[2]], stderr=subprocess.DEVNULL))
END
  run_hook 0 install
  assert_printed 'top level' second
  outside set_flag a
  run_hook 6 install
  assert_line 'first in charm'
}

@test "a file that a handler in bash runs answers it, in the dispatch" {
  mkdir "$charm/lib"
  mv "$charm/reactive/app.sh" "$charm/lib/app.sh"
  handlers outer.sh <<'END'
@hook install
f() {
  lib/app.sh --test 2>/dev/null
  lib/app.sh --invoke second
  set_flag a
  lib/app.sh --test 2>/dev/null
}
END
  run_hook 0 install
  assert_printed second 'top level' second first,once,fails,exits
}

@test "output of the top level never becomes part of a dispatch's protocol" {
  handlers app.sh <<'END'
echo 'first,second'
printf 'no line end'
@hook install
f() { echo f; }
END
  run_hook 0 install
  assert_regex "$output" 'f$'
  assert_equal "$(messages INFO)" 'Invoking reactive handler: reactive/app.sh:f'
}

@test "the library run as a program prints its usage: every decorator and helper" {
  run --separate-stderr -0 outside bash "$shell/charms.reactive.sh"
  assert_equal "$stderr" ''
  local name
  for name in @hook @action @when @when_all @when_any @when_not @when_none @when_not_all @when_file_changed \
    @only_once @not_unless @collect_metrics @meter_status_changed @at_start @at_exit reactive_handler_main \
    charms.reactive set_flag clear_flag toggle_flag is_flag_set all_flags_set any_flags_set get_flags \
    register_trigger layer_option relation_call render_template data_changed is_data_changed \
    any_file_changed was_invoked mark_invoked name_relation_get state_relation_call layer_lib juju_reboot config_get \
    set_state remove_state is_state all_states any_states; do
    [[ $output == *"$name"* ]] || fail "the usage does not name $name"
  done
  refute_output --partial '# '
}
