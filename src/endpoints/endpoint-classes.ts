// Which of the things that an interface layer's file exports is the class for its endpoints.

import { ReactiveError } from '../errors.ts'
import { Endpoint } from './endpoint.ts'
import type { AnyEndpointClass } from './endpoints.ts'
import { RelationBase } from './old-style/relation-base.ts'

/** Classes of the toolkit: a file may pass them on, but they stand for no endpoint. */
const BASES: readonly unknown[] = [Endpoint]

/**
 * The endpoint class among the exports of a file, also of a CommonJS one; undefined when there is none. A class
 * that another exported one extends is only its base.
 */
export function findEndpointClass(exported: object): AnyEndpointClass | undefined {
  const values = new Set([
    ...Object.values(exported),
    ...Object.values(Object(Reflect.get(exported, 'default'))),
  ])
  const classes = [...values].filter(isEndpointClass)
  const [found, ...more] = classes.filter((base) => !classes.some((other) => other.prototype instanceof base))
  if (more.length === 0) return found
  const names = [found, ...more].map((found) => found?.name).join(', ')
  throw new ReactiveError(`a file may export only one endpoint class: ${names}`)
}

function isEndpointClass(value: unknown): value is AnyEndpointClass {
  if (typeof value !== 'function' || isBase(value)) return false
  return value.prototype instanceof Endpoint || value.prototype instanceof RelationBase
}

/** The classes of the request/response pattern are not loaded for this: they declare their roles. */
function isBase(value: object): boolean {
  return BASES.includes(value) || Object.hasOwn(value, 'requestRole')
}
