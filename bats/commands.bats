#!/usr/bin/env bats
# The functions that the library gives to a shell: the same in a handler and in a shell outside of a hook.
#
# What stands in single quotes is for another shell, or is text.
# shellcheck disable=SC2016,SC2028

setup() {
  load helpers
  make_charm
}

# Usage: run_outside <SCRIPT
# The library sourced in a plain shell, then the script.
run_outside() {
  local script
  script="source charms.reactive.sh; $(cat)"
  run --separate-stderr outside bash --norc -c "$script" bash
}

# Usage: run_inside <SCRIPT
# The script as the body of a handler of a hook.
run_inside() {
  {
    printf '@hook install\nbody() {\n'
    cat
    printf '}\n'
  } | handlers app.sh
  run --separate-stderr hook install
}

# Every line prints a word and statuses.
flag_calls() {
  cat <<'END'
set_flag a; echo "set_flag $?"
set_flag b value; echo "set_flag with value $?"
set_flag a; echo "again $?"
is_flag_set a; echo "is_flag_set $?"
is_flag_set c; echo "is_flag_set $?"
all_flags_set a b; echo "all_flags_set $?"
all_flags_set a c; echo "all_flags_set $?"
any_flags_set c a; echo "any_flags_set $?"
any_flags_set c d; echo "any_flags_set $?"
get_flags; echo "get_flags $?"
clear_flag b; echo "clear_flag $?"
clear_flag b; echo "again $?"
toggle_flag t true; echo "toggle_flag $?"
toggle_flag a false; echo "toggle_flag $?"
charms.reactive get_flags; echo "charms.reactive $?"
END
}
flag_answers=('set_flag 0' 'set_flag with value 0' 'again 0' 'is_flag_set 0' 'is_flag_set 1' 'all_flags_set 0'
  'all_flags_set 1' 'any_flags_set 0' 'any_flags_set 1' a b 'get_flags 0' 'clear_flag 0' 'again 0'
  'toggle_flag 0' 'toggle_flag 0' t 'charms.reactive 0')

@test "flags, in a handler" {
  run_inside < <(flag_calls)
  assert_printed "${flag_answers[@]}"
  assert_flags t
}

@test "flags, outside of a hook" {
  run_outside < <(flag_calls)
  assert_printed "${flag_answers[@]}"
  assert_flags t
}

deprecated_calls() {
  cat <<'END'
set_state a; echo "set_state $?"
is_state a; echo "is_state $?"
all_states a b; echo "all_states $?"
any_states b a; echo "any_states $?"
remove_state a; echo "remove_state $?"
is_state a; echo "is_state $?"
charms.reactive set_state b value; echo "charms.reactive set_state $?"
charms.reactive get_states --format json; echo "charms.reactive get_states $?"
charms.reactive toggle_state b false; echo "charms.reactive toggle_state $?"
END
}
deprecated_answers=('set_state 0' 'is_state 0' 'all_states 1' 'any_states 0' 'remove_state 0' 'is_state 1'
  'charms.reactive set_state 0' '{"b":"value"}' 'charms.reactive get_states 0' 'charms.reactive toggle_state 0')

@test "the deprecated names do the same, without a word, in a handler" {
  run_inside < <(deprecated_calls)
  assert_printed "${deprecated_answers[@]}"
  assert_equal "$(messages WARNING)" ''
}

# bats test_tags=full
@test "the deprecated names do the same, without a word, outside of a hook" {
  run_outside < <(deprecated_calls)
  assert_printed "${deprecated_answers[@]}"
}

trigger_calls() {
  cat <<'END'
register_trigger --when a --set_flag b --clear-flag=c; echo "register_trigger $?"
register_trigger --when_not a --clear_flag b; echo "register_trigger $?"
END
}

@test "a trigger acts at once, in a handler" {
  outside set_flag c
  run_inside < <(
    trigger_calls
    echo 'set_flag a; get_flags; clear_flag a; get_flags; echo end'
  )
  assert_printed 'register_trigger 0' 'register_trigger 0' a b end
}

@test "a trigger that is registered outside of a hook acts in the next one" {
  run_outside < <(trigger_calls)
  assert_printed 'register_trigger 0' 'register_trigger 0'
  outside set_flag c
  run_inside <<<'set_flag a; get_flags'
  assert_printed a b
}

