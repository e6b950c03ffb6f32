// The name that somebody probably meant. Whoever refuses or ignores a name that people type asks here:
// commands, options, hooks, decorators, marks.

import { closestMatch } from 'leven'

/** More letters than these do not go wrong by a slip, and of a short name not more than half. */
const MOST_SLIPS = 2

/**
 * The candidate that differs least from the name: by two letters at most, counted twice where two neighbours
 * are swapped, and whatever the case. Undefined where none is that close.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const byLowerCase = new Map([...candidates].map((candidate) => [candidate.toLowerCase(), candidate]))
  const maxDistance = Math.min(MOST_SLIPS, Math.floor(name.length / 2))
  const found = closestMatch(name.toLowerCase(), [...byLowerCase.keys()], { maxDistance })
  return found === undefined ? undefined : byLowerCase.get(found)
}

/** The end of a message about an unknown name: `: did you mean NAME?`, or nothing. */
export function suggestion(name: string, candidates: Iterable<string>): string {
  const found = nearest(name, candidates)
  return found === undefined ? '' : `: did you mean ${found}?`
}
