import { clearFlag, Endpoint, endpointFromName, statusSet, when } from 'charms.reactive'

when('endpoint.feed.changed', async function show() {
  const feed = endpointFromName('feed')
  if (!(feed instanceof Endpoint)) return
  for (const relation of feed.relations)
    for (const unit of relation.joinedUnits) await statusSet('active', String(unit.received.headline))
  clearFlag('endpoint.feed.changed')
})
