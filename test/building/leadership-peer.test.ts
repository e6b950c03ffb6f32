import { expect, it } from 'vitest'
import { textEntry } from '../../src/building/entries.ts'
import { needsLeadershipPeer } from '../../src/building/leadership-peer.ts'

it.each([
  ['a charm that shares settings', {}, 'reactive/app.sh', 'leader_set token=x', true],
  ['one in Python', { peers: null }, 'lib/app.py', 'hookenv.leader_set(token=x)', true],
  ['one in JavaScript', { peers: {} }, 'reactive/app.mjs', 'await leaderSet({ token })', true],
  ['one that waits for settings', {}, 'reactive/app.py', "@when('leadership.set.token')", true],
  ['one that has a peer relation', { peers: { cluster: {} } }, 'reactive/app.sh', 'leader_set a=b', false],
  ['one that only asks who leads', {}, 'reactive/app.sh', '@when leadership.is_leader', false],
  [
    'one whose library could share settings',
    {},
    'lib/charmhelpers/core/hookenv.py',
    'def leader_set(',
    false,
  ],
])('%s', (_, metadata, file, text, expected) => {
  expect(needsLeadershipPeer(metadata, [textEntry(file, text)])).toBe(expected)
})
