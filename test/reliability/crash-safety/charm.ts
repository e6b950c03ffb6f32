// A charm whose hook config-changed changes everything that a unit state holds, from bash, Python and JavaScript.
// Run again, it changes nothing more.

const BASH = `#!/bin/bash
source charms.reactive.sh
@hook install
install() {
  for ((number = 0; number < 40; number++)); do set_flag "bash.old.$number"; done
  set_flag js.old; set_flag python.old
  charms.reactive kv set bash "$(printf 'old %.0s' {1..3000})" >/dev/null
  if data_changed data old && any_file_changed watched; then echo changed >>watched; fi
}
@hook config-changed
@only_once
once() { set_flag bash.once; }
@hook config-changed
changes() {
  for ((number = 0; number < 40; number++)); do clear_flag "bash.old.$number"; set_flag "bash.new.$number"; done
  charms.reactive kv set bash "$(printf 'new %.0s' {1..5000})" >/dev/null
  if data_changed data new; then set_flag bash.data; fi
  if any_file_changed watched; then set_flag bash.file; fi
}
@when bash.once
@when_file_changed watched
watches() { set_flag bash.watched; }
reactive_handler_main
`

const PYTHON = `#!/usr/bin/python3 -IS
import os, sys

def ask(*words):
    return os.spawnvp(os.P_WAIT, words[0], words) == 0

if sys.argv[1] == "--test":
    is_due = ask("charms.reactive", "any_hook", "config-changed") and not ask("is_flag_set", "python.new")
    sys.exit(0 if is_due else 1)
assert ask("set_flag", "python.new") and ask("clear_flag", "python.old")
assert ask("mark_invoked", "python.once") and ask("data_changed", "python.data", "new")
assert ask("charms.reactive", "kv", "set", "python", "new")
`

const JAVASCRIPT = `
import { clearFlag, dataChanged, hook, kv, onlyOnce, setFlag } from 'charms.reactive'

onlyOnce(hook('config-changed', function once() { setFlag('js.once') }))
hook('config-changed', function changes() {
  setFlag('js.new')
  clearFlag('js.old')
  kv.set('js', { new: ['value'] })
  dataChanged('js.data', { value: 'new' })
})
`

/** The files of the charm; those that begin with `#!` are executable. */
export const CHARM: Record<string, string> = {
  'metadata.yaml': 'name: app\n',
  'config.yaml': 'options: {colour: {type: string}}\n',
  watched: 'first\n',
  'reactive/bash.sh': BASH,
  'reactive/python': PYTHON,
  'reactive/javascript.mjs': JAVASCRIPT,
}

/** What the hook tools print. */
export const TOOLS: Record<string, string> = {
  'config-get': '{"colour": "red"}',
  'is-leader': 'false',
  'leader-get': '{}',
}
