// The original's own tests, from its source distribution, against our package: each in a handler of its own dispatch,
// with the original's package further back on the path. None of its text is here: the tests are named by what they
// are called.

import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SimulatedUnit } from '../../src/simulator/unit.ts'
import { figure, isFull } from '../effort.ts'
import { startUnit } from '../end-to-end/charm.ts'
import { originalTests, sitePackages } from './original-venv.ts'

/**
 * Runs one test of the original, writes down what came of it, and takes back whatever it has changed. Tests patch
 * what is inside of the original: names that we do not have are made for them, or whole files could not be read.
 * Where they look at charmhelpers for the log, and let it name the hook, the engine is connected with that.
 */
const RUNNER = `import json, os, subprocess, sys, tempfile
sys.path.append(os.environ['ORIGINAL_PACKAGES'])
import importlib
from charms.reactive import bus, decorators, helpers, hook, relations

class Outcomes(dict):
    def pytest_runtest_logreport(self, report):
        if report.failed or not self.get(report.nodeid):
            self[report.nodeid] = 'passed' if report.passed else str(report.longrepr)

    def pytest_collectreport(self, report):
        if report.failed:
            self[report.nodeid] = str(report.longrepr)

def matches(patterns, hook_name, metadata):
    # What the test lets charmhelpers say, told to the engine as Juju tells it, in a unit of its own.
    with tempfile.TemporaryDirectory() as directory:
        with open(os.path.join(directory, 'metadata.yaml'), 'w') as file:
            json.dump(dict(metadata, name='told'), file)
        env = {'PATH': os.environ['PATH'], 'CHARM_DIR': directory, 'JUJU_UNIT_NAME': 'told/0', 'JUJU_HOOK_NAME': hook_name}
        return subprocess.run(['charms.reactive', 'any_hook', *patterns], env=env).returncode == 0

@hook('update-status')
def run():
    import mock, pytest
    from charmhelpers.core import hookenv, unitdata

    ask = helpers.ask

    def told(operation, *args):
        if operation == 'log':
            return hookenv.log(args[1], args[0])
        if operation == 'any_hook' and isinstance(hookenv.hook_name, mock.Mock):
            return matches(*args, hookenv.hook_name(), hookenv.metadata())
        return ask(operation, *args)

    helpers.ask = decorators.ask = told

    for patch in (mock.patch, mock.patch.object):
        defaults = patch.__defaults__
        patch.__defaults__ = (*defaults[:2], True, *defaults[3:])
    for module in (bus, relations):
        vars(module).update(hookenv=hookenv, unitdata=unitdata, importlib=importlib, subprocess=subprocess)
    vars(bus).update(FlagWatch=type('FlagWatch', (), {'key': ''}), LOG_OPTS={})
    outcomes = Outcomes()
    open('pytest.ini', 'w').close()
    pytest.main([os.environ['ORIGINAL_TEST'], '-q', '-p', 'no:cacheprovider', '-c', 'pytest.ini'], plugins=[outcomes])
    with open('outcomes.json', 'w') as file:
        json.dump(outcomes, file)
    sys.exit(3)
`

const METADATA = 'name: local\nsummary: x\nrequires: {test-endpoint: {interface: test-alt}}\n'
const LAYER = 'from charms.reactive import Endpoint\n\nclass Requires(Endpoint):\n    pass\n'

/** A unit for most tests, and one with the relations that some of them describe to charmhelpers. */
async function units(): Promise<{ plain: SimulatedUnit; related: SimulatedUnit }> {
  const plain = await startUnit({ 'metadata.yaml': METADATA, 'reactive/run.py': RUNNER })
  const files = {
    'metadata.yaml': METADATA,
    'reactive/run.py': RUNNER,
    'reactive/relations/test-alt/requires.py': LAYER,
  }
  const related = await startUnit(files, { state: { leader: true } })
  related.joinRelation('test-endpoint', {
    id: 'test-endpoint:0',
    remoteApp: 'unit',
    localApp: { 'app-key': 'value' },
    localUnit: { key: 'value' },
    remoteAppData: { simple: 'value', complex: '[1, 2]' },
    remoteUnits: { 'unit/0': { foo: 'yes' }, 'unit/1': {} },
  })
  related.joinRelation('test-endpoint', {
    id: 'test-endpoint:1',
    remoteApp: 'unit',
    remoteUnits: { 'unit/0': { bar: '[1, 2]' }, 'unit/1': { foo: 'no' } },
  })
  return { plain, related }
}