change_calls() {
  cat <<'END'
data_changed d '{"b": 1, "a": [true]}'; echo "data_changed $?"
data_changed d '{"a":[true],"b":1}'; echo "data_changed in another order $?"
is_data_changed d other; echo "is_data_changed $?"
is_data_changed d other; echo "is_data_changed $?"
data_changed --hash_type sha256 s text; echo "data_changed sha256 $?"
printf 'line\n\nand more\n\n' | { data_changed piped -; echo "data_changed - $?"; }
is_data_changed piped $'line\n\nand more\n\n'; echo "the same as a word $?"
data_changed piped - </dev/null; echo "nothing on stdin $?"
data_changed piped ''; echo "the same as a word $?"
charms.reactive data_changed piped - <<<here; echo "charms.reactive data_changed - $?"
echo one >watched
any_file_changed watched; echo "any_file_changed $?"
any_file_changed watched absent; echo "any_file_changed $?"
echo two >watched
any_file_changed --peek watched; echo "any_file_changed --peek $?"
any_file_changed watched; echo "any_file_changed $?"
was_invoked it; echo "was_invoked $?"
mark_invoked it 'and that'; echo "mark_invoked $?"
was_invoked 'and that'; echo "was_invoked $?"
charms.reactive forget it; was_invoked it; echo "was_invoked $?"
END
}
change_answers=('data_changed 0' 'data_changed in another order 1' 'is_data_changed 0' 'is_data_changed 0'
  'data_changed sha256 0' 'data_changed - 0' 'the same as a word 1' 'nothing on stdin 0' 'the same as a word 1'
  'charms.reactive data_changed - 0' 'any_file_changed 0' 'any_file_changed 1' 'any_file_changed --peek 0'
  'any_file_changed 0' 'was_invoked 1' 'mark_invoked 0' 'was_invoked 0' 'was_invoked 1')

@test "changes of data and files, and marks, in a handler" {
  run_inside < <(change_calls)
  assert_printed "${change_answers[@]}"
}

# bats test_tags=full
@test "changes of data and files, and marks, outside of a hook" {
  run_outside < <(change_calls)
  assert_printed "${change_answers[@]}"
}

layer_calls() {
  cat <<'END'
layer_option base yes_option; echo "true $?"
layer_option base no_option; echo "false $?"
layer_option base list; echo "list $?"
layer_option base text; echo "text $?"
layer_option base default; echo "default $?"
layer_option base nothing; echo "nothing $?"
layer_option base; echo "all $?"
layer_option base absent 2>&1; echo "absent $?"
END
}
layer_answers=('true 0' 'false 1' 'one item' two 'list 0' 'some text' 'text 0' 42 'default 0' 'nothing 0'
  'yes_option: true' 'no_option: false' 'list:' '  - one item' '  - two' 'text: some text' 'default: 42'
  'nothing: null' 'all 0' 'charms.reactive: layer_option: no such option of layer base: "absent"' 'absent 2')

make_layers() {
  cat >"$charm/layer.yaml" <<'END'
includes: [layer:base]
defines:
  base:
    default: {type: integer, default: 42}
    nothing: {type: string}
options:
  base: {yes_option: yes, no_option: false, list: [one item, two], text: some text}
END
}

@test "layer_option, in a handler" {
  make_layers
  run_inside < <(layer_calls)
  assert_printed "${layer_answers[@]}"
}

# bats test_tags=full
@test "layer_option, outside of a hook" {
  make_layers
  run_outside < <(layer_calls)
  assert_printed "${layer_answers[@]}"
}

@test "errors of the caller are one line and status 2, in a handler and outside" {
  local script='set_flag; echo "$?"; is_flag_set ""; echo "$?"; toggle_flag a maybe; echo "$?"
    charms.reactive no_such; echo "$?"; register_trigger --when a; echo "$?"; set_flag a b c; echo "$?"'
  run_inside <<<"$script"
  local inside=$stderr
  assert_equal "$output" $'2\n2\n2\n2\n2\n2'
  run_outside <<<"$script"
  assert_equal "$output" $'2\n2\n2\n2\n2\n2'
  assert_equal "$stderr" "$inside"
  assert_equal "$stderr" "charms.reactive: set_flag: too few words, set_flag takes: FLAG [VALUE]
charms.reactive: is_flag_set: a flag needs a name: \"\"
charms.reactive: toggle_flag: neither true nor false: maybe
charms.reactive: no_such: unknown command: no_such
charms.reactive: register_trigger: a trigger needs --set_flag or --clear_flag
charms.reactive: set_flag: too many words: c"
}

@test "hook tools under names with underscores hand on words and status" {
  executable "$tools/relation-get" <<'END'
#!/bin/sh
printf '<%s>' "${0##*/}" "$@"
exit 5
END
  local name
  local names=(relation_ids relation_list relation_set is_leader leader_get leader_set status_set status_get
    state_get state_set state_delete unit_get network_get open_port close_port opened_ports resource_get
    storage_list storage_get storage_add secret_add secret_set secret_get secret_grant secret_revoke
    secret_remove secret_ids secret_info_get action_get action_set action_log action_fail goal_state juju_log
    application_version_set add_metric credential_get relation_model_get relation_get)
  for name in "${names[@]}"; do
    cp "$tools/relation-get" "$tools/tool" && rm -f "$tools/${name//_/-}" && mv "$tools/tool" "$tools/${name//_/-}"
  done
  run_outside <<<"for name in ${names[*]}"'; do "$name" -r "two words" "" "*"; echo " $?"; done'
  local expected=()
  for name in "${names[@]}"; do expected+=("<${name//_/-}><-r><two words><><*> 5"); done
  assert_printed "${expected[@]}"
}

