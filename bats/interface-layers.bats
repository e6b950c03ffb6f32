#!/usr/bin/env bats
# Interface layers in bash: methods that relation_call calls, in a hook and outside of one, and what may go wrong
# with them.

setup() {
  load helpers
  make_charm
  printf 'name: app\nrequires:\n  db: {interface: mysql}\n  cache: {interface: mysql}\n  web: {interface: http}\n' \
    >"$charm/metadata.yaml"
  executable "$tools/relation-ids" <<'END'
#!/bin/sh
case "$*" in
*db*) echo '["db:1"]' ;;
*web*) echo '["web:2"]' ;;
*) echo '[]' ;;
esac
END
  executable "$tools/relation-list" <<<$'#!/bin/sh\necho \'["remote/0"]\''
  executable "$tools/relation-get" <<<$'#!/bin/sh\necho \'{"host": "10.0.0.1"}\''
  executable "$tools/relation-set" <<'END'
#!/bin/sh
{ echo "relation-set $*" && cat; } >>"${0%/*}/../calls"
END
}

# Usage: methods <TEXT
# The interface layer of db and cache.
methods() {
  handlers relations/mysql/requires.sh
}

# Usage: layer_class <TEXT
# The interface layer of web.
layer_class() {
  mkdir -p "$charm/reactive/relations/http"
  cat >"$charm/reactive/relations/http/requires.mjs"
}

# Usage: assert_no_process
# No process of the charm's files is left.
assert_no_process() {
  local left
  left=$(pgrep -af "$charm/reactive/" || :)
  assert_equal "$left" ''
}

@test "arguments of a method come as they are" {
  methods <<'END'
@method
words() {
  printf '%s:' "$#"
  printf '[%s]' "$@"
}
END
  handlers app.sh <<'END'
@hook install
f() {
  relation_call --endpoint db words
  relation_call --endpoint db words '' 'a  b' $'two\nlines\n' '*' '$(id)' "'\"\\" 'grün €' ''
  relation_call --endpoint db words -- --flag -x --
  [[ $(relation_call --endpoint db words "$(printf '%03000d' 7)" ä) == "2:[$(printf '%03000d' 7)][ä]" ]] && echo long
}
END
  run_hook 0 install
  # shellcheck disable=SC2016 # data, not code
  assert_printed '0:[]' '8:[][a  b][two
lines
][*][$(id)]['\''"\][grün €][]' '3:[--flag][-x][--]' long
}

# bats test_tags=full
@test "a method takes 10,000 arguments, and 1 MB, and gives back as much" {
  methods <<'END'
@method
count() { echo "$# ${*: -1}"; }
@method
same() { printf '%s' "$1"; }
END
  handlers app.sh <<'END'
@hook install
f() {
  local words=() big
  for i in {1..10000}; do words+=("word number $i, of a hundred characters or so: a word like others"); done
  relation_call --endpoint db count "${words[@]}"
  # Doubled: bash takes its time to replace in a text of many bytes a character.
  big=€€€€€
  for i in {1..16}; do big+=$big; done
  big=ä$big
  [[ $(relation_call --endpoint db same "$big") == "$big" ]] && echo same
}
END
  run_hook 0 install
  assert_printed '10000 word number 10000, of a hundred characters or so: a word like others' same
}

@test "a result is text without its last line ends, or JSON" {
  methods <<'END'
@method
text() { printf 'a\n\nb\n\n\n'; }
@method
blanks() { printf '  '; }
@method
nothing() { :; }
@method --json
map() { echo '{"b": [1, true, null], "a": "1.10"}'; }
@method --json
null() { :; }
END
  handlers app.sh <<'END'
@hook install
f() {
  relation_call --endpoint db text
  relation_call --endpoint db blanks
  relation_call --endpoint db nothing
  relation_call --endpoint db map
  relation_call --endpoint db map --format yaml
  relation_call --endpoint db null; echo "$?"
}
END
  run_hook 0 install
  assert_printed 'a

b' '  ' '{"b":[1,true,null],"a":"1.10"}' 'b:
  - 1
  - true
  - null
a: "1.10"' 0
}

