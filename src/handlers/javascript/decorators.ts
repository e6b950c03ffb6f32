// The decorators of the JavaScript API. They take their words and then the function, or the words alone and give a
// decorator back:
//
//   when('db.ready', function configure() { … })
//   export const configure = when('db.ready')(whenNot('app.blocked')(async function configure() { … }))

import { type Action, currentRegistrar, currentSession } from '../../unit/current-session.ts'
import { camelCase } from '../../unit/names.ts'
import { warnUnless } from '../handlers.ts'
import { callable, texts } from './checks.ts'

/** A decorator: give it the function now, or later. */
type Decorator = (...words: (string | Action)[]) => Action

const decorator =
  (name: string): Decorator =>
  (...words) => {
    const apply = (action: Action, args: string[]): Action => {
      currentRegistrar().decorate(callable(camelCase(name), action), name, args)
      return action
    }
    const argument = `an argument of ${camelCase(name)}`
    const last = words.at(-1)
    if (typeof last === 'function') return apply(last, texts(argument, words.slice(0, -1)))
    const args = texts(argument, words)
    const applied = currentRegistrar().expectFunction()
    return ((action: Action) => {
      applied()
      return apply(action, args)
    }) as Action
  }

/** Run in the hooks that match one of the patterns (documentation 2.7, hook). */
export const hook = decorator('hook')
/** Run in the actions of these names. */
export const action = decorator('action')
/** Run when all of the flags are set. */
export const when = decorator('when')
/** Run when all of the flags are set. */
export const whenAll = decorator('when_all')
/** Run when at least one of the flags is set. */
export const whenAny = decorator('when_any')
/** Run when none of the flags is set. */
export const whenNot = decorator('when_not')
/** Run when none of the flags is set. */
export const whenNone = decorator('when_none')
/** Run when at least one of the flags is not set. */
export const whenNotAll = decorator('when_not_all')
/** Run when a file differs from what the function saw when it last succeeded. */
export const whenFileChanged = decorator('when_file_changed')
/** Run once in the life of the unit. */
export const onlyOnce = decorator('only_once')
/** Run in the hook collect-metrics. */
export const collectMetrics = decorator('collect_metrics')
/** Run in the hook meter-status-changed. */
export const meterStatusChanged = decorator('meter_status_changed')
/** Run before any handler of each hook, when the automatic flags are set; in the order of the files. */
export const atStart = decorator('at_start')
/** Run when all handlers of a hook have succeeded, before it is committed; in reverse order. */
export const atExit = decorator('at_exit')

/** Warn when the function is called without the flags. It triggers nothing, and the function runs. */
export function notUnless(...words: (string | Action)[]): Action {
  const names = words.filter((word) => typeof word === 'string')
  const wrap = (guarded: Action): Action => {
    const wrapped: Action = (...args) => {
      warnUnless(currentSession(), guarded.name, names)
      return guarded(...args)
    }
    return Object.defineProperty(wrapped, 'name', { value: guarded.name })
  }
  const last = words.at(-1)
  return typeof last === 'function' ? wrap(last) : (wrap as Action)
}
