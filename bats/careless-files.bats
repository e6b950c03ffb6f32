#!/usr/bin/env bats
# Handler files with mistakes that are easily made, and with habits that are odd but legal.
#
# What stands in single quotes is for another shell, or is text.
# shellcheck disable=SC2016

setup() {
  load helpers
  make_charm
}

# Usage: file NAME <TEXT
# A handler file as it stands.
file() {
  { printf '#!/bin/bash\n' && cat; } | executable "$charm/reactive/$1"
}

# Usage: assert_refused MESSAGE
# The hook fails with one line in the log, and nothing has run.
assert_refused() {
  run_hook 3 install
  assert_only_record "$1"
  assert_flags ''
}

@test "the library may be sourced again: by the file, a helper, a layer's library, a function, a subshell" {
  mkdir -p "$charm/lib/charms/layer"
  echo 'source charms.reactive.sh; helped() { set_flag helper; }' >"$charm/lib/helper.sh"
  cp "$charm/lib/helper.sh" "$charm/lib/charms/layer/basic.sh"
  local options all=(: 'set -euo pipefail' 'set -a' 'shopt -s expand_aliases; set -u')
  # They are independent files of one charm.
  for options in "${!all[@]}"; do
    file "app$options.sh" <<END
${all[options]}
source charms.reactive.sh
source lib/helper.sh with words
@hook install
first() { helped; echo first; }
. charms.reactive.sh
layer_lib basic
again() { source charms.reactive.sh; }
again
(source charms.reactive.sh && : set_flag x)
@hook install
@when_not 'never'
second() { bash -c 'source charms.reactive.sh && source charms.reactive.sh && is_flag_set helper && echo second'; }
source charms.reactive.sh
reactive_handler_main
END
  done
  run_hook 0 install
  assert_printed first second first second first second first second
  assert_equal "$(messages WARNING)" ''
}

@test "a function or a helper may be the first to source the library" {
  echo 'source charms.reactive.sh' >"$charm/lib.sh"
  file app.sh <<'END'
load() { source lib.sh; }
load
@hook install
f() { echo f; }
@when_not never
g() { echo g; }
reactive_handler_main
END
  run_hook 0 install
  assert_printed f g
  run -0 --separate-stderr outside reactive/app.sh --test
  assert_printed g
  run -0 --separate-stderr outside reactive/app.sh --invoke f
  assert_printed f
}

# Usage: refuse_misspelled all|each
# Each misspelled decorator under all options, or under one of them.
refuse_misspelled() {
  local line name nearest index=0 some
  local all=(: 'set -e' 'set -euo pipefail' 'trap : ERR' 'shopt -s nocasematch')
  while IFS='|' read -r line name nearest; do
    some=("${all[@]}")
    [[ $1 == all ]] || some=("${all[index++ % ${#all[@]}]}")
    for options in "${some[@]}"; do
      handlers app.sh <<END
$options
@hook install
set_up() { set_flag set-up; }
$line
@when_not app.started
f() { set_flag ran; }
END
      assert_refused "there is no decorator $name, the nearest is $nearest: reactive/app.sh:6"
    done
  done <<'END'
@whne db.ready|@whne|@when
@When db.ready|@When|@when
@when-not db.ready|@when-not|@when_not
@ when db.ready|@ when|@when
@whenfilechanged /etc/x|@whenfilechanged|@when_file_changed
@only_one|@only_one|@only_once
if true; then @hok install; fi|@hok|@hook
END
}

@test "a decorator that does not exist fails the hook, with file, line and the nearest, under some options" {
  refuse_misspelled each
}

# bats test_tags=full
@test "a decorator that does not exist fails the hook, with file, line and the nearest, under all options" {
  refuse_misspelled all
}

# bats test_tags=full
@test "a decorator that does not exist in a sourced file is named with that file" {
  printf '\n@wen x\nf() { :; }\n' >"$charm/lib.sh"
  handlers app.sh <<<'source lib.sh'
  assert_refused 'there is no decorator @wen, the nearest is @when: lib.sh:2'
}

# bats test_tags=full
@test "without a dispatcher a decorator that does not exist is one line, and nothing runs" {
  local options
  for options in : 'set -u' 'trap : ERR'; do
    handlers app.sh <<END
$options
@when_not x
f() { echo f; }
@whne y
g() { echo g; }
END
    for words in '' --test '--invoke f,g'; do
      # shellcheck disable=SC2086 # Two words.
      run -3 --separate-stderr outside "$charm/reactive/app.sh" $words
      assert_equal "$output" ''
      assert_equal "$stderr" "charms.reactive: there is no decorator @whne, the nearest is @when: $charm/reactive/app.sh:6"
    done
  done
}

