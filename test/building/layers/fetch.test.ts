import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, it } from 'vitest'
import { buildCharm } from '../../../src/building/build.ts'
import { fetchLayers, outdatedLayers } from '../../../src/building/layers/fetch.ts'
import { readLocks } from '../../../src/building/layers/lock.ts'
import { atEnd, SHELL } from '../../test-unit.ts'
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

/** A server until the end of the test; its address. */
async function serve(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Run `layers fetch` as a person does. */
async function fetchIn(dir: string, more: Record<string, string>, ...words: string[]) {
  const env = { PATH: process.env.PATH ?? '', HOME: dir, XDG_CACHE_HOME: path.join(dir, 'cache'), ...more }
  const child = spawn(path.join(SHELL, 'charms.reactive'), ['layers', 'fetch', '--layer', 'top', ...words], {
    cwd: dir,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (data) => (stderr += String(data)))
  child.stdout.resume()
  const [status] = await once(child, 'close')
  return { status: Number(status), stderr }
}

it('an index is asked by HTTP, and several fetches at once fill one cache', async () => {
  const dir = makeLayers({
    top: { 'metadata.yaml': 'name: app\n', 'layer.yaml': 'includes: [layer:web]\n' },
    web: { a: '1' },
  })
  const head = commit(path.join(dir, 'web'))
  fs.mkdirSync(path.join(dir, 'repos'))
  fs.renameSync(path.join(dir, 'web'), path.join(dir, 'repos/web'))
  const index = await serve(({ url }, response) => {
    response.statusCode = url === '/index/layers/web.json' ? 200 : url?.startsWith('/broken') ? 500 : 404
    response.end(JSON.stringify({ repo: `file://${dir}/repos/web` }))
  })
  const place = { cwd: dir, env: { PATH: process.env.PATH, XDG_CACHE_HOME: path.join(dir, 'cache') } }
  const top = path.join(dir, 'top')
  await expect(fetchLayers(top, place, { index: `${index}/broken` })).rejects.toThrow(
    `the index of layers does not answer: status 500: ${index}/broken/layers/web.json`,
  )
  await expect(fetchLayers(top, place, { index: `${index}/other` })).rejects.toThrow(
    `neither this machine nor the index of layers has it: layer:web: ${index}/other`,
  )
  const fetches = [1, 2, 3].map(() => fetchIn(dir, {}, '--layer-index', `${index}/index/`))
  expect(await Promise.all(fetches)).toEqual([1, 2, 3].map(() => ({ status: 0, stderr: '' })))
  expect(readLocks(top).get('layer:web')?.commit).toBe(head)
  expect(buildCharm('top', place, { output: 'charm' }).layers).toEqual(['layer:web', 'app'])
  const cache = fs.readdirSync(path.join(dir, 'cache/charms.reactive/layers'), {
    recursive: true,
  }) as string[]
  expect(cache.filter((name) => /\.\d+$/.test(name))).toEqual([])
})

it('git that wants a password asks nobody, and the refusal is one line', async () => {
  const url = await serve((_, response) => {
    response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="x"' }).end()
  })
  const dir = makeLayers({
    top: { 'metadata.yaml': 'name: app\n', 'layer.yaml': `includes: ['${url}/web.git']\n` },
    '.': { ask: '#!/bin/sh\necho asked >>"$HOME/asked"\n' },
  })
  const ask = path.join(dir, 'ask')
  fs.chmodSync(ask, 0o755)
  const { status, stderr } = await fetchIn(dir, { GIT_ASKPASS: ask, SSH_ASKPASS: ask, DISPLAY: ':0' })
  expect(status).toBe(3)
  expect(stderr).toMatch(
    /^charms\.reactive: layers: git clone failed with status 128: fatal: .*web\.git.*\n$/,
  )
  expect(fs.existsSync(path.join(dir, 'asked'))).toBe(false)
})
