// THE command table. Help, parsing, completion, the channel and the command line all come from these rows;
// a command behaves the same through every door. Spellings are those of the original. What only some
// commands need is imported where they run: the others start faster.

import { UsageError } from '../errors.ts'
import { CHARM_COMMANDS } from './commands/charm-commands.ts'
import type { Command } from './commands/command.ts'
import { CONDITION_COMMANDS } from './commands/condition-commands.ts'
import { ENGINE_COMMANDS } from './commands/engine-commands.ts'
import { ENTRY_COMMANDS } from './commands/entry-commands.ts'
import { DEPRECATED_COMMANDS, FLAG_COMMANDS } from './commands/flag-commands.ts'
import { LEADERSHIP_COMMANDS } from './commands/leadership-commands.ts'
import { MEMORY_COMMANDS } from './commands/memory-commands.ts'
import { RELATION_COMMANDS } from './commands/relation-commands.ts'
import { REQUEST_COMMANDS } from './commands/request-commands.ts'
import { STATE_COMMANDS } from './commands/state-commands.ts'

export const COMMANDS: Readonly<Record<string, Command>> = {
  ...FLAG_COMMANDS,
  ...CONDITION_COMMANDS,
  ...MEMORY_COMMANDS,
  ...CHARM_COMMANDS,
  ...RELATION_COMMANDS,
  ...REQUEST_COMMANDS,
  ...LEADERSHIP_COMMANDS,
  ...ENGINE_COMMANDS,
  ...ENTRY_COMMANDS,
  ...STATE_COMMANDS,
  ...DEPRECATED_COMMANDS,
}

/** The command of a name. */
export function findCommand(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) throw new UsageError(`unknown command: ${name}`)
  return command
}
