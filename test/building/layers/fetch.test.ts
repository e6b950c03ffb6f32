import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildCharm } from '../../../src/building/build.ts'
import { fetchLayers, outdatedLayers } from '../../../src/building/layers/fetch.ts'
import { readLocks } from '../../../src/building/layers/lock.ts'
import { makeLayers } from '../layers-on-disk.ts'

const AUTHOR = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@b',
}

/** Commit all files of a directory; the commit. */
function commit(dir: string): string {
  const git = (...words: string[]) =>
    execFileSync('git', words, { cwd: dir, env: { ...process.env, ...AUTHOR }, encoding: 'utf8' })
  git('init', '-q', '-b', 'main')
  git('add', '-A')
  git('commit', '-q', '-m', 'x')
  return git('rev-parse', 'HEAD').trim()
}

it('layers from git are fetched once, locked, built without the repository, and moved when that is wanted', async () => {
  const dir = makeLayers({
    top: { 'metadata.yaml': 'name: app\n', 'layer.yaml': 'includes: [layer:web]\n' },
    web: { 'sub/layer.yaml': 'includes: [layer:below]\n', 'sub/a': '1' },
    below: { b: '1' },
  })
  const [first, below] = [commit(path.join(dir, 'web')), commit(path.join(dir, 'below'))]
  const repo = (name: string) => ({ repo: `file://${dir}/repos/${name}` })
  const index = path.join(dir, 'index.json')
  fs.writeFileSync(
    index,
    JSON.stringify({ layers: { web: { ...repo('web'), subdir: 'sub' }, below: repo('below') } }),
  )
  fs.mkdirSync(path.join(dir, 'repos'))
  for (const name of ['web', 'below']) fs.renameSync(path.join(dir, name), path.join(dir, 'repos', name))
  const top = path.join(dir, 'top')
  const place = { cwd: top, env: { PATH: process.env.PATH, XDG_CACHE_HOME: path.join(dir, 'cache') } }
  const build = () => buildCharm('.', place, { output: '../charm' })
  expect(build).toThrow('layer:web: fetch it with: charms.reactive layers fetch')
  expect(await fetchLayers(top, place, { index })).toEqual([
    { item: 'layer:below', commit: below, before: null },
    { item: 'layer:web', commit: first, before: null },
  ])
  fs.writeFileSync(path.join(dir, 'repos/web/sub/a'), '2')
  const second = commit(path.join(dir, 'repos/web'))
  await fetchLayers(top, place, { index: '/nowhere' })
  expect(outdatedLayers(top, place)).toEqual([{ item: 'layer:web', commit: first, newest: second }])
  const read = () => fs.readFileSync(path.join(dir, 'charm/a'), 'utf8')
  fs.renameSync(path.join(dir, 'repos'), path.join(dir, 'gone'))
  expect(build().layers).toEqual(['layer:below', 'layer:web', 'app'])
  expect(read()).toBe('1')
  fs.renameSync(path.join(dir, 'gone'), path.join(dir, 'repos'))
  await expect(fetchLayers(top, place, { index, update: ['layer:wep'] })).rejects.toThrow(
    'did you mean layer:web?',
  )
  await fetchLayers(top, place, { index: '/nowhere', update: [] })
  build()
  expect([read(), readLocks(top).get('layer:web')?.commit]).toEqual(['2', second])
  expect(outdatedLayers(top, place)).toEqual([])
})