@test "a result that is not UTF-8, or no JSON, is an error, and the next call works" {
  methods <<'END'
@method
binary() { printf 'a\xff\xfe'; }
@method
long_binary() { printf '%02000d\xff' 0; }
@method --json
broken() { echo '{'; }
@method
fine() { echo fine; }
END
  handlers app.sh <<'END'
@hook install
f() {
  relation_call --endpoint db binary; echo "$?"
  relation_call --endpoint db long_binary; echo "$?"
  relation_call --endpoint db broken; echo "$?"
  relation_call --endpoint db fine
}
END
  run_hook 0 install
  assert_equal "$output" $'3\n3\n3\nfine'
  assert_equal "${#stderr_lines[@]}" 3
  local name='charms.reactive: relation_call: the method reactive/relations/mysql/requires.sh'
  local why='what it prints is not UTF-8, or more than 16 MiB'
  assert_equal "${stderr_lines[0]}" "$name:binary failed with status 3 at reactive/relations/mysql/requires.sh:4: $why"
  assert_equal "${stderr_lines[1]}" "$name:long_binary failed with status 3 at reactive/relations/mysql/requires.sh:6: $why"
  assert_regex "${stderr_lines[2]}" ':broken does not answer with JSON: '
  assert_no_process
}

@test "return 1 says no, everything else that is not 0 is an error with its place" {
  methods <<'END'
@method
no() { echo why; return 1; }
@method
predicate() { is_flag_set never; }
@method
three() { return 3; }
@method
leave() { exit 1; }
@method
leave_well() { echo well; exit 0; }
@method
killed() { kill -9 "$BASHPID"; }
@method
all_killed() { kill -9 "$$"; }
@method
replaced() { exec false; }
@method
missing() { no-such-command; }
END
  handlers app.sh <<'END'
@hook install
f() {
  for method in no predicate three leave leave_well killed all_killed replaced missing; do
    relation_call --endpoint db "$method"
    echo "$method $?"
  done 2>&1 | sed 's/.*requires.sh:\([a-z_]* failed\)/\1/'
}
END
  run_hook 0 install
  local file=reactive/relations/mysql/requires.sh
  assert_equal "$stderr" "$charm/$file: line 20: no-such-command: command not found"
  stderr='' assert_printed 'why' 'no 1' 'predicate 1' \
    "three failed with status 3 at $file:8: return 3" 'three 3' \
    "leave failed with status 1 at $file:10 (to say no, a method uses return 1)" 'leave 3' \
    'well' 'leave_well 0' \
    "killed failed with status 137 at $file:14" 'killed 3' \
    "all_killed failed with status 137 at $file:16" 'all_killed 3' \
    "replaced failed with status 1 at $file:18 (to say no, a method uses return 1)" 'replaced 3' \
    "missing failed with status 127 at $file:20: no-such-command" 'missing 3'
  assert_no_process
}

# bats test_tags=full
@test "under errexit a method that fails in the middle is an error, return 1 is a no" {
  methods <<'END'
set -euo pipefail
@method
no() { echo why; return 1; }
@method
also_no() { is_flag_set never || return 1; }
@method
and_no() { [[ -z $endpoint_name ]] && echo empty; }
@method
middle() {
  echo one
  false
  echo two
}
@method
deep() { helper; echo two; }
helper() { false; }
@method
unset_variable() { echo "$nobody_set_me"; }
@method
asks() { is_flag_set never; echo two; }
END
  handlers app.sh <<'END'
@hook install
f() {
  for method in no also_no and_no middle deep unset_variable asks; do
    relation_call --endpoint db "$method"
    echo "$method $?"
  done 2>&1 | sed 's/.*requires.sh:\([a-z_]* failed\)/\1/'
}
END
  run_hook 0 install
  local file=reactive/relations/mysql/requires.sh hint="(to say no, a method uses return 1)"
  assert_equal "$stderr" "$charm/$file: line 20: nobody_set_me: unbound variable"
  stderr='' assert_printed why 'no 1' 'also_no 1' 'and_no 1' \
    "middle failed with status 1 at $file:13: false $hint" 'middle 3' \
    "deep failed with status 1 at $file:18: false $hint" 'deep 3' \
    "unset_variable failed with status 1 at $file:20: echo \"\$nobody_set_me\" $hint" 'unset_variable 3' \
    "asks failed with status 1 at $file:22: is_flag_set never $hint" 'asks 3'
}

