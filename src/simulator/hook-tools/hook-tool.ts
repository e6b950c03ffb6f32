// The frame around every simulated hook tool: its command line, its output, its errors. A tool itself is one
// row of a table with one function.

import fs from 'node:fs'
import path from 'node:path'
import { isMap, isScalar, parseDocument } from 'yaml'
import { codeOf, messageOf } from '../../errors.ts'
import { FORMATS } from '../../juju/hook-tools/output-formats.ts'
import { versionAtLeast } from '../../juju/juju-version.ts'
import type { Reply } from '../../system/channel.ts'
import type { HookContext } from '../hook-context.ts'
import { type CommandLine, type Flag, parseArguments } from './arguments.ts'
import { StdinWanted, ToolError } from './tool-errors.ts'

export interface HookTool {
  /** Arguments as in the usage line. */
  usage: string
  purpose: string
  /** The flags, which may depend on the hook: a relation id is checked while flags are read. */
  flags?: (context: HookContext) => readonly Flag[]
  /** First Juju version that has it. */
  since?: string
  /** First Juju version that has it no longer. */
  until?: string
  /** Whether it works in that restricted hook, too. */
  worksIn?: (hook: string) => boolean
  run(call: ToolCall): void
}

/** One call of a tool. */
export interface ToolCall extends CommandLine {
  readonly context: HookContext
  readonly tool: string
  readonly caller: string
  /** Print a value in the format asked for, or write it to the file of `--output`. */
  print(value: unknown): void
  /** Print a text as it is. */
  write(text: string): void
  /** Say something on stderr without failing. */
  warn(text: string): void
  /** The text of a file relative to the caller's directory; `-` is its stdin. */
  readFile(name: string): string
}

export interface ToolRequest {
  tool: string
  args: readonly string[]
  /** The caller's working directory. */
  cwd: string
  /** `handler`, which is also what that has started, `toolkit`, or nothing for others. */
  caller?: string
  /** What the caller could read from its stdin; undefined until it was asked for it. */
  stdin?: string | undefined
}

/** Not one of Juju's: tells the client to send its stdin with a second request. */
export const STDIN_WANTED = 255

/** `--format` and `--output`, which all getters have. */
export function outputFlags(formats: readonly string[] = ['smart', 'yaml', 'json']): Flag[] {
  const read = (value: string) => {
    if (!formats.includes(value)) throw new Error(`unknown format ${JSON.stringify(value)}`)
    return value
  }
  return [
    { names: ['format'], kind: 'text', read },
    { names: ['output', 'o'], kind: 'text' },
  ]
}

/** The flag that setters still accept, with a complaint. */
export const DEPRECATED_FORMAT: Flag = { names: ['format'], key: 'deprecated-format', kind: 'text' }

/** Run the tool and answer as its executable would. */
export function callHookTool(tool: HookTool, context: HookContext, request: ToolRequest): Reply {
  try {
    const line = parseArguments(flagsOf(tool, context), request.args)
    if (line === undefined) return { status: 0, stdout: helpOf(tool, request.tool) }
    if (context.restricted && tool.worksIn?.(context.name) !== true) {
      throw new ToolError('not implemented for restricted context')
    }
    return runTool(tool, context, request, line)
  } catch (error) {
    if (error instanceof StdinWanted) return { status: STDIN_WANTED }
    // Anything but a ToolError is a bug of this simulation; its first words shall be seen in the hook's log.
    const what = error instanceof ToolError ? error.message : `simulated ${request.tool}: ${messageOf(error)}`
    return { status: error instanceof ToolError ? error.status : 1, stderr: `ERROR ${what}\n` }
  }
}

function flagsOf(tool: HookTool, context: HookContext): Flag[] {
  const flags = tool.flags?.(context) ?? []
  return flags.filter(({ since }) => since === undefined || versionAtLeast(context.state.jujuVersion, since))
}

function runTool(tool: HookTool, context: HookContext, request: ToolRequest, line: CommandLine): Reply {
  let stdout = ''
  let stderr = ''
  const call: ToolCall = {
    ...line,
    context,
    tool: request.tool,
    caller: request.caller ?? '',
    print: (value) => {
      const text = FORMATS[line.flags.format ?? 'smart']?.(value) ?? ''
      if (line.flags.output) writeOutput(path.resolve(request.cwd, line.flags.output), text)
      else stdout += text
    },
    write: (text) => {
      stdout += text
    },
    warn: (text) => {
      stderr += text
    },
    readFile: (name) => readInput(name, request),
  }
  // juju/cmd forgets the line end here.
  if (line.flags['deprecated-format']) call.warn(`--format flag deprecated for command "${request.tool}"`)
  tool.run(call)
  return { status: 0, stdout, stderr }
}

function helpOf({ usage, purpose, flags }: HookTool, name: string): string {
  const options = flags === undefined ? '' : ' [options]'
  return `Usage: ${name}${options}${usage && ` ${usage}`}\n\nSummary:\n${purpose}\n`
}

function writeOutput(file: string, text: string): void {
  try {
    fs.writeFileSync(file, text)
  } catch (error) {
    throw fileError(file, error)
  }
}

function readInput(name: string, request: ToolRequest): string {
  if (name === '-' && request.stdin === undefined) throw new StdinWanted()
  if (name === '-') return request.stdin ?? ''
  const file = path.resolve(request.cwd, name)
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw fileError(file, error)
  }
}

function fileError(file: string, error: unknown): ToolError {
  const missing = codeOf(error) === 'ENOENT'
  return new ToolError(`open ${file}: ${missing ? 'no such file or directory' : messageOf(error)}`)
}

/** Read a YAML map of strings. Scalars keep the text they are written with: `port: 0080` is "0080". */
export function parseSettings(text: string): Record<string, string> {
  const document = parseDocument(text, { version: '1.1', logLevel: 'silent' })
  const [problem] = document.errors
  if (problem !== undefined) throw new ToolError(`yaml: ${problem.message.split('\n')[0]}`)
  if (document.contents === null) return {}
  if (!isMap(document.contents)) throw new ToolError('yaml: unmarshal errors: cannot unmarshal into a map')
  const settings = new Map<string, string>()
  for (const { key, value } of document.contents.items) settings.set(scalarText(key), scalarText(value))
  return Object.fromEntries(settings)
}

function scalarText(node: unknown): string {
  if (node === null) return ''
  if (!isScalar(node))
    throw new ToolError('yaml: unmarshal errors: cannot unmarshal a list or map into string')
  if (node.value === null) return ''
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value))
}
