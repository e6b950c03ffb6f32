#!/usr/bin/env bats
# Names of flags: data, never code, in calls, in decorators, through every door.
#
# What stands in single quotes is for another shell, or is text.
# shellcheck disable=SC2016

setup() {
  load helpers
  make_charm
}

# One shell word a line, as a charm would write it.
names() {
  cat <<'END'
'two words'
'  spaces around  '
"it's"
'double "quotes"'
'$(touch "$CHARM_DIR/hacked")'
'`touch "$CHARM_DIR/hacked"`'
'${HOME}'
'*'
'[a-z]?'
'a;b'
'a|b&c>d<e'
'a,b'
'back\slash\n'
'\'
'{}'
'x=y'
'#hash'
'~'
'!'
'%s%n'
'grün.✓.漢字'
'-'
'1.10'
'__proto__'
'constructor'
'@when'
':'
END
}

@test "every legal name is set, tested, printed, cleared, in a handler" {
  {
    printf '@hook install\nf() {\nfor name in '
    names | tr '\n' ' '
    cat <<'END'
; do
  set_flag "$name" && is_flag_set "$name" && [[ $(get_flags) == "$name" ]] && all_flags_set "$name" &&
    [[ $(env get_flags) == "$name" ]] && env is_flag_set "$name" &&
    clear_flag "$name" && ! is_flag_set "$name" || echo "wrong: $name"
done
get_flags
}
END
  } | handlers app.sh
  run_hook 0 install
  assert_printed
  [[ ! -e $charm/hacked ]]
}

@test "every legal name works in decorators" {
  local word number=0
  while read -r word; do
    number=$((number + 1))
    printf '@when %s\nset_%s() { echo -n "%s "; }\n' "$word" "$number" "$number"
    printf '@when_not %s\nunset_%s() { echo "not %s"; }\n' "$word" "$number" "$number"
  done < <(names) >"$BATS_TEST_TMPDIR/handlers"
  handlers app.sh < <(
    printf '@hook install\nf() {\nfor name in '
    names | tr '\n' ' '
    printf '; do set_flag "$name"; done\n}\n'
    cat "$BATS_TEST_TMPDIR/handlers"
  )
  run_hook 0 install
  assert_output "$(seq -s ' ' "$number") "
  assert_equal "$stderr" ''
  [[ ! -e $charm/hacked ]]
}

@test "a leading dash: plain in decorators, behind -- in calls" {
  handlers app.sh <<'END'
@hook install
f() {
  set_flag -- -x; echo "$?"
  set_flag -- --when; echo "$?"
  is_flag_set -- -x; echo "$?"
  env is_flag_set -- --when; echo "$?"
  env charms.reactive is_flag_set -- -y; echo "$?"
  get_flags
  clear_flag --when 2>/dev/null; echo "$?"
}
@when -x --when
g() { echo g; }
@when_not -y --
h() { echo h; }
END
  run_hook 0 install
  assert_printed 0 0 0 0 1 --when -x 2 g h
  run -0 outside is_flag_set -- -x
}

@test "4,096 bytes are a name, one more is none" {
  handlers app.sh <<'END'
printf -v longest '%04096d' 7
printf -v wide '%.0sé' {1..2048}
@hook install
f() {
  set_flag "$longest"; is_flag_set "$longest"; echo "$?"
  env is_flag_set "$longest"; echo "$?"
  set_flag "$wide"; echo "$?"
  set_flag "${longest}8"; echo "$?"
  set_flag "${wide}8"; echo "$?"
}
@when "$longest" "$wide"
g() { echo g; }
END
  run_hook 0 install
  assert_output $'0\n0\n0\n2\n2\ng'
  assert_equal "${#stderr_lines[@]}" 2
  assert_regex "${stderr_lines[0]}" '^charms\.reactive: set_flag: a flag name has at most 4096 bytes: "0+…"$'
}

@test "an empty name, a line end, a control character: one line, status 2, nothing changed" {
  handlers app.sh <<'END'
@hook install
f() {
  for name in '' $'a\nb' $'a\n' $'tab\t' $'bell\a' $'delete\x7f' $'return\r'; do
    set_flag "$name"; echo "$?"
    env set_flag "$name"; echo "$?"
  done
  is_flag_set ''; echo "$?"
  register_trigger --when a --set_flag $'x\ny'; echo "$?"
}
END
  run_hook 0 install
  assert_output "$(yes 2 | head -n 16)"
  assert_equal "${#stderr_lines[@]}" 16
  assert_equal "${stderr_lines[2]}" 'charms.reactive: set_flag: a flag name has no control characters: "a\nb"'
  assert_equal "${stderr_lines[3]}" "${stderr_lines[2]}"
  assert_flags ''
}

@test "the same outside of a hook" {
  run --separate-stderr -2 outside set_flag ''
  assert_equal "$stderr" 'charms.reactive: set_flag: a flag needs a name: ""'
  run --separate-stderr -2 outside set_flag $'a\nb'
  assert_equal "$stderr" 'charms.reactive: set_flag: a flag name has no control characters: "a\nb"'
  run --separate-stderr -2 outside set_flag $'\xff\xfe'
  assert_equal "${#stderr_lines[@]}" 1
  assert_flags ''
  [[ ! -e $charm/hacked ]]
  outside set_flag '$(touch "$CHARM_DIR/hacked")'
  outside set_flag -- -x
  assert_flags '$(touch "$CHARM_DIR/hacked")' -x
  [[ ! -e $charm/hacked ]]
}

@test "an illegal name in a decorator fails the hook and names the function" {
  handlers app.sh <<'END'
@when ''
f() { :; }
END
  run_hook 3 install
  assert_only_record 'a flag needs a name: "", at reactive/app.sh:4 f'
  handlers app.sh <<'END'
@not_unless $'a\nb'
f() { :; }
END
  run_hook 3 install
  assert_only_record 'a flag name has no control characters: "a\nb", at reactive/app.sh:4 f'
}
