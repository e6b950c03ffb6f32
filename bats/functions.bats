#!/usr/bin/env bats
# Which function a decorator belongs to: every form of definition, every place where it may stand.

setup() {
  load helpers
  make_charm
}

@test "every form of a definition that bash accepts" {
  handlers app.sh <<'END'
@hook install
plain() { echo plain; }
@hook install
space () { echo space; }
@hook install
spaces ( ) { echo spaces; }
@hook install
function keyword { echo keyword; }
@hook install
function keyword_parens() { echo keyword_parens; }
@hook install
function keyword_space () {
  echo keyword_space
}
@hook install
next_line()
{
  echo next_line
}
@hook install
function keyword_next_line
{
  echo keyword_next_line
}
@hook install
subshell() (echo subshell)
@hook install
function keyword_subshell () (
  echo keyword_subshell
)
@hook install
condition() if true; then echo condition; fi
@hook install
loop() for word in loop; do echo "$word"; done
@hook install
arithmetic() { ((1)); } && echo 'not a handler' >/dev/null
@hook install
redirected() { echo redirected >&2; } 2>&1
@hook install
function 	 blanks   {   echo blanks; }
END
  run_hook 0 install
  assert_printed plain space spaces keyword keyword_parens keyword_space next_line keyword_next_line \
    subshell keyword_subshell condition loop redirected blanks
}

# bats test_tags=full
@test "names with all characters that bash takes" {
  handlers app.sh <<'END'
@hook install
with-dash() { echo with-dash; }
@hook install
function with.dot { echo with.dot; }
@hook install
layer::function() { echo layer::function; }
@hook install
a+b,c@d/e%f^g~h!i() { echo odd; }
@hook install
function 1() { echo digit; }
@hook install
grün() { echo grün; }
@hook install
functional() { echo functional; }
@hook install
function function_one { echo function_one; }
END
  run_hook 0 install
  assert_printed with-dash with.dot layer::function odd digit grün functional function_one
}

@test "comments, blank lines and other commands may stand between" {
  handlers app.sh <<'END'
@hook install

# not_this() { echo; }
#nor_this() { :; }

title='a (very) odd() { line'
list=(one two)
declare -A map=([a]='b()')
echo "$(echo 'not() {')" >/dev/null
[[ x =~ (x) ]] && ((1 + (2)))
far_away() { echo far_away; }
END
  run_hook 0 install
  assert_printed far_away
}

@test "a decorator may stand on the line of its function, alone or with others" {
  handlers app.sh <<'END'
@hook install; one() { echo one; }
@hook install; @when_not 'a;b'; function two { echo two; }
@hook 'install;x' install; three() { echo three; }
@hook install && four() { echo four; }
  @hook install; function five
{ echo five; }
END
  run_hook 0 install
  assert_printed one two three four five
}

# bats test_tags=full
@test "a decorator may go over several lines" {
  handlers app.sh <<'END'
@hook \
  start \
  install
@when_not \
    'a' \
    'b'
function patient() {
  echo patient
}
@hook 'start
' install
quoted() { echo quoted; }
END
  run_hook 0 install
  assert_printed patient quoted
}

@test "decorators and functions may be indented, in an if, in a case, behind a loop, in a group" {
  handlers app.sh <<'END'
if true; then
  @hook install
  in_if() { echo in_if; }
else
  @hook install
  in_else() { echo in_else; }
fi
case x in
x)
	@hook install
	in_case() { echo in_case; } ;;
esac
{
  @hook install
  in_group() { echo in_group; }
}
for flag in a b; do
  @when_not "$flag"
done
after_loop() { echo after_loop; }
END
  run_hook 0 install
  assert_printed in_if in_case in_group after_loop
  outside set_flag a
  run_hook 0 start
  assert_printed
}

@test "a function of the charm may wrap decorators" {
  handlers app.sh <<'END'
on_ready() {
  @when 'ready'
  also "$@"
}
also() { @when_not "$@"; }
on_ready 'broken' 'paused'
start() { echo start; }
END
  outside set_flag ready
  run_hook 0 install
  assert_printed start
  outside set_flag paused
  run_hook 0 install
  assert_printed
}

