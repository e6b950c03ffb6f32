// `charms.reactive lint`: all rules about a charm, what silences them, and how findings are printed. Called by the
// command, by `pack` and, as a command, by the test kit.

import fs from 'node:fs'
import path from 'node:path'
import { readDeclaration } from '../../charm/charm-files/sources.ts'
import { isMapping, readLayer, readMetadata } from '../../charm/charm-files.ts'
import { messageOf, ReactiveError } from '../../errors.ts'
import { builtLayers } from '../../handlers/discover.ts'
import { readCharmModel } from '../charm-model.ts'
import { declarationFault } from './declaration-rules.ts'
import type { Finding, Found, Severity, Subject } from './finding.ts'
import { RULES } from './rules.ts'
import { isSilenced } from './silenced.ts'

/** Find what is wrong with a charm, errors first, then by place. */
export async function lintCharm(charmDir: string): Promise<Finding[]> {
  const dir = path.resolve(charmDir)
  const part = partOf(dir)
  if (part !== undefined) return [{ rule: 'not-composed', severity: 'note', line: 1, column: 1, ...part }]
  const subject = await subjectOf(dir)
  if (!('model' in subject)) return [{ rule: 'bad-declaration', severity: 'error', ...subject }]
  const findings = Object.entries(RULES).flatMap(([rule, { severity, needsAll, find }]) =>
    needsAll === true && subject.isPart
      ? []
      : find(subject).map((found): Finding => ({ rule, severity, ...found })),
  )
  const own = findings.filter((finding) => !isSilenced(finding, subject.textOf(finding.file)))
  return unique(own).sort(
    (one, other) =>
      SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
      one.file.localeCompare(other.file) ||
      one.line - other.line ||
      one.column - other.column,
  )
}

/** Why nothing can be said of a layer by itself. */
const PARTS: Readonly<Record<string, string>> = {
  'layer.yaml':
    'the layer has no name in metadata.yaml, so nothing can be said before it is composed with others',
  'interface.yaml': 'nothing can be said of an interface layer before a charm includes it',
}

/** A layer for others needs neither metadata nor a name, and then does nothing by itself. */
function partOf(charmDir: string): { file: string; message: string } | undefined {
  const found = Object.entries(PARTS).find(([name]) => fs.existsSync(path.join(charmDir, name)))
  if (found === undefined) return undefined
  const metadata = readDeclaration(charmDir, 'metadata.yaml')?.value
  const isNameless = isMapping(metadata) ? !('name' in metadata) : (metadata ?? null) === null
  return isNameless ? { file: found[0], message: found[1] } : undefined
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note']

/** An interface layer has a handler for each endpoint, and the same finding for each. */
function unique(findings: readonly Finding[]): Finding[] {
  const key = ({ rule, file, line, column, message }: Finding) =>
    JSON.stringify([rule, file, line, column, message])
  return [...new Map(findings.toReversed().map((finding) => [key(finding), finding])).values()]
}

/** What the rules look at; where a declaration cannot be read there is only that to say. */
async function subjectOf(charmDir: string): Promise<Subject | Found> {
  if (!fs.existsSync(charmDir)) throw new ReactiveError(`there is no such charm: ${charmDir}`)
  try {
    const metadata = readMetadata(charmDir)
    const layers = builtLayers(charmDir)
    const texts = new Map<string, string>()
    const textOf = (file: string) => {
      const known = texts.get(file) ?? readText(path.join(charmDir, file))
      texts.set(file, known)
      return known
    }
    return {
      charmDir,
      metadata,
      textOf,
      model: await readCharmModel(charmDir),
      layerOf: (file) => layers?.signatures.get(file),
      unseen: unseenFlags(charmDir, metadata),
      isPart: isPart(charmDir),
    }
  } catch (error) {
    if (error instanceof ReactiveError && /\.yaml:\d+:\d+/.test(messageOf(error)))
      return declarationFault(charmDir, messageOf(error))
    throw error
  }
}

function readText(file: string): string {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ? fs.readFileSync(file, 'utf8') : ''
}

/** Layers that the engine itself stands in for. */
const BUILT_IN = new Set(['layer:basic', 'layer:options', 'layer:leadership', 'layer:status'])

/** Whether the charm names layers, and was not composed with them. */
function isPart(charmDir: string): boolean {
  if (builtLayers(charmDir) !== undefined) return false
  const includes = readLayer(charmDir)?.includes ?? []
  return includes.some((name) => !name.startsWith('interface:') && !BUILT_IN.has(name))
}

/** An interface layer sets flags of its endpoints: where it is not here, nobody knows which. */
function unseenFlags(charmDir: string, { endpoints }: Subject['metadata']): string[] {
  const includes = readLayer(charmDir)?.includes ?? []
  const isHere = (name: string) =>
    ['reactive/relations', 'hooks/relations'].some((dir) => fs.existsSync(path.join(charmDir, dir, name)))
  return endpoints
    .filter(({ interface: name }) => includes.includes(`interface:${name}`) && !isHere(name))
    .flatMap(({ name }) => [`${name}.*`, `endpoint.${name}.*`])
}

/** What the exit status says: whether there is an error, or with `strict` a warning. */
export function isClean(findings: readonly Finding[], strict: boolean): boolean {
  return !findings.some(({ severity }) => severity === 'error' || (strict && severity === 'warning'))
}

/** How findings are printed. */
export const LINT_FORMATS: Record<string, (findings: readonly Finding[]) => string> = {
  text: (findings) =>
    findings
      .map(
        ({ file, line, column, severity, message, rule }) =>
          `${file}:${line}:${column}: ${severity}: ${message} [${rule}]\n`,
      )
      .join(''),
  json: (findings) => `${JSON.stringify(findings, null, 2)}\n`,
  github: (findings) =>
    findings
      .map(({ file, line, column, severity, message, rule }) => {
        const kind = severity === 'note' ? 'notice' : severity
        const place = `file=${ofProperty(file)},line=${line},col=${column},title=${ofProperty(rule)}`
        return `::${kind} ${place}::${ofText(message)}\n`
      })
      .join(''),
}

/** What GitHub's runner would take for the end of a command, or of a property. */
const ofText = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const ofProperty = (text: string) => ofText(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
