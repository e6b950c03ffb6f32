// `stub`, `allow_command`, `fail_tool`, `kill_during`: how the machine and Juju behave in what runs next.

import { UsageError } from '../../errors.ts'
import { HOOK_TOOLS } from '../hook-tools/table.ts'
import { crashAtCommand, crashInHandler, failingTool } from './faults.ts'
import { check, type KitFunction } from './kit-function.ts'
import { howToMatch } from './matching.ts'
import { count, one } from './words.ts'

export const MACHINE_FUNCTIONS: Record<string, KitFunction> = {
  stub: {
    words:
      '[--exit STATUS] [--output TEXT] [--stderr TEXT] [--run SCRIPT] [--times N] [--strict] ' +
      '[--glob|--regexp] [--partial] COMMAND [WORD...]',
    leading: true,
    options: {
      exit: 'word',
      output: 'word',
      stderr: 'word',
      run: 'word',
      times: 'word',
      strict: 'alone',
      partial: 'alone',
      glob: 'alone',
      regexp: 'alone',
    },
    run: check(({ stubs }, [command = '', ...words], { partial, ...options }) => {
      const status = count(options, 'exit') ?? 0
      if (status > 255) throw new UsageError(`an exit status is at most 255: ${status}`)
      stubs.add(command, {
        how: howToMatch(options),
        open: partial === true,
        words,
        status,
        stdout: withEnd(one(options, 'output') ?? ''),
        stderr: withEnd(one(options, 'stderr') ?? ''),
        script: one(options, 'run') ?? '',
        times: count(options, 'times'),
        strict: options.strict === true,
      })
    }),
  },
  allow_command: {
    words: 'COMMAND...',
    run: check(({ stubs }, commands) => {
      for (const command of commands) stubs.allow(command)
    }),
  },
  fail_tool: {
    words: 'TOOL [STATUS [MESSAGE]]',
    run: check((kit, [tool = '', status = '1', message = 'the test makes it fail']) => {
      if (!HOOK_TOOLS.has(tool))
        throw new UsageError(`not a hook tool (for a command, use stub with --exit): ${tool}`)
      if (!/^\d+$/.test(status) || Number(status) < 1 || Number(status) > 255) {
        throw new UsageError(`a failing status is 1 to 255: ${status}`)
      }
      kit.addFault(failingTool(tool, Number(status), message))
    }),
  },
  kill_during: {
    words: 'HANDLER|TOOL|COMMAND',
    run: check((kit, [name = '']) => {
      const kind = HOOK_TOOLS.has(name) ? 'tool' : kit.stubs.has(name) ? 'command' : 'handler'
      kit.addFault(kind === 'handler' ? crashInHandler(name) : crashAtCommand(kind, name))
    }),
  },
}

function withEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
