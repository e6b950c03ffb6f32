#!/usr/bin/env bats
# What is dear: calls of a bash handler that start no process, counted by the system.

setup() {
  load helpers
  make_charm
  type -p strace >/dev/null || fail 'strace is missing'
}

# Usage: count_forks FILE COMMAND [WORD...]
# Run it under strace -f. Sets forks: the new processes and programs between the lines `mark begin` and
# `mark end`, which the traced shell says by looking for files of these names.
count_forks() {
  strace -f -qq -s 64 -o "$BATS_TEST_TMPDIR/trace" \
    -e trace=clone,clone3,fork,vfork,execve,stat,newfstatat,access,faccessat,faccessat2 \
    "$@" </dev/null >"$BATS_TEST_TMPDIR/out" 2>&1 3>&-
  # Of the process that set the marks only: the engine has threads of its own.
  local pid
  pid=$(awk '/mark\.begin/ { print $1; exit }' "$BATS_TEST_TMPDIR/trace")
  [[ -n $pid ]] || fail "no mark: $(<"$BATS_TEST_TMPDIR/out")"
  forks=$(awk -v pid="$pid" '
    $1 != pid { next }
    /mark\.begin/ { on = 1 }
    /mark\.end/ { on = 0; ended = 1 }
    on && / (clone|clone3|fork|vfork|execve)\(/ { count++ }
    END { print ended ? count + 0 : "no end" }
  ' "$BATS_TEST_TMPDIR/trace")
}

traced_hook() {
  count_forks env -i PATH="$tools:$PATH" LANG=C.UTF-8 CHARM_DIR="$charm" JUJU_UNIT_NAME=app/0 JUJU_CONTEXT_ID=context \
    JUJU_HOOK_NAME=install "$shell/charms.reactive" main
}

@test "the count sees a fork where there is one" {
  handlers app.sh <<'END'
@hook install
f() {
  [[ -e mark.begin ]]
  : "$(:)"
  [[ -e mark.end ]]
}
END
  cd "$charm"
  traced_hook
  assert_equal "$forks" 1
}

@test "80 decorators register without a fork" {
  {
    printf '[[ -e mark.begin ]]\n'
    for i in {1..40}; do
      printf "@when 'flag.%s' 'other.%s'\n@when_not 'never'\nfunction handler_%s() {\n  :\n}\n\n" "$i" "$i" "$i"
    done
    printf '[[ -e mark.end ]]\n'
  } | handlers app.sh
  cd "$charm"
  traced_hook
  assert_equal "$forks" 0
}

@test "the file that sources the library and registers forks nothing from its first line to its last" {
  executable "$charm/reactive/app.sh" <<'END'
#!/bin/bash
[[ -e mark.begin ]]
source charms.reactive.sh
@when a
f() { :; }
trap '[[ -e mark.end ]]' EXIT
reactive_handler_main
END
  sed -i '/^trap/d' "$charm/reactive/app.sh"
  cd "$charm"
  local pid
  count_forks env -i PATH="$tools:$PATH" LANG=C.UTF-8 CHARM_DIR="$charm" JUJU_UNIT_NAME=app/0 JUJU_CONTEXT_ID=context \
    JUJU_HOOK_NAME=install "$shell/charms.reactive" main
  pid=$(awk '/mark\.begin/ { print $1; exit }' "$BATS_TEST_TMPDIR/trace")
  assert_equal "$(awk -v pid="$pid" '
    $1 != pid { next }
    /mark\.begin/ { on = 1 }
    on && / (clone|clone3|fork|vfork|execve)\(/
  ' "$BATS_TEST_TMPDIR/trace")" ''
}

@test "flag calls, config_get and layer_option in a handler neither fork nor exec" {
  echo 'options: {option: {type: string}}' >"$charm/config.yaml"
  printf 'includes: [layer:base]\noptions: {base: {text: some text}}\n' >"$charm/layer.yaml"
  echo '{"option": "value"}' >"$BATS_TEST_TMPDIR/config.json"
  handlers app.sh <<'END'
@hook install
f() {
  [[ -e mark.begin ]]
  for i in {1..20}; do
    set_flag "a $i"
    is_flag_set "a $i"
    is_flag_set never
    clear_flag "a $i"
    toggle_flag a true
    all_flags_set a b
    any_flags_set a b
    set_state c
    remove_state c
    config_get option >/dev/null
    layer_option base text >/dev/null
    get_flags >/dev/null
    charms.reactive was_invoked x
    mark_invoked x
    data_changed id "$i"
    register_trigger --when x --set_flag y
    render_template t.j2 "$CHARM_DIR/target"
  done
  [[ -e mark.end ]]
}
END
  : >"$charm/templates/t.j2"
  cd "$charm"
  traced_hook
  assert_equal "$forks" 0
}

@test "endpoint_get, endpoint_set and relation_call to a method in JavaScript fork nothing in the caller" {
  printf 'name: app\nrequires: {web: {interface: http}, db: {interface: mysql}}\n' >"$charm/metadata.yaml"
  executable "$tools/relation-ids" <<<$'#!/bin/sh\necho "[\\"$1:1\\"]"'
  executable "$tools/relation-list" <<<$'#!/bin/sh\necho \'["remote/0"]\''
  executable "$tools/relation-get" <<<$'#!/bin/sh\necho \'{"host": "10.0.0.1"}\''
  executable "$tools/relation-set" <<<$'#!/bin/sh\ncat >/dev/null'
  mkdir -p "$charm/reactive/relations/http"
  cat >"$charm/reactive/relations/http/requires.mjs" <<'END'
import { Endpoint } from 'charms.reactive'
export class Http extends Endpoint {
  greet(name) { return `${this.endpointName} greets ${name}` }
}
END
  handlers relations/mysql/requires.sh <<<$'@method\ngreet() { echo "$endpoint_name greets $1"; }'
  handlers app.sh <<'END'
@hook install
f() {
  [[ -e mark.begin ]]
  for i in {1..20}; do
    relation_call --endpoint web greet me >>answers
    relation_call --endpoint db greet me >>answers
    relation_call --endpoint web is_joined >>answers
    endpoint_get web host >>answers
    endpoint_units web >>answers
    endpoint_set web user="$i"
  done
  [[ -e mark.end ]]
}
END
  cd "$charm"
  traced_hook
  assert_equal "$forks" 0
  assert_equal "$(sort answers | uniq -c | sed 's/^ *//')" '20 10.0.0.1
20 db greets me
20 remote/0
20 true
20 web greets me'
}
