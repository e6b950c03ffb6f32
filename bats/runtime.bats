#!/usr/bin/env bats
# Which Node.js the launcher starts: the one of the toolkit, a carried one, or the one that the environment names.

setup() {
  load helpers
  make_charm
  package=node-linux-$(package_suffix)
  runtime=$(cd "$shell/.." && pwd)/node_modules/$package/bin/node
  cd "$charm" || return
}

package_suffix() {
  case $HOSTTYPE in
  x86_64) echo x64 ;;
  aarch64) echo arm64 ;;
  esac
}

# Usage: wrapper FILE
# A runtime that says on stderr that it is used.
wrapper() {
  executable "$1" <<END
#!/bin/sh
echo 'the other one' >&2
exec '$runtime' "\$@"
END
}

# Usage: copy_toolkit DIR
# The built toolkit without its packages.
copy_toolkit() {
  mkdir -p "$1"
  cp -a "$shell" "$shell/../dist" "$1"
}

# Usage: bare_path
# Print a directory with what the launcher needs of a machine.
bare_path() {
  local name
  mkdir -p "$BATS_TEST_TMPDIR/system"
  for name in bash readlink env cat; do
    ln -sf "$(command -v "$name")" "$BATS_TEST_TMPDIR/system"
  done
  echo "$BATS_TEST_TMPDIR/system"
}

@test "a machine without Node.js needs none" {
  run --separate-stderr env PATH="$(bare_path)" "$shell/charms.reactive" set_flag a
  assert_success
  refute_output
  assert_equal "$stderr" ''
}

@test "a Node.js on PATH is not taken" {
  mkdir other && executable other/node <<<$'#!/bin/sh\nexit 99'
  PATH=$PWD/other:$PATH run "$shell/charms.reactive" set_flag a
  assert_success
}

@test "CHARMS_REACTIVE_NODE names another one, also by a path from here" {
  wrapper "$PWD/other"
  CHARMS_REACTIVE_NODE=$PWD/other run --separate-stderr "$shell/charms.reactive" set_flag a
  assert_success
  assert_equal "$stderr" 'the other one'
  CHARMS_REACTIVE_NODE=./other run --separate-stderr "$shell/charms.reactive" get_flags
  assert_output a
  assert_equal "$stderr" 'the other one'
  CHARMS_REACTIVE_NODE='' run --separate-stderr "$shell/charms.reactive" get_flags
  assert_equal "$stderr" ''
}

@test "CHARMS_REACTIVE_NODE counts for the hooks of a simulated unit, too" {
  wrapper "$PWD/other"
  handlers app.sh <<'END'
@hook install
f() { set_flag a; }
END
  CHARMS_REACTIVE_NODE=$PWD/other run --separate-stderr "$shell/charms.reactive" simulate "$charm" install
  assert_success
  assert_output --partial 'the other one'
}

@test "CHARMS_REACTIVE_NODE that is no executable file is one line and status 3" {
  local file
  for file in "$PWD/none" "$PWD" "$PWD/metadata.yaml"; do
    CHARMS_REACTIVE_NODE=$file run "$shell/charms.reactive" get_flags
    assert_failure 3
    assert_output "charms.reactive: CHARMS_REACTIVE_NODE is not an executable file: $file"
  done
}

@test "a Node.js older than 24 is refused in one line, with status 3" {
  cat >old.cjs <<'END'
Object.defineProperty(process, 'versions', { value: { node: '22.21.0' } })
Object.defineProperty(process, 'version', { value: 'v22.21.0' })
END
  executable "$PWD/old" <<END
#!/bin/sh
exec '$runtime' --require '$PWD/old.cjs' "\$@"
END
  CHARMS_REACTIVE_NODE=$PWD/old run "$shell/charms.reactive" get_flags
  assert_failure 3
  assert_output "charms.reactive: Node.js is older than 24: v22.21.0: $(readlink -f "$runtime")"
  CHARMS_REACTIVE_NODE=$PWD/old run "$shell/charms.reactive" main install
  assert_failure 3
}

@test "the runtime beside the toolkit is taken first, then those in node_modules from there upwards" {
  local home=here/node_modules/charms.reactive
  copy_toolkit "$home"
  run "$home/shell/charms.reactive" get_flags
  assert_failure 3
  assert_output "charms.reactive: the runtime of the toolkit is not there: $package"
  mkdir -p "here/node_modules/$package/bin"
  ln -s "$runtime" "here/node_modules/$package/bin/node"
  run "$home/shell/charms.reactive" set_flag a
  assert_success
  refute_output
  mkdir -p "$home/bin/$HOSTTYPE"
  wrapper "$home/bin/$HOSTTYPE/node"
  run "$home/shell/charms.reactive" set_flag b
  assert_success
  assert_output 'the other one'
}

@test "a checkout that is not built says how to build it" {
  copy_toolkit "$BATS_TEST_TMPDIR/checkout"
  rm -r "$BATS_TEST_TMPDIR/checkout/dist"
  echo '{}' >"$BATS_TEST_TMPDIR/checkout/package.json"
  run "$BATS_TEST_TMPDIR/checkout/shell/charms.reactive" version
  assert_failure 3
  assert_output "charms.reactive: the toolkit is not built: npm ci && npm run build: $BATS_TEST_TMPDIR/checkout"
}

@test "the launcher asks for the relations of endpoints in their usual form, and each is asked for once" {
  cat >metadata.yaml <<'YAML'
name: app
description: |
  requires:
    text: {}
provides:
  website:
    interface: http
requires:
    # At another depth.
    db: {interface: mysql}
    "quoted": {interface: x}
peers: {cluster: {interface: c}}
extra-bindings:
  nothing:
YAML
  executable "$tools/relation-ids" <<'SH'
#!/bin/sh
read -r parent <"/proc/$PPID/comm"
case $parent in charms*) parent=launcher ;; *) parent=engine ;; esac
echo "$parent $*" >>"${0%/*}/../asked"
echo '[]'
SH
  run_hook 0 install
  assert_equal "$(sort "$BATS_TEST_TMPDIR/asked")" "engine --format=json cluster
engine --format=json quoted
launcher --format=json db
launcher --format=json website"
}