@test "two functions of one name are two handlers, each with its own conditions and body" {
  handlers app.sh <<'END'
@hook install
again() { echo first; }
@hook install start
again() { echo second; }
@hook start
again() { echo third; }
END
  run_hook 0 install
  assert_printed first second
  assert_equal "$(messages INFO)" 'Invoking reactive handler: reactive/app.sh:again
Invoking reactive handler: reactive/app.sh:again#2'
  run_hook 0 start
  assert_printed second third
}

@test "a decorator without a function fails the hook, with file and line" {
  handlers app.sh <<'END'
@hook install
fine() { echo fine; }

@when a
echo 'and no function'
END
  run_hook 3 install
  assert_only_record 'a decorator without a function: reactive/app.sh:6'
  assert_equal "$output" ''
}

@test "a function that is not defined in the end fails the hook, with file and line" {
  handlers app.sh <<'END'
@hook install
gone() { echo gone; }
unset -f gone
END
  run_hook 3 install
  assert_only_record 'a decorator without a function: reactive/app.sh:4'
}

@test "decorators in sourced files belong to those: by absolute and relative path, and after cd" {
  mkdir -p "$charm/lib/deep"
  cat >"$charm/lib/absolute.sh" <<'END'
@hook install
one() { echo one; }
END
  cat >"$charm/lib/relative.sh" <<'END'
@hook install
two() { echo two; }
cd /
@hook install
three() { echo three; }
END
  cat >"$charm/lib/deep/elsewhere.sh" <<'END'
@hook install
four() { echo four; }
END
  cp "$charm/lib/deep/elsewhere.sh" "$charm/lib/twin.sh"
  sed -i s/echo\ four/echo\ twin/ "$charm/lib/twin.sh"
  handlers app.sh <<'END'
source "$CHARM_DIR/lib/absolute.sh"
. lib/relative.sh
cd "$CHARM_DIR/lib/deep"
source ./elsewhere.sh
cd ..
source twin.sh
@hook install
own() { echo own; }
END
  run_hook 0 install
  assert_printed one two three four twin own
  assert_equal "$(messages INFO)" 'Invoking reactive handler: lib/absolute.sh:one
Invoking reactive handler: lib/relative.sh:two
Invoking reactive handler: lib/relative.sh:three
Invoking reactive handler: lib/deep/elsewhere.sh:four
Invoking reactive handler: lib/twin.sh:four
Invoking reactive handler: reactive/app.sh:own'
}

# bats test_tags=full
@test "a file that two handler files source brings its handlers once" {
  cat >"$charm/reactive/common.sh" <<'END'
@hook install
common() { echo common; }
END
  handlers a.sh <<<'source reactive/common.sh'
  handlers b.sh <<<'source reactive/common.sh'
  run_hook 0 install
  assert_printed common
  assert_equal "$(messages WARNING)" ''
}

@test "a file with line ends of Windows is named as one that the system cannot execute" {
  handlers app.sh <<'END'
@hook install
f() { echo f; }
END
  sed -i 's/$/\r/' "$charm/reactive/app.sh"
  run_hook 3 install
  assert_only_record -e '^BrokenHandler: .*: reactive/app\.sh: '
}

# bats test_tags=full
@test "line ends of Windows behind the first line fail the hook, with file and line" {
  handlers app.sh <<'END'
@hook install
f() { echo f; }
END
  sed -i '2,$s/$/\r/' "$charm/reactive/app.sh"
  run_hook 3 install
  assert_record -e '^the line ends with a carriage return, as in Windows files: reactive/app\.sh:2$'
}

@test "a function that is decorated when the file registers and not when it runs fails the hook" {
  handlers app.sh <<'END'
is_flag_set gone || @hook install
first() { set_flag gone; echo first; }
is_flag_set gone || @when gone
second() { echo second; }
@when_not never
last() { echo last; }
END
  run_hook 3 install
  assert_equal "$output" $'first'
  assert_only_record 'handler reactive/app.sh:second failed with status 3 at reactive/app.sh:6: the function is not decorated this time'
}