# bats test_tags=full
@test "the same holds with the file's own traps, which fire" {
  methods <<'END'
set -eE
trap 'echo "own ERR" >&2' ERR
@method
no() { return 1; }
@method
middle() { false; echo two; }
@method
cleans() { trap 'echo cleaned' EXIT; echo one; }
END
  handlers app.sh <<'END'
@hook install
f() {
  for method in no middle cleans; do
    relation_call --endpoint db "$method"
    echo "$method $?"
  done 2>&1 | sed 's/.*requires.sh:\([a-z_]* failed\)/\1/'
}
END
  run_hook 0 install
  assert_equal "$stderr" $'own ERR\nown ERR'
  stderr='' assert_printed 'no 1' \
    "middle failed with status 1 at reactive/relations/mysql/requires.sh:8 (to say no, a method uses return 1)" \
    'middle 3' one cleaned 'cleans 0'
}

@test "methods call each other, methods of other endpoints, and themselves" {
  methods <<'END'
@method
outer() { echo "outer $endpoint_name: $(relation_call --endpoint "$1" inner)"; }
@method
inner() { echo "inner $endpoint_name"; }
@method
other() { relation_call --endpoint web greet "$endpoint_name"; }
@method
down() { (($1 == 0)) && echo ground || relation_call --endpoint db down "$(($1 - 1))"; }
END
  layer_class <<'END'
import { Endpoint } from 'charms.reactive'
export class Http extends Endpoint {
  greet(name) { return `${this.endpointName} greets ${name}` }
}
END
  handlers app.sh <<'END'
@hook install
f() {
  relation_call --endpoint db outer cache
  relation_call --endpoint db outer db
  relation_call --endpoint db other
  relation_call --endpoint db down 20
}
END
  run_hook 0 install
  assert_printed 'outer db: inner cache' 'outer db: inner db' 'web greets db' ground
}

# bats test_tags=full
@test "a method that calls itself without end fails with a line, and leaves no process" {
  methods <<'END'
@method
forever() { relation_call --endpoint db forever; }
END
  handlers app.sh <<'END'
@hook install
f() { relation_call --endpoint db forever; echo "$?"; }
END
  run_hook 0 install
  assert_equal "$output" 3
  assert_equal "${stderr_lines[0]}" 'charms.reactive: relation_call: 64 calls of methods are running, which looks like endless recursion: reactive/relations/mysql/requires.sh:forever'
  assert_no_process
}

# bats test_tags=full
@test "background jobs call one method at once, each for itself" {
  methods <<'END'
@method
slow() { sleep 0.3; echo "$1 $BASHPID"; }
END
  handlers app.sh <<'END'
@hook install
f() {
  for i in {1..8}; do relation_call --endpoint db slow "$i" >"answer.$i" & done
  wait
  cat answer.*
}
END
  run_hook 0 install
  assert_equal "$(cut -d' ' -f1 <<<"$output")" $'1\n2\n3\n4\n5\n6\n7\n8'
  assert_equal "$(cut -d' ' -f2 <<<"$output" | sort -u | wc -l)" 8
  assert_no_process
}

# bats test_tags=full
@test "the end of an iteration, and of the hook, leaves a call of a background job alone" {
  methods <<'END'
@method
slow() { sleep 0.7; set_flag done; echo answer; }
END
  handlers app.sh <<'END'
@hook install
f() { relation_call --endpoint db slow >answer & set_flag next; }
@when next
g() { echo next; relation_call --endpoint db slow; }
@when_not done
h() { (relation_call --endpoint db slow; echo "$?") >late 2>&1 & }
END
  run_hook 0 install
  assert_printed next answer
  assert_equal "$(<"$charm/answer")" answer
  sleep 0.2
  assert_equal "$(<"$charm/late")" $'answer\n0'
  assert_no_process
  outside is_flag_set 'done'
}

