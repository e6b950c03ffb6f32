#!/usr/bin/env bats
# The executables in shell/: called by other languages and tools, in a dispatch and outside, found in odd ways.
#
# What stands in single quotes is for another shell, or is text.
# shellcheck disable=SC2016

setup() {
  load helpers
  make_charm
}

names=(charms.reactive set_flag clear_flag toggle_flag is_flag_set all_flags_set any_flags_set get_flags
  register_trigger layer_option relation_call render_template data_changed is_data_changed any_file_changed
  was_invoked mark_invoked set_state remove_state is_state all_states any_states state_relation_call
  name_relation_get relation_id endpoint_relations endpoint_units endpoint_departed endpoint_get endpoint_set
  request_create request_list request_respond request_response status_candidate charm-env charms.reactive.sh
  relation-get)

@test "there is an executable for every name that the behaviour lists, and no other" {
  local found=() file
  for file in "$shell"/*; do
    [[ ! -f $file || ! -x $file ]] || found+=("${file##*/}")
  done
  assert_equal "$(printf '%s\n' "${found[@]}" | sort)" "$(printf '%s\n' "${names[@]}" | sort)"
}

@test "the executables that are commands are one text, under each name" {
  local name texts=()
  for name in "${names[@]}"; do
    [[ $name == charm* || $name == relation-get ]] || texts+=("$(<"$shell/$name")")
  done
  assert_equal "$(printf '%s\n--\n' "${texts[@]}" | sort | uniq -c | sort -rn | wc -l)" 5
  assert_equal "$(wc -l <"$shell/set_flag")" 4
}

@test "in a dispatch they answer over the channel: exact words, statuses, no new runtime" {
  handlers app.sh <<'END'
@hook install
f() {
  # What starts a runtime from here on fails.
  mkdir -p no-node && printf '#!/bin/sh\necho "a new runtime" >&2; exit 99\n' >no-node/node && chmod +x no-node/node
  export CHARMS_REACTIVE_NODE=$PWD/no-node/node
  command set_flag 'two words'; echo "$?"
  command is_flag_set 'two words'; echo "$?"
  command is_flag_set other; echo "$?"
  env get_flags
  env set_flag '' 2>&1; echo "$?"
  env charms.reactive kv set key '[1]'; echo "$?"
  env charms.reactive kv get key; echo "$?"
  printf 'piped\n' | env data_changed id -; echo "$?"
  env is_data_changed id $'piped\n'; echo "$?"
  env charms.reactive is_data_changed id - <<<piped; echo "$?"
  env toggle_flag 'two words' false; echo "$?"
  env all_flags_set 'two words'; echo "$?"
}
END
  run_hook 0 install
  assert_printed 0 0 1 'two words' 'charms.reactive: set_flag: a flag needs a name: ""' 2 0 1 0 0 1 1 0 1
}

@test "outside of a hook each is a transaction of its own" {
  outside set_flag a
  outside charms.reactive set_flag b
  run -0 outside get_flags
  assert_output $'a\nb'
  run -0 outside is_flag_set a
  run -1 outside all_flags_set a c
  run -0 outside data_changed id - <<<text
  run -1 outside is_data_changed id $'text\n'
  run -0 outside any_flags_set a c
  outside clear_flag a
  run -1 outside is_state a
}

@test "xargs, timeout, background jobs and subshells of a handler" {
  handlers app.sh <<'END'
@hook install
f() {
  printf 'x1\0x 2\0' | xargs -0 -n 1 set_flag
  timeout 5 set_flag t
  for i in 1 2 3 4 5; do set_flag "function$i" & set_flag "function$i.again" & done
  for i in 1 2 3 4 5; do env set_flag "executable$i" & done
  wait
  (set_flag subshell)
  echo | set_flag pipeline
  : "$(set_flag substitution)"
  find "$CHARM_DIR/metadata.yaml" -exec set_flag found {} \;
  get_flags | wc -l
}
END
  run_hook 0 install
  assert_printed 22
  run -0 outside charms.reactive get_states -j
  assert_output --partial "\"found\":\"$charm/metadata.yaml\""
}

