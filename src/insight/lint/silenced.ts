// `# reactive: ignore RULE…` above a line: the finding there is known and wanted.

import type { Finding } from './finding.ts'

const COMMENT = /^\s*(#|\/\/|\*)/
const IGNORE = /(?:#|\/\/)\s*reactive:\s*ignore\s+([\w-]+(?:[\s,]+[\w-]+)*)/

/** Whether a comment above the finding's line names its rule. Decorators between the two do not matter. */
export function isSilenced({ line, rule }: Pick<Finding, 'line' | 'rule'>, text: string): boolean {
  const lines = text.split('\n')
  for (let index = line - 2; index >= 0; index--) {
    const above = lines[index] ?? ''
    const ignored = IGNORE.exec(above)?.[1]?.split(/[\s,]+/)
    if (ignored?.includes(rule)) return true
    if (!COMMENT.test(above) && !/^\s*@/.test(above)) return false
  }
  return false
}
