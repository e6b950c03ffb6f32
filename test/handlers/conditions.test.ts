import { describe, expect, it } from 'vitest'
import {
  CONDITIONS,
  conditionHolds,
  filesOf,
  flagsOf,
  makeCondition,
  phasesOf,
} from '../../src/handlers/conditions.ts'
import { setFlag } from '../../src/unit/flags.ts'
import { markInvoked } from '../../src/unit/invocations.ts'
import { startSession } from '../test-unit.ts'

/** `@when a b` as a condition. */
function condition(text: string) {
  const [name = '', ...words] = text.split(' ')
  return makeCondition(name, words)
}

describe('a condition', () => {
  it.each([
    ['when a b', true],
    ['when a c', false],
    ['when_all a b', true],
    ['when_all a c', false],
    ['when_any c b', true],
    ['when_any c d', false],
    ['when_not c d', true],
    ['when_not a c', false],
    ['when_none c d', true],
    ['when_none c b', false],
    ['when_not_all a c', true],
    ['when_not_all a b', false],
    ['hook db-relation-{joined,changed} install', true],
    ['hook install', false],
    ['action backup', false],
    ['only_once', true],
    ['collect_metrics', false],
    ['meter_status_changed', false],
    ['when_file_changed watched.txt', true],
    ['when_file_changed none.txt', false],
  ])('@%s is %s with the flags a and b, in db-relation-changed', async (text, holds) => {
    const env = { JUJU_HOOK_NAME: 'db-relation-changed' }
    const session = await startSession({ env, files: { 'watched.txt': 'x' } })
    setFlag(session, 'a')
    setFlag(session, 'b')
    expect(conditionHolds(session, condition(text), 'h')).toBe(holds)
    // Testing consumes nothing.
    expect(conditionHolds(session, condition(text), 'h')).toBe(holds)
    expect([...session.state.entries('')].map(([key]) => key)).toEqual(['flag:a', 'flag:b'])
  })

  it('@only_once holds until its own handler was invoked', async () => {
    const session = await startSession()
    markInvoked(session, 'h')
    expect(conditionHolds(session, condition('only_once'), 'h')).toBe(false)
    expect(conditionHolds(session, condition('only_once'), 'other')).toBe(true)
  })

  it('@action holds in an action of the name, @hook in none', async () => {
    const session = await startSession({ env: { JUJU_ACTION_NAME: 'install', JUJU_HOOK_NAME: 'install' } })
    expect(conditionHolds(session, condition('action backup install'), 'h')).toBe(true)
    expect(conditionHolds(session, condition('hook install'), 'h')).toBe(false)
  })

  it.each([
    ['when', 'the decorator needs words: @when'],
    ['when_file_changed', 'the decorator needs words: @when_file_changed'],
    ['only_once x y', 'the decorator takes no words: @only_once x y'],
    ['collect_metrics x', 'the decorator takes no words: @collect_metrics x'],
    ['nonsense x', 'unknown decorator: @nonsense'],
    ['constructor x', 'unknown decorator: @constructor'],
    ['when a ', 'a flag needs a name: ""'],
    ['when_not a\n', 'a flag name has no control characters: "a\\n"'],
  ])('@%s is refused', (text, message) => {
    expect(() => condition(text)).toThrow(message)
  })
})

describe('the phases of a handler', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [['hook install'], ['hooks']],
    [['action backup'], ['hooks']],
    [['hook install', 'when a'], ['hooks']],
    [['when a'], ['other']],
    [['when a', 'only_once'], ['other']],
    [['when a', 'when_file_changed f'], ['other']],
    [['only_once'], ['hooks']],
    [['when_file_changed f'], ['hooks', 'other']],
    [['collect_metrics'], ['restricted']],
    [['meter_status_changed', 'when a'], ['restricted']],
    [['at_start'], ['start']],
    [['at_start', 'when a'], ['start']],
    [['hook install', 'at_exit'], ['exit']],
  ])('with %j are %j', (texts, phases) => {
    expect([...phasesOf(texts.map(condition))]).toEqual(phases)
  })
})

it('names its flags and files', () => {
  const conditions = ['when a b', 'hook x', 'when_not c', 'when_file_changed f g'].map(condition)
  expect(flagsOf(conditions)).toEqual(['a', 'b', 'c'])
  expect(filesOf(conditions)).toEqual(['f', 'g'])
  expect(Object.keys(CONDITIONS)).toHaveLength(14)
})
