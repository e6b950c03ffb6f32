// A fact about Juju as a case: a command line in a hook, and what comes of it. Facts of one scene are tried in
// one hook, one after the other, each in a shell of its own.

import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventResult, SimulatedEvent } from '../../../src/simulator/events.ts'
import type { JujuState } from '../../../src/simulator/juju-state.ts'
import type { GivenState } from '../../../src/simulator/new-juju-state.ts'
import { type SimulatedUnit, simulateUnit } from '../../../src/simulator/unit.ts'
import { makeCharm, STATE } from '../test-charm.ts'

export interface Fact {
  /** What is claimed, in the words of the reference. */
  claim: string
  /** bash, in the hook. */
  run: string
  /** Exactly, or a pattern; nothing if not said. */
  stdout?: string | RegExp
  stderr?: string | RegExp
  status?: number
}

export interface Scene {
  event: SimulatedEvent
  state?: GivenState
  facts: Fact[]
}

const DISPATCH = '#!/bin/bash\n. ./script.sh\n'

/** Try the facts of a scene. */
export function tryScene(title: string, { event, state = {}, facts }: Scene): void {
  describe(title, () => {
    let unit: SimulatedUnit | undefined
    const read = (index: number, name: string) =>
      fs.readFileSync(path.join(unit?.charmDir ?? '', 'facts', `${index}.${name}`), 'utf8')

    beforeAll(async () => {
      unit = await simulateUnit(makeCharm({ dispatch: DISPATCH }), {
        state: { ...STATE, ...state },
        isolate: false,
        lacking: 'absent',
      })
      const steps = facts.map(
        ({ run }, index) =>
          `( ${run}\n) >facts/${index}.stdout 2>facts/${index}.stderr; echo "$?" >facts/${index}.status`,
      )
      fs.writeFileSync(path.join(unit.charmDir, 'script.sh'), `mkdir facts\n${steps.join('\n')}\nexit 0\n`)
      const { exitStatus, stderr } = await unit.run(event)
      expect([exitStatus, stderr]).toEqual([0, ''])
    })
    afterAll(() => unit?.close())

    it.each(facts.map((fact, index) => [fact.claim, fact.run, fact, index] as const))(
      '%s: %s',
      (...[, , fact, index]) => {
        const { stdout = '', stderr = '', status = 0 } = fact
        expect({
          stdout: read(index, 'stdout'),
          stderr: read(index, 'stderr'),
          status: Number(read(index, 'status')),
        }).toEqual({
          stdout: stdout instanceof RegExp ? expect.stringMatching(stdout) : stdout,
          stderr: stderr instanceof RegExp ? expect.stringMatching(stderr) : stderr,
          status,
        })
      },
    )
  })
}

export interface Effect {
  claim: string
  /** bash, the whole hook. */
  run: string
  event?: SimulatedEvent
  state?: GivenState
  /** What is there afterwards. */
  after: (state: JujuState, result: EventResult) => void
}

/** Try effects, each in a hook of its own on a fresh unit. */
export function tryEffects(title: string, effects: Effect[]): void {
  describe(title, () => {
    it.each(effects.map((effect) => [effect.claim, effect] as const))('%s', async (_, effect) => {
      const { run, event = { name: 'install' }, state = {}, after } = effect
      const unit = await simulateUnit(makeCharm({ dispatch: DISPATCH }), {
        state: { ...STATE, ...state },
        isolate: false,
      })
      try {
        fs.writeFileSync(path.join(unit.charmDir, 'script.sh'), run)
        after(unit.state, await unit.run(event))
      } finally {
        await unit.close()
      }
    })
  })
}