# bats test_tags=full
@test "a failing hook leaves no process, and keeps nothing of its methods" {
  methods <<'END'
@method
mark() { set_flag marked; }
@method
slow() { sleep 0.5; }
END
  handlers app.sh <<'END'
@hook install
f() {
  relation_call --endpoint db mark
  relation_call --endpoint db slow &
  is_flag_set marked && exit 4
}
END
  run_hook 4 install
  assert_no_process
  run -0 outside get_flags
  assert_output ''
}

# bats test_tags=full
@test "when the engine is killed the processes of methods end by themselves" {
  methods <<<$'@method\nfine() { echo fine; }'
  handlers app.sh <<'END'
@hook install
f() {
  relation_call --endpoint db fine >called
  pgrep -f "$CHARM_DIR/reactive/relations/" >method.pid
  kill -9 "$PPID"
}
END
  run_hook 137 install
  assert_equal "$(<"$charm/called")" fine
  assert_regex "$(<"$charm/method.pid")" '^[0-9]+$'
  for _ in {1..50}; do
    kill -0 "$(<"$charm/method.pid")" 2>/dev/null || break
    sleep 0.1
  done
  assert_no_process
}

# bats test_tags=full
@test "a hook that fails when a file registers leaves no process either" {
  methods <<<$'@method\nfine() { echo fine; }'
  handlers z.sh <<<$'relation_call --endpoint db fine >called\nif'
  run_hook 3 install
  assert_equal "$(<"$charm/called")" fine
  assert_no_process
}

# bats test_tags=full
@test "an endpoint that the top level of an earlier file has asked for still gets its class and its methods" {
  layer_class <<'END'
import { Endpoint } from 'charms.reactive'
export class Http extends Endpoint {
  greet() { return `${this.endpointName} greets ${this.allJoinedUnits.receivedRaw.host}` }
}
END
  methods <<<$'@method\nfine() { echo fine; }'
  handlers app.sh <<'END'
endpoint_units web >units
@hook install
f() { relation_call --endpoint web greet; relation_call --endpoint db fine; }
END
  run_hook 0 install
  assert_equal "$(<"$charm/units")" remote/0
  assert_printed 'web greets 10.0.0.1' fine
}

# bats test_tags=full
@test "with the option strict methods run under errexit, and with xtrace only their lines show" {
  printf 'includes: [layer:reactive]\noptions: {reactive: {strict: true}}\n' >"$charm/layer.yaml"
  methods <<'END'
@method
middle() { false; echo two; }
@method
traced() { set -x; is_flag_set never || : "$1"; return 1; }
END
  handlers app.sh <<'END'
@hook install
f() {
  relation_call --endpoint db middle 2>/dev/null || echo "$?"
  relation_call --endpoint db traced x || echo "$?"
}
END
  run_hook 0 install
  assert_equal "$output" $'3\n1'
  assert_equal "$stderr" $'++ is_flag_set never\n++ : x\n++ return 1'
}

@test "what is no method cannot be called" {
  methods <<'END'
secret() { echo secret; }
@method
fine() { echo fine; }
@when 'endpoint.{endpoint_name}.joined'
handler() { :; }
END
  handlers app.sh <<'END'
@hook install
f() {
  for word in secret handler _reactive_run fine\; 'fine; secret' ../fine /bin/ls 'fine x' '$(secret)' '' '{' \
    toString constructor __proto__ echo set_flag --help -x --endpoint=cache; do
    relation_call --endpoint db -- "$word"
    (($? == 3)) || echo "called: $word"
  done 2>errors
  grep -v 'the endpoint db has no method:' errors
  relation_call --endpoint db --wrong fine; echo "$?"
  relation_call --endpoint 'db fine' fine; echo "$?"
}
END
  run_hook 0 install
  assert_equal "$output" $'2\n3'
  assert_equal "$stderr" 'charms.reactive: relation_call: unknown option: --wrong
charms.reactive: relation_call: the charm has no such endpoint: db fine'
}

