#!/usr/bin/env bats
# The test kit as a guest of bats: it loads with one line, keeps nothing of bats open, ends with the test
# whatever becomes of that, leaves nothing behind, and points at the line of the test that failed.

setup_file() {
  load kit-charm
  make_kit_charm
}

setup() {
  load kit-charm
}

# Usage: wait_until COMMAND...
# Fail unless it holds within three seconds.
wait_until() {
  local tries
  for ((tries = 0; tries < 60; tries++)); do
    if "$@"; then return 0; fi
    sleep 0.05
  done
  fail "it does not hold: $*"
}

# A process that nobody has waited for stays as a zombie.
has_ended() {
  local state=''
  read -r _ _ state _ 2>/dev/null <"/proc/$1/stat" || return 0
  [[ $state == Z ]]
}

# Usage: has_no_units DIR
has_no_units() {
  local unit
  for unit in "$1"/charms.reactive-*; do
    [[ ! -e $unit ]] || return 1
  done
}

@test "charm_new makes a copy of the charm, and says where" {
  charm_new "$kit_charm" --unit kit/3 --juju-version 2.9.0
  [[ -x $charm_dir/reactive/kit.sh && $charm_dir == */unit-kit-3/charm ]]
  [[ -d $unit_root && $unit_root == "$BATS_TEST_TMPDIR"/* ]]
  given_file reactive/kit.sh 'no handlers any more'
  [[ $(<"$kit_charm/reactive/kit.sh") == *install_kit* ]]
}

@test "charm_new refuses what is no charm by one line" {
  run charm_new "$BATS_TEST_TMPDIR"
  assert_refused "charm_new: the charm has no metadata.yaml: $BATS_TEST_TMPDIR/metadata.yaml"
  assert_equal "${#lines[@]}" 1
  run charm_new
  assert_refused 'charm_new: the usage is: charm_new DIR [--unit UNIT] [--juju-version VERSION]'
  run charm_new "$kit_charm" --unit 3
  assert_refused 'charm_new: --unit takes the name of a unit: 3'
  run charm_new "$kit_charm" --colour
  assert_refused 'charm_new: unknown option: --colour'
}

@test "without a charm the functions say that charm_new is missing" {
  run given_flag x
  assert_refused 'given_flag: there is no charm yet: call charm_new first'
  run run_event install
  assert_refused 'run_event: there is no charm yet: call charm_new first'
}

# bats test_tags=full
@test "a second charm_new begins anew, and ends the first" {
  charm_new "$kit_charm"
  local first=$_reactive_kit_pid
  given_flag x
  charm_new "$kit_charm"
  has_ended "$first"
  assert_flags_equal
}

@test "the server holds nothing open that bats has" {
  charm_new "$kit_charm"
  local descriptor own
  for descriptor in /proc/"$_reactive_kit_pid"/fd/*; do
    for own in 1 2 3 4; do
      [[ ! $descriptor -ef /proc/$$/fd/$own ]] || fail "${descriptor##*/} is descriptor $own of bats"
    done
  done
  assert_equal "$(readlink "/proc/$_reactive_kit_pid/fd/0")" /dev/null
}

# bats test_tags=full
@test "a command substitution around charm_new does not wait for the server" {
  local begin=$SECONDS
  run charm_new "$kit_charm"
  assert_success
  ((SECONDS - begin < 5))
}

@test "the server ends with a shell that is killed, and takes the charm's processes along" {
  mkdir "$BATS_TEST_TMPDIR/shell"
  # shellcheck disable=SC2016 # the stub expands it
  given='sleep 987 & echo $! >"$CHARM_DIR/../../../left"'
  cat >"$BATS_TEST_TMPDIR/script" <<BASH
BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR/shell
source $BATS_TEST_DIRNAME/../shell/bats/load.bash
charm_new $kit_charm
stub --run '$given' systemctl
run_event install
echo "\$_reactive_kit_pid \$(<"\$charm_dir/../../../left")"
kill -9 \$\$
BASH
  run --separate-stderr bash "$BATS_TEST_TMPDIR/script"
  assert_equal "$status" 137
  local server left
  read -r server left <<<"${lines[0]}"
  [[ -n $left ]]
  wait_until has_ended "$server"
  wait_until has_ended "$left"
  has_no_units "$BATS_TEST_TMPDIR/shell"
}

@test "tests that pass, fail, skip or end in setup leave nothing behind, also side by side" {
  bats_file -j 2 --no-parallelize-across-files <<'BATS'
@test "passes" {
  run_event install
}
@test "fails" {
  run_event install
  false
}
@test "skips" {
  run_event install
  skip
}
@test "exits" {
  run_event install
  exit 3
}
@test "unset" {
  set -u
  run_event install
  echo "$nothing"
}
BATS
  assert_line 'ok 1 passes'
  assert_line 'not ok 2 fails'
  assert_line 'ok 3 skips # skip'
  assert_line 'not ok 4 exits'
  assert_line 'not ok 5 unset'
  no_server_is_left() { ! grep -qzxs -- "TMPDIR=$BATS_TEST_TMPDIR/.*" /proc/[0-9]*/environ; }
  wait_until no_server_is_left
  assert_equal "$(find "$BATS_TEST_TMPDIR" -mindepth 1)" "$BATS_TEST_TMPDIR/inner.bats"
}

# bats test_tags=full
@test "the test's own teardown runs first and still has the unit, and its failure counts" {
  bats_file <<'BATS'
teardown() {
  echo "flags: $(get_flags)" >&3
  assert_flag_set in.test
  return 5
}
get_flags() { run assert_flags_equal; echo "$output"; }
@test "one" {
  given_flag in.test
}
BATS
  assert_line 'not ok 1 one'
  assert_output --partial 'actual   : in.test'
}

@test "a failed assertion is shown with the line of the test" {
  bats_file <<'BATS'
@test "one" {
  run_event install
  assert_flag_set kit.ready
}
BATS
  assert_output --partial "# (in test file $BATS_TEST_TMPDIR/inner.bats, line 4)
#   \`assert_flag_set kit.ready' failed
#
# -- flag is not set --
# flag      : kit.ready"
}

@test "a failed test leaves a page where CHARMS_REACTIVE_REPORT says so, and one that passes none" {
  export CHARMS_REACTIVE_REPORT=$BATS_TEST_TMPDIR/pages
  bats_file <<'BATS'
@test "fails: <it>" {
  run_event install
  false
}
@test "passes" {
  run_event install
}
BATS
  assert_line 'not ok 1 fails: <it>'
  assert_equal "$(ls "$CHARMS_REACTIVE_REPORT")" inner--fails-it.html
  grep -q 'Content-Security-Policy' "$CHARMS_REACTIVE_REPORT/inner--fails-it.html"
  grep -q '"event":' "$CHARMS_REACTIVE_REPORT/inner--fails-it.html"
}

# bats test_tags=full
@test "it works under other shell options, and changes none of them" {
  charm_new "$kit_charm"
  stub systemctl
  local before after
  set -u
  shopt -s nullglob failglob
  IFS=,
  before=$(
    set +o
    shopt -p
    trap -p
    echo "$IFS"
  )
  given_flag 'a b'
  run_event install
  assert_flag_set 'a b' kit.installed
  after=$(
    set +o
    shopt -p
    trap -p
    echo "$IFS"
  )
  IFS=$' \t\n'
  shopt -u nullglob failglob
  set +u
  assert_equal "$after" "$before"
}

# bats test_tags=full
@test "bats_load_library finds it as well" {
  cat >"$BATS_TEST_TMPDIR/library.bats" <<'BATS'
setup() { bats_load_library bats; }
@test "one" {
  charm_new "$kit_charm"
}
BATS
  BATS_LIB_PATH=$BATS_TEST_DIRNAME/../shell run "$BATS_TEST_DIRNAME/../node_modules/bats/bin/bats" \
    "$BATS_TEST_TMPDIR/library.bats" 3>&- 4>&-
  assert_success
}

@test "long words and texts go through" {
  charm_new "$kit_charm"
  local long
  printf -v long '%070000d' 7
  given_file /long "$long"
  assert_file /long "$long"
  assert_file /long - <<<"$long"
  stub --output "$long" systemctl
  run_event install
  assert_output "$long"$'\non stdout'
}
