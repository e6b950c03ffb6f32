#!/usr/bin/env bats
# Questions about a flag in a function of a handler, whose replies come through the engine's own pipe.

setup() {
  load helpers
  make_charm
}

@test "a function, its subshells, background jobs and programs ask at the same time, and each gets its own reply" {
  handlers app.sh <<'END'
@hook install
f() {
  local i
  set_flag yes
  ask() {
    for ((i = 0; i < 200; i++)); do
      is_flag_set yes || echo "wrong: $1 yes"
      ! is_flag_set no || echo "wrong: $1 no"
    done
  }
  ask job &
  (ask subshell) &
  for i in {1..20}; do env is_flag_set yes || echo "wrong: program"; done &
  ask function
  for ((i = 0; i < 50; i++)); do [[ $(is_flag_set yes && echo it) == it ]] || echo "wrong: substitution"; done
  wait
  echo end
}
END
  run_hook 0 install
  assert_printed end
}

@test "a question in a trap does not take the reply of the one that it interrupts, whichever they are" {
  handlers app.sh <<'END'
@hook install
f() {
  local i count=0 me=$BASHPID sender ask
  set_flag yes
  trap 'is_flag_set no && echo "wrong: no in a trap"; any_flags_set no && echo "wrong: none in a trap"; count=$((count + 1))' USR1
  for ask in is_flag_set any_flags_set; do
    (for i in {1..40}; do kill -USR1 "$me" && sleep 0.005; done) &
    sender=$!
    while kill -0 "$sender" 2>/dev/null; do
      "$ask" yes || echo "wrong: $ask yes"
      ! "$ask" no || echo "wrong: $ask no"
    done
  done
  ((count > 10)) || echo "wrong: $count"
  trap - USR1
  is_flag_set yes && ! is_flag_set no && echo end
}
END
  run_hook 0 install
  assert_printed end
}

@test "the reply to a process that was killed is not taken for that of the next function" {
  handlers app.sh <<'END'
@hook install
f() {
  set_flag yes
  # As a function does that is killed before it reads.
  printf '%s\0' '' "$BASHPID@" =is_flag_set =no '' >"$CHARMS_REACTIVE_CHANNEL"
  printf '%s\0' '' "4194303@" =is_flag_set =no '' >"$CHARMS_REACTIVE_CHANNEL"
}
@hook install
g() {
  is_flag_set yes && ! is_flag_set no && echo end
}
END
  run_hook 0 install
  assert_printed end
}

@test "what the engine refuses, words that are no names, and a limit of time for reading end as ever" {
  handlers app.sh <<'END'
@hook install
f() {
  set_flag yes
  is_flag_set '' 2>/dev/null || echo "$?"
  is_flag_set 2>/dev/null || echo "$?"
  is_flag_set 'a b' || echo "$?"
  TMOUT=1 is_flag_set yes && echo end
}
END
  run_hook 0 install
  assert_printed 2 2 1 end
}