@test "@method is refused where it cannot be, with file and line" {
  local file=reactive/relations/mysql/requires.sh name
  handlers app.sh <<<$'@method\nf() { :; }'
  run_hook 3 install
  assert_only_record '@method belongs in a file of an interface layer: reactive/app.sh:4 f'
  rm "$charm/reactive/app.sh"
  for name in a::b -x; do
    methods <<<$'@method\nfunction '"$name"' { :; }'
    run_hook 3 install
    assert_only_record "the name of a method is a letter, then letters, digits, _ and -: $name, at $file:4 $name"
  done
  methods <<<$'@method --text\nf() { :; }'
  run_hook 3 install
  assert_only_record "the decorator takes --json or nothing: @method --text, at $file:4 f"
  methods <<<$'@method\nf() { :; }\n@method\nf() { :; }'
  run_hook 3 install
  assert_only_record "two methods have the same name: $file:4 and $file:6 f"
  methods <<<'@method'
  run_hook 3 install
  assert_only_record "a decorator without a function: $file:3"
}

# bats test_tags=full
@test "the name of a method is a word" {
  local file=reactive/relations/mysql/requires.sh name
  for name in _private a/b a.b 1st a+b; do
    methods <<<$'@method\nfunction '"$name"' { :; }'
    run_hook 3 install
    assert_only_record "the name of a method is a letter, then letters, digits, _ and -: $name, at $file:4 $name"
  done
}

# bats test_tags=full
@test "a method may be a handler as well, with a hyphen or an accent in its name" {
  methods <<'END'
@method
@when 'endpoint.{endpoint_name}.joined'
both-ways() { echo "both $endpoint_name $#"; }
@when 'both.{endpoint_name}'
@not_unless 'never.{endpoint_name}'
@method
größe() { echo 7; }
END
  handlers app.sh <<'END'
@hook install
f() { relation_call --endpoint cache both-ways x; relation_call --endpoint db größe; }
END
  run_hook 0 install
  assert_printed 'both cache 1' 7 'both db 0'
}

# bats test_tags=full
@test "methods and handlers of a file that interface layers source are theirs" {
  mkdir -p "$charm/lib"
  cat >"$charm/lib/common.sh" <<'END'
@method
whose() { echo "$endpoint_name"; }
@when 'endpoint.{endpoint_name}.joined'
joined() { echo "joined $endpoint_name"; }
END
  handlers relations/http/requires.sh <<<'source lib/common.sh'
  handlers relations/mysql/requires.sh <<<'source lib/common.sh'
  handlers app.sh <<'END'
@hook install
f() { relation_call --endpoint db whose; relation_call --endpoint web whose; }
END
  run_hook 0 install
  assert_printed db web 'joined web' 'joined db'
  assert_equal "$(messages INFO | sed 1d | sort)" 'Invoking reactive handler: lib/common.sh:joined:db
Invoking reactive handler: lib/common.sh:joined:web'
}

@test "an interface layer that is no handler file of its own works where another file sources it" {
  mkdir -p "$charm/reactive/relations/mysql"
  cat >"$charm/reactive/relations/mysql/requires.sh" <<'END'
@method
whose() { echo "$endpoint_name"; }
@when 'endpoint.{endpoint_name}.joined'
joined() { echo "joined $endpoint_name"; }
END
  for file in a b; do
    handlers "$file.sh" <<'END'
source reactive/relations/mysql/requires.sh
@hook install
f() { relation_call --endpoint cache whose; }
END
  done
  run_hook 0 install
  assert_printed cache cache 'joined db'
}

# bats test_tags=full
@test "endpoint_name is there in functions of the layer only, and in children if the charm exports it" {
  methods <<'END'
@method
shown() { echo "$endpoint_name"; bash -c 'echo "child: ${endpoint_name-none}"'; }
@method
exported() { export endpoint_name; bash -c 'echo "child: ${endpoint_name-none}"'; }
END
  handlers app.sh <<'END'
endpoint_name=mine
@hook install
f() {
  relation_call --endpoint db shown
  relation_call --endpoint db exported
  echo "$endpoint_name"
}
@hook install
g() { unset endpoint_name; relation_call --endpoint db shown >/dev/null; echo "${endpoint_name-unset}"; }
END
  run_hook 0 install
  assert_printed db 'child: none' 'child: db' mine unset
}

