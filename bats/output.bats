#!/usr/bin/env bats
# What handlers and top-level code print, where it goes into a pipe, as in Juju.

load helpers

setup() {
  make_charm
}

@test "stdout and stderr pass in their order, may be opened again, and are as long as they like" {
  handlers app.sh <<'END'
echo top >/dev/stderr
@hook install
f() {
  for i in {1..20}; do
    echo "$i"
    echo "$i" >&2
    echo "$i" >/dev/stdout
    echo "$i" >/dev/stderr
  done
  printf '%0300000d\n' 0 >&2
  echo done
}
END
  hook install 2>&1 | cat >"$BATS_TEST_TMPDIR/out"
  {
    # One is the file that registers, the other the one that runs.
    printf 'top\ntop\n'
    for i in {1..20}; do printf "%s\n" "$i" "$i" "$i" "$i"; done
    printf '%0300000d\ndone\n' 0
  } >"$BATS_TEST_TMPDIR/expected"
  cmp "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/expected"
}

@test "the record of a handler that fails has the last lines that it printed" {
  handlers app.sh <<'END'
@hook install
f() { echo quiet >&2; }
@hook install
g() {
  printf '%s\n' {1..30}
  echo 'E: Unable to locate package nothing' >&2
  exit 100
}
END
  hook install 2>&1 | cat
  run -0 outside charms.reactive trace
  refute_line --partial 'quiet'
  refute_line --regexp '\| 11$'
  assert_line --regexp '^      \| 12$'
  assert_line '      | E: Unable to locate package nothing'
}

@test "a job that outlives the hook prints where the hook did" {
  handlers app.sh <<'END'
(sleep 1; echo top >&2) &
@hook install
f() {
  (sleep 1; echo late >&2; echo "$?" >>"$CHARM_DIR/status"; echo later >/dev/stderr; echo "$?" >>"$CHARM_DIR/status") &
}
END
  hook install 2>&1 | sort >"$BATS_TEST_TMPDIR/out"
  assert_equal "$(<"$BATS_TEST_TMPDIR/out")" $'late\nlater\ntop\ntop'
  assert_equal "$(<"$charm/status")" $'0\n0'
}
