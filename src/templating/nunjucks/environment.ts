// Finds the templates of one directory and keeps them compiled while one rendering lasts.

import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, normalize } from 'node:path'
import { TemplateFault } from '../python/values.ts'
import { BaseEnvironment } from './internals.ts'
import { CompiledTemplate } from './template.ts'

export class TemplateEnvironment extends BaseEnvironment {
  readonly directory: string
  readonly templates = new Map<string, CompiledTemplate>()

  constructor(directory: string) {
    super([], { autoescape: false })
    this.directory = directory
  }

  exists(name: string): boolean {
    return existsSync(this.pathOf(name))
  }

  override getTemplate(name: string): CompiledTemplate {
    const known = this.templates.get(name)
    if (known !== undefined) return known
    const template = new CompiledTemplate(readSource(this.pathOf(name), name), this, name)
    this.templates.set(name, template)
    return template
  }

  // As Jinja2, a relative name does not lead out of the directory.
  pathOf(name: string): string {
    if (isAbsolute(name)) return name
    if (normalize(name).split('/').includes('..'))
      throw new TemplateFault(`template outside of the directory: ${name}`)
    return join(this.directory, name)
  }
}

function readSource(path: string, name: string): string {
  const bytes = readBytes(path, name)
  try {
    // A byte order mark stays, as in Jinja2.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (error) {
    throw new TemplateFault(`template is not UTF-8: ${name}`, { cause: error })
  }
}

function readBytes(path: string, name: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new TemplateFault(`template not found: ${name}`, { cause: error })
  }
}
