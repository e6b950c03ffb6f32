// Node.js runs these handlers as they are: it leaves out the types.

import fs from 'node:fs'
import {
  action,
  actionSet,
  clearFlag,
  config,
  Endpoint,
  endpointFromName,
  renderTemplate,
  setFlag,
  statusSet,
  when,
  whenNot,
} from 'charms.reactive'
import { parseNotice } from '../lib/notice.ts'

const FILE = '/etc/bulletin'

const notice = () => parseNotice(String(config('text')))

when('config.changed.text', function read() {
  clearFlag('bulletin.published')
  clearFlag('bulletin.withdrawn')
})

when('config.set.text')(
  whenNot(
    'bulletin.published',
    'bulletin.withdrawn',
  )(async function publish() {
    renderTemplate('bulletin.j2', FILE, { ...notice() })
    setFlag('bulletin.published')
    await statusSet('active', notice().headline)
  }),
)

whenNot('config.set.text', async function waitForText() {
  await statusSet('blocked', 'set the option text')
})

when('endpoint.feed.joined', 'bulletin.published', function share() {
  const feed = endpointFromName('feed')
  if (!(feed instanceof Endpoint)) return
  for (const relation of feed.relations) relation.toPublish.headline = notice().headline
})

action('withdraw', async function withdraw() {
  fs.rmSync(FILE, { force: true })
  clearFlag('bulletin.published')
  setFlag('bulletin.withdrawn')
  await actionSet({ withdrawn: FILE })
})
