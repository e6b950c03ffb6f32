#!/usr/bin/env bats
# The channel from its bash side: what goes over it, how many at once, and what happens when one side dies.

setup() {
  load helpers
  make_charm
  export TMPDIR=$BATS_TEST_TMPDIR/tmp
  mkdir "$TMPDIR"
}

@test "words arrive as they are: empty, with line ends, backslashes, quotes, UTF-8" {
  handlers app.sh <<'END'
@hook install
f() {
  local word long
  printf -v long '%5000s' x
  for word in '' ' ' $'\n' $'a\nb\n' '\' '\n' 'a\\nb\' "it's" '"' $'\t\x01\x7f' 'grün ✓ 漢字 🙂' '-' '=' '*' '$(x)' \
    "$long" "$long"$'\n\\\n\\n' "✓$long"; do
    charms.reactive kv set -- key "\"x\"" || echo "wrong: set"
    data_changed id "[$word"
    is_data_changed id "[$word" && echo "wrong: $word"
    is_data_changed id "[${word}x" || echo "wrong: longer $word"
    mark_invoked "id:$word"
    was_invoked "id:$word" || echo "wrong: mark $word"
    env was_invoked "id:$word" || echo "wrong: mark through an executable $word"
  done
  echo end
}
END
  run_hook 0 install
  assert_printed end
}

@test "many words, empty ones among them, keep their number" {
  handlers app.sh <<'END'
@hook install
f() {
  set_flag '' x y 2>/dev/null; echo "$?"
  mark_invoked a '' b '' ''
  was_invoked '' && echo empty
  mark_invoked {1..2000}
  was_invoked 1000 && was_invoked 2000 && echo many
  set_flag a b c 2>&1
}
END
  run_hook 0 install
  assert_printed 2 empty many 'charms.reactive: set_flag: too many words: c'
}

# bats test_tags=full
@test "a megabyte goes there and comes back, by function and by executable" {
  handlers app.sh <<'END'
@hook install
f() {
  local big back
  printf -v big '%01048576d' 7
  big="é$big\\"$'\n'✓
  charms.reactive kv set big "$big"; echo "$?"
  back=$(charms.reactive kv get big)
  [[ $back == "$big" ]] && echo same
  back=$(env charms.reactive kv get big)
  [[ $back == "$big" ]] && echo same
  printf '%s' "$big" | env data_changed id -; echo "$?"
  is_data_changed id "$big"; echo "$?"
}
END
  run_hook 0 install
  assert_printed 0 same same 0 1
}

# bats test_tags=full
@test "every length of reply around the sizes of pipes and writes" {
  handlers app.sh <<'END'
@hook install
f() {
  local size text back
  for size in 0 1 795 800 801 4079 4080 4081 4082 4083 4084 4095 4096 4097 65520 65535 65536 65537; do
    printf -v text '%*s' "$size" x
    charms.reactive kv set key "x$text"
    back=$(charms.reactive kv get key; echo .)
    [[ $back == "x$text"$'\n.' ]] || echo "wrong: $size"
  done
}
END
  run_hook 0 install
  assert_printed ''
}

@test "what is not UTF-8 is one line and status 2, and the next call works" {
  handlers app.sh <<'END'
@hook install
f() {
  set_flag $'\xff\xfe'; echo "$?"
  env set_flag $'a\x80'; echo "$?"
  printf -v long '%2000s' $'\xff'
  set_flag "$long"; echo "$?"
  set_flag fine; echo "$?"
}
END
  run_hook 0 install
  assert_output $'2\n2\n2\n0'
  assert_equal "${#stderr_lines[@]}" 3
  assert_regex "${stderr_lines[0]}" '^charms\.reactive: (set_flag: )?arguments must be UTF-8: '
  assert_flags fine
}

# bats test_tags=full
@test "50 background jobs of 20 calls each" {
  handlers app.sh <<'END'
@hook install
f() {
  for job in {1..50}; do
    {
      for call in {1..5}; do
        set_flag "job $job.$call"
        is_flag_set "job $job.$call" || echo "wrong: $job.$call"
        is_flag_set "job $job.none" && echo "wrong: $job"
        [[ $(charms.reactive get_unset_flags "x $job.$call") == "x $job.$call" ]] || echo "wrong answer: $job.$call"
      done
    } &
  done
  wait
  get_flags | wc -l
}
END
  run_hook 0 install
  assert_printed 250
}

@test "jobs whose words have line ends do not get into each other's requests" {
  handlers app.sh <<'END'
@hook install
f() {
  local i number
  for i in {1..4}; do
    for number in {1..40}; do
      mark_invoked "$i"$'\nsecond line\n'"$number"
      was_invoked "$i"$'\nsecond line\n'"$number" || echo "lost: $i $number"
    done &
  done
  wait
  echo end
}
END
  run_hook 0 install
  assert_printed end
}

