// Which hooks Juju may run next on a relation (docs/juju.md 6): created; joined and then changed for each unit;
// changed; departed for each unit; broken.

import type { Hook } from './operations.ts'
import { APPLICATION, type Relation, type Remote, UNIT } from './relation.ts'

/** The hooks that are due on a relation; `isDeparting` says that the unit itself is being removed. */
export function dueHooks(relation: Relation, isDeparting: boolean): Hook[] {
  if (!relation.created) return [hookOf(relation, 'created')]
  const afterJoined = unitHooks(relation, 'changed', ({ due }) => due)
  if (afterJoined.length > 0) return afterJoined
  if (isDeparting || relation.dying) return lastHooks(relation, isDeparting)
  return [
    ...unitHooks(relation, 'departed', ({ present, joined }) => joined && !present),
    ...unitHooks(relation, 'joined', ({ present, joined }) => present && !joined),
    ...unitHooks(relation, 'changed', ({ present, joined, news }) => present && joined && news),
    ...(relation.applicationNews ? [hookOf(relation, 'changed', '')] : []),
  ]
}

/** A peer relation lasts as long as the unit. */
function lastHooks(relation: Relation, isDeparting: boolean): Hook[] {
  const departed = unitHooks(relation, 'departed', ({ joined }) => joined)
  if (departed.length > 0)
    return isDeparting ? departed.map((hook) => ({ ...hook, departing: UNIT })) : departed
  return relation.application === APPLICATION ? [] : [hookOf(relation, 'broken')]
}

function unitHooks(relation: Relation, step: string, isDue: (unit: Remote) => boolean): Hook[] {
  const names = [...relation.units].filter(([, unit]) => isDue(unit)).map(([name]) => name)
  return names.map((name) => hookOf(relation, step, name))
}

function hookOf({ id, endpoint }: Relation, step: string, unit?: string): Hook {
  return { name: `${endpoint}-relation-${step}`, relation: id, ...(unit === undefined ? {} : { unit }) }
}

export function isSameHook(a: Hook, b: Hook): boolean {
  return a.name === b.name && a.relation === b.relation && a.unit === b.unit && a.departing === b.departing
}