@test "config_get answers from the one config-get of the hook" {
  echo '{"text": "some  text\n", "number": 7, "yes": true, "no": false, "empty": ""}' >"$BATS_TEST_TMPDIR/config.json"
  echo 'options: {unset: {type: string}}' >"$charm/config.yaml"
  run_inside <<'END'
for option in text number yes no empty unset; do
  printf '[%s]' "$(config_get "$option")"
done
echo
END
  assert_printed '[some  text][7][True][False][][]'
  assert_equal "$(grep -c ^config-get "$calls")" 1
}

@test "config_get of an option that config.yaml lacks is an error with the nearest name" {
  echo 'options: {port: {type: int}}' >"$charm/config.yaml"
  run_inside <<'END'
config_get prot 2>&1
echo $?
END
  assert_printed 'charms.reactive: config_get: config.yaml has no such option: prot: did you mean port?' 2
}

# bats test_tags=full
@test "config_get in other forms, and outside of a hook, is the tool itself" {
  executable "$tools/config-get" <<'END'
#!/bin/sh
[ "$*" = '--all --format=json' ] && echo '{}' && exit
printf '<%s>' "$@"
END
  run_inside <<'END'
config_get --format=json name; config_get; config_get -a; echo
END
  assert_printed '<--format=json><name><><-a>'
  run_outside <<<'config_get name; echo'
  assert_printed '<name>'
}

@test "juju_reboot keeps what has changed so far, then reboots" {
  executable "$tools/juju-reboot" <<'END'
#!/bin/sh
echo "juju-reboot $*" >>"${0%/*}/../calls"
END
  run_inside <<'END'
set_flag installed
juju_reboot --now
set_flag later
exit 9
END
  assert_equal "$status" 9
  assert_flags installed
  assert_equal "$(grep -v ^config-get "$calls")" 'juju-reboot --now'
}

@test "the functions that other words would shadow are not there" {
  run_outside <<<'for word in test hook when main version kv; do type -t "$word"; done; type -t charms.reactive'
  assert_printed builtin function
}

@test "charms.reactive as a function reaches every command" {
  run_inside <<'END'
charms.reactive kv set key '{"a": [1, 2]}'; echo "kv set $?"
charms.reactive kv get key; echo "kv get $?"
charms.reactive kv get none; echo "kv get $?"
charms.reactive any_hook 'in{stall,flate}' start; echo "any_hook $?"
charms.reactive hook start; echo "hook $?"
charms.reactive hook install; echo "hook $?"
charms.reactive get_unset_flags b a; echo "get_unset_flags $?"
END
  assert_printed 'kv set 0' '{"a":[1,2]}' 'kv get 0' 'kv get 1' 'any_hook 0' 'hook 1' 'hook 0' a b 'get_unset_flags 0'
}

@test "relation_call prints text as it is, lists one per line, other values as JSON, null as nothing" {
  printf 'name: app\nrequires: {db: {interface: database}}\n' >"$charm/metadata.yaml"
  mkdir -p "$charm/reactive/relations/database"
  cat >"$charm/reactive/relations/database/requires.mjs" <<'END'
import { Endpoint } from 'charms.reactive'
export class Database extends Endpoint {
  uri(...words) { return `db://${words.join('/')}` }
  hosts() { return ['one', 'two'] }
  map() { return { a: 1 } }
  nothing() { return null }
}
END
  outside set_flag db.ready
  run_inside <<'END'
relation_call --flag db.ready uri 'a b' c; echo "$?"
relation_call --endpoint db hosts; echo "$?"
relation_call --relation_name=db map; echo "$?"
state_relation_call db.ready nothing; echo "$?"
END
  assert_printed 'db://a b/c' 0 one two 0 '{"a":1}' 0 0
}

@test "relation_call that cannot be answered is one line, status 2 or 3" {
  run_inside <<'END'
relation_call --flag db.ready uri; echo "$?"
state_relation_call db.ready uri; echo "$?"
relation_call --endpoint db uri; echo "$?"
relation_call uri; echo "$?"
END
  assert_equal "$output" $'3\n3\n3\n2'
  assert_equal "$stderr" 'charms.reactive: relation_call: the flag is not set: db.ready
charms.reactive: relation_call: the flag is not set: db.ready
charms.reactive: relation_call: the charm has no such endpoint: db
charms.reactive: relation_call: relation_call needs exactly one of --flag and --endpoint'
}