# bats test_tags=full
@test "handlers in Python, Perl and Ruby call them, and are handlers" {
  executable "$charm/reactive/a.py.handler" <<'END'
#!/usr/bin/env python3
import subprocess, sys
if sys.argv[1] == '--test':
    sys.exit(subprocess.call(['charms.reactive', 'when_not', 'python']))
subprocess.check_call(['set_flag', 'python'])
print(subprocess.check_output(['get_flags'], text=True), end='')
print(subprocess.call(['is_flag_set', 'no such']), sys.argv[1:])
END
  executable "$charm/reactive/b.pl" <<'END'
#!/usr/bin/env perl
if ($ARGV[0] eq '--test') { exit system('charms.reactive', 'when_not', 'perl') >> 8 }
system('set_flag', 'perl') == 0 or die;
print `get_flags`, system('is_flag_set', 'no such') >> 8, "\n";
END
  if type -p ruby >/dev/null; then
    executable "$charm/reactive/c.rb" <<'END'
#!/usr/bin/env ruby
exit(system('charms.reactive', 'when', 'perl') && !system('is_flag_set', 'ruby')) if ARGV[0] == '--test'
system('set_flag', 'ruby') or abort
END
  else
    outside set_flag ruby
  fi
  run_hook 0 install
  assert_printed python 1\ "['--invoke', '']" perl python 1
  assert_flags perl python ruby
}

@test "a symbolic link elsewhere to an executable, to the library or to the directory works" {
  local elsewhere=$BATS_TEST_TMPDIR/else\ where
  mkdir -p "$elsewhere/bin"
  ln -s "$shell/set_flag" "$elsewhere/bin/set_flag"
  ln -s bin/set_flag "$elsewhere/twice"
  ln -s "$shell/charms.reactive" "$elsewhere/bin/charms.reactive"
  ln -s "$shell/charms.reactive.sh" "$elsewhere/bin/charms.reactive.sh"
  ln -s "$shell" "$elsewhere/shell"
  run -0 outside "$elsewhere/bin/set_flag" a
  run -0 outside "$elsewhere/twice" b
  run -0 outside env PATH="$elsewhere/bin:$PATH" set_flag c
  run -0 outside "$elsewhere/shell/set_flag" d
  run -0 outside env PATH="$elsewhere/bin:$PATH" bash -c 'source charms.reactive.sh; set_flag e; charms.reactive get_flags'
  assert_output $'a\nb\nc\nd\ne'
  run -0 outside env PATH="$elsewhere/shell:$PATH" bash -c 'cd /; source charms.reactive.sh; is_flag_set e'
  run -0 outside bash -c 'cd "$1" && source ./charms.reactive.sh && is_flag_set e' bash "$elsewhere/bin"
  run -0 outside bash -c 'cd "$1" && ./set_flag f' bash "$elsewhere/shell"
  handlers app.sh <<'END'
@hook install
f() { cd /; env set_flag g; echo "${PATH%%:*}"; }
END
  run -0 outside bash -c 'cd "$1" && JUJU_HOOK_NAME=install PATH=${PATH#*:} exec ./charms.reactive main 2>/dev/null' bash "$shell"
  assert_output "$shell"
  run -0 outside is_flag_set g
  run -0 outside bash -c 'cd "$1" && PATH=.:$PATH && source charms.reactive.sh && cd / && is_flag_set f' bash "$shell"
}

@test "the toolkit of the hook is used, whatever stands first on Juju's PATH" {
  mkdir "$BATS_TEST_TMPDIR/other"
  executable "$BATS_TEST_TMPDIR/other/charms.reactive" <<'END'
#!/bin/sh
echo 'the wrong toolkit'
END
  cp "$BATS_TEST_TMPDIR/other/charms.reactive" "$BATS_TEST_TMPDIR/other/set_flag"
  echo "echo 'the wrong library'" >"$BATS_TEST_TMPDIR/other/charms.reactive.sh"
  executable "$charm/bin/mine" <<'END'
#!/bin/sh
echo mine
END
  handlers app.sh <<'END'
@hook install
f() { env set_flag a; env charms.reactive get_flags; mine; echo "${PATH%%:*}"; }
END
  run_hook 0 install PATH="$BATS_TEST_TMPDIR/other:$tools:$PATH"
  assert_printed a mine "$shell"
}

# bats test_tags=full
@test "a script that a handler starts may source the library itself" {
  executable "$charm/scripts/task" <<'END'
#!/bin/bash
source charms.reactive.sh
set_flag from.script
is_flag_set from.handler && echo seen
exit 3
END
  handlers app.sh <<'END'
@hook install
f() { set_flag from.handler; scripts/task; echo "$?"; is_flag_set from.script && echo seen; }
END
  run_hook 0 install
  assert_printed seen 3 seen
}

@test "the executables need nothing of their caller's shell" {
  outside env -u LANG SHELLOPTS=xtrace:noglob BASH_ENV=/no/such IFS=/ CDPATH=/ POSIXLY_CORRECT=1 set_flag a >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null
  run -0 outside get_flags
  assert_output a
}

@test "no charm dir is one line and status 2" {
  cd /
  run --separate-stderr env -u CHARM_DIR -u JUJU_CHARM_DIR "$shell/set_flag" a
  assert_equal "$status" 2
  assert_equal "$stderr" 'charms.reactive: set_flag: no charm here: name the unit with --unit APP/N or --charm-dir DIR, or set CHARM_DIR: /'
}