@test "an operator calls methods outside of a hook: flags, data and the answer, in one transaction" {
  methods <<'END'
echo 'top level'
@method
use() {
  set_flag "$endpoint_name.used"
  charms.reactive kv set used "$1"
  endpoint_set "$endpoint_name" user="$1"
  is_flag_set "$endpoint_name.used" && echo "used $1 $(endpoint_get "$endpoint_name" host)"
  xargs -n 1 set_flag <<<from.xargs
}
@method
no() { return 1; }
@method
fails() { set_flag half; charms.reactive kv set half 1; return 5; }
END
  run -0 --separate-stderr outside charms.reactive relation_call --endpoint db use 'a b'
  assert_equal "$output" 'used a b 10.0.0.1'
  assert_equal "$stderr" $'top level\ntop level'
  assert_flags db.used from.xargs
  assert_equal "$(outside charms.reactive kv get used)" 'a b'
  assert_equal "$(grep -c relation-set "$calls")" 1
  grep -q 'a b' "$calls"
  run -1 --separate-stderr outside relation_call --flag db.used no
  assert_output ''
  run -3 --separate-stderr outside relation_call --flag db.used fails
  assert_equal "${stderr_lines[-1]}" 'charms.reactive: relation_call: the method reactive/relations/mysql/requires.sh:fails failed with status 5 at reactive/relations/mysql/requires.sh:15: return 5'
  assert_flags db.used from.xargs
  assert_no_process
}

# bats test_tags=full
@test "an operator calls a method in JavaScript outside of a hook, and what calls what crosses layers" {
  layer_class <<'END'
import { Endpoint, setFlag, isFlagSet } from 'charms.reactive'
export class Http extends Endpoint {
  greet(name) {
    console.log('a remark')
    setFlag('greeted')
    this.relations[0].toPublishRaw.greeting = name
    return `${this.endpointName} greets ${name} from ${this.allJoinedUnits.receivedRaw.host}`
  }
  fail() { setFlag('half'); throw new Error('not today') }
}
END
  methods <<'END'
@method
through() { relation_call --endpoint web greet "$endpoint_name"; is_flag_set greeted && echo greeted; }
END
  run -0 --separate-stderr outside charms.reactive relation_call --endpoint web greet me
  assert_equal "$output" 'web greets me from 10.0.0.1'
  assert_equal "$stderr" 'a remark'
  assert_flags greeted
  outside clear_flag greeted
  run -0 --separate-stderr outside charms.reactive relation_call --endpoint db through
  assert_equal "$output" $'web greets db from 10.0.0.1\ngreeted'
  assert_flags greeted
  run -3 --separate-stderr outside relation_call --endpoint web fail
  assert_equal "$stderr" 'charms.reactive: relation_call: the method fail of web failed: not today'
  assert_flags greeted
}

# bats test_tags=full
@test "outside of a hook only the files of the layer that is called run" {
  methods <<<$'@method\nfine() { echo fine; }'
  handlers relations/http/requires.sh <<<'touch http-ran'
  handlers relations/mysql/provides.sh <<<'touch provides-ran'
  handlers app.sh <<<'touch app-ran'
  run -0 --separate-stderr outside relation_call --endpoint db fine
  assert_printed fine
  run -0 --separate-stderr outside endpoint_units db
  assert_printed remote/0
  run ls "$charm"
  refute_output --partial -ran
}

# bats test_tags=full
@test "by hand a file of an interface layer answers for each endpoint, and runs for the one that is named" {
  methods <<'END'
@when 'endpoint.{endpoint_name}.joined'
joined() { echo "joined ${endpoint_name-none}"; }
@when_not '{endpoint_name}.done'
@only_once
undone() { echo "undone ${endpoint_name-none}"; }
@method
uri() { echo uri; }
@when plain
plain() { :; }
END
  local file=reactive/relations/mysql/requires.sh
  run -0 --separate-stderr outside "$file" --test
  assert_printed undone:cache,undone:db
  outside set_flag endpoint.db.joined
  outside set_flag cache.done
  outside set_flag plain
  run -0 --separate-stderr outside "$file" --test
  assert_printed joined:db,undone:db,plain:cache,plain:db
  run -0 --separate-stderr outside "$file" --invoke "$output"
  assert_printed 'joined db' 'undone db'
  run -0 --separate-stderr outside "$file" --test
  assert_printed joined:db,plain:cache,plain:db
  sed -i /mysql/d "$charm/metadata.yaml"
  run -0 --separate-stderr outside "$file" --test
  assert_printed plain
}
