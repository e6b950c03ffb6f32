#!/usr/bin/env bats
# render_template from bash: which variables a template sees, and what is written.
#
# What stands in single quotes is for another shell, or is text.
# shellcheck disable=SC2016

setup() {
  load helpers
  make_charm
  target=$BATS_TEST_TMPDIR/out/made/target
}

# Usage: template <TEXT
template() {
  cat >"$charm/templates/t.j2"
}

template_variables() {
  template <<'END'
env={{ LANG }}
exported={{ exported }}
unexported={{ unexported }}
local={{ of_function }}
caller={{ of_caller }}
shadowed={{ shadowed }}
array={{ array | join('|') }} {{ array | length }} {{ array }}
sparse={{ sparse | join('|') }}
empty={{ empty | length }}
map={{ map['key one'] }} {{ map.two }}
map items={% for key, value in map.items() | sort %}<{{ key }}={{ value }}>{% endfor %}
lines={{ lines }}
odd={{ odd }}
k=v={{ given }} {{ equals }}
number={{ number }}
reference={{ reference }}
END
}

variables_script() {
  cat <<'END'
outer() {
  local of_caller='of the caller' shadowed=outer
  inner
}
inner() {
  local of_function='of the function' shadowed=inner
  local array=(one 'two words' '' $'line\nend')
  local -A map=(['key one']='value one' [two]=2)
  local -a empty=()
  local -n reference=unexported
  local -i number=007
  render_template t.j2 "$target" 'given=from words' equals=a=b shadowed=words; echo "$?"
}
export exported=exported
unexported='a "quoted" $(value)'
sparse=([3]=three [7]=seven)
lines=$'one\ntwo\n'
odd='\n {{ not }} é * ~'
outer
END
}

expected_variables=$'env=C.UTF-8
exported=exported
unexported=a "quoted" $(value)
local=of the function
caller=of the caller
shadowed=words
array=one|two words||line
end 4 [\'one\', \'two words\', \'\', \'line\\nend\']
sparse=three|seven
empty=0
map=value one 2
map items=<key one=value one><two=2>
lines=one
two

odd=\\n {{ not }} é * ~
k=v=from words a=b
number=7
reference=a "quoted" $(value)'

@test "a template sees locals, globals, arrays, maps, references and words, in a handler" {
  template_variables
  {
    printf '@hook install\nf() {\ntarget=%q\n' "$target"
    variables_script
    printf '}\n'
  } | handlers app.sh
  run_hook 0 install
  assert_printed 0
  assert_equal "$(<"$target")" "$expected_variables"
}

@test "a template sees locals, globals, arrays, maps, references and words, outside of a hook" {
  template_variables
  outside_bash < <(
    printf 'source charms.reactive.sh\ntarget=%q\n' "$target"
    variables_script
  )
  assert_equal "$(<"$target")" "$expected_variables"
}

@test "as an executable it sees the environment and words, and as a function of charms.reactive all" {
  template <<<'{{ exported }} {{ given }} {{ unexported }}'
  handlers app.sh <<END
@hook install
f() {
  export exported=1
  local unexported=2
  env render_template t.j2 '$target' given=3 --undefined empty; cat '$target'; echo
  env charms.reactive render_template t.j2 '$target' given=3 --undefined=empty; cat '$target'; echo
  charms.reactive render_template t.j2 '$target' given=3; cat '$target'; echo
}
END
  run_hook 0 install
  assert_printed '1 3 ' '1 3 ' '1 3 2'
}

@test "an undefined variable is one line with template and line, and writes nothing" {
  template <<<$'first\n{{ nowhere }}'
  handlers app.sh <<END
@hook install
f() { render_template t.j2 '$target'; echo "\$?"; }
END
  run_hook 0 install
  assert_output 3
  assert_equal "${#stderr_lines[@]}" 1
  assert_regex "$stderr" '^charms\.reactive: render_template: .*nowhere'
  assert_regex "$stderr" 't\.j2:2'
  [[ ! -e $target ]]
}

@test "--undefined empty, owner, group and mode" {
  template <<<'<{{ nowhere }}>'
  outside render_template t.j2 "$target" --undefined empty --owner "$(id -un)" --group "$(id -gn)" --mode 0640
  assert_equal "$(<"$target")" '<>'
  assert_equal "$(stat -c '%a %U %G' "$target")" "640 $(id -un) $(id -gn)"
  assert_equal "$(stat -c %a "${target%/*}")" 755
  outside bash -c 'source charms.reactive.sh; umask 077; render_template t.j2 "$1" --undefined empty' bash "$target.2"
  assert_equal "$(stat -c %a "$target.2")" 444
}

@test "wrong words are status 2, in one line" {
  template <<<x
  run --separate-stderr -2 outside_bash <<<'source charms.reactive.sh; render_template t.j2'
  assert_equal "$stderr" 'charms.reactive: render_template: too few words, render_template takes: SOURCE TARGET [k=v...]'
  run --separate-stderr -2 outside_bash <<<"source charms.reactive.sh; render_template t.j2 '$target' word"
  assert_equal "$stderr" 'charms.reactive: render_template: a variable is written NAME=VALUE: word'
  [[ ! -e $target ]]
}

@test "a missing template is status 3, in one line" {
  run --separate-stderr -3 outside_bash <<<"source charms.reactive.sh; render_template none.j2 '$target'"
  assert_equal "${#stderr_lines[@]}" 1
  assert_regex "$stderr" '^charms\.reactive: render_template: .*none\.j2'
}

@test "many and large shell variables reach the template" {
  template <<<'{{ big | length }} {{ many | length }} {{ many[9999] }}'
  handlers app.sh <<END
@hook install
f() {
  local big many=({0..9999})
  printf -v big '%0300000d' 1
  render_template t.j2 '$target'; echo "\$?"
}
END
  run_hook 0 install
  assert_printed 0
  assert_equal "$(<"$target")" '300000 10000 9999'
}

@test "arrays that never got an element are empty lists and maps" {
  template <<<'[{% for h in hosts %}x{% endfor %}{{ hosts | length }}{{ "a" in map }}{{ map }}{{ hosts }}{{ outer }}{{ after }}]{{ word is defined }}'
  handlers app.sh <<END
declare -a outer
shopt -s nocasematch
@hook install
f() {
  local -a hosts
  local -A map
  local word text=\$'declare -a fake\ndeclare -a fake2'
  after=(x)
  after=()
  local -ar constant
  render_template t.j2 '$target'
  echo "\$?"
}
END
  run_hook 0 install
  assert_output 0
  assert_equal "$(<"$target")" '[0False{}[][][]]False'
}

@test "maps stay maps under nocasematch" {
  template <<<'{{ map.key }}{{ list[0] }}'
  outside_bash <<<"shopt -s nocasematch; source charms.reactive.sh; declare -A map=([key]=value); list=(one); render_template t.j2 '$target'"
  assert_equal "$(<"$target")" valueone
}