@test "text that looks like a decorator stays text, and functions of the charm stay what they are" {
  handlers app.sh <<'END'
cat <<X
@reboot root /bin/true
@whne text
X
text='
@whne in a string
'
@mine() { echo "mine $*"; }
@mine word
no-such-command
no_such_command || echo 'not found'
@hook install
f() { @mine in f; no-such-command || echo "$?"; }
END
  run_hook 0 install
  local top=$'@reboot root /bin/true\n@whne text\nmine word\nnot found'
  assert_equal "$output" "$top"$'\n'"$top"$'\nmine in f\n127'
  assert_regex "$stderr" 'reactive/app\.sh: line 12: no-such-command: command not found'
}

# bats test_tags=full
@test "a charm's own command_not_found_handle still gets what is no decorator" {
  handlers app.sh <<'END'
command_not_found_handle() { echo "own: $*"; return 5; }
no-such command
@hook install
f() { no-such in f || echo "$?"; }
END
  run_hook 0 install
  assert_output $'own: no-such command\nown: no-such command\nown: no-such in f\n5'
  handlers app.sh <<'END'
END
  {
    printf '#!/bin/bash\ncommand_not_found_handle() { echo "own: $*"; return 5; }\nsource charms.reactive.sh\nno-such command\n'
    printf '@when_not x\nf() { no-such in f || echo "$?"; }\nreactive_handler_main\n'
  } | executable "$charm/reactive/app.sh"
  run -0 --separate-stderr outside "$charm/reactive/app.sh" --invoke f
  assert_printed 'own: no-such command' 'own: no-such in f' 5
}

# A function for each builtin of bash but `builtin`.
functions_like_builtins() {
  local name
  while read -r name; do
    [[ $name == builtin ]] || printf 'function %s { /bin/false; }\n' "$name"
  done < <(compgen -b)
}

@test "functions of a charm that are called like builtins change nothing in the library" {
  echo '{"option": "value"}' >"$BATS_TEST_TMPDIR/config.json"
  echo 'text {{ list | join(",") }}' >"$charm/templates/t.j2"
  executable "$charm/body" < <(functions_like_builtins)
  cat >"$charm/use" <<'END'
list=(a b)
set_flag a; if is_flag_set a; then set_flag b; fi; clear_flag b; toggle_flag c true
any_flags_set x c && set_flag d; all_flags_set a c && set_state e; get_flags
render_template t.j2 "$PWD/target" && set_flag rendered
data_changed id x && set_flag changed; data_changed id2 - <<<text && set_flag piped
printf() { :; }; config_get option; charms.reactive kv get none; register_trigger --when zz --set_flag yy
layer_lib none; mark_invoked id && was_invoked id && set_flag invoked
set_flag ''
END
  # Before the library is there, and after.
  local where
  for where in before after; do
    rm -f "$charm/.reactive-state.db"
    {
      [[ $where == after ]] || echo 'builtin . "$CHARM_DIR/body"'
      echo 'builtin source charms.reactive.sh'
      [[ $where == before ]] || echo 'source "$CHARM_DIR/body"'
      echo '@hook install'
      echo 'used() {'
      cat "$charm/use"
      echo '}'
      echo '@hook install'
      echo '@not_unless never'
      echo 'read() { /bin/echo "a handler"; }'
      echo '@when a'
      echo 'last() { /bin/echo last; }'
      echo 'reactive_handler_main'
    } | file app.sh
    run_hook 0 install
    assert_equal "$output" $'a\nc\nconfig.changed\nconfig.changed.option\nconfig.set.option\nd\ne\nvalue\na handler\nlast'
    assert_equal "$stderr" 'charms.reactive: layer_lib: no layer has such a file: lib/charms/layer/none.sh
charms.reactive: set_flag: a flag needs a name: ""'
    assert_flags a c changed d e invoked piped rendered
    assert_equal "$(<"$charm/target")" 'text a,b'
    run -0 --separate-stderr outside "$charm/reactive/app.sh" --test
    assert_printed last
    run -0 --separate-stderr outside "$charm/reactive/app.sh" --invoke last
    assert_printed last
  done
}

# bats test_tags=full
@test "exported functions do not get into the executables" {
  handlers app.sh <<'END'
@hook install
f() {
  read() { echo mine; }; printf() { echo mine; }; local() { echo mine; }; return() { echo mine; }; source() { echo mine; }
  export -f read printf local return source
  env set_flag a
  env is_flag_set a && env charms.reactive get_flags
}
END
  run_hook 0 install
  assert_printed a
}

# Usage: refuse_builtin LINE BODY
# A function of this name at that line of the file.
refuse_builtin() {
  printf '%s\n' '#!/bin/bash' 'source charms.reactive.sh' '@hook install' 'f() { :; }' 'reactive_handler_main' |
    sed "${1}i builtin() { $2; }" | executable "$charm/reactive/app.sh"
  run_hook 3 install
  assert_record -e 'the charm must not have a function of this name: builtin$'
}