@test "a client that is killed in the middle harms nobody" {
  handlers app.sh <<'END'
@hook install
f() {
  printf -v big '%0500000d' 1
  charms.reactive kv set big "$big"
  for i in {1..20}; do
    (while :; do charms.reactive kv get big >/dev/null; set_flag "$big" 2>/dev/null; done) &
    clients+=("$!")
  done
  sleep 0.2
  kill -KILL "${clients[@]}"
  wait 2>/dev/null
  # Half a request, and garbage.
  printf 'garbage\0=more' >"$CHARMS_REACTIVE_CHANNEL"
  printf '\0%s\0=set_flag\0=cut' "$BASHPID" >"$CHARMS_REACTIVE_CHANNEL"
  for i in {1..20}; do set_flag "$i" && is_flag_set "$i" || echo "wrong: $i"; done
  get_flags | wc -l
}
END
  run_hook 0 install
  assert_output 20
}

# Usage: with_dead_dispatch
# A hook whose handler waits, asks after the dispatcher was killed, and writes what came to $charm/answer.
with_dead_dispatch() {
  (hook install >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null) &
  local i
  for ((i = 0; i < 100; i++)); do
    [[ ! -e $charm/ready ]] || break
    sleep 0.05
  done
  kill -KILL "$(cut -d/ -f3 "$charm/ready")"
  for ((i = 0; i < 100; i++)); do
    [[ ! -e $charm/answer ]] || break
    sleep 0.05
  done
  wait "$!" || :
}

@test "a dispatcher that is killed while a call waits: one line, status 3, within a second" {
  handlers app.sh <<'END'
@hook install
f() {
  # Somebody who reads no more: the call under way gets no answer.
  kill -STOP "$(cut -d/ -f3 <<<"$CHARMS_REACTIVE_CHANNEL")"
  echo "$CHARMS_REACTIVE_CHANNEL" >ready.new && mv ready.new ready
  start=${EPOCHREALTIME/./}
  said=$(is_flag_set a 2>&1)
  echo "$? $said" >answer.new
  echo "$((${EPOCHREALTIME/./} - start))" >took
  mv answer.new answer
}
END
  with_dead_dispatch
  assert_regex "$(<"$charm/answer")" '^3 charms\.reactive: no dispatch answers at the channel: /proc/[0-9]+/fd/[0-9]+$'
  # The kill comes up to 0.1 seconds after the call, and a loaded machine is slow.
  (($(<"$charm/took") < 2000000))
}

@test "a call after the dispatcher has died: one line, status 3, from function and executable" {
  handlers app.sh <<'END'
@hook install
f() {
  pid=$(cut -d/ -f3 <<<"$CHARMS_REACTIVE_CHANNEL")
  echo "$CHARMS_REACTIVE_CHANNEL" >ready.new && mv ready.new ready
  while kill -0 "$pid" 2>/dev/null && [[ $(</proc/$pid/stat) != *') Z '* ]]; do sleep 0.02; done
  { set_flag a; echo "$?"; env set_flag a; echo "$?"; env charms.reactive get_flags; echo "$?"; } >answer.new 2>&1
  mv answer.new answer
}
END
  with_dead_dispatch
  local line
  line="charms.reactive: no dispatch answers at the channel: $(<"$charm/ready")"
  assert_equal "$(<"$charm/answer")" "$line
3
$line
3
$line
3"
}

@test "nothing of a hook is left: no file, no process" {
  handlers app.sh <<'END'
@hook install
f() { set_flag a; env set_flag b; charms.reactive kv set big "$(seq 10000)"; charms.reactive kv get big >/dev/null; }
END
  mkdir "$TMPDIR/hook"
  run_hook 0 install TMPDIR="$TMPDIR/hook"
  run ls -A "$TMPDIR/hook"
  assert_output ''
  assert_equal "$(cd "$charm" && find . -type f | sort)" "./.reactive-state.db
./metadata.yaml
./reactive/app.sh"
  local environment
  for environment in /proc/[0-9]*/environ; do
    ! grep -qsF "TMPDIR=$TMPDIR/hook" "$environment" || fail "a process is left: $environment"
  done
}

@test "a client that outlives its hook gets one line and status 3" {
  handlers app.sh <<'END'
@hook install
f() {
  echo "$CHARMS_REACTIVE_CHANNEL" >channel
}
END
  run_hook 0 install
  run --separate-stderr -3 outside env CHARMS_REACTIVE_CHANNEL="$(<"$charm/channel")" set_flag a
  assert_equal "$stderr" "charms.reactive: no dispatch answers at the channel: $(<"$charm/channel")"
}

@test "where here-strings are files a call says so instead of waiting" {
  handlers app.sh <<'END'
@hook install
f() {
  BASH_COMPAT=4.4
  any_flags_set a
  said=$?
  # A short reply needs no pipe of the function's own.
  set_flag a
  is_flag_set a && ! is_flag_set b && said+=' short'
  BASH_COMPAT=
  echo "$said"
}
END
  run_hook 0 install
  assert_output '3 short'
  assert_equal "$stderr" 'charms.reactive: here-strings are no pipes before bash 5.1 and with such a BASH_COMPAT: 4.4'
}