/** What cannot pass, by the reason: test files without `test_`, and in them the tests without it. */
const CANNOT: Record<string, Record<string, string>> = {
  "it lets discover() and dispatch() run in the process of the test, and both are the engine's": {
    bus: 'dispatch dispatch_remove dispatch_hook discover full_stack full_stack_with_tracing',
    decorators: 'multi',
    endpoints: 'handlers',
    main: 'main',
  },
  'it tests a private function or class of the original, which has no counterpart here': {
    bus: 'reset watch change commit add_call_test args register test invoke@TestExternalHandler load_module_py3 load_module_really register_handlers_from_file',
    endpoints: 'to_publish to_publish_app',
    helpers: 'expand_replacements _hook _when_all _when_any _when_none _when_not_all restricted_hook',
    relations: 'relation_factory find_subclass find_impl from_name cold_import join depart load migrate',
  },
  'it patches a private function of the original, and asserts that it was called': {
    bus: 'set_get_clear_flag',
    decorators:
      'hook when_all when_any when_none when_not_all when_file_changed collect_metrics meter_status_changed',
    relations:
      'relation_factory_import_fail from_state set_state@TestConversation remove_state@TestConversation is_state@TestConversation',
    trace: 'logtracer_api',
  },
  'it lets charmhelpers tell by patches what Juju tells the engine by hook tools, or what is in files': {
    endpoints: 'startup departed',
    relations:
      'conversation relation_ids set_remote@TestConversation get_remote@TestConversation get_remote_departed set_local@TestConversation get_local@TestConversation',
    request_response: 'request_response',
  },
  'it expects a peer relation to list the unit itself, which Juju never does': {
    endpoints:
      'collections@TestEndpointOneUnitPeer receive@TestEndpointOneUnitPeer receive_app@TestEndpointOneUnitPeer',
  },
  'it expects that charmhelpers hashes files; here the engine does': {
    helpers: 'any_file_changed any_file_changed_argtypes',
  },
  'what was invoked is remembered by the engine when it has run the handler': {
    decorators: 'only_once only_once_parens',
  },
  'a second name for the same class is no second class here': { relations: 'find_relation_factory' },
}

const given = isFull ? originalTests() : undefined

describe.skipIf(given === undefined)("The original's own tests", () => {
  it('pass against our package, all but those that test how the original works inside', async () => {
    const { tests, venv } = given as { tests: string; venv: string }
    const { plain, related } = await units()
    const ids = namesOfTests(tests)
    const outcomes = new Map<string, string>()
    for (const id of ids) {
      // The endpoint's flags would be among those that other tests count.
      const unit = id.startsWith('test_endpoints') ? related : plain
      const env = { ORIGINAL_TEST: `${tests}/${id}`, ORIGINAL_PACKAGES: sitePackages(venv) }
      outcomes.set(id, await outcomeOf(unit, env))
    }
    const failed = ids.filter((id) => outcomes.get(id) !== 'passed')
    const cannot = ids.filter((id) => reasonOf(id) !== undefined)
    figure('tests of the original', ids.length)
    figure('pass', ids.length - failed.length)
    for (const reason of Object.keys(CANNOT))
      figure(reason, cannot.filter((id) => reasonOf(id) === reason).length)
    for (const id of failed.filter((id) => !cannot.includes(id))) console.log(outcomes.get(id))
    expect(failed).toEqual(cannot)
    expect(listed(ids)).toEqual(ids.filter((id) => cannot.includes(id)))
  }, 1_200_000)
})

async function outcomeOf(unit: SimulatedUnit, env: Record<string, string>): Promise<string> {
  const file = path.join(unit.charmDir, 'outcomes.json')
  fs.rmSync(file, { force: true })
  const { stderr } = await unit.run({ name: 'update-status', env })
  if (!fs.existsSync(file)) return stderr
  return Object.values(JSON.parse(fs.readFileSync(file, 'utf8'))).join('\n') || 'no outcome'
}

/** Why a test cannot pass, by `test_FILE.py::CLASS::test_NAME`. */
function reasonOf(id: string): string | undefined {
  const [, file = '', className = '', name = ''] = /^test_(\w+)\.py(?:::(\w+))?::test_(\w+)$/.exec(id) ?? []
  const names = [name, `${name}@${className}`]
  return Object.keys(CANNOT).find((reason) =>
    CANNOT[reason]?.[file]?.split(' ').some((given) => names.includes(given)),
  )
}

/** The tests that the list names, each as often as it does. */
function listed(ids: readonly string[]): string[] {
  const named = Object.values(CANNOT).flatMap((files) =>
    Object.entries(files).flatMap(([file, names]) => names.split(' ').map((name) => ({ file, name }))),
  )
  return named
    .flatMap(({ file, name: given }) => {
      const [name, className] = given.split('@')
      const begin = className === undefined ? `test_${file}.py::` : `test_${file}.py::${className}::`
      const found = ids.filter((id) => id.startsWith(begin) && id.endsWith(`::test_${name}`))
      return found.length === 0 ? [`no such test: ${file}: ${given}`] : found
    })
    .sort((one, other) => ids.indexOf(one) - ids.indexOf(other))
}

/** All tests of a directory, as pytest names them. */
function namesOfTests(dir: string): string[] {
  return fs
    .readdirSync(dir)
    .filter((file) => file.startsWith('test_') && file.endsWith('.py'))
    .sort()
    .flatMap((file) => {
      let ofClass = ''
      return fs
        .readFileSync(path.join(dir, file), 'utf8')
        .split('\n')
        .flatMap((line) => {
          const [, className] = /^class (\w+)/.exec(line) ?? []
          if (className !== undefined) ofClass = `::${className}`
          const [, indent, name] = /^( {4})?def (test_\w*)/.exec(line) ?? []
          return name === undefined ? [] : [`${file}${indent === undefined ? '' : ofClass}::${name}`]
        })
    })
}