@test "a function called builtin is refused in one line, wherever it is defined" {
  refuse_builtin 2 :
  refuse_builtin 3 false
  refuse_builtin 5 'command builtin "$@"'
}

# bats test_tags=full
@test "a function called builtin is refused in one line, wherever it is defined, whatever it does" {
  local body place
  for body in ':' false 'command builtin "$@"'; do
    for place in 2 3 5; do refuse_builtin "$place" "$body"; done
  done
}

# bats test_tags=full
@test "a handler file whose engine dies ends, whatever functions it has" {
  {
    functions_like_builtins
    cat <<'END'
builtin source charms.reactive.sh
@hook install
f() {
  /bin/echo "$$ $BASHPID" >pids.new; /bin/mv pids.new pids
  engine=${CHARMS_REACTIVE_CHANNEL#/proc/}
  builtin kill -STOP "${engine%%/*}"
  /bin/echo "${engine%%/*}" >engine
  is_flag_set a
  is_flag_set b
}
reactive_handler_main
END
  } | file app.sh
  (hook install >/dev/null 2>&1 </dev/null) &
  local i pid
  for ((i = 0; i < 200; i++)); do
    [[ ! -s $charm/engine ]] || break
    sleep 0.05
  done
  kill -KILL "$(<"$charm/engine")"
  wait "$!" || :
  for ((i = 0; i < 100; i++)); do
    for pid in $(<"$charm/pids"); do
      [[ ! -e /proc/$pid/stat || $(<"/proc/$pid/stat") == *') Z '* ]] || continue 2
    done
    break
  done
  for pid in $(<"$charm/pids"); do
    for ((i = 0; i < 100; i++)); do
      kill -0 "$pid" 2>/dev/null || continue 2
      sleep 0.05
    done
    fail "it runs on: $pid"
  done
}

# bats test_tags=full
@test "aliases of a charm change nothing in the library" {
  file app.sh <<'END'
shopt -s expand_aliases
alias local='echo local' read='echo read' builtin='echo builtin' if='echo if' return='echo return'
source charms.reactive.sh
@hook install
f() { set_flag a; \builtin echo f; }
reactive_handler_main
END
  run_hook 0 install
  assert_printed f
  assert_flags a
}

@test "a word that ends with a comma is a warning with file, line and the word" {
  handlers app.sh <<'END'
@hook 'install', start
@when_not 'x', y
f() { echo f; }
END
  run_hook 0 start
  assert_printed f
  assert_equal "$(messages WARNING)" 'a word of @hook ends with a comma, which becomes part of the word: reactive/app.sh:3: install,
a word of @when_not ends with a comma, which becomes part of the word: reactive/app.sh:4: x,'
}

# bats test_tags=full
@test "posix mode is one line about the charm's own line" {
  file app.sh <<'END'

set -o posix
source charms.reactive.sh
@hook install
f() { :; }
reactive_handler_main
END
  assert_refused "in posix mode bash takes no functions like @when: write 'set +o posix' above: reactive/app.sh:4"
}

# bats test_tags=full
@test "an older bash is one line and status 3" {
  cp -r "$shell" "$BATS_TEST_TMPDIR/shell"
  sed -i 's/BASH_VERSINFO\[0\]/4/; s/"\$BASH_VERSION"/4.4/' "$BATS_TEST_TMPDIR/shell/charms.reactive.sh"
  run -3 --separate-stderr bash -c 'source "$1"; echo on' bash "$BATS_TEST_TMPDIR/shell/charms.reactive.sh"
  assert_equal "$output" ''
  assert_equal "$stderr" 'charms.reactive: bash 5.1 or newer is needed: 4.4'
}

# bats test_tags=full
@test "a file with line ends of Windows, or a byte order mark, is told so" {
  printf '#!/bin/bash\r\nsource charms.reactive.sh\r\n' | executable "$charm/reactive/app.sh"
  assert_refused 'BrokenHandler: the file is marked as executable, but the system cannot execute it: reactive/app.sh: its first line ends with a carriage return, as in Windows files'
  printf '#!/bin/bash\nsource charms.reactive.sh\r\n@hook install\r\nf() { :; }\r\nreactive_handler_main\r\n' | executable "$charm/reactive/app.sh"
  assert_refused 'the line ends with a carriage return, as in Windows files: reactive/app.sh:2'
  printf '\xef\xbb\xbf#!/bin/bash\nsource charms.reactive.sh\nreactive_handler_main\n' | executable "$charm/reactive/app.sh"
  run_hook 0 install
  assert_equal "$(messages WARNING)" 'not a handler file: reactive/app.sh: a byte order mark stands before its #!, so the system does not see the #!'
}

@test "a file that does not source the library is one line" {
  file app.sh <<'END'

@hook install
f() { :; }
@when a
g() { :; }
reactive_handler_main
END
  assert_refused 'the file does not source charms.reactive.sh: reactive/app.sh:3: @hook install'
  : >"$charm/lib.sh"
  sed -i '2s/^/source lib.sh/' "$charm/reactive/app.sh"
  assert_refused 'the file does not source charms.reactive.sh: reactive/app.sh:3: @hook install'
}

# bats test_tags=full
@test "a library that is not there is one line with the line of the source command, with and without errexit" {
  local options
  for options in -e +e; do
    file app.sh <<END
set $options
source /no/such/charms.reactive.sh
@hook install
f() { :; }
reactive_handler_main
END
    assert_refused 'the file cannot be sourced: reactive/app.sh:3: /no/such/charms.reactive.sh: No such file or directory'
  done
}

# bats test_tags=full
@test "which, command -v and type -P find the library" {
  local finder
  for finder in '`which charms.reactive.sh`' '$(which charms.reactive.sh)' '"$(command -v charms.reactive.sh)"' '"$(type -P charms.reactive.sh)"'; do
    printf '%s\n' "source $finder" '@hook install' 'f() { echo f; }' reactive_handler_main | file app.sh
    run_hook 0 install
    assert_printed f
  done
}

# The library of a charm of 2015, by the documented protocol: it asks with `charms.reactive test`, and invokes.
own_copy() {
  executable "$charm/bin/charms.reactive.sh" <<'END'
conditions='' found=''
@when() { conditions="'when' ''$1''"; }
@when_not() { conditions="'when_not' ''$1''"; }
reactive_handler_main() {
  if [ "$1" = --test ]; then
    charms.reactive test "'f' 'f' 'when_not' '\'gone\''"
  else
    for found in $(echo "$2" | tr , ' '); do "$found"; done
  fi
}
END
}

# bats test_tags=full
@test "a charm that sources its own copy of the original's library gets ours" {
  own_copy
  local line
  for line in 'source $CHARM_DIR/bin/charms.reactive.sh' '. "${CHARM_DIR}/bin/charms.reactive.sh"' 'source bin/charms.reactive.sh' \
    'source "$(dirname "$0")/../bin/charms.reactive.sh"' 'lib=bin/charms.reactive.sh; cd . && source $lib'; do
    rm -f "$charm/.reactive-state.db"
    printf '%s\n' "$line" "@when_not 'gone'" 'f() { echo f; charms.reactive set_state gone; env | grep ^BASH_ENV; }' \
      'reactive_handler_main "$@"' | file app.sh
    run_hook 0 install
    assert_printed f
    assert_equal "$(messages INFO | tail -1)" 'Invoking reactive handler: reactive/app.sh:f'
    assert_flags gone
  done
}

# bats test_tags=full
@test "a library that is somebody's own is sourced as it is, and a script of sh runs by the protocol" {
  executable "$charm/lib/charms.reactive.sh" <<<'source "$CHARMS_REACTIVE_SHELL/charms.reactive.sh"; mine() { echo mine; }'
  printf '%s\n' 'source "$CHARM_DIR/lib/charms.reactive.sh"' '@hook install' 'f() { mine; }' reactive_handler_main | file app.sh
  run_hook 0 install
  assert_printed mine
  rm "$charm/reactive/app.sh"
  executable "$charm/bin/charms.reactive.sh" <<'END'
reactive_handler_main() { if [ "$1" = --test ]; then charms.reactive when_not gone && echo f; else "$2"; fi; }
END
  executable "$charm/reactive/old" <<'END'
#!/bin/sh
. "$CHARM_DIR/bin/charms.reactive.sh"
f() { echo f; charms.reactive set_state gone; }
reactive_handler_main "$@"
END
  run_hook 0 install
  assert_equal "${lines[-1]}" f
  assert_equal "$stderr" ''
  assert_flags gone
}

@test "a handler that drops to another user is told that the channel belongs to another" {
  ((EUID == 0)) || skip 'needs root'
  handlers app.sh <<'END'
@hook install
f() {
  python3 -c 'import os, subprocess, sys
os.setgid(65534); os.setuid(65534)
sys.exit(subprocess.call(sys.argv[1:]))' "$CHARMS_REACTIVE_SHELL/is_flag_set" x
  echo "$?"
}
END
  run_hook 0 install
  assert_output 3
  assert_regex "$stderr" '^charms\.reactive: the channel belongs to another user, and this process runs as user 65534: /proc/[0-9]+/fd/[0-9]+$'
}
