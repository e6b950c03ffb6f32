// THE command table. Help, parsing, completion, the channel and the command line all come from these rows;
// a command behaves the same through every door. Spellings are those of the original. What only some
// commands need is imported where they run: the others start faster.

import { UsageError } from '../errors.ts'
import { suggestion } from '../system/nearest.ts'
import { CHARM_COMMANDS } from './commands/charm-commands.ts'
import type { Command } from './commands/command.ts'
import { CONDITION_COMMANDS } from './commands/condition-commands.ts'
import { ENGINE_COMMANDS } from './commands/engine-commands.ts'
import { ENTRY_COMMANDS } from './commands/entry-commands.ts'
import { DEPRECATED_COMMANDS, FLAG_COMMANDS } from './commands/flag-commands.ts'
import { LAYER_COMMANDS } from './commands/layer-commands.ts'
import { LEADERSHIP_COMMANDS } from './commands/leadership-commands.ts'
import { MEMORY_COMMANDS } from './commands/memory-commands.ts'
import { PICTURE_COMMANDS } from './commands/picture-commands.ts'
import { RELATION_COMMANDS } from './commands/relation-commands.ts'
import { REQUEST_COMMANDS } from './commands/request-commands.ts'
import { SIMULATE_COMMAND } from './commands/simulate-command.ts'
import { STATE_COMMANDS } from './commands/state-commands.ts'
import { STATUS_COMMANDS } from './commands/status-commands.ts'

/** The commands by subject, as help lists them. */
export const GROUPS: Readonly<Record<string, Record<string, Command>>> = {
  Flags: FLAG_COMMANDS,
  'Conditions, for handlers in other languages': CONDITION_COMMANDS,
  'Changes, marks and data': MEMORY_COMMANDS,
  'Templates, options and configuration': CHARM_COMMANDS,
  Relations: RELATION_COMMANDS,
  'Requests and responses': REQUEST_COMMANDS,
  Leadership: LEADERSHIP_COMMANDS,
  Status: STATUS_COMMANDS,
  Hooks: ENGINE_COMMANDS,
  'Making a charm': { ...ENTRY_COMMANDS, ...LAYER_COMMANDS },
  'Looking at a unit': { ...SIMULATE_COMMAND, ...STATE_COMMANDS, ...PICTURE_COMMANDS },
  'Deprecated names': DEPRECATED_COMMANDS,
}

export const COMMANDS: Readonly<Record<string, Command>> = Object.assign({}, ...Object.values(GROUPS))

/** Commands that are no rows, since they need no unit; help.ts describes them. */
const UNITLESS = ['main', 'help', 'completion', 'version']

/** The command of a name. */
export function findCommand(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined)
    throw new UsageError(
      `unknown command: ${name}${suggestion(name, [...Object.keys(COMMANDS), ...UNITLESS])}`,
    )
  return command
}
